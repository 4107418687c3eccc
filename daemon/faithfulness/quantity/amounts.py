"""Amounts: numbers with what surrounds them, that is suffixes, units, the clock, and pairs such as 138/84."""

from __future__ import annotations

from decimal import Decimal

from daemon.faithfulness.quantity.lexicon import DECADES, FIRST_IN_A_ROW, ONE_DAY_LEADS, ORDINAL_SUFFIXES, SECOND_IDIOMS
from daemon.faithfulness.quantity.measures import measure_before
from daemon.faithfulness.quantity.mention import Mention, Reading, Value, plain_number, simple, word_at
from daemon.faithfulness.quantity.numbers import Run, run_at
from daemon.faithfulness.quantity.units import period_at, unit_at
from daemon.faithfulness.reading.tokens import Token


def amounts_at(tokens: list[Token], index: int) -> list[Mention]:
    """The mentions that begin with the number, in words or digits, at token `index`; none if there is none."""
    if tokens[index].text in DECADES:
        return [simple(Decimal(DECADES[tokens[index].text]), None, (index, index + 1))]
    if (clock := _clock(tokens, index)) is not None:
        return [clock]
    run = run_at(tokens, index)
    if run is None:
        return []
    if (pair := _pair(tokens, run)) is not None:
        return [pair]
    number_end, unit, end = _tail(tokens, run.end)
    if (pointed := _without_point(tokens, run)) is not None:
        either: tuple[Reading, ...] = ((pointed, unit), *((value, unit) for value, last in run.readings if last))
        return [Mention(pointed, unit, run.first, number_end, end, either)]
    readings: list[Reading] = [(value, unit if last else None) for value, last in run.readings]
    values = [simple(part.value, None, (part.first, part.end)) for part in run.plain[:-1]]
    last = run.plain[-1]
    value = last.value * 1000 if word_at(tokens, run.end) == "k" and number_end > run.end else last.value
    readings += [(value, unit), *_calendar_readings(run), *_parted_decimals(tokens, run)]
    counted = _counts(tokens, run, unit)
    return [*values, Mention(value, unit, last.first, number_end, end, tuple(readings), counted)]


_POINT_UNSAID = {"temperature": ((34, 43), (94, 107)), "A1c": ((4, 15),)}
"""Measures whose point people leave out ("temperature thirty seven one"), and between which whole numbers."""


def _without_point(tokens: list[Token], run: Run) -> Decimal | None:
    """ "temperature is thirty seven one" is 37.1."""
    if len(run.groups) != 2 or any(not group.digits.isdecimal() for group in run.groups):
        return None
    whole, part = run.groups[0].value, run.groups[1].value
    ranges = _POINT_UNSAID.get(measure_before(tokens, run.first) or "", ())
    if part > 9 or not any(low <= whole <= high for low, high in ranges):
        return None
    return Decimal(f"{whole}.{part}")


def _parted_decimals(tokens: list[Token], run: Run) -> list[Reading]:
    """ "seven . three": recognisers of speech write a spoken point as a full stop that stands alone."""
    at = run.end + 1
    if word_at(tokens, run.end) != "." or tokens[run.end].glued or not word_at(tokens, at) or tokens[at].glued:
        return []
    rest = run_at(tokens, at)
    whole = run.groups[-1].value
    if rest is None or rest.ordinal or len(rest.groups) > 1 or not 0 <= rest.groups[0].value < 100:
        return []
    value, decimals = run.whole if run.whole is not None else whole, rest.groups[0].value
    if value != value.to_integral_value() or decimals != decimals.to_integral_value() or value > 10_000:
        return []
    unit, _ = unit_at(tokens, rest.end)
    return [(Decimal(f"{plain_number(value)}.{plain_number(decimals)}"), unit)]


def _calendar_readings(run: Run) -> list[Reading]:
    """ "three fourteen sixty two" on a form read aloud is a date; "eight thirty" a time."""
    parts = [plain_number(group.value) for group in run.groups if group.digits.isdecimal()]
    if len(parts) not in {2, 3, 4} or len(parts) != len(run.groups):
        return []
    first, second = int(parts[0]), int(parts[1])
    if len(parts) == 2:
        return [(("time", parts[0], parts[1]), None)] if first < 24 and second < 60 else []
    if not (1 <= first <= 12 and 1 <= second <= 31):
        return []
    year = "".join(parts[2:])
    years = [year, f"19{year}", f"20{year}"] if len(year) == 2 else [year]
    return [(("date", each, parts[0], parts[1]), None) for each in [*years, ""]]


def _clock(tokens: list[Token], index: int) -> Mention | None:
    if tokens[index].kind != "number" or word_at(tokens, index + 1) != ":" or len(tokens[index].text) > 2:
        return None
    minute = word_at(tokens, index + 2)
    if len(minute) != 2 or not minute.isdecimal() or int(minute) > 59 or not tokens[index + 2].glued:
        return None
    hour = plain_number(Decimal(tokens[index].text)) if tokens[index].text.isdecimal() else ""
    if not hour or int(hour) > 24:
        return None
    readings: list[Reading] = [(("time", hour, plain_number(Decimal(minute))), None), (Decimal(hour + minute), None)]
    if minute == "00":
        readings.append((Decimal(hour), None))
    return Mention(readings[0][0], None, index, index + 3, index + 3, tuple(readings))


def _pair(tokens: list[Token], run: Run) -> Mention | None:
    end, _, _ = _tail(tokens, run.end)
    word = word_at(tokens, end)
    step = 1 if word in {"over", "/"} else 2 if word == "out" and word_at(tokens, end + 1) == "of" else 0
    if not step or run.whole is None or word_at(tokens, end + step) == "":
        return None
    other = run_at(tokens, end + step)
    if other is None or other.whole is None or other.ordinal or run.ordinal:
        return None
    number_end, unit, after = _tail(tokens, other.end)
    above, below = plain_number(run.whole), plain_number(other.whole)
    value: Value = ("pair", above, below)
    readings: list[Reading] = [(value, unit), (("part", above), None), (("part", below), unit)]
    if other.whole:
        readings.append((run.whole / other.whole, unit))
    return Mention(value, unit, run.first, number_end, after, tuple(readings))


def _tail(tokens: list[Token], index: int) -> tuple[int, str | None, int]:
    """Past a suffix ("1st", "50s", "12k", "2x") and a unit: the number's end, the unit, the unit's end."""
    word = word_at(tokens, index)
    if word and tokens[index].glued:
        if word in ORDINAL_SUFFIXES or word in {"s", "k"}:
            unit, after = unit_at(tokens, index + 1)
            return index + 1, unit, after
        if word == "x" and (index + 1 >= len(tokens) or tokens[index + 1].kind != "number"):
            period, after = period_at(tokens, index + 1)
            return index, f"times/{period}" if period else "times", after
    said_of = word in {"a", "an", "of"} and word_at(tokens, index - 1) == "half"
    unit, after = unit_at(tokens, index + said_of)
    return index, unit, after if unit else index


def _counts(tokens: list[Token], run: Run, unit: str | None) -> bool:
    """Whether a statement that says this has to account for it: not so "this one", "at first", "1." of a list."""
    word, before, after = tokens[run.first].text, word_at(tokens, run.first - 1), word_at(tokens, run.end)
    if tokens[run.first].kind == "number":
        return not _is_list_number(tokens, run)
    if run.end - run.first > 1:
        return True
    if word == "one":
        return unit is not None and (unit != "day" or before in ONE_DAY_LEADS or after == "-")
    if word == "first":
        return after in FIRST_IN_A_ROW
    if word == "second":
        return after not in SECOND_IDIOMS and before not in {"every", "per", "a", "each"}
    return True


def _is_list_number(tokens: list[Token], run: Run) -> bool:
    """ "2." or "2)" where a line begins, or where a sentence has ended and the next begins with a capital."""
    first, after = tokens[run.first], run.end + 1
    if len(first.raw) > 2 or word_at(tokens, run.end) not in {".", ")"} or not tokens[run.end].glued:
        return False
    if after >= len(tokens) or tokens[after].glued:
        return False
    if run.first == 0 or first.new_line:
        return True
    return tokens[run.first - 1].raw in {".", ";"} and not first.glued and tokens[after].raw[:1].isupper()
