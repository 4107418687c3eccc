"""Hold a whole note, as it was written by anybody, against the source it was written from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daemon.faithfulness.evidence import PassageIndex
from daemon.faithfulness.omissions import find_omissions
from daemon.faithfulness.rules import verify_claim
from daemon.faithfulness.sentences import NoteSection
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
    source: Texts


def check_note(sections: Iterable[NoteSection], source: Texts) -> CheckedNote:
    """The note's statements with their evidence, looked for among the passages of `source`, and all findings and omissions."""
    index = source.learn(_index)
    checked = tuple(
        CheckedSection(one.title, tuple(_checked(text, one.title, index, source) for text in one.statements))
        for one in sections
    )
    return CheckedNote(checked, find_omissions(_statements(checked), source), source)


def _index(source: Texts) -> PassageIndex:
    return PassageIndex.of(source.by_id)


def _checked(text: str, title: str, index: PassageIndex, source: Texts) -> CheckedStatement:
    evidence = index.cite(text)
    return CheckedStatement(text, evidence, verify_claim(Claim(text, evidence, title, inferred=True), source))


def _statements(sections: Sequence[CheckedSection]) -> Texts:
    texts = [statement.text for section in sections for statement in section.statements]
    return Texts({f"s{number}": text for number, text in enumerate(texts, 1)})
