"""The list of what a clinician has to check before signing, numbered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from daemon.adapters import draft_words as words
from daemon.adapters.draft_pieces import Citation, cite
from daemon.model.draft import Draft
from daemon.model.finding import Caution, Finding, Omission, Severity

Found = tuple[int, int, Finding]
"""A finding and where it stands: number of the section, of the statement (from 1)."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list: a caution, a finding, an omission, or what could not be read."""

    number: int
    level: words.Level
    sentence: str
    citations: tuple[Citation, ...] = ()
    statement: str = ""
    section: str = ""


def number_checks(draft: Draft, cited: Mapping[str, Citation]) -> tuple[dict[Found, int], tuple[Check, ...]]:
    """The number that each finding got, and the list.

    What is doubtful comes gravest first, a doubt about the whole draft before one about a line; then what is missing.
    """
    found = [
        (at, nth, finding)
        for at, section in enumerate(draft.sections, 1)
        for nth, statement in enumerate(section.statements, 1)
        for finding in statement.findings
    ]
    doubts: list[Caution | Found] = [*_unread(draft), *dict.fromkeys(draft.cautions), *dict.fromkeys(found)]
    doubts.sort(key=lambda one: words.LEVELS[_severity(one)].rank)
    checks, numbers = [], {}
    for number, doubt in enumerate(doubts, 1):
        if isinstance(doubt, Caution):
            checks.append(Check(number, words.LEVELS[doubt.severity], doubt.text, cite(doubt.evidence, cited)))
        else:
            numbers[doubt] = number
            checks.append(_finding_check(draft, doubt, number, cited))
    checks += [_omission_check(omission, len(checks) + at, cited) for at, omission in enumerate(draft.omissions, 1)]
    names, whole = words.source_names(draft.sources), words.one_page(draft.sources)
    high = words.LEVELS["high"]
    checks += [
        Check(len(checks) + at, high, f"Could not be read: {words.area(anchor, names, whole)}. Nothing was guessed.")
        for at, anchor in enumerate(draft.unreadable, 1)
    ]
    return numbers, tuple(checks)


def _severity(doubt: Caution | Found) -> Severity:
    return doubt.severity if isinstance(doubt, Caution) else doubt[2].severity


def _unread(draft: Draft) -> list[Caution]:
    """A whole source that is missing is as grave as a doubt can be."""
    names = words.source_names(draft.sources)
    kinds = {source.id: f"the {source.kind}" for source in draft.sources}
    return [
        Caution(one.code, "high", words.unread_sentence(names.get(one.source) or kinds.get(one.source, ""), one.code))
        for one in dict.fromkeys(draft.unread)
    ]


def _finding_check(draft: Draft, found: Found, number: int, cited: Mapping[str, Citation]) -> Check:
    at, nth, finding = found
    section = draft.sections[at - 1]
    return Check(
        number,
        words.LEVELS[finding.severity],
        words.finding_sentence(finding),
        cite(section.statements[nth - 1].evidence, cited),
        f"statement-{at}-{nth}",
        section.title,
    )


def _omission_check(omission: Omission, number: int, cited: Mapping[str, Citation]) -> Check:
    sentence = f"Not in the draft: {omission.kind.replace('-', ' ')} “{omission.text.strip().rstrip('.')}”."
    return Check(number, words.LEVELS["high"], sentence, cite(omission.evidence, cited))
