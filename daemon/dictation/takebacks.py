""" "Scratch that", "delete the last sentence": the sentence before it goes, and nothing else.

Only what is said to whoever writes, and only where the sentence that is meant is plain. All else stays as spoken, for the rules of
faithfulness, which read what people take back in conversation.
"""

from __future__ import annotations

from dataclasses import replace

from daemon.dictation.bits import Row, Said, capital, words_at
from daemon.dictation.lexicon import HEADINGS, OPENERS
from daemon.dictation.sentences import is_command_place, sentence_start

_THAT = ("scratch", "strike", "delete", "erase", "disregard", "undo")
_SENTENCE = (*_THAT, "omit", "ignore", "remove", "cancel")
_WHICH = (("the", "last"), ("last",), ("that", "last"), ("the", "previous"), ("previous",))
_WHAT = ("sentence", "line", "statement")
PHRASES = tuple(
    sorted(
        (*((verb, "that") for verb in _THAT), *((verb, *which, what) for verb in _SENTENCE for which in _WHICH for what in _WHAT)),
        key=len,
        reverse=True,
    )
)  # fmt: skip
# A sentence of a dictation has 12 words in the mean (own memos); a stretch of twice that without a stop holds several.
_MOST_WORDS = 25


def taken_back(said: Said, row: Row) -> Row:
    """The row without the sentences that were taken back and without the words that did it."""
    made: Row = []
    index = 0
    while index < len(row):
        size = _command(said, [*made, *row[index:]], len(made))
        if size:
            end = index + size
            start = sentence_start(made, len(made))
            _drop(made, start)
            if end < len(row) and (not made or made[-1].ends):
                row = [*row[:end], replace(row[end], text=capital(row[end].text)), *row[end + 1 :]]
            index = end
        else:
            made.append(row[index])
            index += 1
    return made


def _command(said: Said, row: Row, index: int) -> int:
    """How many words a command at `index` has that can be carried out; else 0."""
    phrase = next((one for one in PHRASES if words_at(row, index, one)), None)
    if phrase is None or not is_command_place(said, row, index):
        return 0
    last = index + len(phrase) - 1
    if row[last].mark == "?" or not _goes_on_anew(said, row, last):
        return 0
    start = sentence_start(row, index)
    gone = row[start:index]
    # "Diabetes, hypertension, scratch that, …" may mean one of them or all.
    unclear = not gone[-1].stops and gone[-1].mark == "," and any(bit.mark in {",", ";"} for bit in gone[:-1])
    if len(gone) > _MOST_WORDS or unclear or not said.one_voice(gone[-1], row[index]):
        return 0
    return len(phrase)


def _goes_on_anew(said: Said, row: Row, last: int) -> bool:
    """Whether a sentence begins after the command; "scratch that, 20 milligrams" is no new sentence."""
    if last + 1 >= len(row):
        return True
    after = row[last + 1]
    if after.bare[:1].isdigit():
        return False
    return (
        after.text[:1].isupper()
        or after.bare in OPENERS
        or (row[last].stops and row[last].ends and said.pause(row[last], after) > 0)
    )


def _drop(made: Row, start: int) -> None:
    ended = any(bit.ends for bit in made[start:])
    del made[start:]
    if made and ended and not _is_open_heading(made):
        made[-1] = replace(made[-1], ends=True)


def _is_open_heading(made: Row) -> bool:
    start = sentence_start(made, len(made))
    return made[-1].mark == ":" and " ".join(bit.bare for bit in made[start:]) in HEADINGS
