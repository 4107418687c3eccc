"""Spoken numbers in digits where they can be only one number: doses, vital signs, dates, blood pressures.

"one twenty five milligrams" may be 125 and may be 1 and 25: it stays as spoken, and the rules that check a draft read it both ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from daemon.dictation.bits import MARKS, Bit, Row
from daemon.faithfulness.quantity.dates import date_at
from daemon.faithfulness.quantity.lexicon import MONTHS, SMALL
from daemon.faithfulness.quantity.numbers import Run, run_at
from daemon.faithfulness.quantity.units import unit_at
from daemon.faithfulness.reading.tokens import Token, tokenize

_DOSE_UNITS = frozenset({"mg", "mcg", "g", "kg", "lb", "ml", "l", "dl", "unit", "%", "mmhg", "bpm", "degree", "degree f", "degree c", "mm", "cm", "mmol",
                         "meq", "mg/kg", "mg/dl", "g/dl", "ml/hour", "beat/minute", "breath/minute", "mcg/hour", "inch", "ng"})  # fmt: skip
# What is plausible of a person, alive: by it "pulse one twelve" is 112 and not 1 and 12.
_VITALS = {"pulse": (20, 260), "temperature": (80, 110), "temp": (80, 110), "respirations": (4, 80), "saturation": (40, 100), "saturations": (40, 100),
           "rate": (4, 260), "a1c": (3, 20), "bmi": (8, 100), "sats": (40, 100), "weight": (1, 700)}  # fmt: skip
_CELSIUS = (30, 45)
_LINKS = frozenset(
    {
        "is",
        "was",
        "of",
        "at",
        "today",
        "to",
        "now",
        "a",
        ",",
        ":",
        "repeat",
        "repeated",
        "about",
        "measured",
        "reading",
        "the",
    }
)
_SYSTOLIC, _DIASTOLIC = (50, 280), (20, 180)
_CENTURIES = {"nineteen", "twenty"}
"""Behind a month and before two digits they begin a year: "December nineteen ninety-four" is no nineteenth."""
_DATE_LEADS = frozenset(
    {
        "on",
        "of",
        "in",
        "since",
        "birth",
        "until",
        "by",
        "from",
        "to",
        "before",
        "after",
        "last",
        "next",
        "dated",
        "for",
        "through",
    }
)


@dataclass(frozen=True, slots=True)
class _Text:
    """A sentence of the row as text, its tokens, and which bit each character belongs to."""

    tokens: list[Token]
    starts: dict[int, int]
    ends: dict[int, int]


def in_digits(row: Row) -> Row:
    """The row with spoken numbers and dates written in digits."""
    made: Row = []
    start = 0
    for index, bit in enumerate(row):
        if bit.stops or index + 1 == len(row):
            made += _sentence(row[start : index + 1])
            start = index + 1
    return made


def _sentence(bits: Row) -> Row:
    text = _text(bits)
    made: Row = []
    done = 0
    for first, end, written in _changes(text.tokens):
        a, b = text.starts.get(text.tokens[first].start), text.ends.get(text.tokens[end - 1].end)
        if a is None or b is None or a < done or any(bit.mark for bit in bits[a:b] if "," not in written):
            continue
        made += bits[done:a]
        made.append(Bit(written + _marks(bits[b]), bits[a].first, bits[b].last, bits[b].upto, bits[b].ends))
        done = b + 1
    return [*made, *bits[done:]]


def _marks(bit: Bit) -> str:
    return bit.text[len(bit.text.rstrip(MARKS + ')"')) :]


def _text(bits: Row) -> _Text:
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    at, parts = 0, []
    for number, bit in enumerate(bits):
        starts[at] = number
        ends[at + len(bit.text) - len(_marks(bit))] = number
        parts.append(bit.text)
        at += len(bit.text) + 1
    return _Text(tokenize(" ".join(parts)), starts, ends)


def _changes(tokens: list[Token]) -> Iterator[tuple[int, int, str]]:
    """First token, the one after the last, and what is written in their place."""
    index = 0
    while index < len(tokens):
        change = _date(tokens, index) or _pressure(tokens, index) or _slashed(tokens, index) or _number(tokens, index)
        if change:
            yield index, *change
        run = None if change else run_at(tokens, index)
        index = change[0] if change else run.end if run else index + 1


def _date(tokens: list[Token], index: int) -> tuple[int, str] | None:
    found = date_at(tokens, index)
    if found is None:
        return None
    year, _, day, end = found
    some = tokens[index:end]
    name = next((one for one in some if one.text in MONTHS), None)
    if name is None or not day or not name.raw[:1].isupper() or all(one.kind != "word" or one is name for one in some):
        return None
    if not any(
        one.text in SMALL or one.text.endswith(("first", "second", "third", "th", "ieth"))
        for one in some
        if one is not name
    ):
        return None
    before = tokens[index - 1].text if index else ""
    if name.text in {"may", "march"} and not year and before not in _DATE_LEADS:
        return None
    if some[0] is name and len(year) == len(day) == 2 and some[1].text in _CENTURIES:
        return end, f"{name.raw} {day}{year}"
    if some[0] is name:
        return end, f"{name.raw} {day}, {year}" if year else f"{name.raw} {day}"
    said_of = any(one.text == "of" for one in some)
    return end, f"{_ordinal(day)} of {name.raw} {year}".rstrip() if said_of else f"{day} {name.raw} {year}".rstrip()


def _ordinal(day: str) -> str:
    return day + ("th" if day in {"11", "12", "13"} else {"1": "st", "2": "nd", "3": "rd"}.get(day[-1], "th"))


def _pressure(tokens: list[Token], index: int) -> tuple[int, str] | None:
    """ "one forty two over eighty eight", of a blood pressure."""
    upper = run_at(tokens, index)
    if upper is None or upper.end >= len(tokens) or tokens[upper.end].text != "over" or upper.end + 1 >= len(tokens):
        return None
    lower = run_at(tokens, upper.end + 1)
    high, low = _plain(upper), _plain(lower)
    if (
        lower is None
        or high is None
        or low is None
        or not (_within(high, _SYSTOLIC) and _within(low, _DIASTOLIC) and high > low)
    ):
        return None
    said = [token.text for token in tokens[:index]]
    known = "bp" in said or "systolic" in said or "pressure" in said or "pressures" in said
    return (lower.end, f"{high:f}/{low:f}") if known else None


def _slashed(tokens: list[Token], index: int) -> tuple[int, str] | None:
    some = tokens[index : index + 3]
    if len(some) == 3 and some[1].text == "slash" and some[0].kind == some[2].kind == "number":
        return index + 3, f"{some[0].raw}/{some[2].raw}"
    return None


def _number(tokens: list[Token], index: int) -> tuple[int, str] | None:
    run = run_at(tokens, index)
    if run is None or run.ordinal or all(one.kind == "number" for one in tokens[index : run.end]):
        return None
    value = _plain(run)
    before = tokens[index - 1].text if index else ""
    if (
        value is None
        or tokens[index].text in {"a", "an", "half", "dozen"}
        or before in {"point", "over", "to", "or", "and"}
    ):
        return None
    after = tokens[run.end].text if run.end < len(tokens) else ""
    if after in {"to", "or", "and", "point", "over", "hundred", "thousand", "half", "-"}:
        return None
    unit, _ = unit_at(tokens, run.end)
    vital = _vital(tokens, index)
    if vital and (_within(value, vital) or (vital == _VITALS["temp"] and _within(value, _CELSIUS))):
        return run.end, f"{value:f}"
    if unit in _DOSE_UNITS and len({each for each, _ in run.readings}) == 1:
        return run.end, f"{value:f}"
    return None


def _vital(tokens: list[Token], index: int) -> tuple[int, int] | None:
    at = index - 1
    while at >= 0 and index - at < 4 and tokens[at].text in _LINKS:
        at -= 1
    return _VITALS.get(tokens[at].text) if at >= 0 else None


def _plain(run: Run | None) -> Decimal | None:
    """The run's one plain number, whole or with decimals."""
    if run is None or len(run.plain) != 1:
        return None
    value = run.plain[0].value
    return value if value == round(value, 4) else None


def _within(value: Decimal, bounds: tuple[int, int]) -> bool:
    return bounds[0] <= value <= bounds[1]
