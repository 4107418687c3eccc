"""Which lines of a page hold handwriting, and what of each: places on the page and lines in reading order, put together."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final

from daemon.engines.layout import UNREADABLE
from daemon.engines.line import Line
from daemon.model.passage import HAND_CONFIDENCE

if TYPE_CHECKING:
    from daemon.engines.hands import Hand

MAX_PICTURES: Final = 40
"""Of a document."""
_TICK = re.compile(r"\[[ X?]\]")
_WORD = re.compile(r"\[[ X?]\]|\S+")


class Pictures:
    """Adds to lines what is said of handwriting, with no more pictures than a document may have."""

    def __init__(self) -> None:
        self._left = MAX_PICTURES

    def of(self, lines: Sequence[Line], hands: Sequence[Hand]) -> list[dict[str, Any]]:
        """For each line the keys that its handwriting adds: hand; cutout (base64 of a PNG); words with their confidence."""
        held: list[list[Hand]] = [[] for _ in lines]
        for hand in hands:
            shares = [(_shared(line, hand.box), nth) for nth, line in enumerate(lines) if _says(line, hand)]
            share, best = max(shares, default=(0.0, 0))
            if share > 0:
                held[best].append(hand)
        return [self._keys(line, some) for line, some in zip(lines, held, strict=True)]

    def _keys(self, line: Line, hands: Sequence[Hand]) -> dict[str, Any]:
        if not hands:
            return {}
        keys: dict[str, Any] = {}
        sure = [hand for hand in hands if hand.sure]
        if sure:
            keys |= {"hand": "handwritten", "words": _words(line, [hand.box.text or UNREADABLE for hand in sure])}
        # One picture a line: of its widest place.
        picture = max(hands, key=lambda hand: hand.box.right - hand.box.left).picture
        if picture and self._left:
            self._left -= 1
            keys["cutout"] = base64.b64encode(picture).decode()
        return keys


def _shared(line: Line, box: Line) -> float:
    """How much of a place lies within a line."""
    across = min(line.right, box.right) - max(line.left, box.left)
    down = min(line.bottom, box.bottom) - max(line.top, box.top)
    size = max((box.right - box.left) * box.height, 1e-9)
    return across * down / size if across > 0 and down > 0 else 0.0


def _says(line: Line, hand: Hand) -> bool:
    """Whether the line holds any of the place's words; what could not be read stands in it as a word of its own, or not at all."""
    words = _WORD.findall(hand.box.text) or [UNREADABLE]
    return any(word in line.text for word in words)


def _words(line: Line, written: Sequence[str]) -> list[list[Any]]:
    """The line's words with their confidence: those that are handwritten are never sure. Where none is found, all are doubted."""
    here = [found[0] for found in _WORD.finditer(line.text)]
    at: set[int] = set()
    for text in written:
        same = SequenceMatcher(None, here, _WORD.findall(text), autojunk=False).get_matching_blocks()
        at |= {block.a + nth for block in same for nth in range(block.size)}
    at = at or set(range(len(here)))
    low = min(line.confidence, HAND_CONFIDENCE)
    return [
        [word, round(low if nth in at and not _TICK.fullmatch(word) else line.confidence, 4)]
        for nth, word in enumerate(here)
    ]
