"""The most memory that children of this process took while something was measured."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import Any, Self

EVERY_SECONDS = 0.05
_FAMILY_SECONDS = 0.25  # to list who is whose child takes longer than to look at one


class PeakMemory:
    """Looks at this process's children, and at theirs, every 50 ms inside the block; `peak_bytes` is the most that it saw together.

    Resident memory is counted: what is mapped of a model's file too, once it was used. What only a graphics chip holds is not.
    """

    def __init__(self) -> None:
        self.peak_bytes = 0
        self._done = threading.Event()
        self._family: list[Any] = []
        self._family_at = 0.0
        self._thread = threading.Thread(target=self._run, name="peak memory", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._done.set()
        self._thread.join()
        self._look()

    def look(self) -> int:
        """Look once more; the most that was seen so far."""
        self._look()
        return self.peak_bytes

    def _run(self) -> None:
        while not self._done.wait(EVERY_SECONDS):
            self._look()

    def _look(self) -> None:
        import psutil  # type: ignore[import-untyped]  # it ships no types

        total = 0
        if time.monotonic() - self._family_at >= _FAMILY_SECONDS:
            with suppress(psutil.Error):
                self._family = psutil.Process().children(recursive=True)
            self._family_at = time.monotonic()
        for each in self._family:
            with suppress(psutil.Error):
                total += each.memory_info().rss
        self.peak_bytes = max(self.peak_bytes, total)
