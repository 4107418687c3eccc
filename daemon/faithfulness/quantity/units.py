"""Units of measure as they are said and written, and when two of them contradict each other."""

from __future__ import annotations

from decimal import Decimal

from daemon.faithfulness.quantity.lexicon import PERIOD_NOUNS, PERIODS
from daemon.faithfulness.quantity.mention import word_at
from daemon.faithfulness.reading.tokens import Token

_SPELLINGS = {
    "mg": "mg mgs milligram milligrams milligramme milligrammes", "mcg": "mcg mcgs ug µg microgram micrograms microgramme microgrammes", "g": "g gm gms gram grams gramme grammes",
    "ng": "ng nanogram nanograms", "pg": "pg picogram picograms", "kg": "kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes",
    "lb": "lb lbs pound pounds", "oz": "oz ounce ounces", "stone": "stone stones", "pint": "pint pints", "ml": "ml mls cc ccs milliliter milliliters millilitre millilitres",
    "l": "l liter liters litre litres", "dl": "dl deciliter deciliters decilitre decilitres", "ul": "ul µl microliter microliters microlitre microlitres",
    "unit": "unit units iu", "mmhg": "mmhg", "bpm": "bpm", "beat": "beat beats", "breath": "breath breaths",
    "%": "% percent", "degree": "degree degrees deg °", "mm": "mm millimeter millimeters millimetre millimetres",
    "cm": "cm cms centimeter centimeters centimetre centimetres", "m": "meter meters metre metres", "m2": "m2 m²", "km": "km kms kilometer kilometers kilometre kilometres",
    "inch": "inch inches", "ft": "ft foot feet", "mile": "mile miles",
    "second": "second seconds sec secs", "minute": "minute minutes min mins", "hour": "hour hours hr hrs h",
    "day": "day days", "night": "night nights", "week": "week weeks wk wks", "fortnight": "fortnight fortnights", "month": "month months mo mos",
    "year": "year years yr yrs yo", "mmol": "mmol mmols millimole millimoles millimol millimols", "meq": "meq meqs milliequivalent milliequivalents",
    "mol": "mol mole moles", "kcal": "kcal calorie calories",
    "tablet": "tablet tablets tab tabs pill pills capsule capsules cap caps", "puff": "puff puffs",
    "drop": "drop drops gtt gtts", "spray": "spray sprays", "pack": "pack packs ppd", "drink": "drink drinks beer beers",
    "dose": "dose doses", "times": "time times", "french": "french",
}  # fmt: skip
UNITS = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings.split()}
# Too short to be a unit unless nothing stands between it and the digits ("5in", "7d", "10u").
GLUED_UNITS = {"in": "inch", "d": "day", "w": "week", "y": "year", "u": "unit", "s": "decade", "f": "degree f",
                "c": "degree c", "m": "m"}  # fmt: skip
# Multiples are exact: SI prefixes, the clock, the calendar where it is regular, the international foot.
_MULTIPLES: dict[str, tuple[str, int]] = {
    "mcg": ("mass", 1), "mg": ("mass", 1_000), "g": ("mass", 10**6), "kg": ("mass", 10**9), "ml": ("volume", 1),
    "l": ("volume", 1_000), "mm": ("length", 1), "cm": ("length", 10), "m": ("length", 1_000), "inch": ("feet", 1),
    "ft": ("feet", 12), "second": ("time", 1), "minute": ("time", 60), "hour": ("time", 3_600), "day": ("time", 86_400),
    "night": ("time", 86_400), "week": ("time", 604_800), "fortnight": ("time", 1_209_600), "month": ("months", 1), "year": ("months", 12),
}  # fmt: skip
_FAMILIES = ({"day", "night"}, {"bpm", "beat", "beat/minute"}, {"breath", "breath/minute"}, {"dose", "times"},
             {"dose", "tablet"}, {"dose", "puff"}, {"dose", "spray"}, {"dose", "drop"})  # fmt: skip

_DIMENSIONS = {
    "length": "length",
    "feet": "length",
    "time": "time",
    "months": "time",
    "mass": "mass",
    "volume": "volume",
}
_MORE = {"mile": "length", "km": "length", "lb": "mass", "oz": "mass", "stone": "mass", "pint": "volume"}
_SCALES = {"f": "f", "fahrenheit": "f", "c": "c", "celsius": "c", "centigrade": "c"}


def unit_at(tokens: list[Token], index: int) -> tuple[str | None, int]:
    """The canonical unit that begins at `index` (right after a number), and the index after it; (None, index) if none."""
    start = index
    if index < len(tokens) and tokens[index].text == "-" and tokens[index].glued:
        index += 1
    unit, after = _simple_unit(tokens, index)
    if unit is None:
        return None, start
    if unit == "times":
        period, after = period_at(tokens, after)
        return (f"times/{period}" if period else "times"), after
    if unit == "pack" and after < len(tokens):
        step = 1 if tokens[after].text == "-" else 0
        if word_at(tokens, after + step) in {"year", "years"}:
            return "pack-year", after + step + 1
    return _with_denominator(tokens, unit, after)


def period_at(tokens: list[Token], index: int) -> tuple[str | None, int]:
    """The period of a frequency that begins at `index`: "a day", "per week", "/day", "daily", "each morning"."""
    first = word_at(tokens, index)
    if first in PERIODS:
        return PERIODS[first], index + 1
    if first in {"a", "per", "each", "every", "/", "in"}:
        step = 1 if word_at(tokens, index + 1) in {"a", "the"} else 0
        if noun := PERIOD_NOUNS.get(word_at(tokens, index + 1 + step)):
            return noun, index + 2 + step
    return None, index


def _simple_unit(tokens: list[Token], index: int) -> tuple[str | None, int]:
    if index >= len(tokens) or tokens[index].new_line:
        return None, index
    token, after = tokens[index], word_at(tokens, index + 1)
    if token.text == "per" and after == "cent":
        return "%", index + 2
    if token.text in {"degree", "degrees", "deg", "°"}:
        scale = _SCALES.get(after)
        return ("degree " + scale, index + 2) if scale else ("degree", index + 1)
    if token.text in {"mm", "millimeters", "millimetres"} and after in {"hg", "mercury", "of"}:
        return "mmhg", index + (3 if after == "of" else 2)
    if token.text == "y" and after == "/" and word_at(tokens, index + 2) == "o":
        return "year", index + 3
    unit = UNITS.get(token.text)
    spelt = token.raw == "C" and index > 1 and tokens[index - 1].text in {"one", "1"} and tokens[index - 2].text == "a"
    if (token.raw in {"F", "C"} and not spelt) or (token.glued and token.text in GLUED_UNITS):
        unit = GLUED_UNITS[token.text]
    return unit, index + 1 if unit else index


def _with_denominator(tokens: list[Token], unit: str, index: int) -> tuple[str, int]:
    if word_at(tokens, index) not in {"/", "per"}:
        return unit, index
    below, after = _simple_unit(tokens, index + 1)
    if below is None:
        return unit, index
    if after < len(tokens) and below == "m" and tokens[after].text == "2":
        return f"{unit}/m2", after + 1
    return f"{unit}/{below}", after


def compatible(one: str | None, other: str | None) -> bool:
    """Whether the two units may belong to one and the same quantity: equal, or one of them unsaid or less exact."""
    if one is None or other is None or one == other:
        return True
    if one.split("/")[0] == other.split("/")[0]:
        return "/" not in one or "/" not in other
    if one.split(" ")[0] == other.split(" ")[0]:
        return " " not in one or " " not in other
    return any(one in family and other in family for family in _FAMILIES)


def in_base_unit(value: Decimal, unit: str | None) -> tuple[str, Decimal] | None:
    """`value` in the smallest unit of its kind, so that 2 weeks and 14 days are equal; None if nothing converts."""
    multiple = _MULTIPLES.get(unit or "")
    return (multiple[0], value * multiple[1]) if multiple else None


def dimension(unit: str | None) -> str | None:
    """What kind of thing `unit` measures: "length", "time", "mass", "volume", or None for all else."""
    if unit in _MORE:
        return _MORE[unit]
    return _DIMENSIONS[_MULTIPLES[unit][0]] if unit in _MULTIPLES else None
