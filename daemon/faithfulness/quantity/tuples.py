"""Whether a source says a pair of numbers (138/84, 3 out of 6), a time of day, a date, or a name with digits in it."""

from __future__ import annotations

from decimal import Decimal

from daemon.faithfulness.quantity.lexicon import MONTHS, SAME_NAMES
from daemon.faithfulness.quantity.mention import Mention, Value, word_at
from daemon.faithfulness.quantity.plausible_units import is_implausible
from daemon.faithfulness.quantity.sayings import Saying, noun_after, words_before
from daemon.faithfulness.quantity.stated import Stated
from daemon.faithfulness.quantity.support import Doubt
from daemon.faithfulness.quantity.units import compatible

_CLOCK_BEFORE = frozenset({"at", "around", "about", "until", "till", "by", "from", "to", "before", "after", "between"})
_CLOCK_AFTER = frozenset({"am", "pm", "o'clock", "a", "p"})
_SCALE = frozenset({"scale", "pain", "hurt", "hurts", "ten", "rate", "severe", "severity", "bad", "worst", "number"})
_MOST, _MOST_TOKENS = 60, 2000
"""Sayings, and words of a passage, that are looked at, so that no text takes long."""
_NEAR = 4
"""Passages: "on a scale of one to ten?" "it comes and goes" "right now" "six"."""


def tuple_doubt(mention: Mention, stated: Stated) -> Doubt | None:
    """What speaks against a number of several parts; None where the source says it so."""
    assert isinstance(mention.value, tuple)
    kind = mention.value[0]
    if kind == "name":
        return None if _is_named(mention.value[1], stated) else Doubt("high")
    if _says(mention.value, mention.unit, stated):
        implausible = mention.unit is not None and kind == "pair" and not _says_unit(mention.value, stated)
        strange = implausible and is_implausible(mention.unit or "", stated.tokens, mention, None)
        return Doubt("medium") if strange else None
    if kind == "pair":
        return _pair_doubt(mention.value, mention.unit, stated)
    if kind == "time":
        return None if _is_clock(mention.value, stated) else Doubt("high")
    return _date_doubt(mention.value, stated)


def _is_named(name: str, stated: Stated) -> bool:
    places = stated.said.names.get(SAME_NAMES.get(name, name), frozenset())
    return bool(places if stated.anywhere else places & stated.cited)


def _says(value: Value, unit: str | None, stated: Stated) -> bool:
    return any(compatible(unit, one.unit) for one in stated.within(stated.said.sayings(value)))


def _says_unit(value: Value, stated: Stated) -> bool:
    return any(one.unit is not None for one in stated.within(stated.said.sayings(value)))


def _pair_doubt(value: tuple[str, ...], unit: str | None, stated: Stated) -> Doubt | None:
    """A fraction, a day or month of the calendar, a score on a scale, or two numbers said apart ("systolic 138 … diastolic 84")."""
    above, below = Decimal(value[1]), Decimal(value[2])
    if _says(("date", "", value[1], value[2]), None, stated):
        return None
    if below and above < below and _says(above / below, unit, stated):
        return None
    first, second = stated.within(stated.said.sayings(above)), stated.within(stated.said.sayings(below))
    if any(_apart(one, other, below) for one in first[:_MOST] for other in second[:_MOST]):
        return None
    if above <= below == 10 and any(_on_scale(one, stated) for one in first):
        return None
    if unit is None and _is_month_of_year(value[1], value[2]):
        return _month_doubt(value[2], value[1], stated)
    return Doubt("high")


def _apart(one: Saying, other: Saying, below: Decimal) -> bool:
    """Two numbers said one after the other; small ones are everywhere."""
    if one.mention is other.mention or abs(one.place - other.place) > 1 or one.unit not in {None, "mmhg"}:
        return False
    return below >= _LEAST_PRESSURE or (one.place == other.place and 0 < other.mention.first - one.mention.end < _NEAR)


_LEAST_PRESSURE = 30


def _on_scale(saying: Saying, stated: Stated) -> bool:
    if saying.unit is not None or not saying.mention.counted:
        return False
    passages = stated.said.passages[max(0, saying.place - _NEAR) : saying.place + 2]
    if noun_after(stated.said.passages[saying.place].tokens, saying.mention.end):
        return False
    return any(token.text in _SCALE or token.text == "10" for one in passages for token in one.tokens[:_MOST_TOKENS])


def _is_clock(value: tuple[str, ...], stated: Stated) -> bool:
    hour, minute = Decimal(value[1]), Decimal(value[2])
    whole = stated.within(stated.said.sayings(hour * 100 + minute))
    hours = stated.within(stated.said.sayings(hour)) if not minute else []
    return any(one.unit is None and _at_a_time(one, stated) for one in [*whole, *hours])


def _at_a_time(saying: Saying, stated: Stated) -> bool:
    tokens, mention = stated.said.passages[saying.place].tokens, saying.mention
    after = word_at(tokens, mention.end)
    if not mention.counted or (noun_after(tokens, mention.end) and after not in _CLOCK_AFTER):
        return False
    if after == "in":
        return word_at(tokens, mention.end + 1) == "the"
    return after in _CLOCK_AFTER or bool(_CLOCK_BEFORE & set(words_before(tokens, mention.first, 2)))


def _date_doubt(value: tuple[str, ...], stated: Stated) -> Doubt | None:
    year, month, day = value[1], value[2], value[3]
    if not _says(("date", "", month, day), None, stated):
        return Doubt("high")
    return None if not year or _says(Decimal(year), None, stated) else Doubt("low")


def _is_month_of_year(month: str, year: str) -> bool:
    return 1 <= Decimal(month) <= 12 and len(year) == 4 and "1900" <= year <= "2100"


def _month_doubt(year: str, month: str, stated: Stated) -> Doubt | None:
    """A month that was said, in a year that perhaps was not: a chart knows when a conversation was."""
    names = {name for name, number in MONTHS.items() if str(number) == month}
    for place, passage in enumerate(stated.said.passages):
        if (stated.anywhere or place in stated.cited) and any(token.text in names for token in passage.tokens):
            return None if _says(Decimal(year), None, stated) else Doubt("low")
    return Doubt("high")
