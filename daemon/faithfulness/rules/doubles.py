"""One fault of a statement, told once: what several rules, or one rule for each item of a list, say of the same words.

A statement that has no support as a whole is not doubted again where a smaller piece of it is, as gravely. A denial that was lost
before a list ("Endorses fever, chills, or nausea") is one doubt about the list, not one for each of its items.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from daemon.model.finding import Finding

GRAVITY = {"high": 0, "medium": 1, "low": 2}
_POLARITY = frozenset({"negation-flipped", "examination-unsupported", "result-flipped"})
_AMOUNT = frozenset({"quantity-unsupported", "frequency-unsupported", "result-unsupported"})
_FAMILIES = (_POLARITY, _AMOUNT)
_OF_A_DENIAL = "negation-flipped"
_WHOLE = "statement-unsupported"
_BETWEEN_ITEMS = re.compile(r"(?:[\s,/;]|\b(?:and|or|nor|any|a|an|the)\b){0,12}", re.IGNORECASE)
_LONGEST_BETWEEN = 24


def without_doubles(found: Iterable[Finding], text: str) -> tuple[Finding, ...]:
    """The findings of a statement, each cause once, the gravest of each kept; the order in which they come does not matter."""
    ordered = sorted(set(found), key=_place)
    for family in _FAMILIES:
        mine = [one for one in ordered if one.code in family and one.span is not None]
        joined = [_one(group, text) for group in _groups(mine, text, listed=family is _POLARITY)]
        ordered = [one for one in ordered if one.code not in family or one.span is None] + joined
    wholes = [one for one in ordered if one.code == _WHOLE]
    told = {one for one in wholes if _is_told(one, ordered)}
    return tuple(sorted((one for one in ordered if one not in told), key=_place))


def _place(one: Finding) -> tuple[tuple[int, int], int, str, str, tuple[str, ...], tuple[str, ...]]:
    return one.span or (0, 0), GRAVITY[one.severity], one.code, one.detail, one.evidence, one.suggestions


def _groups(ordered: Sequence[Finding], text: str, *, listed: bool) -> Iterator[list[Finding]]:
    """Neighbours that overlap, or that are items of one list."""
    group: list[Finding] = []
    end = 0
    for one in ordered:
        start, stop = one.span or (0, 0)
        if group and start >= end and not (listed and _is_one_list(text[end:start])):
            yield group
            group = []
        group.append(one)
        end = max(end, stop) if len(group) > 1 else stop
    if group:
        yield group


def _is_one_list(between: str) -> bool:
    return len(between) <= _LONGEST_BETWEEN and _BETWEEN_ITEMS.fullmatch(between) is not None


def _one(group: Sequence[Finding], text: str) -> Finding:
    """One finding for a group: as grave as the gravest, and over the smallest piece that holds every cause.

    Where somebody said the opposite, that is what it tells; else that nobody said it.
    """
    if len(group) == 1:
        return group[0]
    denied = any(one.code == _OF_A_DENIAL and one.evidence for one in group)
    code = _OF_A_DENIAL if denied else min(one.code for one in group)
    severity = min((one.severity for one in group), key=GRAVITY.__getitem__)
    spans = _smallest({one.span or (0, 0) for one in group})
    start, end = min(span[0] for span in spans), max(span[1] for span in spans)
    evidence = tuple(dict.fromkeys(each for one in group for each in one.evidence))
    suggestions = tuple(dict.fromkeys(each for one in group for each in one.suggestions))
    return Finding(code, severity, text[start:end], (start, end), evidence, suggestions)


def _smallest(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans that hold no other one, in time linear in their number but for sorting them."""
    kept: list[tuple[int, int]] = []
    nearest_end: int | None = None
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1]), reverse=True):
        if nearest_end is None or end < nearest_end:
            kept.append((start, end))
            nearest_end = end
    return kept


def _is_smaller(one: Finding, other: Finding) -> bool:
    """Whether the span of `one` is a piece of that of `other`, and not the whole of it."""
    (start, end), (begin, stop) = one.span or (0, 0), other.span or (0, 0)
    return begin <= start and end <= stop and (start, end) != (begin, stop)


def _is_told(one: Finding, every: Iterable[Finding]) -> bool:
    """Whether a doubt about the whole is one about a smaller piece of it, as grave."""
    return one.code == _WHOLE and any(
        other.code != _WHOLE and _is_smaller(other, one) and GRAVITY[other.severity] <= GRAVITY[one.severity]
        for other in every
    )
