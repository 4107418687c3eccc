"""The things a sentence names, by kind, so that one can be told to stand for another: numbers, drugs, sides, times, relatives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.persons.people import RELATIVES, bare
from daemon.faithfulness.persons.sides import body_parts
from daemon.faithfulness.quantity.mention import plain_number
from daemon.faithfulness.quantity.mentions import mentions
from daemon.faithfulness.vocabulary.word_lists import word_list

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_SIDES = {"left": "left", "right": "right", "bilateral": "both", "bilaterally": "both"}
_TIMES = word_list("times")
_UNITS = {
    word: unit
    for unit in ("day", "week", "month", "year", "hour", "minute")
    for word in (unit, f"{unit}s")
} | {"mg": "mg", "milligrams": "mg", "milligram": "mg", "mcg": "mcg", "micrograms": "mcg", "grams": "g", "units": "unit"}  # fmt: skip
_EMPTY = word_list("empty")
_STEM = 6
_ARTICLES = frozenset({"a", "an", "the", "each", "every", "per", "another", "last", "next"})


@dataclass(frozen=True, slots=True)
class Item:
    """A thing of a `kind` ("number", "drug", "side", "time", "relative", "part", "unit", "with" or "word") at `start` to `end`.

    `unit` is what a number counts, empty where it is not said.
    """

    kind: str
    key: str
    start: int
    end: int
    unit: str = ""

    @property
    def identity(self) -> tuple[str, str]:
        """What makes two of them the same."""
        return self.kind, self.key


def items(text: str) -> tuple[Item, ...]:
    """Everything that `text` names, in its order. Linear in its length."""
    found = [*_numbers(text), *(Item("drug", one.generic, *one.span) for one in find_drugs(text))]
    taken = [(one.start, one.end) for one in found]
    taken_at = {place for start, end in taken for place in range(start, end)}
    found += [one for one in _words(text) if one.start not in taken_at or one.kind == "unit"]
    return tuple(sorted(found, key=lambda one: (one.start, one.kind)))


def _numbers(text: str) -> Iterator[Item]:
    tokens, found = mentions(text)
    for one in found:
        first = tokens[one.first]
        if first.text in _ARTICLES or not one.counted:
            continue
        key = ":".join(one.value) if isinstance(one.value, tuple) else plain_number(one.value)
        yield Item("number", key, first.start, tokens[one.number_end - 1].end, one.unit or "")


def _words(text: str) -> Iterator[Item]:
    for found in _WORD.finditer(text):
        word = bare(found.group())
        for kind, key in _kinds(word):
            yield Item(kind, key, *found.span())
            break


def _kinds(word: str) -> Iterator[tuple[str, str]]:
    if word in _SIDES:
        yield "side", _SIDES[word]
    if word in _TIMES:
        yield "time", word
    if word in RELATIVES:
        yield "relative", RELATIVES[word]
    if word in _UNITS:
        yield "unit", _UNITS[word]
    if word in {"with", "without"}:
        yield "with", word
    if word in body_parts():
        yield "part", body_parts()[word][0]
    if word not in _EMPTY and len(word) > 1:
        yield "word", word[:_STEM]
