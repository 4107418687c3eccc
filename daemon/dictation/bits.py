"""A recording's passages as one row of words that rules can change, and back to passages that still know where they were said.

Each rule takes a row of bits and answers with another. A bit that is gone was a command, or was taken back: what it was stays in the
`original` of the passage that follows it, and that passage's anchor begins where it was said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from daemon.model.passage import Passage, TimeAnchor, Word

MARKS = ".,;:!?"
_QUOTES = "\"'“”‘’()[]"
_PAUSE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Heard:
    """One word of a passage as it was heard, with the engine's own word where there is one."""

    text: str
    word: Word | None
    passage: int


@dataclass(frozen=True, slots=True)
class Bit:
    """A word of the text. It says what was heard as `first` to `last`; `upto` is the last of the commands that were carried out on it.

    `ends`: a passage ends with it.
    """

    text: str
    first: int
    last: int
    upto: int
    ends: bool = False

    @property
    def bare(self) -> str:
        """In lower case and without the marks around it."""
        return self.text.lower().strip(MARKS + _QUOTES)

    @property
    def mark(self) -> str:
        """The last character, if it is a mark."""
        last = self.text.rstrip(_QUOTES)[-1:]
        return last if last in MARKS else ""

    @property
    def stops(self) -> bool:
        """Whether a sentence ends with it, or a passage does."""
        return self.ends or (self.mark in {".", "!", "?"} and self.bare not in _NO_STOP)


_NO_STOP = frozenset({"dr", "mr", "mrs", "ms", "prof", "st", "vs", "e.g", "i.e", "approx"})
Row = list[Bit]


@dataclass(frozen=True, slots=True)
class Said:
    """The passages as they came, and every word of them."""

    passages: tuple[Passage, ...]
    heard: tuple[Heard, ...]

    def pause(self, before: Bit, after: Bit) -> float:
        """Seconds between two bits; 0 where nobody knows."""
        one, other = self.heard[before.upto].word, self.heard[after.first].word
        if one is None or other is None or one.end is None or other.start is None:
            return 0.0
        return max(0.0, other.start - one.end)

    def one_voice(self, one: Bit, other: Bit) -> bool:
        """Whether the same person says both, as far as is known."""
        return (
            self.passages[self.heard[one.first].passage].voice == self.passages[self.heard[other.first].passage].voice
        )

    def breaks(self, row: Row, index: int) -> bool:
        """Whether what stands at `index` is followed by something new: an end, a mark, a pause, a capital."""
        here = row[index]
        if here.ends or here.mark or index + 1 >= len(row):
            return True
        after = row[index + 1]
        return after.text[:1].isupper() or self.pause(here, after) >= _PAUSE_SECONDS


def row_of(passages: Sequence[Passage]) -> tuple[Said, Row]:
    """All words of the passages, in order."""
    heard: list[Heard] = []
    row: Row = []
    for number, passage in enumerate(passages):
        texts = passage.text.split()
        words = _aligned(texts, passage.words)
        for text, word in zip(texts, words, strict=True):
            row.append(Bit(text, len(heard), len(heard), len(heard)))
            heard.append(Heard(text, word, number))
        if texts:
            row[-1] = replace(row[-1], ends=True)
    return Said(tuple(passages), tuple(heard)), row


def passages_of(said: Said, row: Row) -> tuple[Passage, ...]:
    """The passages that a changed row makes. Ids are counted anew; a passage that nothing was done to stays as it was."""
    made: list[Passage] = []
    stretches = _stretches(row)
    begin = 0
    for number, stretch in enumerate(stretches, 1):
        end = len(said.heard) if number == len(stretches) else max(bit.upto for bit in stretch) + 1
        made.append(_passage(said, stretch, (begin, end), f"p{number}"))
        begin = end
    return tuple(made)


def words_at(row: Row, index: int, phrase: Sequence[str]) -> bool:
    """Whether the words at `index` are these, said in one breath."""
    # Asked of every word for each command there is: nearly always the first word tells.
    if index >= len(row) or phrase[0] not in row[index].text.lower() or row[index].bare != phrase[0]:
        return False
    some = row[index : index + len(phrase)]
    if len(some) < len(phrase) or any(bit.stops for bit in some[:-1]):
        return False
    return all(bit.bare == word for bit, word in zip(some, phrase, strict=True))


def capital(text: str) -> str:
    """With its first letter large."""
    return re.sub(r"[^\W\d_]", lambda found: found[0].upper(), text, count=1) if text[:1].islower() else text


def without_mark(text: str) -> str:
    """Without the marks at its end."""
    return text.rstrip(MARKS)


def _aligned(texts: Sequence[str], words: Sequence[Word]) -> list[Word | None]:
    """Each piece of the text with the engine's word that says it, in order."""
    found: list[Word | None] = []
    left = list(words)
    for text in texts:
        at = next((n for n, word in enumerate(left[:3]) if word.text.strip() == text), None)
        found.append(left[at] if at is not None else None)
        left = left[at + 1 :] if at is not None else left
    return found


def _stretches(row: Row) -> list[Row]:
    stretches: list[Row] = [[]]
    for bit in row:
        stretches[-1].append(bit)
        if bit.ends:
            stretches.append([])
    return [stretch for stretch in stretches if stretch]


def _passage(said: Said, stretch: Row, span: tuple[int, int], name: str) -> Passage:
    heard = said.heard[span[0] : span[1]]
    first, last = said.passages[heard[0].passage], said.passages[heard[-1].passage]
    text, spoken = " ".join(bit.text for bit in stretch), " ".join(one.text for one in heard)
    whole = first is last and spoken == " ".join(first.text.split())
    if whole and text == spoken:
        return replace(first, id=name)
    words = tuple(word for bit in stretch if (word := _word(said, bit)) is not None)
    sure = [word.confidence for word in words]
    home = said.passages[said.heard[stretch[0].first].passage]
    return replace(
        home,
        id=name,
        text=text,
        anchor=home.anchor if whole else _anchor(said, span, home),
        confidence=round(sum(sure) / len(sure), 4) if sure else home.confidence,
        words=words,
        original=spoken if spoken != text else "",
    )


def _anchor(said: Said, span: tuple[int, int], home: Passage) -> TimeAnchor:
    """From the first word heard to the last; a passage's own edge where a word has no time."""
    first, last = said.heard[span[0]], said.heard[span[1] - 1]
    opening, closing = said.passages[first.passage].anchor, said.passages[last.passage].anchor
    assert isinstance(home.anchor, TimeAnchor)
    assert isinstance(opening, TimeAnchor)
    assert isinstance(closing, TimeAnchor)
    at_start = span[0] == 0 or said.heard[span[0] - 1].passage != first.passage
    at_end = span[1] == len(said.heard) or said.heard[span[1]].passage != last.passage
    start = opening.start if at_start or first.word is None or first.word.start is None else first.word.start
    end = closing.end if at_end or last.word is None or last.word.end is None else last.word.end
    return TimeAnchor(home.anchor.source, start, max(start, end))


def _word(said: Said, bit: Bit) -> Word | None:
    """The engine's word, with the text that now stands for it; as sure as the least sure of several."""
    words = [one.word for one in said.heard[bit.first : bit.last + 1] if one.word is not None]
    if not words:
        return None
    if len(words) == 1:
        return words[0] if words[0].text == bit.text else replace(words[0], text=bit.text)
    return Word(bit.text, min(word.confidence for word in words), words[0].start, words[-1].end)
