"""Numbers said in words: what they plainly mean, and every other reading that a listener could take them for.

"one twenty five" is plainly 125, but may be 1 and 25. What stands in the evidence counts in every reading, what stands
in a statement counts in the plain one, so an honest copy is never accused and a changed number has nothing to rest on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from daemon.faithfulness.quantity.groups import Group, all_readings, join, plain_groups
from daemon.faithfulness.quantity.lexicon import (
    FRACTION_VALUES,
    FRACTIONS,
    NOT_A_POINT,
    ORDINAL_UNITS,
    ORDINALS,
    SCALES,
    SMALL,
    TENS,
    UNITS,
)
from daemon.faithfulness.reading.tokens import Token

_MOST_GROUPS = 40  # longer rows of digits are no identifier that anyone reads out
WORD_STARTS = SMALL.keys() | SCALES.keys() | ORDINALS.keys() | {"a", "an", "point", "dot", "half", "dozen"}


@dataclass(frozen=True, slots=True)
class Run:
    """Number words in a row. `plain` is the plain reading; `readings` are all, each with whether it ends the run."""

    groups: tuple[Group, ...]
    plain: tuple[Group, ...]
    readings: frozenset[tuple[Decimal, bool]]
    ordinal: bool = False

    @property
    def first(self) -> int:
        return self.groups[0].first

    @property
    def end(self) -> int:
        return self.groups[-1].end

    @property
    def whole(self) -> Decimal | None:
        """The run as one number, if it can be one."""
        if len(self.plain) == 1:
            return self.plain[0].value
        return join(list(self.groups)) if all(group.digits for group in self.groups) else None


def run_at(tokens: list[Token], index: int) -> Run | None:
    """The run of number words, or the number in digits, that begins at token `index`."""
    token = tokens[index]
    if token.kind != "number" and token.text not in WORD_STARTS:
        return None
    if (ordinal := _ordinal(tokens, index)) is not None:
        return ordinal
    group = _group(tokens, index)
    if group is None:
        return None
    groups = [group]
    while groups[-1].open and len(groups) < _MOST_GROUPS and (group := _next_open(tokens, groups[-1].end)) is not None:
        groups.append(group)
    last, ordinal_tail = _with_tail(tokens, groups[-1])
    groups[-1] = last
    readings = frozenset(all_readings(groups)) | {(value, True) for value in _second_reading(tokens, last)}
    return Run(tuple(groups), tuple(plain_groups(groups)), readings, ordinal_tail)


def _text(tokens: list[Token], index: int) -> str:
    return tokens[index].text if 0 <= index < len(tokens) and not tokens[index].new_line else ""


def _any_text(tokens: list[Token], index: int) -> str:
    return tokens[index].text if index < len(tokens) else ""


def _step(tokens: list[Token], index: int) -> int:
    """Past the hyphen of "twenty-five" and "two-hundred"."""
    if _text(tokens, index) == "-" and tokens[index].glued and _text(tokens, index + 1) in WORD_STARTS:
        return index + 1
    return index


def _ordinal(tokens: list[Token], index: int) -> Run | None:
    word = tokens[index].text
    if word not in ORDINALS:
        return None
    group = Group(Decimal(ORDINALS[word]), index, index + 1)
    return Run((group,), (group,), frozenset({(group.value, True)}), ordinal=True)


def _group(tokens: list[Token], index: int) -> Group | None:
    word = tokens[index].text
    if word in {"point", "dot"}:
        if _text(tokens, index - 1) in NOT_A_POINT and tokens[index + 1 : index + 2]:
            return None
        return _with_decimals(tokens, Group(Decimal(0), index, index, digits="0"))
    if word == "half":
        return Group(FRACTIONS["half"], index, index + 1)
    if word in {"a", "an"}:
        return _article_group(tokens, index)
    if word == "dozen":
        return Group(Decimal(12), index, index + 1)
    group = _cardinal(tokens, index)
    return _with_decimals(tokens, group) or group if group else None


def _article_group(tokens: list[Token], index: int) -> Group | None:
    after = _text(tokens, index + 1)
    if after in SCALES:
        group = _cardinal(tokens, index + 1)
        group = (_with_decimals(tokens, group) or group) if group else None
        return replace(group, first=index) if group else None
    if after in {"half", "quarter", "third"}:
        return Group(FRACTIONS[after], index, index + 2)
    return None


def _cardinal(tokens: list[Token], index: int) -> Group | None:
    """Descending scales: [below 1000] million [below 1000] thousand [and] [below 1000]."""
    total, end, last_scale, scaled = Decimal(0), index, Decimal(10**12), False
    start = index
    while (part := _below_thousand(tokens, start)) is not None:
        value, after, has_scale = part
        named = _step(tokens, after)
        scale = SCALES.get(_any_text(tokens, named) if named == index else _text(tokens, named), 0)
        if scale >= last_scale or (start > index and tokens[start].kind == "number"):
            break
        scaled |= has_scale
        if scale <= 100:
            total, end = total + value, after
            break
        scaled, last_scale = True, Decimal(scale)
        end = _step(tokens, after) + 1
        total += value * scale
        start = _step(tokens, end)
        start += _text(tokens, start) == "and"
        if not _text(tokens, start):
            break
    if end == index:
        return None
    is_open = not scaled and tokens[index].kind == "word"
    return Group(total, index, end, is_open, str(total) if is_open else "")


def _below_thousand(tokens: list[Token], index: int) -> tuple[Decimal, int, bool] | None:
    word = _any_text(tokens, index)
    if word in SCALES:
        value, end = Decimal(1), index
    elif index < len(tokens) and tokens[index].kind == "number":
        value, end = FRACTION_VALUES.get(word) or Decimal(word), index + 1
    elif small := _small(tokens, index):
        value, end = small
    else:
        return None
    hundred = _step(tokens, end)
    if _text(tokens, hundred) not in {"hundred", "hundreds"} and word != "hundred":
        return value, end, word in SCALES
    end = hundred + 1
    rest = _step(tokens, end)
    rest += _text(tokens, rest) == "and"
    small = _small(tokens, rest) if _text(tokens, rest) else None
    if small and small[0] and _text(tokens, _step(tokens, small[1])) not in {"hundred", "hundreds"}:
        return value * 100 + small[0], small[1], True
    return value * 100, end, True


def _small(tokens: list[Token], index: int) -> tuple[Decimal, int] | None:
    word = _any_text(tokens, index)
    if word not in SMALL:
        return None
    unit = _step(tokens, index + 1)
    if word in TENS and UNITS.get(_text(tokens, unit), 0) > 0:
        return Decimal(TENS[word] + UNITS[_text(tokens, unit)]), unit + 1
    return Decimal(SMALL[word]), index + 1


def _next_open(tokens: list[Token], index: int) -> Group | None:
    index = _step(tokens, index)
    word = _text(tokens, index)
    if word in {"oh", "o"} and _text(tokens, index + 1) in UNITS.keys() | {"oh", "o"}:
        return Group(Decimal(0), index, index + 1, open=True, digits="oh")
    if word not in SMALL:
        return None
    group = _cardinal(tokens, index)
    return _with_decimals(tokens, group) or group if group and group.open else None


def _with_decimals(tokens: list[Token], group: Group) -> Group | None:
    leads = group.end == group.first  # "point five" may begin a line
    if (_any_text if leads else _text)(tokens, group.end) not in {"point", "dot"}:
        return None
    digits: list[str] = []
    index = group.end + 1
    while piece := _decimal_piece(tokens, index):
        digits.append(piece[0])
        index = piece[1]
    if not digits:
        return None
    whole = group.digits or str(group.value)
    if not whole.isdecimal():
        return None
    value = Decimal(f"{whole}.{''.join(digits)}")
    cut = (Decimal(f"{whole}.{''.join(digits[:-1])}"), Decimal(digits[-1])) if len(digits) > 1 else ()
    return Group(value, group.first, index, group.open, str(value), cut)


def _decimal_piece(tokens: list[Token], index: int) -> tuple[str, int] | None:
    word = _text(tokens, index)
    if word in {"oh", "o"}:
        return "0", index + 1
    if word.isdecimal():
        return word, index + 1
    small = _small(tokens, index) if word else None
    return (str(small[0]), small[1]) if small else None


def _with_tail(tokens: list[Token], group: Group) -> tuple[Group, bool]:
    """What may follow a cardinal: "… third" of an ordinal, "… quarters", "… and a half", "… 1/2"."""
    after, word = _step(tokens, group.end), _text(tokens, _step(tokens, group.end))
    if group.open and group.value in TENS.values() and word in ORDINAL_UNITS and word != "second":
        return Group(group.value + ORDINAL_UNITS[word], group.first, after + 1), True
    if word in FRACTIONS and group.value < 10 and not group.cut:
        return Group(group.value * FRACTIONS[word], group.first, after + 1), False
    if fraction := _fraction(tokens, after + (word == "and"), said_and=word == "and"):
        return Group(group.value + fraction[0], group.first, fraction[1]), False
    if not group.open and tokens[group.end - 1].text in SCALES:
        index = after + (word == "and")
        if _text(tokens, index) in ORDINALS:
            return Group(group.value + ORDINALS[_text(tokens, index)], group.first, index + 1), True
    return group, False


def _fraction(tokens: list[Token], index: int, *, said_and: bool) -> tuple[Decimal, int] | None:
    word = _text(tokens, index)
    if word in FRACTION_VALUES:
        return FRACTION_VALUES[word], index + 1
    above, below = _text(tokens, index), _text(tokens, index + 2)
    if _text(tokens, index + 1) == "/" and above.isdecimal() and below in {"2", "3", "4", "8"} and len(above) == 1:
        fraction = Decimal(above) / Decimal(below)
        return (fraction, index + 3) if 0 < fraction < 1 else None
    if not said_and:
        return None
    if word in {"half", "quarter"}:
        return FRACTIONS[word], index + 1
    count = 1 if word in {"a", "an"} else UNITS.get(word, 0)
    part = _text(tokens, index + 1)
    return (count * FRACTIONS[part], index + 2) if count and part in FRACTIONS else None


def _second_reading(tokens: list[Token], group: Group) -> Iterator[Decimal]:
    """ "thirty second" may be the 32nd; "eight point two two months ago" may be 8.2, two months ago."""
    after = _text(tokens, group.end)
    if after == "second" and group.value in TENS.values():
        yield group.value + 2
    if group.cut and after in {"hours", "days", "weeks", "months", "years", "times", "tablets"}:
        yield from group.cut
