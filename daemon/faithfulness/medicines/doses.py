"""Where a text says how a medicine is taken: strength, how often, by which way, for how long. Spans of the text as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from daemon.faithfulness.quantity.mention import Mention
from daemon.faithfulness.quantity.mentions import mentions
from daemon.faithfulness.reading.tokens import same_characters

Kind = Literal["strength", "count", "rate", "route", "form", "length", "number"]

_STRENGTHS = frozenset({"mg", "mcg", "g", "meq", "unit", "mmol"})
_COUNTS = frozenset({"ml", "tablet", "puff", "drop", "spray", "dose", "%"})
_PER = frozenset({"kg", "day", "hour", "ml", "dose", "puff", "spray", "week", "night", "tablet", "minute"})
"""What the amount of a drug is given for; an amount per decilitre or litre is a laboratory's."""
_N = (
    r"(?:\d+(?:[./-]\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|twenty|thirty|sixty|ninety|"
    r"several|a few|a couple(?: of)?|few|half)"
)
_TO = rf"{_N}(?:\s?(?:to|or|-)\s?{_N})?"
_RATE = re.compile(
    rf"(?<![\w-])(?:(?:{_TO}\s+times?|once|twice|thrice)(?:\s+(?:a|per|each|every|in a)\s+(?:day|night|week|month|year|hour)|\s+(?:daily|weekly|"
    r"monthly|nightly))?|once-daily|twice-daily|(?:daily|nightly|weekly|biweekly|monthly|hourly|b\.?i\.?d|t\.?i\.?d|q\.?i\.?d|q\.?h\.?s|q\.?a\.?m|q\.?p\.?m|"
    r"q\.?o\.?d|q\.?d(?:ay|aily)?|q\.?\s?week|p\.?r\.?n|a\.?c)(?:\.(?!\s*$)|\b)|"
    rf"q\.?\s?\d+(?:\s?(?:-|to)\s?\d+)?\s?-?(?:h(?:ours?|rs?|r)?|d(?:ays?)?|min(?:utes)?)\b\.?|q\.?\s?h\b\.?|"
    rf"(?:every|each)\s+(?:other\s+|single\s+)?(?:day|morning|evening|night|afternoon|week|month|year|hour|bedtime|meal|time|"
    rf"monday|tuesday|wednesday|thursday|friday|saturday|sunday|{_TO}\s+(?:hours?|hrs?|days?|weeks?|months?|minutes?))s?|"
    r"a day|per day|a week|as needed|as directed|when needed|if needed|at (?:bedtime|night|noon|breakfast|lunch|dinner)|before bed|(?:in|every) the (?:morning|evening|"
    r"afternoon|am|pm)s?|with (?:food|meals?|breakfast|lunch|dinner|each meal)|(?:before|after) (?:meals|breakfast|lunch|dinner|each meal|eating)|on an empty stomach|"
    r"around the clock)(?!\w)",
    re.IGNORECASE,
)
_ROUTE = re.compile(
    r"(?<![\w-])(?:by mouth|orally|p\.?o\b\.?|iv|i\.v\.|intravenous(?:ly)?|im|i\.m\.|intramuscular(?:ly)?|subcutaneous(?:ly)?|sub-?q|sq|sc|"
    r"sublingual(?:ly)?|under the tongue|topically|intranasal(?:ly)?|inhaled|rectally|vaginally|(?:to|on) the affected areas?|"
    r"(?:in|to|per) (?:each|both|the (?:left|right|affected)) (?:eyes?|ears?|nostrils?)|each nostril|(?:via|by) (?:nebulizer|injection|g-tube|inhaler|iv))(?!\w)",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"(?<![\w-])(?:tablets?|tabs?|capsules?|caps|pills?|puffs?|(?:eye |ear )?drops|(?:nasal )?sprays?|cream|ointment|gel|lotion|patch(?:es)?|inhalers?|nebulizers?|nebs|"
    r"suspension|solution|syrup|elixir|injections?|shots?|pen|powder|shampoo|foam|suppositor(?:y|ies)|lozenges?|gummies|extended[- ]release|"
    r"(?:tapering )?dose pack|taper|infusions?)(?!\w)",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    rf"(?<![\w-])(?:(?:for|x|over|times)\s*(?:the (?:next|past|last)\s+|another\s+|about\s+|at least\s+|a total of\s+|up to\s+)?{_TO}\s*-?(?:more\s+)?(?:day|week|month|year)s?|"
    rf"{_N}-(?:day|week|month) (?:course|supply|taper|trial)|(?:a |an )?(?:short |full )?course)(?!\w)",
    re.IGNORECASE,
)
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("rate", _RATE),
    ("route", _ROUTE),
    ("form", _FORM),
    ("length", _LENGTH),
)
# Nothing but these may stand between two parts of one dose.
_JOINT = re.compile(
    r"[\s,()/+-]*(?:(?:of|to|then|and|or|from|at|by|up|with|in|plus|the|a|an|one|total|dose|dosage|each|about|your|it|taken|take|be|is|strength|"
    r"increasing|down|via|now|again|both|only|usually|just|uh|um)\b[\s,()-]*){0,4}",
    re.IGNORECASE,
)
_SPELT = re.compile(r"\s*m\.?\s?(?:c\.?\s?)?g\b\.?", re.IGNORECASE)
"""A unit said in letters: "four M G"."""
_LAB_AFTER = re.compile(r"\s*(?:/|per)\s*(?:d|l|dl|deciliter|liter|m2)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dose:
    """How something is taken: `text[span[0]:span[1]]`. `kinds` are what it says: a strength, how often, by which way, ..."""

    span: tuple[int, int]
    kinds: frozenset[Kind]

    @property
    def tells(self) -> bool:
        """Whether it is a dose wherever it stands; a route or a form alone is one only beside a drug."""
        return bool(self.kinds & {"strength", "rate", "count"})

    @property
    def needs_a_drug(self) -> bool:
        """Whether nothing but a drug has such a dose: a strength, or a count with how often."""
        return "strength" in self.kinds or {"count", "rate"} <= self.kinds


@dataclass(frozen=True, slots=True)
class _Part:
    start: int
    end: int
    kind: Kind


def find_doses(text: str) -> tuple[Dose, ...]:
    """The doses that `text` says, in order and not overlapping. Parts that only little words part are one dose."""
    plain = same_characters(text)
    doses: list[Dose] = []
    for part in _disjoint(sorted([*_amounts(plain), *_phrases(plain)], key=lambda one: (one.start, -one.end))):
        if doses and _JOINT.fullmatch(plain[doses[-1].span[1] : part.start]):
            doses[-1] = Dose((doses[-1].span[0], part.end), doses[-1].kinds | {part.kind})
        else:
            doses.append(Dose((part.start, part.end), frozenset({part.kind})))
    return tuple(doses)


def _disjoint(parts: Sequence[_Part]) -> list[_Part]:
    """Without those that lie in one before; of two that overlap, the second from where the first ends."""
    found: list[_Part] = []
    for part in parts:
        end = found[-1].end if found else 0
        if part.end > end:
            found.append(_Part(max(part.start, end), part.end, part.kind))
    return found


def _amounts(plain: str) -> Iterator[_Part]:
    tokens, found = mentions(plain)
    for mention in found:
        kind = _kind(mention)
        start, end = tokens[mention.first].start, tokens[mention.end - 1].end
        if kind is not None and not _LAB_AFTER.match(plain, end):
            spelt = _SPELT.match(plain, end) if kind == "number" else None
            yield _Part(start, spelt.end(), "strength") if spelt else _Part(start, end, kind)


def _kind(mention: Mention) -> Kind | None:
    unit, _, per = (mention.unit or "").partition("/")
    if not unit:
        numeric = not isinstance(mention.value, tuple) or mention.value[0] == "pair"
        return "number" if numeric and mention.counted else None
    if unit == "times":
        return "rate"
    if per and per not in _PER:
        return None
    if unit in _STRENGTHS:
        return "strength"
    return "count" if unit in _COUNTS else None


def _phrases(plain: str) -> Iterator[_Part]:
    for kind, pattern in _PATTERNS:
        for found in pattern.finditer(plain):
            yield _Part(found.start(), found.end(), kind)
