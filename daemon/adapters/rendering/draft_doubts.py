"""Words that an engine was unsure of, where they matter: drugs, numbers and negations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daemon.adapters.rendering.draft_terms import Key, Span, Terms
from daemon.model.passage import Passage, Word

# Below this an engine's own word probability is worth a second look. A choice, not a measurement: low enough that the
# underlined words stay few.
LOW_CONFIDENCE = 0.6

_CORE = re.compile(r"\w(?:.*\w)?", re.DOTALL)  # a word without the commas and brackets around it


@dataclass(frozen=True, slots=True)
class Doubt:
    """A word at `span` that was read with a `confidence` of 0 to 1; `keys` are what it says."""

    span: Span
    confidence: float
    keys: frozenset[Key]


def has_unsure_words(passage: Passage) -> bool:
    """Whether it is worth looking; most passages are read well."""
    return any(word.confidence < LOW_CONFIDENCE for word in passage.words)


def doubts(passage: Passage, found: Terms) -> tuple[Doubt, ...]:
    """The unsure words of a passage that are a part of a drug's name, a number or a negation."""
    marked, first = [], 0
    for span, word in _unsure(passage.text, passage.words):
        while first < len(found.vital) and found.vital[first][0][1] <= span[0]:
            first += 1
        keys: set[Key] = set()
        for nth in range(first, len(found.vital)):
            (start, end), some = found.vital[nth]
            if start >= span[1]:
                break
            keys |= some if end > span[0] else frozenset()
        if keys:
            marked.append(Doubt(span, word.confidence, frozenset(keys)))
    return tuple(marked)


def doubts_in(found: Terms, known: Iterable[Doubt]) -> tuple[tuple[Span, float], ...]:
    """Where a statement says what was read so: the same drug, the same number, the same negation."""
    least: dict[Key, float] = {}
    for doubt in known:
        for key in doubt.keys:
            least[key] = min(doubt.confidence, least.get(key, 1.0))
    unsure = [(span, [least[key] for key in keys if key in least]) for span, keys in found.vital]
    return _apart([(span, min(some)) for span, some in unsure if some])


def _apart(spans: Sequence[tuple[Span, float]]) -> tuple[tuple[Span, float], ...]:
    kept: list[tuple[Span, float]] = []
    for span, confidence in spans:
        if not kept or span[0] >= kept[-1][0][1]:
            kept.append((span, confidence))
    return tuple(kept)


def _unsure(text: str, untrusted_words: Sequence[Word]) -> list[tuple[Span, Word]]:
    """Words of low confidence with their places. A word that does not stand in the text, in order, is passed over."""
    found = []
    at = 0
    for word in untrusted_words:
        bare = word.text.strip()
        start = text.find(bare, at) if bare else -1
        if start < 0:
            continue
        at = start + len(bare)
        if word.confidence < LOW_CONFIDENCE and (core := _CORE.search(bare)):
            found.append(((start + core.start(), start + core.end()), word))
    return found
