"""How often a text says that something is done or taken: as times a day, and at which part of the day."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from daemon.faithfulness.quantity.lexicon import PERIODS
from daemon.faithfulness.quantity.little_words import words
from daemon.faithfulness.quantity.mention import Mention, word_at
from daemon.faithfulness.reading.tokens import Token

_DAYS = {
    "minute": Fraction(1, 1440), "hour": Fraction(1, 24), "day": Fraction(1), "night": Fraction(1), "week": Fraction(7), "fortnight": Fraction(14),
    "month": Fraction(30), "year": Fraction(360),
}  # fmt: skip
"""Days in a period. Months and years are rounded: twelve times a year is monthly."""
_SLOTS = {
    "morning": "morning", "mornings": "morning", "breakfast": "morning", "qam": "morning", "am": "morning", "noon": "noon", "lunch": "noon",
    "lunchtime": "noon", "afternoon": "noon", "evening": "night", "evenings": "night", "dinner": "night", "supper": "night", "night": "night",
    "nights": "night", "bedtime": "night", "bed": "night", "nightly": "night", "qhs": "night", "hs": "night", "qpm": "night",
    "nighttime": "night", "overnight": "night", "nocte": "night", "mane": "morning", "teatime": "night",
}  # fmt: skip
_SLOT_LEADS = frozenset(
    {"at", "in", "every", "each", "the", "before", "with", "during", "q", "and", "once", "per", "of", "twice"}
)
_ALONE = frozenset({"nightly", "qhs", "qam", "qpm", "mornings", "nights", "hs", "nocte", "mane"})
_EVERY = frozenset({"every", "each", "q"})
_WEEKDAYS = words(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays"
)
_ABBREVIATED = {
    "qod": Fraction(1, 2),
    "biweekly": Fraction(1, 14),
    "fortnightly": Fraction(1, 14),
    "everyday": Fraction(1),
}
_NO_RATE_BEFORE = frozenset(
    {
        "in",
        "for",
        "within",
        "about",
        "over",
        "after",
        "last",
        "like",
        "half",
        "been",
        "almost",
        "be",
        "to",
        "next",
        "per",
    }
)
_NO_RATE_AFTER = frozenset({"ago", "later", "before", "after", "or"})
_LEADS = _EVERY | _SLOTS.keys() | _ABBREVIATED.keys() | {"a", "an", "per", "/", "one"}
_MOST_APART = 100
"""Hours, weeks or months that may lie between two doses."""
_DOUBLED = 6  # words: "morning and at night", "in the morning and one in the evening"


@dataclass(frozen=True, slots=True)
class Frequency:
    """Tokens `first` to `end` say how often: `rates` are all readings in times a day, `slots` parts of the day.

    `counted` says that the number of times was said, not only the period ("two pills a day" may be once).
    """

    first: int
    end: int
    rates: frozenset[Fraction]
    slots: frozenset[str]
    counted: bool = True


def frequencies(tokens: list[Token], found: list[Mention]) -> list[Frequency]:
    """All frequencies of a text, in order. Linear in its length."""
    at = {mention.first: mention for mention in found}
    said: list[Frequency] = []
    index = 0
    while index < len(tokens):
        here = _at(tokens, index, at) if tokens[index].text in _LEADS or index in at else None
        if here is not None and here.end > index:
            said.append(here)
            index = here.end
        else:
            index += 1
    return _joined(said)


def _at(tokens: list[Token], index: int, at: dict[int, Mention]) -> Frequency | None:
    word = tokens[index].text
    if word in _ABBREVIATED:
        return Frequency(index, index + 1, frozenset({_ABBREVIATED[word]}), frozenset())
    mention = at.get(index)
    if mention is not None and (mention.unit or "").startswith("times/"):
        return _of_times(tokens, mention)
    if mention is not None and mention.unit is None:
        return _hourly(tokens, mention, at)
    if word in _EVERY:
        return _every(tokens, index, at)
    if word in {"a", "an", "per", "/", "one"}:
        return _period(tokens, index, at)
    return _slot(tokens, index)


def _of_times(tokens: list[Token], mention: Mention) -> Frequency | None:
    period = (mention.unit or "").split("/")[1]
    if not isinstance(mention.value, Decimal) or period not in _DAYS:
        return None
    rates = {
        Fraction(value) / _DAYS[period]
        for value, unit in mention.readings
        if isinstance(value, Decimal) and unit == mention.unit
    }
    slots = {_SLOTS[token.text] for token in tokens[mention.first : mention.end] if token.text in _SLOTS}
    return Frequency(mention.first, mention.end, frozenset(rates), frozenset(slots))


def _hourly(tokens: list[Token], first: Mention, at: dict[int, Mention]) -> Frequency | None:
    """ "4-hourly", "six hourly", "4 to 6 hourly", "3-monthly"."""
    last, values = first, [first.value]
    other = at.get(first.end + 1) if word_at(tokens, first.end) in {"-", "to", "or"} else None
    if other is not None and other.unit is None:
        last, values = other, [first.value, other.value]
    period = hourly_at(tokens, last.end)
    if period is None:
        return None
    rates = {
        1 / (Fraction(each) * _DAYS[period]) for each in values if isinstance(each, Decimal) and 0 < each <= _MOST_APART
    }
    end = last.end + 1 + (word_at(tokens, last.end) == "-")
    return Frequency(first.first, end, frozenset(rates), frozenset()) if rates else None


def hourly_at(tokens: list[Token], index: int) -> str | None:
    """The period of which a number counts several where they are joined so: "-hourly", " hourly", "-monthly"; not "2 weekly"."""
    if word_at(tokens, index) in {"-", "to", "or"} and index + 1 < len(tokens) and tokens[index + 1].kind == "number":
        index += 2  # "4-6 hourly"
    joined = word_at(tokens, index) == "-"
    period = PERIODS.get(word_at(tokens, index + joined))
    return period if period == "hour" or (joined and period in _DAYS) else None


def _every(tokens: list[Token], index: int, at: dict[int, Mention]) -> Frequency | None:
    """ "every 6 hours", "q6h", "q 4-6 hours", "every other day", "every morning", "every Monday"."""
    step = index + 1
    if step >= len(tokens) or tokens[step].new_line:
        return None
    other = word_at(tokens, step) in {"other", "single"}
    days = Fraction(2 if word_at(tokens, step) == "other" else 1)
    noun = word_at(tokens, step + other).removesuffix("s")
    if noun in _DAYS:
        slots = frozenset({"night"}) if noun == "night" else frozenset[str]()
        return Frequency(index, step + other + 1, frozenset({1 / (days * _DAYS[noun])}), slots)
    if noun in _SLOTS:
        return Frequency(index, step + other + 1, frozenset({1 / days}), frozenset({_SLOTS[noun]}))
    if noun in _WEEKDAYS or noun + "s" in _WEEKDAYS:
        return Frequency(index, step + other + 1, frozenset({Fraction(1, 7) / days}), frozenset())
    return _interval(tokens, index, at.get(step), at)


def _interval(tokens: list[Token], index: int, first: Mention | None, at: dict[int, Mention]) -> Frequency | None:
    mention = first
    rates: set[Fraction] = set()
    end = index
    while mention is not None and isinstance(mention.value, Decimal):
        unit = mention.unit or ""
        if unit in _DAYS and mention.value > 0:
            rates.add(1 / (Fraction(mention.value) * _DAYS[unit]))
        end = mention.end
        mention = at.get(mention.end + 1) if word_at(tokens, mention.end) in {"-", "to", "or"} else None
    return Frequency(index, end, frozenset(rates), frozenset()) if rates else None


def _period(tokens: list[Token], index: int, at: dict[int, Mention]) -> Frequency | None:
    """ "two packs a day", "10 mg per day"; not "a day ago", "in a week"."""
    noun = word_at(tokens, index + 1)
    if noun not in _DAYS or noun == "minute" or word_at(tokens, index + 2) in _NO_RATE_AFTER:
        return None
    if word_at(tokens, index + 2) == "and" and word_at(tokens, index + 3) in {"a", "half"}:
        return None
    if tokens[index].text in {"a", "an", "one"}:
        before = [word_at(tokens, index - back) for back in (1, 2, 3)]
        if tokens[index].text == "one" or before[0] in _NO_RATE_BEFORE or not index:
            return None
    amounts = {Fraction(each) for each in _amounts_before(at, index)}
    slots = frozenset({"night"}) if noun == "night" else frozenset[str]()
    return Frequency(
        index, index + 2, frozenset({each / _DAYS[noun] for each in amounts | {Fraction(1)}}), slots, counted=False
    )


def _amounts_before(at: dict[int, Mention], index: int) -> list[Decimal]:
    """The small whole numbers just before: "two pills a day" may mean twice."""
    near = [at[place] for place in range(max(0, index - 3), index) if place in at]
    return [
        one.value
        for one in near
        if isinstance(one.value, Decimal)
        and 0 < one.value <= 6
        and one.unit in {None, "tablet", "puff", "times", "dose"}
    ]


def _slot(tokens: list[Token], index: int) -> Frequency | None:
    word = tokens[index].text
    if word not in _SLOTS or (word == "hs" and tokens[index].raw.islower()):
        return None
    if word == "am" and not tokens[index].raw.isupper():
        return None
    if word not in _ALONE and word_at(tokens, index - 1) not in _SLOT_LEADS:
        return None
    first = index
    while first and word_at(tokens, first) and tokens[first - 1].text in _SLOT_LEADS - {"and"} and index - first < 2:
        first -= 1
    return Frequency(first, index + 1, frozenset({Fraction(1)}), frozenset({_SLOTS[word]}), counted=False)


def _joined(said: list[Frequency]) -> list[Frequency]:
    """ "in the morning and at night" is twice a day as well."""
    joined: list[Frequency] = []
    for here in said:
        last = joined[-1] if joined else None
        if (
            last is not None
            and here.slots
            and last.slots
            and here.slots != last.slots
            and here.first - last.end <= _DOUBLED
        ):
            rates = last.rates | here.rates | {Fraction(len(last.slots | here.slots))}
            joined[-1] = Frequency(last.first, here.end, rates, last.slots | here.slots, counted=False)
        else:
            joined.append(here)
    return joined
