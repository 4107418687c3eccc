"""The forms in which a number may stand in a text, written out plainly: apart from the rules, which read numbers on their own.

They answer one question for the measurements: does this number stand in that text at all, in whatever form?
"""

from __future__ import annotations

import re
from functools import cache

_ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
         "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_SPECIAL = {"1": ("a", "an", "once", "single"), "2": ("twice", "couple", "both", "second"), "3": ("thrice",), "12": ("dozen",), "0.5": ("half",),
            "50": ("half",), "1.5": ("one and a half",), "2.5": ("two and a half",), "3.5": ("three and a half",)}  # fmt: skip
_NUMBER = re.compile(r"(?<![\w.,/-])\d{1,6}(?:,\d{3})*(?:\.\d+)?(?![\w])")
_PIECE = re.compile(r"[a-z]+|\d+(?:\.\d+)?")
_JOINED = re.compile(r"(?<=\d)[/-](?=\d)")


def numbers_in(text: str) -> list[str]:
    """The numbers that stand in digits in a text; of "138/84" and "6-8" both parts. Digits inside of words ("A1c") are none."""
    return [found.group().replace(",", "") for found in _NUMBER.finditer(_JOINED.sub(" ", text))]


def plain(text: str) -> str:
    """Lower case, words and numbers parted by single blanks, with a blank at both ends."""
    return f" {' '.join(_PIECE.findall(text.lower().replace(',', '')))} "


def holds_number(text: str, number: str) -> bool:
    """Whether `number` (digits) stands in `text`, as made by `plain`, in any of its forms."""
    return any(f" {form} " in text for form in forms_of(number))


@cache
def forms_of(number: str) -> tuple[str, ...]:
    """How a number is written or spoken: "138" is "one hundred thirty eight" and "one thirty eight"."""
    whole, point, part = number.partition(".")
    stripped = str(int(whole))
    forms = {number, stripped + point + part, *_SPECIAL.get(stripped + point + part, ())}
    if point:
        digits = " ".join(_ONES[int(digit)] for digit in part)
        forms |= {f"{spoken} point {digits}" for spoken in _spoken(int(whole))}
        forms |= {f"{spoken} point {other}" for spoken in _spoken(int(whole)) for other in _spoken(int(part))}
        forms |= {f"point {digits}", f".{part}"} if not int(whole) else set()
        forms |= {f"{stripped} point {int(part)}"} | (
            {stripped, *_spoken(int(whole))} if not part.strip("0") else set()
        )
    else:
        spoken = _spoken(int(whole))
        forms |= {*spoken, *(_ordinal(each) for each in spoken), f"{stripped}.0"}
        forms |= {f"{stripped} {ending}" for ending in ("st", "nd", "rd", "th")}
        forms |= {" ".join(_ONES[int(digit)] for digit in whole)}
    return tuple(sorted(forms))


def _spoken(value: int) -> set[str]:
    """Below a million; years and pressures in pairs of digits too ("twenty nineteen", "one thirty eight")."""
    if value < 100:
        return {_below_hundred(value)}
    if value < 1000:
        hundreds, rest = divmod(value, 100)
        tail = _below_hundred(rest) if rest else ""
        pair = {f"{_ONES[hundreds]} {'oh ' if 0 < rest < 10 else ''}{tail}"} if rest else set()
        return {" ".join(f"{_ONES[hundreds]} hundred {tail}".split()), f"{_ONES[hundreds]} hundred and {tail}", *pair}
    thousands, rest = divmod(value, 1000)
    heads = _spoken(thousands) if thousands < 1000 else set()
    tails = _spoken(rest) if rest else {""}
    full = {" ".join(f"{head} thousand {tail}".split()) for head in heads for tail in tails}
    first, second = divmod(value, 100)
    if value < 10_000 and first % 10:
        full.add(f"{_below_hundred(first)} {_below_hundred(second) if second else ''}".strip())
        full.add(f"{_below_hundred(first)} hundred {_below_hundred(second) if second else ''}".strip())
    if value < 10_000:
        full.add(f"{_below_hundred(first)} {'oh ' if second < 10 else ''}{_below_hundred(second)}")
    return full


def _below_hundred(value: int) -> str:
    if value < 20:
        return _ONES[value]
    tens, one = divmod(value, 10)
    return f"{_TENS[tens]} {_ONES[one]}" if one else _TENS[tens]


def _ordinal(spoken: str) -> str:
    head, _, last = spoken.rpartition(" ")
    ordinal = _ORDINALS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return f"{head} {ordinal}".strip()
