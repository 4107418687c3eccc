"""Tests, pictures, treatments and specialists by the names that people have for them (`orders.txt`), with the part of the body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from daemon.faithfulness.package_data import package_text
from daemon.model.remembered import remembered

_SIDE = r"left|right|both|bilateral"
_PART = (
    r"lumbar|cervical|thoracic|spine|back|neck|shoulder|elbow|wrist|hand|finger|thumb|hip|knee|ankle|foot|feet|toe|leg|arm|chest|head|brain|"
    r"abdomen|abdominal|pelvis|pelvic|kidneys?|renal|liver|thyroid|carotid|heart|lungs?|breast|sinus|skull|jaw|rib|scrotal|bladder|prostate"
)
_BEFORE = re.compile(rf"\b(?:(?:{_SIDE}|{_PART})\s+){{1,3}}$", re.IGNORECASE)
_BEHIND = re.compile(
    rf"\s+(?:of|for|on)\s+(?:(?:your|the|her|his|that|this|my)\s+)?(?:{_SIDE}|{_PART})\b(?:\s+(?:{_SIDE}|{_PART})\b){{0,3}}",
    re.IGNORECASE,
)
_LOOK_BACK_CHARS = 40
_WORD = re.compile(r"[^\W_]+")


class Order(NamedTuple):
    """`concept` is the list's name, `text` the words with the part of the body, `span` where they stand, `name_start` where the name does."""

    concept: str
    text: str
    span: tuple[int, int]
    name_start: int


def find_orders(text: str) -> Iterator[Order]:
    """What is named in `text`, in order. Linear in its length."""
    names, done = _names(), 0
    for word in _WORD.finditer(text):
        begins = word.group().lower() if word.start() >= done else ""
        found = _pattern(begins).match(text, word.start()) if begins in names else None
        if found is not None:
            behind = _BEHIND.match(text, found.end())
            before = _BEFORE.search(text, max(done, found.start() - _LOOK_BACK_CHARS), found.start())
            start, done = before.start() if before else found.start(), behind.end() if behind else found.end()
            yield Order(_concept(found.group()), text[start:done], (start, done), found.start())


def _concept(name: str) -> str:
    concepts, key = _rows()[0], " ".join(name.lower().split())
    return concepts.get(key) or concepts[key.removesuffix("s")]


def is_covered(concept: str, among: frozenset[str]) -> bool:
    """Whether a concept or a narrower one is among those given."""
    return concept in among or any(broader(each) == concept for each in among)


def broader(concept: str) -> str:
    """The broader name, or ""."""
    return _rows()[1].get(concept, "")


@lru_cache(maxsize=1)
def _rows() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Concepts by name, and broader concepts by concept."""
    concepts: dict[str, str] = {}
    wider: dict[str, str] = {}
    for line in package_text("orders.txt").splitlines():
        if line.strip() and not line.startswith("#"):
            names, _, above = line.partition(" > ")
            first = names.split(" | ")[0]
            concepts |= {name.lower(): first for name in names.split(" | ")}
            if above:
                wider[first] = above
    return concepts, wider


@lru_cache(maxsize=1)
def _names() -> Mapping[str, list[str]]:
    """By the word that they begin with, plural or not, all names, the longest first."""
    by_word: dict[str, list[str]] = {}
    for name in sorted(_rows()[0], key=len, reverse=True):
        first = _WORD.findall(name)[0]
        for word in (first, f"{first}s"):
            by_word.setdefault(word, []).append(r"\s+".join(map(re.escape, name.split())))
    return by_word


@remembered(1024)
def _pattern(word: str) -> re.Pattern[str]:
    """All names that begin with a word; made when it is first met, for most never are."""
    return re.compile(rf"(?:{'|'.join(_names()[word])})s?\b", re.IGNORECASE)
