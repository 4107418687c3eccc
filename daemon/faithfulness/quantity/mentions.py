"""Find what a text says in numbers: each mention with its value, unit, place and other readings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from daemon.faithfulness.quantity import dates, names
from daemon.faithfulness.quantity.amounts import amounts_at
from daemon.faithfulness.quantity.lexicon import (
    DECADES,
    LATIN_TIMES,
    MONTHS,
    PERIOD_NOUNS,
    PERIODS,
    ROMAN_LEADS,
    ROMANS,
    TIMES,
)
from daemon.faithfulness.quantity.mention import Mention, Reading, simple, word_at
from daemon.faithfulness.quantity.numbers import WORD_STARTS
from daemon.faithfulness.quantity.units import UNITS, period_at
from daemon.faithfulness.reading.tokens import Token, tokenize

_RANGE_LINKS = frozenset({"-", "to", "or", "through", "x", "by"})
_ARTICLES = frozenset({"a", "an", "each", "every", "per", "another", "last", "next", "single", "the"})
_ROMANS = frozenset(ROMANS) | {numeral + letter for numeral in ROMANS for letter in "abc"}
_LEADS = frozenset().union(
    WORD_STARTS, DECADES, MONTHS, LATIN_TIMES, TIMES, PERIODS, _ARTICLES, _ROMANS, {"noon", "midnight", "od"}
)
"""No other word begins a quantity, unless digits are joined to it."""


def mentions(text: str) -> tuple[list[Token], list[Mention]]:
    """All mentions in `text`, in order and not overlapping, with the tokens they point to. Linear in its length."""
    tokens = tokenize(text)
    found: list[Mention] = []
    index = 0
    while index < len(tokens):
        if tokens[index].kind == "symbol" or _is_plain_word(tokens, index):
            index += 1
            continue
        here = _mentions_at(tokens, index)
        found += here
        index = max(here[-1].end, index + 1) if here else index + 1
    return tokens, _with_shared_units(tokens, found)


def _mentions_at(tokens: list[Token], index: int) -> list[Mention]:
    for rule in _WORD_RULES if tokens[index].kind == "word" else _NUMBER_RULES:
        if mention := rule(tokens, index):
            return [mention]
    return amounts_at(tokens, index)


def _is_plain_word(tokens: list[Token], index: int) -> bool:
    """Whether it is a word that neither begins a quantity nor has anything but a mark joined to it: nearly all are."""
    token = tokens[index]
    if token.kind != "word" or token.text in _LEADS:
        return False
    if index + 1 >= len(tokens) or not tokens[index + 1].glued:
        return True
    return tokens[index + 1].kind == "symbol" and tokens[index + 1].text != "-"


def _with_shared_units(tokens: list[Token], found: list[Mention]) -> list[Mention]:
    """In "two to three weeks", "3 x 4 cm" and "5-10 mg" the unit is said once and holds for both."""
    for place in range(len(found) - 2, -1, -1):
        here, after = found[place], found[place + 1]
        if _is_gestation(tokens, here, after):
            found[place] = replace(here, unit="week", readings=((here.value, "week"), (here.value, None)), counted=True)
            days: tuple[Reading, ...] = ((after.value, "day"), (after.value, None))
            found[place + 1] = replace(after, unit="day", readings=days, counted=True)
            continue
        if _is_gestation(tokens, here, after, "and"):  # "34 and 3 weeks" may be weeks and days
            found[place] = replace(here, readings=(*here.readings, (here.value, "week")))
            found[place + 1] = replace(after, readings=(*after.readings, (after.value, "day")))
        linked = after.first - here.end == 1 and tokens[here.end].text in _RANGE_LINKS
        linked = linked and tokens[after.first].text not in PERIODS  # "4-hourly"
        numbers = isinstance(here.value, Decimal) and isinstance(after.value, Decimal)
        if linked and numbers and here.unit is None and after.unit:
            readings = (*((value, after.unit) for value, _ in here.readings), *here.readings)
            found[place] = replace(here, unit=after.unit, readings=readings, counted=True)
        elif linked and numbers and after.counted and not here.counted and tokens[here.end].text in {"to", "or"}:
            found[place] = replace(here, counted=True)
    return found


def _is_gestation(tokens: list[Token], here: Mention, after: Mention, link: str = "+") -> bool:
    """ "28+4 weeks", "28+4": weeks of a pregnancy and days."""
    if after.first - here.end != 1 or tokens[here.end].text != link or here.unit or after.unit not in {None, "week"}:
        return False
    if not isinstance(here.value, Decimal) or not isinstance(after.value, Decimal):
        return False
    least = 4 if after.unit and link == "+" else _LEAST_WEEKS
    return (
        least <= here.value <= _MOST_WEEKS
        and after.value <= _LAST_DAY
        and (bool(after.unit) or tokens[after.first].kind == "number")
    )


_LEAST_WEEKS, _MOST_WEEKS, _LAST_DAY = 20, 44, 6
"""Of a pregnancy: without the word "weeks" only what is said of its second half is understood."""


def _date(tokens: list[Token], index: int) -> Mention | None:
    found = dates.date_at(tokens, index)
    if found is None:
        return None
    year, month, day, end = found
    if not day:
        of_month: tuple[Reading, ...] = ((("pair", month, year), None), (Decimal(year), None))
        return Mention(of_month[0][0], None, index, end, end, of_month)
    readings: list[Reading] = [(("date", "", month, day), None), (Decimal(day), None)]
    for same in dates.same_years(year):
        readings += [(("date", same, month, day), None), (("pair", month, same), None), (Decimal(same), None)]
    return Mention(("date", year, month, day), None, index, end, end, tuple(readings))


def _identifier(tokens: list[Token], index: int) -> Mention | None:
    """A telephone or social security number: 3-3-4 or 3-2-4 digits."""
    parts: list[str] = []
    end = index
    while end < len(tokens) and len(parts) < 3 and tokens[end].kind == "number":
        parts.append(tokens[end].text)
        end += 1
        if len(parts) < 3 and word_at(tokens, end) in {"-", ".", ")"}:
            end += 1
    if [len(part) for part in parts] not in ([3, 3, 4], [3, 2, 4]) or not all(part.isdecimal() for part in parts):
        return None
    whole = Decimal("".join(parts))
    readings: tuple[Reading, ...] = ((whole, None), *((Decimal(part), None) for part in parts))
    return Mention(whole, None, index, end, end, readings)


def _name(tokens: list[Token], index: int) -> Mention | None:
    found = names.name_at(tokens, index)
    return simple(("name", found[0]), None, (index, found[1])) if found else None


def _frequency(tokens: list[Token], index: int) -> Mention | None:
    word = tokens[index].text
    if word == "od" and (word_at(tokens, index - 1) in UNITS or tokens[index - 1].kind == "number") and index:
        return simple(Decimal(1), "times/day", (index, index + 1))
    if word in LATIN_TIMES:
        return simple(Decimal(LATIN_TIMES[word]), "times/day", (index, index + 1))
    if word in TIMES:
        period, end = period_at(tokens, index + 1)
        unit = f"times/{period}" if period else "times"
        return replace(simple(Decimal(TIMES[word]), unit, (index, end)), counted=word != "once" or period is not None)
    if word in PERIODS:
        return simple(Decimal(1), f"times/{PERIODS[word]}", (index, index + 1), counted=False)
    return None


def _article(tokens: list[Token], index: int) -> Mention | None:
    """What has no number in it, but can stand for one: "a week ago", "every day", "every other day", "noon"."""
    word = tokens[index].text
    if word in {"noon", "midnight"}:
        return simple(Decimal(12), None, (index, index + 1), counted=False)
    if word in _ARTICLES:
        other = word == "every" and word_at(tokens, index + 1) == "other"
        noun = word_at(tokens, index + 1 + other)
        unit = UNITS.get(noun)
        if (unit is None and noun not in PERIOD_NOUNS) or (len(noun) < 3):
            return None
        readings: list[Reading] = [(Decimal(2 if other else 1), unit)]
        if noun in PERIOD_NOUNS and not other:
            readings.append((Decimal(1), f"times/{PERIOD_NOUNS[noun]}"))
        if unit and [token.text for token in tokens[index + 2 : index + 5]] == ["and", "a", "half"]:
            readings.append((Decimal("1.5"), unit))
        return Mention(readings[0][0], unit, index, index + 1, index + 1, tuple(readings), counted=False)
    return None


def _roman(tokens: list[Token], index: int) -> Mention | None:
    lead = index - 1
    while lead > 0 and tokens[lead].text in {"-", "to", "through", "and", *ROMANS} and index - lead < 4:
        lead -= 1
    if lead < 0 or tokens[lead].text not in ROMAN_LEADS or tokens[index].new_line:
        return None
    raw, text = tokens[index].raw, tokens[index].text
    numeral = text if text in ROMANS else text[:-1] if text[-1:] in {"a", "b", "c"} else ""
    if numeral not in ROMANS or (len(numeral) == 1 and not raw[:1].isupper()):
        return None
    return simple(Decimal(ROMANS[numeral]), None, (index, index + 1))


Rule = Callable[[list[Token], int], Mention | None]
_WORD_RULES: tuple[Rule, ...] = (_date, _name, _frequency, _roman, _article)
_NUMBER_RULES: tuple[Rule, ...] = (_date, _identifier, _name)
