"""What an engine child says it read, checked before it becomes passages.

The child has parsed hostile bytes, so its answer is one more untrusted input: every type, range, id and length is
checked here, and text is brought to one form. Whatever does not fit is `engine-protocol`.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import Any, Literal

from daemon.adapters.reading.untrusted_cutout import untrusted_cutout
from daemon.model.errors import PermanentError
from daemon.model.limits import Limits
from daemon.model.partial_transcript import Window
from daemon.model.passage import Anchor, PageAnchor, Passage, TimeAnchor, Word

MAX_PASSAGES = 20_000
MAX_PASSAGE_CHARACTERS = 5_000
MAX_WORDS_A_PASSAGE = 1_000
# Three hours of the fastest speech are half of that.
MAX_WORDS_A_WINDOW = 100_000
SAMPLES_A_SECOND = 16_000
MAX_CUTOUTS = 40
# Of a text as a logarithm: hundreds of the least likely words.
LEAST_CHANCE = -1e5
VOICES = ("", "A", "B")
# Word times come from a 20 ms grid after padding: the last may lie past the end of the recording.
SLACK_SECONDS = 31.0


def recording_from(
    untrusted: dict[str, Any], source: str, limits: Limits
) -> tuple[float, tuple[Passage, ...], tuple[Anchor, ...]]:
    """Seconds, passages and unreadable stretches of a recording. Raises PermanentError: `engine-protocol`,
    `speech-none`."""
    seconds = _number(untrusted.get("seconds"), 0.0, limits.max_seconds + 1.0)
    latest = seconds + SLACK_SECONDS
    passages = tuple(
        Passage(
            id=f"p{number}",
            text=_text(item.get("text")),
            anchor=_time_anchor(source, item.get("start"), item.get("end"), latest),
            confidence=_number(item.get("confidence"), 0.0, 1.0),
            words=tuple(_word(word, latest) for word in _items(item.get("words"), MAX_WORDS_A_PASSAGE)),
            voice=_voice(item.get("voice", "")),
        )
        for number, item in enumerate(_records(untrusted.get("passages")), 1)
    )
    unreadable = tuple(
        _time_anchor(source, *_pair(stretch), latest) for stretch in _items(untrusted.get("unreadable"), MAX_PASSAGES)
    )
    if not passages:
        raise PermanentError("speech-none")
    return seconds, passages, unreadable


def chances_from(untrusted: dict[str, Any], many: Sequence[int]) -> tuple[tuple[float, ...], ...]:
    """For each place how likely so many texts are, as logarithms; a place may have none. Raises PermanentError("engine-protocol")."""
    places = [_items(place, MAX_PASSAGES) for place in _items(untrusted.get("chances"), MAX_PASSAGES)]
    if len(places) != len(many) or any(
        len(place) not in (0, wanted) for place, wanted in zip(places, many, strict=True)
    ):
        raise PermanentError("engine-protocol")
    return tuple(tuple(_number(each, LEAST_CHANCE, 0.0) for each in place) for place in places)


def window_from(untrusted: dict[str, Any], limits: Limits) -> Window:
    """One window of a long recording. Raises PermanentError("engine-protocol")."""
    latest = limits.max_seconds + SLACK_SECONDS
    return Window(
        until=_whole(untrusted.get("until"), 1, int((limits.max_seconds + 1.0) * SAMPLES_A_SECOND)),
        words=tuple(_heard(word, latest) for word in _items(untrusted.get("words"), MAX_WORDS_A_WINDOW)),
        unreadable=tuple(_stretch(each, latest) for each in _items(untrusted.get("unreadable"), MAX_PASSAGES)),
        foreign=tuple(_stretch(each, latest) for each in _items(untrusted.get("foreign"), MAX_PASSAGES)),
    )


def _heard(untrusted: object, latest: float) -> tuple[str, float, float, float]:
    """A word as it goes back to the child: its leading space counts, and its text is cleaned when it comes as part of a passage."""
    match untrusted:
        case [str() as text, confidence, start, end] if len(text) <= MAX_PASSAGE_CHARACTERS:
            begin = _number(start, 0.0, latest)
            return text, _number(confidence, 0.0, 1.0), begin, _number(end, begin, latest)
    raise PermanentError("engine-protocol")


def _stretch(untrusted: object, latest: float) -> tuple[float, float]:
    start, end = _pair(untrusted)
    begin = _number(start, 0.0, latest)
    return begin, _number(end, begin, latest)


def scan_from(
    untrusted: dict[str, Any], source: str, limits: Limits
) -> tuple[int, bool, tuple[Passage, ...], tuple[Anchor, ...]]:
    """Pages, whether OCR was needed, passages and unreadable places of a scan. Raises PermanentError:
    `engine-protocol`, `page-unreadable`."""
    pages = _whole(untrusted.get("pages"), 1, limits.max_pages)
    lines = _records(untrusted.get("lines"))
    if sum("cutout" in item for item in lines) > MAX_CUTOUTS:
        raise PermanentError("engine-protocol")
    passages = tuple(
        Passage(
            id=f"p{number}",
            text=_text(item.get("text")),
            anchor=_page_anchor(source, item, pages),
            confidence=_number(item.get("confidence"), 0.0, 1.0),
            words=tuple(_read_word(word) for word in _items(item.get("words", []), MAX_WORDS_A_PASSAGE)),
            hand=_hand(item.get("hand", "")),
            cutout=untrusted_cutout(item["cutout"]) if "cutout" in item else "",
        )
        for number, item in enumerate(lines, 1)
    )
    unreadable = tuple(_page_anchor(source, item, pages) for item in _records(untrusted.get("unreadable")))
    if not passages:
        raise PermanentError("page-unreadable")
    return pages, untrusted.get("ocr") is True, passages, unreadable


def clean_text(untrusted: str) -> str:
    """NFC, without control, format, surrogate and private-use characters; line breaks stay, other space is one blank."""
    kept = "".join(
        character if character == "\n" or unicodedata.category(character)[0] != "C" else " "
        for character in unicodedata.normalize("NFC", untrusted)
    )
    return "\n".join(line for line in (" ".join(part.split()) for part in kept.split("\n")) if line)


def _word(untrusted: object, latest: float) -> Word:
    match untrusted:
        case [str() as text, confidence, start, end]:
            begin = _number(start, 0.0, latest)
            return Word(clean_text(text), _number(confidence, 0.0, 1.0), begin, _number(end, begin, latest))
    raise PermanentError("engine-protocol")


def _read_word(untrusted: object) -> Word:
    match untrusted:
        case [str() as text, confidence] if len(text) <= MAX_PASSAGE_CHARACTERS:
            return Word(clean_text(text), _number(confidence, 0.0, 1.0))
    raise PermanentError("engine-protocol")


def _text(untrusted: object) -> str:
    if isinstance(untrusted, str) and len(untrusted) <= MAX_PASSAGE_CHARACTERS:
        text = clean_text(untrusted)
        if text:
            return text
    raise PermanentError("engine-protocol")


def _voice(untrusted: object) -> str:
    if isinstance(untrusted, str) and untrusted in VOICES:
        return untrusted
    raise PermanentError("engine-protocol")


def _hand(untrusted: object) -> Literal["", "handwritten"]:
    match untrusted:
        case "" | "handwritten":
            return untrusted
    raise PermanentError("engine-protocol")


def _time_anchor(source: str, untrusted_start: object, untrusted_end: object, latest: float) -> TimeAnchor:
    start = _number(untrusted_start, 0.0, latest)
    return TimeAnchor(source, start, _number(untrusted_end, start, latest))


def _page_anchor(source: str, untrusted: dict[str, Any], pages: int) -> PageAnchor:
    page = _whole(untrusted.get("page"), 1, pages)
    box = untrusted.get("box")
    if not isinstance(box, list) or len(box) != 4:
        raise PermanentError("engine-protocol")
    left, top, right, bottom = (_number(edge, 0.0, 1.0) for edge in box)
    if left > right or top > bottom:
        raise PermanentError("engine-protocol")
    return PageAnchor(source, page, (left, top, right, bottom))


def _pair(untrusted: object) -> tuple[object, object]:
    match untrusted:
        case [start, end]:
            return start, end
    raise PermanentError("engine-protocol")


def _records(untrusted: object) -> list[dict[str, Any]]:
    items = _items(untrusted, MAX_PASSAGES)
    if not all(isinstance(item, dict) for item in items):
        raise PermanentError("engine-protocol")
    return items


def _items(untrusted: object, most: int) -> list[Any]:
    if not isinstance(untrusted, list) or len(untrusted) > most:
        raise PermanentError("engine-protocol")
    return untrusted


def _number(untrusted: object, least: float, most: float) -> float:
    if isinstance(untrusted, bool) or not isinstance(untrusted, int | float):
        raise PermanentError("engine-protocol")
    # Compared before it is converted: JSON's integers have no end.
    if not least <= untrusted <= most or (isinstance(untrusted, float) and math.isnan(untrusted)):
        raise PermanentError("engine-protocol")
    return float(untrusted)


def _whole(untrusted: object, least: int, most: int) -> int:
    if isinstance(untrusted, bool) or not isinstance(untrusted, int) or not least <= untrusted <= most:
        raise PermanentError("engine-protocol")
    return untrusted
