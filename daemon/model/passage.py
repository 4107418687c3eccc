"""What was read: passages with an anchor to where they stand in the source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from daemon.model.source import Source

HAND_CONFIDENCE: Final = 0.3
"""No word that is written by hand is read more surely: a recogniser reads a neat hand wrongly with 0.99."""


@dataclass(frozen=True, slots=True)
class TimeAnchor:
    """A stretch of a recording; seconds from its beginning."""

    source: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class PageAnchor:
    """A box on a page of a scan. `page` counts from 1; `box` is left, top, right, bottom as fractions of the page (0 to 1)."""

    source: str
    page: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class LineAnchor:
    """Lines of a text, `line` to `last_line`, counting from 1."""

    source: str
    line: int
    last_line: int


Anchor = TimeAnchor | PageAnchor | LineAnchor


@dataclass(frozen=True, slots=True)
class Word:
    """One word as an engine read it. `confidence` is 0 to 1; `start` and `end` are seconds, in recordings only.

    `suggestions` are what an unsure word may have been, the likeliest first, by its sound, or what was heard at first where it
    was listened to once more: shown to people, never put in its place.
    """

    text: str
    confidence: float
    start: float | None = None
    end: float | None = None
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, a clause or a line on a form. `id` is unique within a job: p1, p2, …

    `original` is what was heard or read, word for word, where `text` is that in another form ("scratch that" carried out, "five hundred
    milligrams" as "500 milligrams"); else empty. `voice` tells the voices of a recording apart ("A", "B"), empty where nobody knows.
    `hand` is "handwritten" where a person has to read it themselves, whatever `text` says. `cutout` is a picture of the place: base64 of a PNG.
    """

    id: str
    text: str
    anchor: Anchor
    confidence: float
    words: tuple[Word, ...] = ()
    original: str = ""
    voice: str = ""
    hand: Literal["", "handwritten"] = ""
    cutout: str = ""


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """Which engine did the work: a model's name and the SHA-256 of its main file."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A source of a packet that could not be read, and the error's code: the others are drafted from, and the draft says so."""

    source: str
    code: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read from the sources of one job.

    `unreadable` are places where something stands that could not be read: they are named in the draft, never guessed.
    """

    sources: tuple[Source, ...]
    passages: tuple[Passage, ...]
    unreadable: tuple[Anchor, ...] = ()
    engines: tuple[tuple[str, EngineInfo], ...] = ()
    unread: tuple[Unread, ...] = ()
