"""Sides of the body in a text: which side is spoken of, of what part, among what words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from daemon.faithfulness.persons.side_words import (
    BOTH,
    LEFT,
    RIGHT,
    Token,
    body_parts,
    has_side,
    is_alternative,
    is_denied,
    is_dominance,
    is_no_side,
    is_side,
    is_taken_back,
    part_at,
    parts_after,
    parts_before,
    regions,
    side_at,
    stems,
    words_of,
)
from daemon.faithfulness.reading.tokens import same_characters
from daemon.faithfulness.texts import Texts

__all__ = ["BOTH", "LEFT", "RIGHT", "Sided", "body_parts", "regions", "sides_of_source", "sides_of_statement"]

_LETTERS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_WHICH = re.compile(
    r"\b(?:left or (?:the |your )?right|right or (?:the |your )?left|left one or|right one or|which (?:\w+ )?(?:side|one|is it|was it|part)|"
    r"(?:which|what) (?:knee|leg|foot|ankle|hip|arm|shoulder|elbow|wrist|hand|finger|thumb|toe|eye|ear|breast|kidney|flank|calf|thigh|side)|"
    r"one side)\b"
)
_WORDS_AFTER = 45
_PASSAGES_BEFORE, _PASSAGES_AFTER = 3, 5
"""How far what is said after a side, without another, is read as said of it. By judgement."""
_AROUND = 11
"""Words on each side of a mention that are read as spoken of with it. By judgement, on conversations without full stops."""
_MOST = 1500
"""Sides of one source that are read; a visit of an hour names a few hundred."""
_TAKEN_BACK_AMONG = 12
"""Among how many sides before one that is taken back is looked for."""


@dataclass(frozen=True, slots=True)
class Sided:
    """A side at `span`, of `parts` of the body (empty where none is named), `words` being the stems around it.

    `after` are the stems of what follows, as far as no other side is named; `denied` says that nothing is wrong there, or not
    that it is, and `taken_back` that it is not the side that is meant. `passage` is the id of the passage it stands in, empty in a statement.
    """

    side: str
    span: tuple[int, int]
    parts: frozenset[str]
    words: frozenset[str]
    denied: bool = False
    passage: str = ""
    after: frozenset[str] = frozenset()
    taken_back: bool = False


def sides_of_source(source: Texts) -> tuple[Sided, ...]:
    """Every side in the passages. One without a part takes it from what was said shortly before."""
    found: list[Sided] = []
    names = list(source.by_id)
    texts = [same_characters(text) for text in source.by_id.values()]
    following = _PASSAGES_AFTER
    for at, plain in enumerate(texts):
        here: list[Sided] = []
        if has_side(plain):
            before = texts[max(0, at - _PASSAGES_BEFORE) : at]
            asked = bool(before) and _WHICH.search(before[-1].lower()) is not None
            inherited = next((parts for text in reversed(before) if (parts := _last_part(text))), frozenset[str]())
            here = _sided(words_of(plain), inherited, names[at], asked=asked)
        taken_back = [one for one in here if one.taken_back]
        if taken_back:
            gone = {(one.side, part) for one in taken_back for part in one.parts}
            late = [
                one for one in found[-_TAKEN_BACK_AMONG:] if not any((one.side, part) in gone for part in one.parts)
            ]
            found = found[:-_TAKEN_BACK_AMONG] + late
            here = [one for one in here if not one.taken_back]
        following = 0 if here else following + 1
        if found and 0 < following <= _PASSAGES_AFTER:
            found[-1] = replace(found[-1], after=found[-1].after | stems(_LETTERS.findall(plain.lower())))
        found += here
        if len(found) > _MOST:
            break
    return tuple(found[:_MOST])


def sides_of_statement(text: str) -> tuple[Sided, ...]:
    """Every side in a written statement; one without a part takes all parts that the statement names."""
    plain = same_characters(text)
    if not has_side(plain):
        return ()
    words = words_of(plain)
    named = frozenset(part for at in range(len(words)) if (part := part_at(words, at)))
    return tuple(_sided(words, named, "", asked=True))


def _last_part(text: str) -> frozenset[str]:
    parts = body_parts()
    return next(
        (frozenset({parts[word][0]}) for word in reversed(_LETTERS.findall(text.lower())) if word in parts), frozenset()
    )


def _sided(words: Sequence[Token], inherited: frozenset[str], passage: str, *, asked: bool) -> list[Sided]:
    found: list[tuple[int, str, frozenset[str]]] = []
    for at, token in enumerate(words):
        side, part = side_at(words, at)
        if not side or is_alternative(words, at):
            continue
        if is_dominance(words, at):
            found.append((at, side, frozenset({"dominance"})))
            continue
        near, other = parts_after(words, at)
        sure = bool(near) or bool(part) or is_side(words, at, asked=asked)
        if not sure and (not other or token.text == "both" or is_no_side(words, at)):
            continue
        parts = ({part} if part else set()) | near
        parts = parts or parts_before(words, at) or (set(other) if not sure else set()) or set(inherited) or set(other)
        found.append((at, side, frozenset(parts)))
    ends = [*(at for at, _, _ in found[1:]), len(words)][: len(found)]
    return [
        Sided(
            side,
            (words[at].start, words[at].end),
            parts,
            stems(one.text for one in words[max(0, at - _AROUND) : at + _AROUND + 1]),
            is_denied(words, at),
            passage,
            stems(one.text for one in words[at : min(end, at + _WORDS_AFTER)]),
            is_taken_back(words, at),
        )
        for (at, side, parts), end in zip(found, ends, strict=True)
    ]
