"""The watch on the inbox, kept going: begun anew when it died, when the folder is another one, when the machine slept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from daemon.ports import Clock

RETRY_SECONDS = 600.0
"""A share that gives no events, or a system without watches to spare, is asked again no more often."""


class Watch(Protocol):
    """What `InboxWatch` is."""

    def alive(self) -> bool:
        """Whether events can still come."""

    def stop(self) -> None:
        """End it."""


class Watching:
    """Holds at most one watch. That there is none only makes the service slower: the rescan finds everything."""

    def __init__(self, begin: Callable[[], Watch], clock: Clock) -> None:
        self._begin, self._clock = begin, clock
        self._watch: Watch | None = None
        self._begun_at, self._was_alive = float("-inf"), False

    def keep(self, *, anew: bool) -> None:
        """Look after it; `anew`: begin another whatever the old one is."""
        if self._watch is not None and not anew and self._watch.alive():
            self._was_alive = True
            return
        now = self._clock.monotonic()
        if anew or self._was_alive or now - self._begun_at >= RETRY_SECONDS:
            self.stop()
            self._watch, self._begun_at = self._begin(), now

    def stop(self) -> None:
        """No watch from here on."""
        watch, self._watch = self._watch, None
        self._begun_at, self._was_alive = float("-inf"), False
        if watch is not None:
            watch.stop()
