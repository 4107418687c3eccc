"""Whether anything is at work, for a watch on work that stands still."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Activity:
    """Whether a step is at work, and since when none is (monotonic seconds)."""

    def __init__(self) -> None:
        self._lock, self._steps, self._still_since = threading.Lock(), 0, time.monotonic()

    @contextmanager
    def step(self) -> Iterator[None]:
        """Around a step's work."""
        with self._lock:
            self._steps += 1
        try:
            yield
        finally:
            with self._lock:
                self._steps -= 1
                self._still_since = time.monotonic()

    def still_seconds(self) -> float:
        """For how long no step was at work; 0 while one is."""
        with self._lock:
            return 0.0 if self._steps else time.monotonic() - self._still_since
