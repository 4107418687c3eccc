"""Hold a whole note, as it was written by anybody, against the source it was written from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from daemon.faithfulness.evidence import PassageIndex
from daemon.faithfulness.omissions import find_omissions
from daemon.faithfulness.omissions.explained import hinted
from daemon.faithfulness.reading.sentences import FIRST_TITLE, NoteSection
from daemon.faithfulness.rules import verify_claim
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding, Omission


@dataclass(frozen=True, slots=True)
class CheckedStatement:
    """A sentence of the note, verbatim, the passages it probably rests on, and what speaks against it."""

    text: str
    evidence: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CheckedSection:
    """A heading of the note and what stands under it."""

    title: str
    statements: tuple[CheckedStatement, ...]


@dataclass(frozen=True, slots=True)
class CheckedNote:
    """A note with all that the rules say of it."""

    sections: tuple[CheckedSection, ...]
    omissions: tuple[Omission, ...]
    texts: Texts
    source: Texts


def check_note(sections: Iterable[NoteSection], source: Texts) -> CheckedNote:
    """The note's statements with all findings, and all omissions.

    Evidence that a section brings with it counts as cited; else it is looked for among the passages of `source`.
    """
    noted = tuple(sections)
    index = source.learn(PassageIndex.of_source)
    checked = tuple(CheckedSection(one.title, tuple(_checked(one, index, source))) for one in noted)
    texts = note_texts(noted)
    judged = ((one.evidence, one.findings) for section in checked for one in section.statements)
    return CheckedNote(checked, hinted(find_omissions(texts, source), judged), texts, source)


def note_texts(sections: Iterable[NoteSection]) -> Texts:
    """All that a note says, each statement after its heading: under "Allergies", "Penicillin" says more than a drug's name."""
    texts = [
        text if section.title == FIRST_TITLE else f"{section.title}: {text}"
        for section in sections
        for text in section.statements or ("",)
    ]
    return Texts({f"s{number}": text for number, text in enumerate(texts, 1)})


def _checked(section: NoteSection, index: PassageIndex, source: Texts) -> Iterator[CheckedStatement]:
    for at, text in enumerate(section.statements):
        evidence = section.evidence[at] if section.evidence else index.cite(text)
        claim = Claim(text, evidence, section.title, inferred=not section.evidence)
        yield CheckedStatement(text, evidence, verify_claim(claim, source))


def rates_of(note: CheckedNote) -> dict[str, float]:
    """How much of the note is unsupported, and how much of the source it leaves out, as shares of 0 to 1.

    Imported late: only the report in JSON has them.
    """
    from daemon.faithfulness.rates import rates

    found = rates(note.texts, note.source)
    return {"unsupported": round(found.unsupported, 4), "omitted": round(found.omitted, 4)}
