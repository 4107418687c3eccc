"""What was said, sentence by sentence in the passages' own words: a question with the answer that follows it, and nothing joined else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from daemon.faithfulness.late import late

JOIN = " … "
"""Between two pieces of one cell that stand in different passages, or apart in one."""
# Possessive, and begun but once in a row of stops: "......" is read once, however long it is.
_STOP = late(r"(?<![.!?])[.!?]++[\"'”’)\]]*+(?=\s|$)|\n+")
_NO_END = late(r"(?:^|[\s(])(?:dr|mr|mrs|ms|st|vs|approx|pt|no|[b-hj-z]|[a-z](?:\.[a-z])+)$", re.IGNORECASE)
_SPEAKER = late(
    r"\s*(?:\[?(?:doctor|patient|dr|pt|d|p|clinician|provider|physician|nurse|mother|father|guest[_ ]\w+)\]?\s?:|\[(?:doctor|patient)\])\s*",
    re.IGNORECASE,
)
_ASKS = late(r"(?:and\s+|okay\W+|so\W+)*(?:how|what) about\b", re.IGNORECASE)
# Speech recognition writes a full stop behind many a question. "Have you" and "is there" begin nothing else; "do you … no" has its answer with it.
_ASKS_UNMARKED = late(
    r"(?:(?:and|or|okay|ok|so|now|um|uh|well|all right|alright)\W+)*(?:do|did|have|are|were) you\b(?! to\b)[^,.;:!?]{0,90}[.,]?$"
    r"|(?:(?:and|or|okay|ok|so|now|um|uh|well|all right|alright)\W+)*(?:is there any|are there any|has (?:he|she)|does (?:he|she)|did (?:he|she)|is (?:he|she))\b"
    r"[^,.;:!?]{0,90}[.,]?$",
    re.IGNORECASE,
)
_ANSWERED = late(r"\b(?:no|yes|yeah|nope|i do|i don't|i have|i'm|i am|not really)\b", re.IGNORECASE)
_LONGEST = 800  # characters; of ACI-Bench's sentences, many of them without a stop, 1 in 100 is longer
_SHORT_WORDS = 4  # an answer as short as "No." or "Yes, I do." goes on in the next sentence
_PAUSE = late(
    r"\W*(?:(?:okay|ok|mm-?hmm|mhm|uh-?huh|all right|alright|right|um|uh|hm+|oh|i see|sure|great|good|gotcha)\W*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the passage `id`, blanks made single. `answer` is what was said to it, if it asks."""

    text: str
    id: str
    answer: tuple[Line, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether it is a question."""
        return (
            self.text.rstrip("\"'”’) ").endswith("?") or _ASKS.match(self.text) is not None or asks_unmarked(self.text)
        )

    def whole(self) -> tuple[str, tuple[str, ...]]:
        """The sentence with its answer, and the passages that both stand in."""
        lines = (self, *self.answer)
        return JOIN.join(line.text for line in lines), tuple(dict.fromkeys(line.id for line in lines))


def asks_unmarked(text: str) -> bool:
    """Whether a sentence without its question mark is a question, and holds no answer: "Do you have any chest pain."."""
    return _ASKS_UNMARKED.match(text) is not None and _ANSWERED.search(text) is None


def with_answers(lines: Sequence[Line], is_idle: Callable[[str], bool]) -> list[Line]:
    """The lines, each that asks with its answer. Of what `is_idle`, as of a pause, no answer consists."""
    return [
        Line(line.text, line.id, _answer(lines, at, is_idle)) if line.asks else line for at, line in enumerate(lines)
    ]


def lines_of(texts: Iterable[tuple[str, str]]) -> list[Line]:
    """The sentences of texts with their ids, in order, without answers."""
    return [Line(sentence, name) for name, text in texts for sentence in sentences_of(text)]


def sentences_of(passage: str) -> Iterator[str]:
    """The sentences of a text, blanks made single, without the name of who speaks before a turn."""
    for untrimmed in passage.splitlines():
        text = " ".join(untrimmed.split())
        speaker = _SPEAKER.match(text)
        begin = speaker.end() if speaker else 0
        for stop in [*(found for found in _STOP.finditer(text, begin) if _closes(text, found)), None]:
            end = stop.end() if stop else len(text)
            for piece in _cut(text[begin:end].strip()):
                if any(character.isalnum() for character in piece):
                    yield piece
            begin = end


def _cut(sentence: str) -> Iterator[str]:
    """A sentence without end in pieces, cut between words, at a comma if there is one: rules look at all pairs in a sentence."""
    while len(sentence) > _LONGEST:
        comma, blank = sentence.rfind(", ", _LONGEST // 2, _LONGEST), sentence.rfind(" ", 1, _LONGEST)
        at = comma + 1 if comma > 0 else blank if blank > 0 else _LONGEST
        yield sentence[:at].strip()
        sentence = sentence[at:].strip()
    yield sentence


def _closes(text: str, stop: re.Match[str]) -> bool:
    """Whether a sentence ends here, and not an abbreviation."""
    after = text[stop.end() :].lstrip()[:2]
    if stop[0][0] != "." or text[stop.start() - 1 : stop.start()] == " ":
        return True
    if after[:1].islower() or (len(after) > 1 and after[1] == "."):
        return False
    before = text[max(0, stop.start() - 10) : stop.start()]
    return _NO_END.search(before) is None or (
        after[:1].isupper() and re.search(r"\.[a-z]$", before, re.IGNORECASE) is not None
    )


def _answer(lines: Sequence[Line], at: int, is_idle: Callable[[str], bool]) -> tuple[Line, ...]:
    """The next sentence that is more than a sound, and the one behind it if that is as short as a yes."""
    ahead = [line for line in lines[at + 1 : at + 4] if not (_PAUSE.fullmatch(line.text) or is_idle(line.text))][:2]
    if not ahead or ahead[0].asks:
        return ()
    short = len(ahead[0].text.split()) <= _SHORT_WORDS
    same = len(ahead) > 1 and ahead[1].id == ahead[0].id and not ahead[1].asks
    return tuple(ahead) if short and same else (ahead[0],)
