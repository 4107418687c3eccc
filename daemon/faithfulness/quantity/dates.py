"""Dates of the calendar, written or said: 3/14/1962, 1962-03-14, March 14th, the fourteenth of March, March 1962."""

from __future__ import annotations

from decimal import Decimal

from daemon.faithfulness.quantity.lexicon import MONTHS, ORDINAL_SUFFIXES
from daemon.faithfulness.quantity.mention import word_at
from daemon.faithfulness.quantity.numbers import run_at
from daemon.faithfulness.reading.tokens import Token

Date = tuple[str, str, str, int]  # year or "", month, day or "" (not both), index of the token after


def date_at(tokens: list[Token], index: int) -> Date | None:
    """The date that begins at token `index`, if one does."""
    if tokens[index].text in MONTHS:
        return _month_first(tokens, index)
    if tokens[index].kind == "number":
        return _in_digits(tokens, index) or _day_first(tokens, index)
    return _day_first(tokens, index) if tokens[index].text.endswith(("st", "nd", "rd", "th")) else None


def same_years(year: str) -> tuple[str, ...]:
    """The ways to write `year`: with and without its century. A year of two digits may lie in either century."""
    if not year:
        return ()
    return (year, f"19{year}", f"20{year}") if len(year) == 2 else (year, year[2:])


def _in_digits(tokens: list[Token], index: int) -> Date | None:
    parts, separators = tokens[index : index + 5 : 2], tokens[index + 1 : index + 5 : 2]
    if len(parts) != 3 or len(separators) != 2 or separators[0].text not in {"/", "-"}:
        return None
    if separators[0].text != separators[1].text or not all(token.glued for token in (*separators, *parts[1:])):
        return None
    if not all(part.text.isdecimal() and len(part.text) in {1, 2, 4} for part in parts):
        return None
    texts = [part.text for part in parts]
    year, month, day = texts if len(texts[0]) == 4 else (texts[2], texts[0], texts[1])
    if int(month) > 12 >= int(day):
        month, day = day, month
    if len(year) == 1 or not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return None
    return year, str(int(month)), str(int(day)), index + 5


def _month_first(tokens: list[Token], index: int) -> Date | None:
    month = str(MONTHS[tokens[index].text])
    start = index + 1
    start += word_at(tokens, start) == "."
    start += word_at(tokens, start) == "the"
    found = _day(tokens, start)
    if found is None:
        year, end = _year(tokens, start)
        return (year, month, "", end) if year else None
    day, end, rest = found
    year, end = (rest, end) if rest else _year(tokens, end)
    return year, month, day, end


def _day_first(tokens: list[Token], index: int) -> Date | None:
    found = _day(tokens, index)
    if found is None or found[2]:
        return None
    day, end, _ = found
    said_of = word_at(tokens, end) == "of"
    end += said_of
    month = word_at(tokens, end)
    if month not in MONTHS or not (said_of or tokens[end].raw[:1].isupper()):
        return None
    year, end = _year(tokens, end + 1)
    return year, str(MONTHS[month]), day, end


def _day(tokens: list[Token], index: int) -> tuple[str, int, str] | None:
    """A day of the month, the index after it, and the year if it was said in the same breath."""
    if not word_at(tokens, index) and not (index < len(tokens) and tokens[index].kind == "number"):
        return None
    run = run_at(tokens, index)
    if run is None or not _is_day(run.groups[0].value):
        return None
    end = run.end
    if word_at(tokens, end) in ORDINAL_SUFFIXES and tokens[end].glued:
        end += 1
    rest = "".join(f"{group.value:f}" for group in run.groups[1:])
    if rest and not (len(rest) == 2 or _is_year(rest)):
        return None
    return str(int(run.groups[0].value)), end, rest


def _is_day(value: Decimal) -> bool:
    return 1 <= value <= 31 and value == value.to_integral_value()


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdecimal() and "1900" <= text <= "2100"


def _year(tokens: list[Token], index: int) -> tuple[str, int]:
    start = index + (word_at(tokens, index) in {",", "of"})
    if not word_at(tokens, start):
        return "", index
    run = run_at(tokens, start)
    if run is None or run.whole is None:
        return "", index
    year = f"{run.whole:f}"
    return (year, run.end) if _is_year(year) else ("", index)
