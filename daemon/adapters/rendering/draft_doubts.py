"""Words that an engine was unsure of, in a passage and in what was drafted from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daemon.adapters.rendering.draft_pieces import Unsure
from daemon.adapters.rendering.draft_terms import Key, Span, Terms
from daemon.model.doubtful_words import marked_words
from daemon.model.passage import Passage


@dataclass(frozen=True, slots=True)
class Doubt:
    """A marked word of a passage; `keys` are what it says, which a statement in other words may say too."""

    unsure: Unsure
    keys: frozenset[Key]


def doubts(passage: Passage, found: Terms) -> tuple[Doubt, ...]:
    """The marked words of a passage, in order and apart."""
    marked, first = [], 0
    for one in marked_words(passage):
        while first < len(found.places) and found.places[first][0][1] <= one.span[0]:
            first += 1
        keys: set[Key] = set()
        for nth in range(first, len(found.places)):
            (start, end), some = found.places[nth]
            if start >= one.span[1]:
                break
            keys |= some if end > one.span[0] else frozenset()
        marked.append(Doubt(Unsure(one.span, one.word.confidence, one.word.suggestions), frozenset(keys)))
    return tuple(marked)


def doubts_in(found: Terms, known: Iterable[Doubt]) -> tuple[Unsure, ...]:
    """Where a statement says what was read so: the same drug, number, negation or word."""
    of: dict[Key, list[Unsure]] = {}
    for doubt in known:
        for key in doubt.keys:
            of.setdefault(key, []).append(doubt.unsure)
    unsure = [(span, [one for key in sorted(keys) for one in of.get(key, ())]) for span, keys in found.places]
    return _apart([_together(span, some) for span, some in unsure if some])


def doubts_at(quoted: Span, known: Iterable[Doubt]) -> tuple[Unsure, ...]:
    """The same in a statement that is a stretch of the passage, word for word."""
    start, end = quoted
    return tuple(
        Unsure((one.span[0] - start, one.span[1] - start), one.confidence, one.suggestions)
        for one in (doubt.unsure for doubt in known)
        if start <= one.span[0] and one.span[1] <= end
    )


def _together(span: Span, some: Sequence[Unsure]) -> Unsure:
    suggestions = tuple(dict.fromkeys(each for one in some for each in one.suggestions))
    return Unsure(span, min(one.confidence for one in some), suggestions)


def _apart(unsure: Sequence[Unsure]) -> tuple[Unsure, ...]:
    """In order; those that overlap (a drug's name, and its words) as one."""
    kept: list[Unsure] = []
    for one in unsure:
        if kept and one.span[0] < kept[-1].span[1]:
            last = kept.pop()
            one = _together((last.span[0], max(last.span[1], one.span[1])), (last, one))  # noqa: PLW2901 - what is kept
        kept.append(one)
    return tuple(kept)
