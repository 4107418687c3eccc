"""Examinations that never took place: sentences of one encounter's physical examination in another encounter's note."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence

from daemon.evaluation.corpus import Encounter
from daemon.evaluation.twins import Twin

_EACH = 4
_FEWEST_WORDS = 3  # "Respiratory" and "Head and Face" are headings
_MOST_SHARED = 0.5
"""A sentence is no invention if this share of its words stands in one sentence of the note it is put into."""
_SMALL_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "at",
        "in",
        "is",
        "no",
        "not",
        "of",
        "on",
        "or",
        "the",
        "there",
        "to",
        "was",
        "were",
        "with",
        "without",
    ]
)


def invented_examinations(encounters: Sequence[Encounter], at: int) -> Iterator[Twin]:
    """Up to four sentences of the next encounter that has an examination, as if they had been written in the encounter `at`."""
    own = [_words(text) for _, text in encounters[at].statements()]
    for step in range(1, len(encounters)):
        other = encounters[(at + step) % len(encounters)]
        said = [
            (title, text)
            for title, text in other.statements()
            if "EXAM" in title.upper() and len(_words(text)) >= _FEWEST_WORDS and not _is_said(_words(text), own)
        ]
        if said:
            said.sort(key=lambda one: zlib.crc32(one[1].encode("utf-8", "surrogatepass")))
            yield from (Twin("examination", title, text, "") for title, text in said[:_EACH])
            return


def _is_said(words: frozenset[str], own: Sequence[frozenset[str]]) -> bool:
    return any(len(words & sentence) >= _MOST_SHARED * len(words) for sentence in own)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", text.lower())) - _SMALL_WORDS
