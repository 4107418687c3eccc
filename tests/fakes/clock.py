"""A clock that stands still until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event


class FakeClock:
    """`daemon.ports.Clock`; begins at a fixed moment."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 21, 9, 15, tzinfo=UTC)
        self._monotonic = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def wait(self, wake: Event, seconds: float) -> bool:
        if not wake.is_set():
            self.advance(seconds)
        return wake.is_set()

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds
