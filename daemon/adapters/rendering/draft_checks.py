"""The list that a clinician works off before signing: numbered, in groups, each line with the words it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Literal

from daemon.adapters.rendering import draft_words as words
from daemon.adapters.rendering.draft_excerpts import Excerpt, Excerpts, clipped
from daemon.adapters.rendering.draft_pieces import Citation, Piece, cut, place_of
from daemon.model.draft import Draft
from daemon.model.finding import OMISSION_KINDS, Caution, Finding, Omission, Severity

Found = tuple[int, int, Finding]
"""A finding and where it stands: number of the section, of the statement (from 1)."""
GroupKey = Literal["doubts", "omissions", "unread"]

_MOST_LETTERS = 170  # of a passage or a statement, in the list: what matters of it is in one or two lines
_FEW = 3  # so many lines to look over are not worth folding
_KINDS = {kind: nth for nth, kind in enumerate(OMISSION_KINDS)}


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list: a caution, a finding, an omission, or what could not be read.

    `quoted` is what the draft says, the words of the finding set apart; `excerpts` what was said, and `against` whether that speaks against it.
    """

    number: int
    level: words.Level
    sentence: str
    excerpts: tuple[Excerpt, ...] = ()
    against: bool = False
    statement: str = ""
    section: str = ""
    quoted: tuple[Piece, ...] = ()
    suggestions: tuple[str, ...] = ()

    @property
    def perhaps(self) -> str:
        """What may be meant instead: "“metformin” or “methimazole”"."""
        return " or ".join(f"“{one.strip()}”" for one in self.suggestions)

    @property
    def is_minor(self) -> bool:
        """Whether it is only to be looked over."""
        return self.level is words.LEVELS["low"]


@dataclass(frozen=True, slots=True)
class CheckGroup:
    """Checks of one kind. `nothing` is said where there are none."""

    key: GroupKey
    title: str
    short: str
    checks: tuple[Check, ...]
    nothing: str = ""

    @property
    def folded(self) -> int:
        """How many lines a long list shows only when it is asked to."""
        minor = sum(check.is_minor for check in self.checks)
        return minor if minor > _FEW else 0


@dataclass(frozen=True, slots=True)
class Checklist:
    """All groups that have a line or something to say, and the number that each finding got."""

    groups: tuple[CheckGroup, ...]
    numbers: Mapping[Found, int]

    @property
    def checks(self) -> tuple[Check, ...]:
        """All lines, in the order of their numbers."""
        return tuple(check for group in self.groups for check in group.checks)


def checklist(draft: Draft, excerpts: Excerpts) -> Checklist:
    """What may be wrong, gravest first, a doubt about the whole draft before one about a line; what is missing; what was not read."""
    counter, numbers = count(1), {}
    doubts = []
    for doubt in _doubts(draft):
        number = next(counter)
        if isinstance(doubt, Caution):
            doubts.append(_caution_check(doubt, number, excerpts))
        else:
            numbers[doubt] = number
            doubts.append(_finding_check(draft, doubt, number, excerpts))
    missing = [_omission_check(omission, next(counter), excerpts) for omission in _omissions(draft)]
    unread = [Check(next(counter), words.LEVELS["high"], sentence) for sentence in _unread(draft)]
    if not (doubts or missing or unread):
        return Checklist((), {})
    groups = (
        CheckGroup("doubts", "What may be wrong", "may be wrong", tuple(doubts), words.NO_DOUBT),
        CheckGroup(
            "omissions", "What was said or written, and is not in the draft", "not in the draft", tuple(missing)
        ),
        CheckGroup("unread", "What could not be read", "could not be read", tuple(unread)),
    )
    return Checklist(tuple(group for group in groups if group.checks or group.nothing), numbers)


def citing_checks(checks: Sequence[Check]) -> dict[Citation, tuple[int, ...]]:
    """The numbers of the checks that a passage speaks in: against a line, or of what is missing."""
    found: dict[Citation, list[int]] = {}
    for check in checks:
        if check.against or not check.statement:
            for excerpt in check.excerpts:
                found.setdefault(excerpt.citation, []).append(check.number)
    return {citation: tuple(some) for citation, some in found.items()}


def _doubts(draft: Draft) -> list[Caution | Found]:
    found = [
        (at, nth, finding)
        for at, section in enumerate(draft.sections, 1)
        for nth, statement in enumerate(section.statements, 1)
        for finding in statement.findings
    ]
    doubts: list[Caution | Found] = [*dict.fromkeys(draft.cautions), *dict.fromkeys(found)]
    return sorted(doubts, key=lambda one: words.LEVELS[_severity(one)].rank)


def _severity(doubt: Caution | Found) -> Severity:
    return doubt.severity if isinstance(doubt, Caution) else doubt[2].severity


def _omissions(draft: Draft) -> list[Omission]:
    """Gravest first; of the same severity by kind."""
    return sorted(
        dict.fromkeys(draft.omissions),
        key=lambda one: (words.LEVELS[one.severity].rank, _KINDS.get(one.kind, len(_KINDS))),
    )


def _unread(draft: Draft) -> list[str]:
    """A whole source that is missing comes before a place on a page."""
    names, whole = words.source_names(draft.sources), words.one_page(draft.sources)
    kinds = {source.id: f"the {source.kind}" for source in draft.sources}
    missing = [
        words.unread_sentence(names.get(one.source) or kinds.get(one.source, ""), one.code)
        for one in dict.fromkeys(draft.unread)
    ]
    return [*missing, *(words.unread_place(anchor, names, whole) for anchor in draft.unreadable)]


def _caution_check(caution: Caution, number: int, excerpts: Excerpts) -> Check:
    shown = excerpts.of(caution.evidence, caution.text, _MOST_LETTERS)
    return Check(number, words.LEVELS[caution.severity], caution.text, shown)


def _finding_check(draft: Draft, found: Found, number: int, excerpts: Excerpts) -> Check:
    """What speaks against it is shown, or else what the line rests on."""
    at, nth, finding = found
    section = draft.sections[at - 1]
    statement = section.statements[nth - 1]
    place = place_of(statement.text, finding)
    against = excerpts.of(finding.evidence, statement.text, _MOST_LETTERS)
    return Check(
        number,
        words.LEVELS[finding.severity],
        words.finding_sentence(finding),
        against or _without_repeats(excerpts.of(statement.evidence, statement.text, _MOST_LETTERS), statement.text),
        bool(against),
        f"statement-{at}-{nth}",
        section.title,
        clipped(cut(statement.text, supports=[place] if place else []), _MOST_LETTERS),
        tuple(dict.fromkeys(finding.suggestions)),
    )


def _omission_check(omission: Omission, number: int, excerpts: Excerpts) -> Check:
    shown = excerpts.of(omission.evidence, omission.text, _MOST_LETTERS)
    return Check(
        number,
        words.LEVELS[omission.severity],
        words.omission_sentence(omission),
        _without_repeats(shown, omission.text),
    )


def _without_repeats(excerpts: Sequence[Excerpt], text: str) -> tuple[Excerpt, ...]:
    """Of a passage that says just what stands before it in the list, the place alone."""
    plain = text.strip().rstrip(".")
    return tuple(replace(one, pieces=()) if one.text.strip().rstrip(".") == plain else one for one in excerpts)
