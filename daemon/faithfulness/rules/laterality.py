"""`laterality-unsupported`: a side of the body that was not said, or was said of the other side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from daemon.faithfulness.sides import BOTH, LEFT, RIGHT, Sided, regions, sides_of_source, sides_of_statement
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding

_CODE = "laterality-unsupported"
_OTHER = {LEFT: RIGHT, RIGHT: LEFT}
# How well two mentions fit, by what they say of the body, and by each word they share. Chosen on ACI-Bench's training notes.
_SAME, _HOLDS, _NEAR, _OPEN = 3.0, 2.4, 1.5, 1.0
_PER_WORD, _MOST_WORDS = 0.3, 6
_CITED = 0.5
_CLEARLY = 0.9


def laterality_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """Each side in the statement that the source gives to the other side, or to none, of what the statement speaks of."""
    stated = sides_of_statement(claim.text)
    if not stated:
        return
    said = source.learn(sides_of_source)
    cited = frozenset(source.cited(claim))
    for one in stated:
        if one.side != BOTH:
            yield from _judged(one, said, cited, claim.text)


def _judged(stated: Sided, said: Sequence[Sided], cited: frozenset[str], text: str) -> Iterator[Finding]:
    same = [(_fit(stated, one, cited), one) for one in said if one.side in {stated.side, BOTH}]
    other = [(_fit(stated, one, cited), one) for one in said if one.side == _OTHER[stated.side]]
    best_same = max((fit for fit, _ in same), default=0.0)
    best_other = max((fit for fit, _ in other), default=0.0)
    detail = text[slice(*stated.span)]
    if best_other >= _OPEN and best_other - best_same >= _CLEARLY:
        against = tuple(dict.fromkeys(one.passage for fit, one in other if fit >= best_other - _PER_WORD))
        yield Finding(_CODE, "high", detail, stated.span, against)
    elif best_same < _OPEN:
        yield Finding(_CODE, "medium", detail, stated.span)


def _fit(stated: Sided, said: Sided, cited: frozenset[str]) -> float:
    """How probably both speak of the same; 0 if they do not."""
    fit = _body_fit(stated.parts, said.parts)
    if not fit:
        return 0.0
    shared = min(len(stated.words & said.words), _MOST_WORDS)
    return fit + shared * _PER_WORD + (_CITED if said.passage in cited else 0.0)


def _body_fit(stated: frozenset[str], said: frozenset[str]) -> float:
    if not stated or not said:
        return _OPEN
    if stated & said:
        return _SAME
    areas = regions()
    ours, theirs = {areas.get(part, "") for part in stated}, {areas.get(part, "") for part in said}
    common = (ours & theirs) - {""}
    if common & (stated | said):
        return _HOLDS
    if common:
        return _NEAR
    return 0.0
