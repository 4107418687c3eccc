"""Where the sentence before a command begins, and whether a command stands where one can be said."""

from __future__ import annotations

from daemon.dictation.bits import Row, Said
from daemon.dictation.lexicon import HEADINGS, NOT_A_COMMAND_AFTER, OPENERS

_PAUSE_SECONDS = 0.5


def sentence_start(row: Row, end: int) -> int:
    """The index of the first word of the sentence that ends before `end`; its heading ("Plan: ...") is no part of it."""
    start = end - 1
    while start > 0 and not row[start - 1].stops:
        start -= 1
    for at in range(start, end - 1):
        heading = row[at].mark == ":" and " ".join(bit.bare for bit in row[start : at + 1]) in HEADINGS
        # Recognition that writes no full stops still begins a sentence with a capital.
        capital = row[at + 1].text[:1].isupper() and row[at + 1].bare in OPENERS and row[at].mark not in {",", ";"}
        start = at + 1 if heading or capital else start
    return start


def is_command_place(said: Said, row: Row, index: int) -> bool:
    """Whether a new thing begins at `index`, so that "scratch that" there is said to who writes and of nobody."""
    if not index:
        return False
    before, here = row[index - 1], row[index]
    if before.stops or before.upto > before.last:
        return True
    if before.bare in NOT_A_COMMAND_AFTER:
        return False
    return bool(before.mark) or here.text[:1].isupper() or said.pause(before, here) >= _PAUSE_SECONDS
