"""Characters and capitals that were said inside a sentence: "hyphen", "slash", "percent sign", "all caps", "numeral".

Each only between words where nothing else can be meant: "a slash wound", "a Roman numeral", "all caps are intact" stay.
"""

from __future__ import annotations

from dataclasses import replace

from daemon.dictation.bits import Bit, Row, without_mark
from daemon.dictation.lexicon import CAPS_AFTER, CAPS_BEFORE, NOT_JOINED_AFTER, NOT_JOINED_BEFORE
from daemon.faithfulness.quantity.lexicon import SMALL

_JOINING = {"hyphen": "-", "slash": "/"}


def with_symbols(row: Row) -> Row:
    """The row with these written as they were meant."""
    made: Row = []
    index = 0
    while index < len(row):
        step = _joined(row, index, made) or _percent(row, index, made) or _large(row, index, made)
        if not step and not _is_numeral(row, index):
            made.append(row[index])
        index += step or 1
    return made


def _joined(row: Row, index: int, made: Row) -> int:
    """ "well hyphen nourished", "and slash or": one word."""
    mark = _JOINING.get(row[index].bare)
    if mark is None or not made or index + 1 >= len(row) or made[-1].mark or made[-1].ends:
        return 0
    here, after = row[index], row[index + 1]
    if here.mark or here.ends or made[-1].bare in NOT_JOINED_AFTER or after.bare in NOT_JOINED_BEFORE:
        return 0
    text = made[-1].text + mark + after.text
    made[-1] = Bit(text, made[-1].first, after.last, max(made[-1].upto, after.upto), after.ends)
    return 2


def _percent(row: Row, index: int, made: Row) -> int:
    """ "98 percent sign"."""
    if not made or index + 1 >= len(row) or (row[index].bare, row[index + 1].bare) != ("percent", "sign"):
        return 0
    last, sign = made[-1], row[index + 1]
    if not last.text.isdecimal() or last.ends or row[index].mark or row[index].ends:
        return 0
    made[-1] = replace(
        last, text=f"{last.text}%{sign.mark}", last=sign.last, upto=max(last.upto, sign.upto), ends=sign.ends
    )
    return 2


def _large(row: Row, index: int, made: Row) -> int:
    """ "all caps DNR": the word after it in large letters."""
    if index + 2 >= len(row) or (row[index].bare, row[index + 1].bare) != ("all", "caps"):
        return 0
    word = row[index + 2]
    stopped = any(bit.mark or bit.ends for bit in row[index : index + 2])
    if stopped or word.bare in CAPS_BEFORE or (made and not made[-1].stops and made[-1].bare in CAPS_AFTER):
        return 0
    made.append(replace(word, text=word.text.upper()))
    return 3


def _is_numeral(row: Row, index: int) -> bool:
    """ "numeral 2": the command alone; the number stays."""
    here = row[index]
    if here.bare != "numeral" or here.mark or here.ends or index + 1 >= len(row):
        return False
    before, after = row[index - 1].bare if index else "", without_mark(row[index + 1].bare)
    return before not in {"roman", "arabic", "a", "the"} and (after.isdecimal() or after in SMALL)
