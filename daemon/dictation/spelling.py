"""Names that were spelled: "Kowalchik, spelled K-O-W-A-L-C-Z-Y-K".

The letters take the name's place where they plainly spell it and were heard better than it was; an abbreviation ("C O P D") spells nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import SequenceMatcher

from daemon.dictation.bits import Bit, Row, Said

_LETTERS = re.compile(r"[A-Za-z](?:[-.][A-Za-z])*")
_CUES = frozenset({"spelled", "spelt", "spelling", "that's", "thats", "which", "is", "it's", "as", "last", "name"})
_LEAST_LETTERS = 3
# By judgement on dictated surnames: "Kovalchick" for K-O-W-A-L-C-Z-Y-K is at 0.63 and "Oaxic" at 0.43.
_LIKE, _LIKE_UNANNOUNCED = 0.55, 0.7
_SURE = 0.85


def spelled(said: Said, row: Row) -> Row:
    """The row with spelled names written as they were spelled, the letters themselves gone."""
    made: Row = []
    index = 0
    while index < len(row):
        letters, end = _letters(row, index)
        name = _name(said, made, row[index:end], letters) if len(letters) >= _LEAST_LETTERS else None
        if name is None:
            made.append(row[index])
            index += 1
            continue
        start, text = name
        last = row[end - 1]
        closes = last.ends or last.mark in {",", ";"}
        bit = Bit(text + (last.mark if closes else ""), made[start].first, last.last, last.upto, last.ends)
        made[start:] = [bit]
        index = end
    return made


def _letters(row: Row, index: int) -> tuple[str, int]:
    """Letters said one by one from `index` on, and the index after them."""
    said, at = "", index
    while at < len(row):
        if row[at].bare == "double" and at + 1 < len(row) and len(row[at + 1].bare) == 1:
            said, at = said + row[at + 1].bare * 2, at + 2
        elif (bare := row[at].bare) and _LETTERS.fullmatch(bare):
            said, at = said + re.sub(r"[-.]", "", bare), at + 1
        else:
            break
        if row[at - 1].ends:
            break
    return said, at


def _name(said: Said, made: Row, run: Row, letters: str) -> tuple[int, str] | None:
    """Where the name that the letters spell begins among the words before, and how it is written."""
    end = len(made)
    while end and made[end - 1].bare in _CUES and len(made) - end < 4:
        end -= 1
    announced = any(bit.bare in {"spelled", "spelt", "spelling"} for bit in made[end:])
    least = _LIKE if announced else _LIKE_UNANNOUNCED
    best: tuple[float, int] | None = None
    for start in (end - 1, end - 2):
        if start < 0 or (start < end - 1 and made[start].mark):
            break
        heard = "".join(re.findall(r"[^\W\d_]", "".join(bit.bare for bit in made[start:end])))
        like = SequenceMatcher(None, heard, letters.lower(), autojunk=False).ratio()
        if like >= least and heard[:1] == letters[:1].lower() and (best is None or like > best[0]):
            best = (like, start)
    if best is None or (best[0] < 1 and not _better(said, made[best[1] : end], run)):
        return None
    if best[0] == 1 and best[1] == end - 1:
        return best[1], replace(made[best[1]], text=made[best[1]].text.rstrip(",.;:")).text
    return best[1], letters.capitalize()


def _better(said: Said, name: Row, run: Row) -> bool:
    """Whether the letters were heard at least as well as the name, or the name badly."""
    sure, surer = _confidence(said, name), _confidence(said, run)
    return sure is None or surer is None or sure < _SURE or surer >= sure


def _confidence(said: Said, bits: Row) -> float | None:
    words = [one.word for bit in bits for one in said.heard[bit.first : bit.last + 1]]
    known = [word.confidence for word in words if word is not None]
    return sum(known) / len(known) if known else None
