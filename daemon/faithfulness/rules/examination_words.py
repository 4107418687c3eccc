"""What a text says of a physical examination: which findings (signs), of which part of the body, present or absent.

The vocabulary is `examination.txt`. Present or absent is told by the last words before a sign in its clause, in the manner of
NegEx (Chapman et al. 2001).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from daemon.faithfulness.vocabulary.concepts import Lexicon, Word, lines_of, stems_of, words

_NEGATIONS = frozenset({"no", "not", "without", "denies", "denied", "negative", "never", "nor", "neither", "absent", "free", "cannot", "nt", "isn't", "don't", "doesn't", "didn't", "wasn't", "aren't", "can't", "couldn't", "haven't", "hasn't", "any"})  # fmt: skip
_TURNS = frozenset({"but", "however", "although", "though", "except", "with", "there's", "does", "do", "is", "positive", "so", "has", "have"})  # fmt: skip
_NEGATION_REACH = 9  # words
_CLAUSE_ENDS = frozenset(".;:!?\n")


class Sign(NamedTuple):
    """A finding: `abnormal` says what it means if it is there; `None` if that depends. `alone`: the word is used of nothing else."""

    name: str
    abnormal: bool | None
    regions: frozenset[str]
    alone: bool


class Vocabulary(NamedTuple):
    """All of `examination.txt`."""

    signs: Mapping[str, Sign]
    implied: Mapping[str, frozenset[str]]
    same: Mapping[str, frozenset[str]]
    related: Mapping[str, frozenset[str]]
    lexicon: Lexicon


class Hit(NamedTuple):
    """A meaning of the vocabulary ("sign wheeze", "region lungs", "cue", "whole") at words `first` to `end`."""

    kind: str
    name: str
    first: int
    end: int
    denied: bool = False


def hits(text: str, found: Sequence[Word]) -> Iterator[Hit]:
    """What the vocabulary knows in a text, every meaning of every place, in order."""
    lexicon, stems = vocabulary().lexicon, stems_of(found)
    for at, first in enumerate(stems):
        if first not in lexicon.entries:
            continue
        for end, meaning in _longest_of_each(lexicon, stems, at):
            kind, _, name = meaning.partition(" ")
            yield Hit(kind, name, at, end, kind == "sign" and _denied(text, found, at))


def _longest_of_each(lexicon: Lexicon, stems: Sequence[str], at: int) -> Iterator[tuple[int, str]]:
    ends: dict[str, int] = {}
    for end, meaning in lexicon.at(stems, at):
        ends[meaning] = max(end, ends.get(meaning, 0))
    yield from ((end, meaning) for meaning, end in ends.items())


def _denied(text: str, found: Sequence[Word], at: int) -> bool:
    """Whether the last word before a sign, in its clause, that says so says that it is absent."""
    for place in range(at, max(-1, at - _NEGATION_REACH), -1):
        word = found[place].text
        if word in _NEGATIONS or word.endswith("n't"):
            return True
        if place < at and word in _TURNS:
            return False
        between = text[found[place - 1].end : found[place].start] if place else ""
        if not _CLAUSE_ENDS.isdisjoint(between):
            return False
    return False


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The vocabulary, read once."""
    signs: dict[str, Sign] = {}
    means: dict[str, dict[str, frozenset[str]]] = {"implies": {}, "same": {}}
    parents: dict[str, set[str]] = {}
    pairs: list[tuple[str, str]] = []
    for line in lines_of("examination.txt"):
        head, _, listed = line.partition(":")
        kind, *rest = head.split()
        forms = [form.strip() for form in listed.split(";") if form.strip()]
        if kind in means:
            means[kind][rest[0]] = frozenset(forms)
            continue
        name = rest[0] if rest else kind
        if kind == "sign":
            regions = frozenset(each[1:] for each in rest[2:] if each.startswith("@"))
            signs[name] = Sign(name, {"-": True, "+": False}.get(rest[1]), regions, rest[-1] == "!")
        elif kind == "region":
            parents[name] = set(rest[2:])
        pairs += [(form, f"{kind} {name}") for form in forms]
    return Vocabulary(signs, means["implies"], means["same"], _related(parents), Lexicon.of(pairs))


def _related(parents: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    """For each region itself, the wider ones it lies in, and the narrower ones that lie in it."""
    return {
        name: frozenset({name} | above | {each for each, wider in parents.items() if name in wider})
        for name, above in parents.items()
    }


def read(text: str) -> tuple[list[Word], list[Hit]]:
    """The words of a text and what the vocabulary knows of them."""
    found = words(text)
    return found, list(hits(text, found))
