"""By which way a text says that something is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WAYS = (
    ("oral", r"by mouth|orally|P\.O\.|PO|p\.o\.|oral (?!exam|mucosa|cavity|lesion|temp|hygiene|thrush|intake)"),
    ("intravenous", r"I\.V\.|IV|i\.v\.|intravenous(?:ly)?"),
    ("intramuscular", r"IM|I\.M\.|intramuscular(?:ly)?"),
    ("subcutaneous", r"SQ|SC|sub-?Q|sub-?q|subcut|subcutaneous(?:ly)?"),
    ("topical", r"topical(?:ly)?|to the affected areas?"),
    ("inhaled", r"inhaled|via (?:nebulizer|inhaler)|by (?:nebulizer|inhaler|inhalation)"),
    ("rectal", r"rectally|per rectum"),
    ("sublingual", r"sublingual(?:ly)?|under the tongue"),
    ("intranasal", r"intranasal(?:ly)?|in each nostril"),
)
_WAY = re.compile("(?<![\\w-])(?:" + "|".join(f"(?P<{way}>{words})" for way, words in _WAYS) + r")(?!\w)")
_NOT_GIVEN = frozenset({"stage", "type", "grade", "class", "nerve", "nerves", "cn", "category", "phase", "level"})
_HINTS = {
    "oral": r"\b(?:by mouth|oral(?:ly)?|p\.?o\.?|pills?|tablets?|capsules?|caplets?|swallow\w*|tabs?|syrup|liquid)\b",
    "intravenous": r"\b(?:iv|i\.v\.|i v|intravenous(?:ly)?|drip|infus\w+|vein|bolus)\b",
    "intramuscular": r"\b(?:im|i\.m\.|i m|intramuscular(?:ly)?|shots?|inject\w*|vaccin\w+|muscle)\b",
    "subcutaneous": r"\b(?:s\.?q\.?|s\.?c\.?|sub-?q|sub q|subcut\w*|shots?|inject\w*|pen|under the skin|belly)\b",
    "topical": r"\b(?:topical\w*|cream|ointment|gel|lotion|apply|rub|skin|affected|foam|shampoo|patch)\b",
    "inhaled": r"\b(?:inhal\w+|puffs?|nebuliz\w+|nebs?|breath\w* in)\b",
    "rectal": r"\b(?:rectal\w*|rectum|suppositor\w+|enemas?)\b",
    "sublingual": r"\b(?:sublingual\w*|under (?:the|your|her|his|my) tongue)\b",
    "intranasal": r"\b(?:intranasal\w*|nasal\w*|nose|nostrils?|sprays?)\b",
}
_HINT = {way: re.compile(words, re.IGNORECASE) for way, words in _HINTS.items()}
USUAL = frozenset({"oral", "topical", "inhaled", "intranasal"})
"""Ways that nobody needs to say: a tablet is swallowed, a cream put on the skin."""


@dataclass(frozen=True, slots=True)
class Route:
    """A way of giving, and where the text says it."""

    way: str
    span: tuple[int, int]


def routes(text: str) -> Iterator[Route]:
    """The ways that a note writes, in order. Capitals count: IV, IM, SC."""
    for found in _WAY.finditer(text):
        before = text[: found.start()].rsplit(None, 1)[-1:]
        if found.lastgroup and not (before and before[0].lower() in _NOT_GIVEN):
            yield Route(found.lastgroup, (found.start(), found.start() + len(found.group().rstrip())))


def hints_at(way: str, text: str) -> bool:
    """Whether a text says, or lets one guess, that something is given in this way."""
    return _HINT[way].search(text) is not None


def hinted(text: str) -> frozenset[str]:
    """All ways that a text lets one guess."""
    return frozenset(way for way, pattern in _HINT.items() if pattern.search(text))
