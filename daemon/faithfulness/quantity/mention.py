"""One mention of a quantity in a text, as the rules pass it around."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from daemon.faithfulness.reading.tokens import Token

# A number, or a tuple whose first string tells its kind:
# ("pair", above, below), ("time", hour, minute), ("date", year or "", month, day), ("name", key).
Value = Decimal | tuple[str, ...]
Reading = tuple[Value, str | None]


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens `first` to `end`; `number_end` is where the number ends and its unit begins.

    `readings` are all values with their units, as evidence; `counted` says whether a statement has to account for it.
    """

    value: Value
    unit: str | None
    first: int
    number_end: int
    end: int
    readings: tuple[Reading, ...]
    counted: bool = True


def simple(value: Value, unit: str | None, place: tuple[int, int], *, counted: bool = True) -> Mention:
    """A mention with one reading; `place` is its first token and the one after its last."""
    return Mention(value, unit, place[0], place[1], place[1], ((value, unit),), counted)


def word_at(tokens: list[Token], index: int) -> str:
    """The token's text if it is on the line of the token before it, else ""."""
    return tokens[index].text if 0 <= index < len(tokens) and not tokens[index].new_line else ""


def plain_number(value: Decimal) -> str:
    """The one way in which a number stands inside a tuple value."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).lstrip("0") or "0"
