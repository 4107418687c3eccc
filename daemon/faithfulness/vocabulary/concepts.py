"""What a text speaks of, in words that can be compared: stems, and what notes and conversations call by different names.

A term has keys of which any one is enough to find it again: the stem of its word, and the meanings (`synonyms.txt`) of which the
word or phrase is a form. Its weight is how much it says of a visit (`common_words.txt`). Numbers are no terms: they have rules of
their own. The stems are rough ends cut off, after the idea of Porter (1980): good enough to compare, no words to be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from daemon.faithfulness.package_data import package_text
from daemon.faithfulness.reading.tokens import same_characters
from daemon.faithfulness.texts import Texts
from daemon.faithfulness.vocabulary.spelling import american
from daemon.model.remembered import remembered

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_SUFFIXES = ("ations", "ation", "ising", "izing", "ingly", "ings", "ness", "ment", "ing", "edly", "ied", "ies", "ed", "es", "ly", "al", "s")  # fmt: skip
_LEAST_STEM = 3
_LONGEST_STEM = 12
_LONGEST_WORD = 40  # what is longer is no word


class Word(NamedTuple):
    """A word in lower case and where it stands."""

    text: str
    start: int
    end: int


class Term(NamedTuple):
    """`keys` are what it can be found by, `first` and `end` the words it is made of."""

    keys: tuple[str, ...]
    weight: float
    first: int
    end: int


class Lexicon(NamedTuple):
    """First word → the words that follow it and the meaning. Words are the same if their stems are."""

    entries: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Lexicon:
        """From forms, which may be phrases, with their meanings; a form may have several."""
        known: dict[str, dict[tuple[tuple[str, ...], str], None]] = {}
        for form, meaning in pairs:
            plain = form.replace(" ", "").isalpha()  # nearly every form is: words that a blank parts
            first, *rest = map(stem, form.lower().split()) if plain else stems_of(words(form))
            known.setdefault(first, {})[(tuple(rest), meaning)] = None
        return cls({first: tuple(entries) for first, entries in known.items()})

    def at(self, stems: Sequence[str], place: int) -> Iterator[tuple[int, str]]:
        """The meanings of all forms that begin at a place, each with where it ends."""
        for rest, meaning in self.entries.get(stems[place], ()):
            end = place + 1 + len(rest)
            if not rest or tuple(stems[place + 1 : end]) == rest:
                yield end, meaning

    def longest(self, stems: Sequence[str], place: int) -> tuple[int, tuple[str, ...]]:
        """Where the longest form that begins at a place ends, and its meanings; the next place and none if there is none."""
        found = tuple(self.at(stems, place))
        end = max((each for each, _ in found), default=place + 1)
        return end, tuple(meaning for each, meaning in found if each == end)


def words(text: str) -> list[Word]:
    """The words of `text`, in order; a hyphen or an apostrophe inside one does not part it."""
    plain = same_characters(text)
    spans = [each.span() for each in _WORD.finditer(plain)]
    return [Word(plain[start:end].lower(), start, end) for start, end in spans]


def words_by_id(source: Texts) -> dict[str, list[Word]]:
    """The words of each text of a source: a reading for `Texts.learn`."""
    return {name: words(text) for name, text in source.by_id.items()}


def keys_by_id(source: Texts) -> dict[str, list[tuple[str, int]]]:
    """The `source_keys` of each text of a source: a reading for `Texts.learn`."""
    return {name: list(source_keys(found)) for name, found in source.learn(words_by_id).items()}


def stems_of(found: Iterable[Word]) -> list[str]:
    """The stems of words, one each."""
    return [stem(word.text) for word in found]


def claim_terms(found: Sequence[Word]) -> Iterator[Term]:
    """The terms of a statement, each word in one term at most: the longest phrase that is known, else the word."""
    synonyms, stems, at = _synonyms(), stems_of(found), 0
    while at < len(found):
        end, meanings = synonyms.longest(stems, at)
        weight = max(weight_of(word.text) for word in found[at:end])
        if weight:
            yield Term((*stems[at:end][: 1 if end - at == 1 else 0], *meanings), weight, at, end)
        at = end


def source_keys(found: Sequence[Word]) -> Iterator[tuple[str, int]]:
    """All keys under which the words of a source can be found, with the place of the word: every reading of it counts."""
    for at, word in enumerate(found):
        keys, phrases = _keys_of(word.text)
        for key in keys:
            yield key, at
        for rest, meaning in phrases:
            following = found[at + 1 : at + 1 + len(rest)]
            if len(following) == len(rest) and [stem(one.text) for one in following] == list(rest):
                yield meaning, at


@remembered(16384)
def _keys_of(word: str) -> tuple[tuple[str, ...], tuple[tuple[tuple[str, ...], str], ...]]:
    """What a word says by itself, and the phrases that it begins: what follows it, and what they mean."""
    own = stem(word)
    keys = [own] if weight_of(word) else []
    if "-" in word:
        keys += [stem(part) for part in word.split("-")]
    entries = _synonyms().entries.get(own, ())
    keys += [meaning for rest, meaning in entries if not rest]
    return tuple(dict.fromkeys(keys)), tuple(entry for entry in entries if entry[0])


def weight_of(word: str) -> float:
    """How much a word says, from 0.0 (nothing) to 1.0."""
    return _weights().get(word, 1.0)


@remembered(16384)
def stem(word: str) -> str:
    """`word` without its ending: "swelling" and "swells" meet in "swel"."""
    word = american(word.removesuffix("'s")[:_LONGEST_WORD])
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _LEAST_STEM and not word.endswith("ss"):
            word = word[: -len(suffix)]
            break
    while len(word) > _LEAST_STEM and (word[-1] in "eiy" or word[-1] == word[-2]):
        word = word[:-1]
    return word[:_LONGEST_STEM]


@lru_cache(maxsize=1)
def _synonyms() -> Lexicon:
    lines = enumerate(lines_of("synonyms.txt"))
    return Lexicon.of((form, f"={number}") for number, line in lines for form in line.split("; "))


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    lines = (line.split() for line in lines_of("common_words.txt"))
    return {word: float(weight) for weight, *listed in lines for word in listed}


def lines_of(name: str) -> list[str]:
    """The lines of a list in this package, without remarks."""
    content = package_text(name)
    return [line for line in content.splitlines() if line.strip() and not line.startswith("#")]
