"""The draft step: sections in the document's order, and those that code writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from daemon.adapters.rendering.draft_view import Label, draft_view
from daemon.documents.loader import load_documents
from daemon.model.codec import draft_from_bytes, draft_to_bytes, draft_to_json
from daemon.model.document import Document
from daemon.model.draft import Manner, Section
from daemon.model.errors import PermanentError
from daemon.model.passage import EngineInfo, PageAnchor, Passage, TimeAnchor
from daemon.steps.draft import draft
from tests.fakes.clock import FakeClock
from tests.fakes.drafter import FakeDrafter
from tests.fakes.passages import form, memo

DOCUMENTS = load_documents(None)


def test_a_memo_becomes_a_soap_note() -> None:
    reading = replace(memo(), engines=(("speech", EngineInfo("whisper", "1" * 64)),))
    made = draft("j1", DOCUMENTS["soap"], reading, FakeDrafter(), FakeClock())
    keys = [section.key for section in made.sections]
    assert keys == ["subjective", "objective", "assessment", "plan", "medication-list", "allergy-list", "other"]
    assert [row.cells[:2] for row in made.sections[-3].statements] == [
        ("lisinopril", "20 milligrams once a day"),
        ("amoxicillin", "1 gram three times a day for five days"),
    ]
    assert [row.cells for row in made.sections[-2].statements] == [("sulfa drugs", "")]
    assert made.status == "UNREVIEWED"
    assert [role for role, _ in made.engines] == ["quoting", "speech"]
    assert made.drafted_at == FakeClock().now()
    assert draft_from_bytes(draft_to_bytes(made)) == made


class Writer(FakeDrafter):
    """A language model with an adapter; `manner` is that of what it drafts."""

    engine = ("llm", EngineInfo("tiny", "2" * 64))
    adapter: EngineInfo | None = EngineInfo("trained", "3" * 64)
    manner: Manner = "written"

    def draft(self, document: Document, passages: Sequence[Passage]) -> Sequence[Section]:
        drafted = super().draft(document, passages)
        return [
            replace(s, statements=tuple(replace(each, manner=self.manner) for each in s.statements)) for s in drafted
        ]


def test_a_draft_names_the_adapter_that_it_was_written_with() -> None:
    made = draft("j1", DOCUMENTS["soap"], memo(), Writer(), FakeClock())
    assert made.engines == (("adapter", Writer.adapter), ("llm", Writer.engine[1]))
    assert draft_from_bytes(draft_to_bytes(made)) == made
    assert draft_to_json(made)["engines"]["adapter"] == {"name": "trained", "sha256": "3" * 64}
    assert ("adapter", "trained", "3" * 12) in draft_view(made, Label("Memo", "j1", 1)).engines


def test_what_was_not_written_with_an_adapter_names_none() -> None:
    quotes, plain = Writer(), Writer()
    quotes.manner, plain.adapter = "quoted", None
    for drafter in (quotes, plain):
        made = draft("j1", DOCUMENTS["soap"], memo(), drafter, FakeClock())
        assert [role for role, _ in made.engines] == ["llm"]


def test_what_was_left_blank_is_listed_whatever_the_drafter() -> None:
    made = draft("j1", DOCUMENTS["intake"], form(), FakeDrafter(), FakeClock())
    blank = next(section for section in made.sections if section.key == "left-blank")
    assert [(s.text, s.evidence) for s in blank.statements] == [("Phone", ("p5",))]


def test_what_could_not_be_read_is_named() -> None:
    places = (
        PageAnchor("s1", 2, (0.0, 0.9, 0.2, 1.0)),
        PageAnchor("s1", 1, (0.4, 0.4, 0.6, 0.6)),
        TimeAnchor("s1", 61.5, 70),
    )
    reading = replace(form(["Past medical history", "[ ] Asthma", "Stroke"]), unreadable=places)
    made = draft("j1", DOCUMENTS["intake"], reading, FakeDrafter(), FakeClock())
    assert [(s.text, s.evidence) for s in made.sections[-1].statements] == [
        ("A part of page 2, lower left, could not be read.", ()),
        ("A part of page 1, centre, could not be read.", ()),
        ("A part of the recording, from 1:01 to 1:10, could not be understood.", ()),
        ("Whether this is ticked could not be read: Stroke", ("p3",)),
    ]
    assert made.unreadable == places


def test_an_unsuitable_source_is_refused() -> None:
    drafter = FakeDrafter()
    with pytest.raises(PermanentError, match="document-unsuitable"):
        draft("j1", DOCUMENTS["intake"], memo(), drafter, FakeClock())
    assert drafter.calls == 0


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        ("Pain level: 0 1 2 3 4 5 6 7 8 9 10", "Which number is marked could not be read"),
        ("Do you smoke? YES NO", "Which answer is marked could not be read"),
    ],
)
def test_a_circled_answer_is_not_called_a_tick(line: str, doubt: str) -> None:
    made = draft("j1", DOCUMENTS["intake"], form(["Name: Mara Lindholm", line]), FakeDrafter(), FakeClock())
    assert [statement.text for statement in made.sections[-1].statements] == [f"{doubt}: {line}"]
