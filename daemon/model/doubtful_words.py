"""Which words a reader has to look at again: the one definition, for what is shown and for what is measured.

A word is marked where the engine that read it was not sure of it, and where it can say something: a drug, a dose, a side, a
part of the body, how long. What only holds a sentence together ("the", "and", "she") is not, however unsure: a page on which every
tenth word is underlined is a page on which nobody looks at an underlined word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final

from daemon.model.passage import HAND_CONFIDENCE, Passage, Word

LOW_CONFIDENCE: Final = 0.5
"""Below this a word (0 to 1) is worth a second look: in a recording, where it is likelier wrong than right (`faithfulness.reading.heard_words`)."""
LOW_LINE_CONFIDENCE: Final = 0.6
"""The same of a line of which only the whole has a confidence; below 0.5 the engine's guess is not taken at all."""

FIRST_HEARD: Final = "first heard: "
"""So begins what was heard at first, among the suggestions of a word that was listened to once more."""

Span = tuple[int, int]

_WORD = re.compile(r"\w+(?:[.,'’/-]\w+)*")

# They carry no clinical fact. Negations ("no", "without"), sides, "off" and "after" are not among them: they turn one round.
_SMALL_WORDS: Final = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "so",
        "that",
        "this",
        "these",
        "those",
        "then",
        "there",
        "here",
        "which",
        "who",
        "whom",
        "whose",
        "what",
        "it",
        "its",
        "it's",
        "i",
        "i'm",
        "i've",
        "i'll",
        "me",
        "my",
        "we",
        "we're",
        "our",
        "us",
        "you",
        "your",
        "he",
        "he's",
        "him",
        "his",
        "she",
        "she's",
        "her",
        "hers",
        "they",
        "they're",
        "them",
        "their",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "am",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "will",
        "would",
        "shall",
        "should",
        "can",
        "could",
        "may",
        "might",
        "must",
        "to",
        "of",
        "in",
        "for",
        "with",
        "as",
        "at",
        "by",
        "if",
        "than",
        "from",
        "into",
        "about",
        "um",
        "uh",
        "er",
        "hmm",
        "oh",
        "okay",
        "ok",
        "well",
        "just",
        "also",
        "very",
        "really",
        "quite",
        "patient",
        "says",
        "said",
        "states",
    ]
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked word and where it stands in its passage's text, without the commas and brackets around it."""

    span: Span
    word: Word


def is_marked(word: Word, least: float = LOW_CONFIDENCE) -> bool:
    """Whether a reader has to look at it again."""
    return word.confidence < least and not is_small(word.text)


def is_taken(word: Word) -> bool:
    """Whether it stands in the place of what was heard at first."""
    return any(each.startswith(FIRST_HEARD) for each in word.suggestions)


def is_small(text: str) -> bool:
    """Whether it only holds a sentence together."""
    return all(each in _SMALL_WORDS for each in _parts(text))


def has_marked(passage: Passage) -> bool:
    """Whether it is worth looking; most passages are read well."""
    least = _least(passage)
    return any(is_marked(word, least) for word in passage.words or _as_one(passage))


def marked_words(passage: Passage) -> tuple[Marked, ...]:
    """The marked words of a passage, in order and apart. A word that does not stand in the text, in order, is passed over."""
    places = _places(passage.text, passage.words or _as_one(passage)) if has_marked(passage) else ()
    least = _least(passage)
    return tuple(Marked(span, word) for span, word in places if is_marked(word, least))


def count_marked(passages: Iterable[Passage]) -> tuple[int, int]:
    """How many words are marked, of how many that have a confidence of their own."""
    words = [word for passage in passages for word in passage.words if _parts(word.text)]
    return sum(map(is_marked, words)), len(words)


def _least(passage: Passage) -> float:
    return LOW_CONFIDENCE if passage.words else LOW_LINE_CONFIDENCE


def _as_one(passage: Passage) -> tuple[Word, ...]:
    """A line of which only the whole has a confidence; a hand is never read surely, however sure the engine was."""
    sure = min(passage.confidence, HAND_CONFIDENCE) if passage.hand else passage.confidence
    return (Word(passage.text, sure),)


def _parts(text: str) -> list[str]:
    return [match[0].lower().replace("’", "'") for match in _WORD.finditer(text)]


def _places(text: str, untrusted_words: Sequence[Word]) -> Iterator[tuple[Span, Word]]:
    """Each engine's word with its place. Where the text has another form of some words, those around them are found all the same."""
    there = [(match.span(), match[0].lower()) for match in _WORD.finditer(text)]
    here = [(nth, match[0].lower()) for nth, word in enumerate(untrusted_words) for match in _WORD.finditer(word.text)]
    same = SequenceMatcher(None, [one for _, one in here], [one for _, one in there], autojunk=False)
    at = {block.a + n: block.b + n for block in same.get_matching_blocks() for n in range(block.size)}
    for nth, each in groupby(range(len(here)), lambda part: here[part][0]):
        found = [at.get(part, -1) for part in each]
        if min(found) >= 0 and found == list(range(found[0], found[-1] + 1)):
            yield (there[found[0]][0][0], there[found[-1]][0][1]), untrusted_words[nth]
