"""Reads texts: notes, transcripts from another tool, typed forms. In this process, since nothing in them is parsed but lines.

A note's passages are its sentences and its headings; a transcript's are its turns, each with who speaks. Every character that is shown
comes from the file; what is left out is white space, control characters, bullets, and Markdown's marks of headings and stress.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from daemon.adapters.reading.untrusted_reading import MAX_PASSAGES, clean_text
from daemon.faithfulness.reading.sentences import sentences
from daemon.model.errors import PermanentError
from daemon.model.passage import LineAnchor, Passage, Reading
from daemon.model.source import Source
from daemon.model.text_bytes import decode_text

MAX_LINES = 50_000
LONG_TURN_WORDS = 30
"""A turn of more words is several passages: it may say what belongs into several sections."""
_PIECE_CHARACTERS = 1_000
"""A sentence without an end is cut at a blank; a passage in a draft is read by eye."""

_ROLE = (
    r"(?:doctor|dr\.?(?: [^\W\d_][\w'’.-]*){0,2}|physician|provider|clinician|nurse(?: practitioner)?|np|pa|rn|ma|medical assistant|therapist|"
    r"pharmacist|resident|student|interpreter|translator|patient|pt|mother|mom|father|dad|parent|guardian|spouse|husband|wife|partner|"
    r"son|daughter|sister|brother|family(?: member)?|caregiver|guest(?:[_ ](?:family|clinician))?|staff|receptionist|speaker(?: ?[\da-z])?|"
    r"d|p)(?: ?#?\d{1,2})?"
)
_TIME = r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])]?"
_LABEL = r"[^\W\d_][\w'’.-]*(?: [\w'’.#-]+){0,3}"
_TURN = re.compile(rf"(?:{_TIME}\s*[-–]?\s*)?(?:\*\*)?(?:\[(?P<boxed>{_LABEL})\]\s*:?|(?P<plain>{_LABEL})\s*(?:{_TIME})?\s*:(?!//))(?:\*\*)?(?=\s|$)")  # fmt: skip
_TURN_HEAD = re.compile(rf"(?P<plain>{_LABEL})\s+{_TIME}\s*")
_NO_TEXT = re.compile(rf"(?:{_TIME}\s*(?:-->\s*{_TIME})?|\d{{1,5}}|WEBVTT)\s*")
_IS_ROLE = re.compile(_ROLE, re.IGNORECASE)
_OPENING_MARKS = re.compile(r"(?:#{1,6}\s+|>\s+)?[*_]{0,3}")
_CLOSING_MARKS = "*_"


def read_text(source: Source, untrusted_bytes: bytes) -> Reading:
    """What stands in a text, with lines for anchors. `media-mismatch` for what is no text, `media-too-large`, `media-empty`."""
    lines = [clean_text(line) for line in decode_text(untrusted_bytes).split("\n")]
    if sum(map(bool, lines)) > MAX_LINES:
        raise PermanentError("media-too-large")
    pieces = _turns(lines) if _is_transcript(lines) else _prose(lines)
    passages: list[Passage] = []
    for piece in pieces:
        if len(passages) == MAX_PASSAGES:
            raise PermanentError("media-too-large")
        anchor = LineAnchor(source.id, piece.line, piece.last_line)
        passages.append(Passage(f"p{len(passages) + 1}", piece.text, anchor, 1.0))
    if not passages:
        raise PermanentError("media-empty")
    return Reading(sources=(source,), passages=tuple(passages))


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    line: int
    last_line: int


def _prose(lines: Sequence[str]) -> Iterator[_Piece]:
    """Sentences and headings, in order."""
    text = "\n".join(lines)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    spans = sentences(text)
    spoken_for = _lines_of(spans, starts)
    headings = [(starts[n], starts[n] + len(line)) for n, line in enumerate(lines) if line and n not in spoken_for]
    for start, end in sorted([*spans, *headings]):
        first, last = bisect_right(starts, start), bisect_right(starts, end - 1)
        plain = _unmarked(text[start:end])
        if any(character.isalnum() for character in plain):
            yield from (_Piece(piece, first, last) for piece in _short(plain))


def _lines_of(spans: Sequence[tuple[int, int]], starts: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for start, end in spans:
        found.update(range(bisect_right(starts, start) - 1, bisect_right(starts, end - 1)))
    return found


def _unmarked(text: str) -> str:
    """Without Markdown's marks, in time proportional to the text: a line of two million `#` is no reason to stand still."""
    said = _OPENING_MARKS.sub("", " ".join(text.split()), count=1).rstrip("#").rstrip()
    closing = min(len(said) - len(said.rstrip(_CLOSING_MARKS)), 3)
    return said[: len(said) - closing].replace("**", "").strip()


def _short(text: str) -> Iterator[str]:
    while len(text) > _PIECE_CHARACTERS:
        cut = text.rfind(" ", 1, _PIECE_CHARACTERS)
        cut = cut if cut > 0 else _PIECE_CHARACTERS
        yield text[:cut].strip()
        text = text[cut:].strip()
    if text:
        yield text


def _is_transcript(lines: Sequence[str]) -> bool:
    """Whether it is talk: most lines begin a turn, of at least two speakers who speak again and again or are called by their roles.

    Some tools put a speaker's name and the time above a turn: two such lines are enough where one names a role.
    A form ("Name: …") or a note ("Plan: …") has labels too, but each but once, or one label's lines apart from the next's.
    """
    labels = [label for line in lines if (label := _speaker(line)) is not None]
    counts = Counter(labels)
    roles = [label for label in labels if _IS_ROLE.fullmatch(label)]
    if not {"s", "o", "a"}.isdisjoint(counts):  # the parts of a SOAP note
        return False
    timed = {line.lower() for line in lines if _TURN_HEAD.fullmatch(line)}
    if roles and len(counts) > 1 and len(timed) > 1:
        return True
    if len(set(roles)) > 1 and 2 * len(roles) >= len(labels):
        return len(labels) * 4 >= sum(bool(line) for line in lines)
    changes = sum(one != following for one, following in pairwise(labels))
    talk = len(labels) >= 4 and 1 < len(counts) <= len(labels) / 2 and changes * 2 >= len(labels)
    return talk and len(labels) * 2 >= sum(bool(line) for line in lines)


def _speaker(line: str) -> str | None:
    match = _TURN.match(line) or _TURN_HEAD.fullmatch(line)
    if match is None:
        return None
    named: str = match.groupdict().get("boxed") or match["plain"]
    return named.lower()


def _turns(lines: Sequence[str]) -> Iterator[_Piece]:
    """Each turn with who speaks; a long one sentence by sentence, each with who speaks."""
    speaker, said, first, last = "", "", 1, 1
    for number, line in enumerate(lines, 1):
        if not line or _NO_TEXT.fullmatch(line):
            continue
        head = _TURN_HEAD.fullmatch(line) or _TURN.match(line)
        if head is not None:
            yield from _turn(speaker, said, first, last)
            named = head.groupdict().get("boxed") or head["plain"]
            speaker, said, first, last = f"{named}: ", line[head.end() :].strip(), number, number
        else:
            said, last = f"{said} {line}".strip(), number
            first = first if len(said) > len(line) or speaker else number
    yield from _turn(speaker, said, first, last)


def _turn(speaker: str, said: str, first: int, last: int) -> Iterator[_Piece]:
    if not any(character.isalnum() for character in said):
        return
    whole = len(said.split()) <= LONG_TURN_WORDS
    spans = () if whole else sentences(said)
    for text in [said[start:end] for start, end in spans] or [said]:
        yield from (_Piece(f"{speaker}{piece}", first, last) for piece in _short(text))
