"""How often a step's work was begun and never ended: what tells an item that stops the whole program from any other.

An error is an end, and so is a stop that was asked for. What is left is a process, or a machine, that died in the middle.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from daemon.model.errors import PermanentError

MAX_DEATHS = 8
"""After so many deaths in the middle of one and the same step the item is blamed. A power cut rarely strikes one step twice."""
_MOST = 100  # what is remembered of jobs that a lost workflow store forgot


class StepTries:
    """Counts in memory; an adapter keeps them on disk. `known` are the deaths by step that earlier processes left behind."""

    def __init__(self, known: Mapping[str, int] | None = None) -> None:
        self._lock = threading.Lock()
        self._times = dict(known or {})
        self._here: set[str] = set()

    @contextmanager
    def counted(self, step: str) -> Iterator[None]:
        """Around a step's work. PermanentError("item-poison") where it was the end of too many processes; then it may be asked anew."""
        if self.deaths(step) >= MAX_DEATHS:
            self.end(step)
            raise PermanentError("item-poison")
        self.begin(step)
        try:
            yield
        except Exception:
            self.end(step)
            raise
        self.end(step)

    def deaths(self, step: str) -> int:
        """How many processes died in the middle of this step."""
        with self._lock:
            return self._times.get(step, 0) - (step in self._here)

    def begin(self, step: str) -> None:
        """Durable when it returns: should this process die now, the next one knows."""
        with self._lock:
            others = [each for each in self._times.items() if each[0] != step][1 - _MOST :]
            times = self._times.get(step, 0) + (step not in self._here)
            self._times = dict([*others, (step, times)])
            self._here.add(step)
            self._keep(self._times)

    def end(self, step: str) -> None:
        """It ended, well or not: what went before does not count any more."""
        with self._lock:
            self._here.discard(step)
            if self._times.pop(step, None) is not None:
                self._forget(self._times)

    def forgive(self) -> None:
        """This process is asked to stop: what it leaves undone is nobody's fault."""
        with self._lock:
            for step in self._here:
                self._times[step] -= 1
            if self._here:
                self._here.clear()
                self._times = {step: times for step, times in self._times.items() if times > 0}
                self._forget(self._times)

    def _keep(self, times: Mapping[str, int]) -> None:
        """Write down what must not be lost; nothing in memory."""

    def _forget(self, times: Mapping[str, int]) -> None:
        """Write down what may be lost: then a death too many is counted."""
