"""Whether a word is spelled as a word is: recognition writes what it does not know as it sounds ("glipiside", "low-permide")."""

from __future__ import annotations

import re
from functools import cache

from daemon.faithfulness.medicines.drugs import drug_names
from daemon.faithfulness.package_data import package_text

_PARTS = re.compile(r"[-/'’]")
_UNIT = re.compile(r"%|mg|mcg|kg|ml|lb|cm|mm|am|pm")
_UNIT_NAMES = frozenset(
    {"milligram", "milligrams", "microgram", "micrograms", "milliliter", "milliliters", "gram", "grams", "g", "unit", "units", "percent",
     "degrees", "kilograms", "centimeters", "millimeters", "puffs", "tablets"}
)  # fmt: skip
_DIGIT = re.compile(r"\d")
_LEAST_PLURAL = 5
_TERM = re.compile(r"[a-z]+")


def is_plain_word(untrusted_word: str) -> bool:
    """Whether each part of a word stands in a list of English, of medicine or of drugs, is a unit or has a number (102.4, 10mg, a1c)."""
    said = untrusted_word.lower()
    return said in drug_names() or all(map(_is_known, _PARTS.split(said)))


def is_unit(word: str) -> bool:
    """Whether it is a unit that a number stands before, in lower case."""
    return word in _UNIT_NAMES or _UNIT.fullmatch(word) is not None


def _is_known(part: str) -> bool:
    known = _known()
    if len(part) <= 1 or part in known or part in drug_names() or _UNIT.fullmatch(part) or _DIGIT.search(part):
        return True
    return len(part) >= _LEAST_PLURAL and part.endswith("s") and part[:-1] in known


@cache
def _known() -> frozenset[str]:
    plain = package_text("plain_words.txt").split("\n", 1)[1].split()
    return frozenset(plain).union(_TERM.findall(package_text("term_names.tsv").lower()))
