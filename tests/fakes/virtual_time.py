"""Time that passes only while somebody waits, and what happens in it."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from threading import Event


class VirtualTime:
    """`daemon.ports.Clock`. What is planned for a moment happens while somebody waits for a later one, in order."""

    def __init__(self, start: datetime) -> None:
        self.start = start
        # Whole microseconds: what a float of seconds loses in a year would never be waited for to the end.
        self._passed = self._slept = 0
        self._set_wrong = timedelta()
        self._plans: list[tuple[int, int, Callable[[], None]]] = []
        self._numbers = count()

    def now(self) -> datetime:
        """What the machine's clock shows."""
        return self.true_time() + self._set_wrong

    def true_time(self) -> datetime:
        """What it should show."""
        return self.start + timedelta(microseconds=self._passed)

    def monotonic(self) -> float:
        return (self._passed - self._slept) / 1_000_000

    def wait(self, wake: Event, seconds: float) -> bool:
        until = self._passed - self._slept + max(1, round(seconds * 1_000_000))
        while not wake.is_set() and self._plans and self._plans[0][0] <= until + self._slept:
            moment, _, happen = heapq.heappop(self._plans)
            self._passed = max(self._passed, moment)  # what should have happened in sleep happens after it
            happen()
        if not wake.is_set():
            self._passed = max(self._passed, until + self._slept)
        return wake.is_set()

    def plan(self, moment: datetime, happen: Callable[[], None]) -> None:
        """Let something happen at a moment (UTC)."""
        heapq.heappush(self._plans, ((moment - self.start) // timedelta(microseconds=1), next(self._numbers), happen))

    def sleep(self, seconds: float) -> None:
        """The machine sleeps: time goes on, the monotonic clock does not."""
        self._passed += round(seconds * 1_000_000)
        self._slept += round(seconds * 1_000_000)

    def set_clock(self, by: timedelta) -> None:
        """Somebody sets the machine's clock."""
        self._set_wrong += by

    def ended(self) -> bool:
        """Whether nothing is planned any more."""
        return not self._plans
