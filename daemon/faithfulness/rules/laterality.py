"""`laterality-unsupported`: a side of the body that was not said, or was said of the other side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daemon.faithfulness.persons.sides import BOTH, LEFT, RIGHT, Sided, regions, sides_of_source, sides_of_statement
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding, Severity

_CODE = "laterality-unsupported"
_OTHER = {LEFT: RIGHT, RIGHT: LEFT}
_WITH_ITSELF = re.compile(
    r"\b(?P<side>left|right)\b(?:[- ](?!left\b|right\b)\w{1,30}){0,3}?[ ,]{1,3}(?:(?:in )?compar(?:ed|ison) (?:to|with)|than|versus|vs\.?|"
    r"and \S+ (?:on|in))(?: the)? (?P<again>(?P=side))\b",
    re.IGNORECASE,
)
"""A side that is compared with itself: "right worse than right", "4/5 on the left and 5/5 on the left"."""

_CONTRAST = re.compile(
    r"\b(?:left|right)\b[^.;]{0,40}?(?:\bcompar(?:ed|ison) (?:to|with)|\bthan|\bversus|\bvs\.?|\band \S+ (?:on|in))(?: the)? (?:left|right)\b",
    re.IGNORECASE,
)
"""One side set against the other: what is said of the other need not be said of it."""

# How well two mentions fit by the part they name, and what else weighs for one side: each word that is said of that side
# alone, the side that is named first and oftener, the passages cited. Chosen on ACI-Bench's training notes.
_SAME, _HOLDS, _NEAR, _OPEN = 3.0, 2.4, 1.5, 1.0
_PER_WORD, _MOST_BY_WORDS = 0.35, 1.75
_PER_WORD_AFTER = 0.15
_PER_MENTION, _MOST_BY_MENTIONS = 0.1, 0.3
_FIRST = 0.25
_CITED = 0.3
_MOST = 24  # sides in one statement that are judged: a sentence holds a few
_LONG_QUOTE = 6  # so few words may stand in a passage by chance, or be corrected after it
_BOTH_LESS = 0.8
_CLEARLY, _PROBABLY, _PERHAPS = 2.0, 0.4, 0.12


def laterality_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """Each side in the statement that the source gives to the other side, or to none, of what the statement speaks of."""
    stated = sides_of_statement(claim.text)
    if not stated or _is_quote(claim, source):
        return
    said = source.learn(sides_of_source)
    cited = frozenset(source.cited(claim))
    against_itself = {found.span("again") for found in _WITH_ITSELF.finditer(claim.text)}
    contrasts = [found.span() for found in _CONTRAST.finditer(claim.text)]
    for one in stated[:_MOST]:
        if one.span in against_itself:
            yield Finding(_CODE, "high", claim.text[slice(*one.span)], one.span)
        elif one.side != BOTH and not any(start <= one.span[0] < end for start, end in contrasts):
            yield from _judged(one, said, cited, claim.text)


def _is_quote(claim: Claim, source: Texts) -> bool:
    text = claim.text.strip().rstrip(".").lower()
    return (not claim.inferred or text.count(" ") >= _LONG_QUOTE) and any(
        text in source.by_id[name].lower() for name in source.cited(claim)
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """What the source says of one side of what a statement speaks of: `fit` of the best mention, 0 without any."""

    fit: float
    mentions: tuple[Sided, ...]
    first: int


def _judged(stated: Sided, said: Sequence[Sided], cited: frozenset[str], text: str) -> Iterator[Finding]:
    same, other = _side(stated, said, stated.side), _side(stated, said, _OTHER[stated.side])
    both = _side(stated, said, BOTH)
    detail = text[slice(*stated.span)]
    support = max(same.fit, both.fit - _BOTH_LESS)
    against = other.fit - support + _weight(stated, other, same, cited)
    if other.fit >= _OPEN and against >= _PERHAPS:
        alone = same.fit < _NEAR and both.fit < _NEAR and against >= _PROBABLY
        severity: Severity = "high" if alone or against >= _CLEARLY else "medium" if against >= _PROBABLY else "low"
        yield Finding(_CODE, severity, detail, stated.span, tuple(dict.fromkeys(one.passage for one in other.mentions)))
    elif support <= 0:
        yield Finding(_CODE, "medium", detail, stated.span)


def _side(stated: Sided, said: Sequence[Sided], side: str) -> _Side:
    fits = [(_body_fit(stated.parts, one.parts), place) for place, one in enumerate(said) if one.side == side]
    best = max((fit for fit, _ in fits), default=0.0)
    chosen = [place for fit, place in fits if fit and fit >= best - _SAME + _HOLDS]
    return _Side(best, tuple(said[place] for place in chosen), min(chosen, default=len(said)))


def _weight(stated: Sided, other: _Side, same: _Side, cited: frozenset[str]) -> float:
    """How much more of the statement's words, of the mentions, and of the citations is with the other side."""
    if not other.mentions or not same.mentions:
        return 0.0
    theirs, ours = (_matching(stated, side) for side in (other, same))
    citations = any(one.passage in cited for one in theirs) - any(one.passage in cited for one in ours)
    first = _FIRST if other.first < same.first else -_FIRST
    return (
        _bounded(_more(stated.words, _words(theirs), _words(ours)) * _PER_WORD, _MOST_BY_WORDS)
        + _bounded(_more(stated.words, _after(theirs), _after(ours)) * _PER_WORD_AFTER, _MOST_BY_WORDS)
        + _bounded((len(theirs) - len(ours)) * _PER_MENTION, _MOST_BY_MENTIONS)
        + citations * _CITED
        + first
    )


def _matching(stated: Sided, side: _Side) -> list[Sided]:
    """The mentions that deny or affirm as the statement does."""
    return [one for one in side.mentions if one.denied == stated.denied]


def _more(words: frozenset[str], these: frozenset[str], those: frozenset[str]) -> int:
    return len(words & (these - those)) - len(words & (those - these))


def _words(mentions: Sequence[Sided]) -> frozenset[str]:
    return frozenset[str]().union(*(one.words for one in mentions))


def _after(mentions: Sequence[Sided]) -> frozenset[str]:
    return frozenset[str]().union(*(one.after for one in mentions))


def _bounded(value: float, most: float) -> float:
    return max(-most, min(most, value))


def _body_fit(stated: frozenset[str], said: frozenset[str]) -> float:
    if stated & said:
        return _SAME
    areas = regions()
    if any(part not in areas for part in said):
        return 0.0
    if not said or all(part not in areas for part in stated):
        return _OPEN
    ours, theirs = ({areas[part] for part in parts if part in areas} for parts in (stated, said))
    common = ours & theirs
    if common & (stated | said):
        return _HOLDS
    return _NEAR if common else 0.0
