"""Files of two patients in one item: whatever the document, the draft says so before anything else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daemon.documents.loader import load_documents
from daemon.model.document import suits
from daemon.model.passage import LineAnchor, PageAnchor, Passage, Reading
from daemon.model.source import Source, SourceKind
from daemon.steps.draft import draft
from tests.fakes.clock import FakeClock
from tests.fakes.drafter import FakeDrafter

DOCUMENTS = load_documents(None)
ALPHA = ("Patient name: Ada Alpha", "Date of birth: 03/04/1970", "Reason for visit: knee pain")
BETA = ("Patient name: Bruno Beta", "Date of birth: 07/08/1955", "Reason for visit: chest pain")
SAID_OF_BETA = ("The patient is Bruno Beta, date of birth July 8, 1955.", "He has chest pain.")
SAID_OF_ALPHA = ("The patient is Ada Alpha.", "She has knee pain.")


def reading(*sources: tuple[SourceKind, tuple[str, ...]]) -> Reading:
    passages: list[Passage] = []
    for number, (kind, lines) in enumerate(sources, 1):
        for line, text in enumerate(lines, 1):
            box = (0.1, 0.1 * line, 0.9, 0.1 * line + 0.05)
            anchor = PageAnchor(f"s{number}", 1, box) if kind == "scan" else LineAnchor(f"s{number}", line, line)
            passages.append(Passage(f"p{len(passages) + 1}", text, anchor, 0.9))
    known = tuple(Source(f"s{n}", kind, str(n) * 64) for n, (kind, _) in enumerate(sources, 1))
    return Reading(known, tuple(passages))


def doubts(key: str, of: Reading) -> list[str]:
    made = draft("j1", DOCUMENTS[key], of, FakeDrafter(), FakeClock())
    return [caution.severity for caution in made.cautions if caution.code == "identity-conflict"]


TWO = [
    reading(("scan", ALPHA), ("scan", BETA)),
    reading(("recording", SAID_OF_BETA), ("scan", ALPHA)),
    reading(("recording", SAID_OF_ALPHA), ("recording", SAID_OF_BETA)),
    reading(("text", SAID_OF_ALPHA), ("text", SAID_OF_BETA)),
]


@pytest.mark.parametrize(
    ("key", "of"),
    [(key, of) for key in DOCUMENTS for of in TWO if suits(DOCUMENTS[key], [source.kind for source in of.sources])],
)
def test_every_document_doubts_it(key: str, of: Reading) -> None:
    assert "high" in doubts(key, of)


@pytest.mark.parametrize("key", DOCUMENTS)
def test_a_practices_own_document_does_too(key: str) -> None:
    sections = tuple(section for section in DOCUMENTS[key].sections if not section.computed)
    own = replace(DOCUMENTS[key], sections=sections, accepts=("text",))
    made = draft("j1", own, reading(("text", SAID_OF_ALPHA), ("text", SAID_OF_BETA)), FakeDrafter(), FakeClock())
    assert made.cautions[0].code == "identity-conflict"


@pytest.mark.parametrize("key", DOCUMENTS)
@pytest.mark.parametrize("of", [reading(("recording", SAID_OF_ALPHA), ("scan", ALPHA)), reading(("scan", ALPHA))])
def test_one_patient_is_not_doubted(key: str, of: Reading) -> None:
    if suits(DOCUMENTS[key], [source.kind for source in of.sources]):
        assert doubts(key, of) == []


def test_another_name_in_a_memo_alone_is_a_relatives_and_beside_a_form_it_is_asked_about() -> None:
    speaks = ("The patient is Ada Alpha.", "Mr. Beta has chest pain.")
    assert doubts("soap", reading(("recording", speaks))) == []
    assert doubts("soap", reading(("recording", speaks), ("scan", ALPHA))) == ["medium"]
