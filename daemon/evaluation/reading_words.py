"""Words as they are compared: what is said alike is written alike, whoever wrote it.

The rules follow the normaliser of the Whisper paper (Radford et al. 2022, appendix C): lower case, no punctuation, no hesitations,
contractions taken apart, number words as digits, and units, titles and ordinals in one form. "over" in a pressure and "/" are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"\d{1,2}:\d{2}|\d+(?:,\d{3})+|\d*\.\d+|\d+|[^\W\d_]+(?:['’][^\W\d_]+)?|[%/]")
_HESITATIONS = frozenset(["um", "uh", "hmm", "mm", "er", "ah"])
_SAME = {
    "milligram": "mg", "milligrams": "mg", "mgs": "mg", "microgram": "mcg", "micrograms": "mcg", "µg": "mcg", "milliliter": "ml",
    "milliliters": "ml", "mls": "ml", "millilitres": "ml", "millimeter": "mm", "millimeters": "mm", "millimetres": "mm",
    "centimeter": "cm", "centimeters": "cm", "centimetres": "cm", "kilogram": "kg", "kilograms": "kg", "kilos": "kg", "gram": "g",
    "grams": "g", "pound": "lb", "pounds": "lb", "lbs": "lb", "hour": "hours", "hrs": "hours", "minute": "minutes", "min": "minutes",
    "%": "percent", "/": "over", "dr": "doctor", "mr": "mister", "mrs": "missus", "haemoglobin": "hemoglobin",
    "okay": "ok", "paediatric": "pediatric", "tumour": "tumor", "oedema": "edema", "once": "one time", "twice": "two times",
}  # fmt: skip
_ENDS = {"'s": "is", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would", "'m": "am"}
_ONES = {word: at for at, word in enumerate(
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
)}  # fmt: skip
_TENS = {
    word: 10 * at
    for at, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_ORDINALS = {word: at for at, word in enumerate(["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], 1)}  # fmt: skip
_ORDINAL_ENDS = frozenset(["st", "nd", "rd", "th"])
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Token:
    """One word in the form that is compared, and the span of the text that it comes from."""

    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The words of a text."""
    return list(_numbers(list(_plain(text))))


def _plain(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        word = match[0].lower().replace("’", "'")
        for part in _parts(word):
            if part not in _HESITATIONS:
                yield Token(part, match.start(), match.end())


def _parts(word: str) -> list[str]:
    if word[0].isdigit() or word[0] == ".":
        return [_digits(part) for part in word.replace(",", "").split(":")]
    if word.endswith("n't"):
        return [{"ca": "can", "wo": "will"}.get(word[:-3], word[:-3]), "not"]
    stem, mark, end = word.partition("'")
    if mark and mark + end in _ENDS:
        return [*_parts(stem), _ENDS[mark + end]]
    whole = stem + end
    return _SAME.get(whole, whole).split(" ")


def _digits(number: str) -> str:
    whole, _, part = number.partition(".")
    return (whole.lstrip("0") or "0") + (f".{part.rstrip('0')}" if part.rstrip("0") else "")


def _numbers(words: Sequence[Token]) -> Iterator[Token]:
    at = 0
    while at < len(words):
        value, used = _number(words, at)
        if used:
            yield Token(value, words[at].start, words[at + used - 1].end)
        else:
            yield words[at]
        at += max(used, 1)


def _number(words: Sequence[Token], at: int) -> tuple[str, int]:
    """The number that is said from here on, as digits, and of how many words it is made; ("", 0) where none is."""
    value, used = _whole(words, at)
    if used and _text(words, at + used) == "point":
        part, digits = "", at + used + 1
        while (digit := _text(words, digits)) in _ONES or digit.isdigit():
            part, digits = part + str(_ONES.get(digit, digit)), digits + 1
        if part:
            return _digits(f"{value}.{part}"), digits - at
    if not used:
        return _ordinal(words, at)
    if _text(words, at + used) in _ORDINAL_ENDS:
        return f"{value}th", used + 1
    return value, used


def _whole(words: Sequence[Token], at: int) -> tuple[str, int]:
    first = _text(words, at)
    total, used = _below_hundred(words, at)
    if not used and first.isdigit():
        total, used = int(first), 1
    if not used:
        return "", 0
    for word, size in (("hundred", _HUNDRED), ("thousand", 1000)):
        if _text(words, at + used) == word and total:
            total, used = total * size, used + 1
            skipped = used + (_text(words, at + used) == "and")
            more, length = _below_hundred(words, at + skipped)
            if length:
                total, used = total + more, skipped + length
    return str(total), used


def _below_hundred(words: Sequence[Token], at: int) -> tuple[int, int]:
    first, second = _text(words, at), _text(words, at + 1)
    if first in _TENS:
        ones = _ONES.get(second, 0)
        return (_TENS[first] + ones, 2) if 0 < ones < 10 else (_TENS[first], 1)
    return (_ONES[first], 1) if first in _ONES else (0, 0)


def _ordinal(words: Sequence[Token], at: int) -> tuple[str, int]:
    first = _text(words, at)
    return (f"{_ORDINALS[first]}th", 1) if first in _ORDINALS else ("", 0)


def _text(words: Sequence[Token], at: int) -> str:
    return words[at].text if at < len(words) else ""
