"""Written text as it is spoken: numbers, doses and marks in words, as a speech engine may leave them."""

from __future__ import annotations

import random
import re

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_UNITS = {
    "mg": "milligrams",
    "mcg": "micrograms",
    "g": "grams",
    "mL": "milliliters",
    "ml": "milliliters",
    "cm": "centimeters",
    "mm": "millimeters",
    "kg": "kilograms",
    "lb": "pounds",
    "lbs": "pounds",
    "mmHg": "millimeters of mercury",
    "%": "percent",
    "mEq": "milliequivalents",
}
_YEAR = re.compile(r"\b(19|20)(\d\d)\b")
_PRESSURE = re.compile(r"\b(\d{2,3})/(\d{2,3})\b")
_UNIT = re.compile(r"(?<=\d)\s?(mmHg|mcg|mEq|mg|mL|ml|cm|mm|kg|lbs|lb|g|%)(?![\w])")
_NUMBER = re.compile(r"\b(\d{1,4})(?:\.(\d+))?\b")
_FILLERS = ("um, ", "uh, ", "well, ", "so, ", "you know, ", "yeah, ", "oh, ", "i mean, ")


def say(number: int) -> str:
    """A whole number below 10,000 in words."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        return _TENS[number // 10] + (f" {_ONES[number % 10]}" if number % 10 else "")
    if number < 1000:
        return f"{_ONES[number // 100]} hundred" + (f" {say(number % 100)}" if number % 100 else "")
    return f"{say(number // 1000)} thousand" + (f" {say(number % 1000)}" if number % 1000 else "")


def _short(number: int) -> str:
    """ "one forty two": how a clinician says a blood pressure."""
    if number < 100 or number % 100 < 10:
        return say(number)
    return f"{_ONES[number // 100]} {say(number % 100)}"


def _year(found: re.Match[str]) -> str:
    century, rest = int(found[1]), int(found[2])
    if century == 20 and rest < 10:
        return "two thousand" + (f" {_ONES[rest]}" if rest else "")
    return f"{say(century)} {say(rest) if rest >= 10 else 'oh ' + _ONES[rest]}"


def _number(found: re.Match[str]) -> str:
    whole = say(int(found[1]))
    return f"{whole} point {' '.join(_ONES[int(digit)] for digit in found[2])}" if found[2] else whole


def spoken(text: str) -> str:
    """A written sentence with its numbers and units in words."""
    text = _UNIT.sub(lambda unit: " " + _UNITS[unit[1]], text)
    text = _PRESSURE.sub(lambda pair: f"{_short(int(pair[1]))} over {_short(int(pair[2]))}", text)
    text = _YEAR.sub(_year, text)
    text = re.sub(r"(?<=\d)-(?=(?:year|month|week|day)-)", " ", text)
    return _NUMBER.sub(_number, text)


def as_said(text: str, chance: random.Random) -> str:
    """A sentence as it may come from a speech engine: numbers in words or not, with or without fillers, capitals and marks."""
    text = spoken(text) if chance.random() < 0.6 else text
    if chance.random() < 0.25:
        text = chance.choice(_FILLERS) + text[:1].lower() + text[1:]
    if chance.random() < 0.35:
        text = re.sub(r"(?<=\w)[,.;:](?=\s|$)", lambda mark: "" if mark[0] != "." else mark[0], text.lower())
    return text[:1].upper() + text[1:] if chance.random() < 0.6 else text
