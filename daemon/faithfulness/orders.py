"""Tests, pictures, treatments and specialists by the names that people have for them (`orders.txt`), with the part of the body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

_SIDE = r"left|right|both|bilateral"
_PART = (
    r"lumbar|cervical|thoracic|spine|back|neck|shoulder|elbow|wrist|hand|finger|thumb|hip|knee|ankle|foot|feet|toe|leg|arm|chest|head|brain|"
    r"abdomen|abdominal|pelvis|pelvic|kidneys?|renal|liver|thyroid|carotid|heart|lungs?|breast|sinus|skull|jaw|rib|scrotal|bladder|prostate"
)
_BEFORE = rf"(?:(?:{_SIDE}|{_PART})\s+){{0,3}}"
_BEHIND = rf"(?:\s+(?:of|for|on)\s+(?:(?:your|the|her|his|that|this|my)\s+)?(?:(?:{_SIDE}|{_PART})\b\s*){{1,4}})?"


@dataclass(frozen=True, slots=True)
class Order:
    """`concept` is the list's name, `text` the words with the part of the body, `span` where they stand, `name_start` where the name does."""

    concept: str
    text: str
    span: tuple[int, int]
    name_start: int


def find_orders(text: str, start: int = 0, end: int | None = None) -> Iterator[Order]:
    """What is named between `start` and `end`, in order. Linear in its length."""
    pattern, concepts = _pattern()
    for found in pattern.finditer(text, start, len(text) if end is None else end):
        words = found.group().rstrip()
        key = " ".join(found["name"].lower().split())
        concept = concepts.get(key) or concepts[key.removesuffix("s")]
        yield Order(concept, words, (found.start(), found.start() + len(words)), found.start("name"))


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
    for line in (resources.files("daemon.faithfulness") / "orders.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            names, _, above = line.partition(" > ")
            first = names.split(" | ")[0]
            concepts |= {name.lower(): first for name in names.split(" | ")}
            if above:
                wider[first] = above
    return concepts, wider


@lru_cache(maxsize=1)
def _pattern() -> tuple[re.Pattern[str], Mapping[str, str]]:
    concepts = _rows()[0]
    names = sorted(concepts, key=len, reverse=True)
    either = "|".join(r"\s+".join(map(re.escape, name.split())) for name in names)
    return re.compile(rf"\b{_BEFORE}(?P<name>\b(?:{either})s?)\b{_BEHIND}", re.IGNORECASE), concepts
