"""Punctuation and breaks that were said: "period", "comma", "colon", "new paragraph", "next section plan", "open paren".

A word counts as a command only where it can't be a word of the sentence: "a period of two weeks", "her period", "colon cancer", "a new line was
placed" stay. Where in doubt it stays as it was spoken, for a person reads over the word "period" and not over a sentence that was cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from daemon.dictation.bits import Bit, Row, Said, capital, without_mark, words_at
from daemon.dictation.lexicon import (
    CLOSE_BRACKETS,
    CLOSE_QUOTES,
    COLON_BEFORE,
    COMMA_BEFORE,
    HEADINGS,
    LINE_AFTER,
    LINE_BEFORE,
    MOST_HEADING_WORDS,
    OPEN_BRACKETS,
    OPEN_QUOTES,
    OPENERS,
    PERIOD_AFTER,
    PERIOD_BEFORE,
    PERIOD_DETERMINERS,
    PERIOD_QUALITIES,
    SINGULAR_TIMES,
    STOP_AFTER,
)
from daemon.faithfulness.quantity.lexicon import SMALL

_PARAGRAPHS = (("new", "paragraph"), ("next", "paragraph"))
_LINES = (("new", "line"), ("next", "line"), ("newline",))
_SECTIONS = (("next", "section"), ("new", "section"))
_NAMED = (("heading",), ("new", "heading"), ("next", "heading"))
_BULLETS = (
    ("next", "bullet", "point"),
    ("new", "bullet", "point"),
    ("bullet", "point"),
    ("next", "bullet"),
    ("new", "bullet"),
)
_ENDS = (
    ("stop", "dictation"),
    ("end", "of", "dictation"),
    ("end", "dictation"),
    ("end", "of", "the", "dictation"),
    ("end", "of", "note"),
)
_FULL_STOPS = (("full", "stop"), ("full-stop",), ("fullstop",))
_MOST_IN_BRACKETS = 30


def punctuated(said: Said, row: Row) -> Row:
    """The row with all that was said as punctuation written as such; passages end where sentences, paragraphs and sections were ended."""
    done = _paired(row, (OPEN_BRACKETS, CLOSE_BRACKETS), "()")
    done = _paired(done, (OPEN_QUOTES, CLOSE_QUOTES), '""')
    done = _paired(done, ((("quote",),), (("unquote",), ("end", "quote"))), '""')
    made: Row = []
    index, used = 0, dictates_marks(said, done)
    while index < len(done):
        step = _command(said, done, index, made, used=used)
        if not step:
            made.append(_begun(made, done[index]))
        index += step or 1
    return made


def dictates_marks(said: Said, row: Row) -> bool:
    """Whether this person says their punctuation: at least two marks or breaks that can't be anything else."""
    count = 0
    for index, bit in enumerate(row):
        count += bit.bare == "comma" or any(words_at(row, index, phrase) for phrase in (*_PARAGRAPHS, *_SECTIONS))
        count += bit.bare == "period" and _is_period(said, row, index, used=False)
        count += _is_full_stop(row, index) > 0
    return count >= 2


def _command(said: Said, row: Row, index: int, made: Row, *, used: bool) -> int:
    """Carry out the command at `index`; the number of words it took, 0 if there is none."""
    if step := _section(said, row, index, made):
        return step
    if step := _break(said, row, index) or _last(row, index):
        _end(made, row[index + step - 1].upto)
        return step
    if step := _stop(said, row, index, used=used):
        _mark(made, ".", row[index + step - 1], ends=True)
        return step
    if (end := _colon(row, index, made)) is not None:
        _mark(made, ":", end, ends=False)
        return 1
    for phrase, mark in ((("comma",), ","), (("semicolon",), ";"), (("semi", "colon"), ";")):
        if (
            made
            and not made[-1].ends
            and words_at(row, index, phrase)
            and made[-1].bare not in {"a", "the", "inverted"}
            and not _is_form(row, index)
        ):
            last = row[index + len(phrase) - 1]
            _mark(made, "." if last.ends and last.mark == "." and mark == "," else mark, last, ends=last.ends)
            return len(phrase)
    return _closing(said, row, index, made)


def _is_form(row: Row, index: int) -> bool:
    after = row[index + 1].bare if index + 1 < len(row) and not row[index].mark and not row[index].ends else ""
    return after in COMMA_BEFORE


def _closing(said: Said, row: Row, index: int, made: Row) -> int:
    """ "question mark" at the end; "question mark pneumonia" says that it may be one."""
    for phrase, mark in ((("question", "mark"), "?"), (("exclamation", "mark"), "!"), (("exclamation", "point"), "!")):
        if made and not made[-1].ends and words_at(row, index, phrase) and made[-1].bare not in {"a", "the"}:
            if not said.breaks(row, index + len(phrase) - 1):
                return 0
            _mark(made, mark, row[index + len(phrase) - 1], ends=True)
            return len(phrase)
    return 0


def _mark(made: Row, mark: str, command: Bit, *, ends: bool) -> None:
    last = made[-1]
    made[-1] = replace(last, text=without_mark(last.text) + mark, upto=command.upto, ends=ends)


def _end(made: Row, upto: int) -> None:
    if made:
        made[-1] = replace(made[-1], upto=upto, ends=True)


def _begun(made: Row, bit: Bit) -> Bit:
    """A word that now begins a passage begins with a capital."""
    if made and made[-1].ends and made[-1].upto > made[-1].last:
        return replace(bit, text=capital(bit.text))
    return bit


def _stop(said: Said, row: Row, index: int, *, used: bool) -> int:
    if not index:
        return 0
    if size := _is_full_stop(row, index):
        return size if used or said.breaks(row, index + size - 1) else 0
    return int(row[index].bare == "period" and _is_period(said, row, index, used=used))


def _is_full_stop(row: Row, index: int) -> int:
    """How many words it has; 0 where something comes "to a full stop"."""
    before = row[index - 1].bare if index else "a"
    return next((len(one) for one in _FULL_STOPS if before not in STOP_AFTER and words_at(row, index, one)), 0)


def _is_period(said: Said, row: Row, index: int, *, used: bool) -> bool:
    here, before = row[index], row[index - 1] if index else None
    if before is None or here.mark in {"?", "!", ":"} or before.mark in {"?", ":"}:
        return False
    if not before.stops and (before.bare in PERIOD_AFTER or _is_noun(row, index)):
        return False
    after = row[index + 1] if index + 1 < len(row) else None
    if after is not None and not here.ends and here.mark != "." and after.bare in PERIOD_BEFORE:
        return False
    if before.stops:  # "Period." by itself
        return here.ends or here.mark == "."
    if said.breaks(row, index) or _breaks_at(said, row, index + 1):
        return True
    return used and after is not None and (after.bare in OPENERS or _is_item(row, index + 1))


def _is_item(row: Row, index: int) -> bool:
    """Whether "number two" of a list that is counted aloud begins here."""
    number = row[index + 1].bare if index + 1 < len(row) and not row[index].mark else ""
    return row[index].bare == "number" and (number.isdecimal() or number in SMALL)


def _is_noun(row: Row, index: int) -> bool:
    """ "a very heavy period", "a two week period", "the one month period"."""
    at = index - 1
    if row[at].bare in SINGULAR_TIMES and at > 0:
        number, further = row[at - 1].bare, row[at - 2].bare if at > 1 else ""
        if number in {"one", "1"}:  # "in one month period" ends a sentence, "over a one month period" does not
            return further in {*PERIOD_DETERMINERS, "over", "every", "per"}
        return number.isdecimal() or number in SMALL
    for _ in range(3):
        if at < 0 or row[at].stops or row[at].bare not in PERIOD_QUALITIES:
            break
        at -= 1
    return at >= 0 and at < index - 1 and row[at].bare in PERIOD_DETERMINERS


def _breaks_at(said: Said, row: Row, index: int) -> bool:
    """Whether a break or a section is said at `index`."""
    if any(words_at(row, index, phrase) for phrase in (*_PARAGRAPHS, *_LINES, *_SECTIONS, *_BULLETS)):
        return True
    return _heading_at(row, index, ("colon",)) > 0


def _break(said: Said, row: Row, index: int) -> int:
    before = row[index - 1] if index else None
    for phrase in (*_PARAGRAPHS, *_LINES):
        if not words_at(row, index, phrase):
            continue
        last = index + len(phrase) - 1
        if phrase in _PARAGRAPHS:
            return len(phrase) if before is None or before.stops or before.bare not in LINE_AFTER else 0
        fresh = before is None or before.stops or before.mark or before.bare == "period"
        after = row[last + 1].bare if last + 1 < len(row) and not (row[last].ends or row[last].mark) else ""
        if after in LINE_BEFORE or not (fresh or before is None or before.bare not in LINE_AFTER):
            return 0
        return len(phrase) if fresh or said.breaks(row, last) else 0
    fresh = before is None or before.stops or before.bare == "period"
    return next((len(one) for one in _BULLETS if fresh and words_at(row, index, one)), 0)


def _last(row: Row, index: int) -> int:
    """ "End of dictation", where nothing follows."""
    fresh = index > 0 and (row[index - 1].stops or row[index].text[:1].isupper() or row[index - 1].bare == "period")
    return next((len(one) for one in _ENDS if fresh and index + len(one) == len(row) and words_at(row, index, one)), 0)


def _section(said: Said, row: Row, index: int, made: Row) -> int:
    """ "next section plan": the heading as its own word of the note, before what follows it."""
    fresh = not index or row[index - 1].stops or row[index - 1].upto > row[index - 1].last
    known = (*_SECTIONS, *_NAMED) if fresh else _SECTIONS
    phrase = next((one for one in known if words_at(row, index, one)), None)
    if phrase is None or (
        index and not row[index - 1].stops and row[index - 1].bare in {"the", "a", "this", "in", "of"}
    ):
        return 0
    start = index + len(phrase)
    start += start < len(row) and row[start].bare in {"is", "colon"} and not row[start - 1].stops
    size = _heading_at(row, start)
    if not size:
        return 0
    _end(made, row[index - 1].upto if index else 0)
    name = row[start : start + size]
    step = start + size - index
    colon = start + size < len(row) and not name[-1].stops and row[start + size].bare in {"colon", "period", "comma"}
    last = row[start + size] if colon else name[-1]
    alone = last.ends
    heading = [replace(bit, text=without_mark(bit.text)) for bit in name]
    heading[0] = replace(heading[0], text=capital(heading[0].text))
    heading[-1] = replace(heading[-1], text=heading[-1].text + ("." if alone else ":"), upto=last.upto, ends=alone)
    made += heading
    return step + colon


def _colon(row: Row, index: int, made: Row) -> Bit | None:
    """A spoken colon after a heading that begins a passage."""
    here = row[index]
    if here.bare != "colon" or not made or made[-1].ends:
        return None
    after = row[index + 1].bare if index + 1 < len(row) and not here.stops else ""
    start = next((n + 1 for n in range(len(made) - 1, -1, -1) if made[n].stops), 0)
    name = " ".join(bit.bare for bit in made[start:])
    return here if name in HEADINGS and after not in COLON_BEFORE else None


def _heading_at(row: Row, index: int, then: Sequence[str] = ()) -> int:
    """How many words the longest heading at `index` has, `then` standing behind it; else 0."""
    for size in range(MOST_HEADING_WORDS, 0, -1):
        some = row[index : index + size]
        whole = len(some) == size and not any(bit.stops for bit in some[:-1])
        if whole and " ".join(bit.bare for bit in some) in HEADINGS and (not then or words_at(row, index + size, then)):
            return size
    return 0


def _paired(row: Row, phrases: tuple[Sequence[tuple[str, ...]], Sequence[tuple[str, ...]]], marks: str) -> Row:
    """Brackets and quotes, where both were said."""
    made: Row = []
    index = 0
    while index < len(row):
        opening = _phrase_at(row, index, phrases[0])
        upto = min(len(row), index + _MOST_IN_BRACKETS) if opening else 0
        end = next((n for n in range(index + opening + 1, upto) if _phrase_at(row, n, phrases[1])), 0)
        if (
            not opening
            or not end
            or any(bit.ends for bit in row[index:end])
            or any(_phrase_at(row, n, phrases[0]) for n in range(index + 1, end))
        ):
            made.append(row[index])
            index += 1
            continue
        inner = row[index + opening : end]
        closing = _phrase_at(row, end, phrases[1])
        last = row[end + closing - 1]
        inner[0] = replace(inner[0], text=marks[0] + inner[0].text)
        inner[-1] = replace(
            inner[-1], text=without_mark(inner[-1].text) + marks[1] + last.mark, upto=last.upto, ends=last.ends
        )
        made += inner
        index = end + closing
    return made


def _phrase_at(row: Row, index: int, phrases: Sequence[tuple[str, ...]]) -> int:
    return next((len(phrase) for phrase in phrases if words_at(row, index, phrase)), 0)
