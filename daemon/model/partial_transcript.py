"""What was heard of a long recording so far: kept sealed, so that a try that dies costs one window and not the recording."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from daemon.model.errors import PermanentError


@dataclass(frozen=True, slots=True)
class Window:
    """What stands in a recording up to sample `until` (16,000 a second), or in a part of it that ends there.

    `words` are text with its leading space, confidence (0 to 1), start and end; `unreadable` and `foreign` are stretches. In seconds
    of the whole recording.
    """

    until: int
    words: tuple[tuple[str, float, float, float], ...] = ()
    unreadable: tuple[tuple[float, float], ...] = ()
    foreign: tuple[tuple[float, float], ...] = ()

    def with_next(self, window: Window) -> Window:
        """This, and the window after it. Raises PermanentError("engine-protocol") if it is not after it."""
        if window.until <= self.until:
            raise PermanentError("engine-protocol")
        return Window(
            window.until,
            self.words + window.words,
            self.unreadable + window.unreadable,
            self.foreign + window.foreign,
        )

    def to_json(self) -> dict[str, Any]:
        """As a child takes it."""
        return {
            "until": self.until,
            "words": [list(word) for word in self.words],
            "unreadable": [list(stretch) for stretch in self.unreadable],
            "foreign": [list(stretch) for stretch in self.foreign],
        }


def window_to_bytes(window: Window) -> bytes:
    """What is sealed."""
    return json.dumps(window.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def window_from_bytes(data: bytes) -> Window:
    """The inverse of `window_to_bytes`. Raises PermanentError("vault-unreadable")."""
    try:
        return _window_from(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise PermanentError("vault-unreadable") from None


def _window_from(data: Mapping[str, Any]) -> Window:
    return Window(
        int(data["until"]),
        tuple((str(text), float(sure), float(start), float(end)) for text, sure, start, end in data["words"]),
        tuple((float(start), float(end)) for start, end in data["unreadable"]),
        tuple((float(start), float(end)) for start, end in data["foreign"]),
    )
