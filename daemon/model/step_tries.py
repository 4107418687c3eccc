"""How often a step's work was begun and never ended: what tells an item that stops the whole program from any other.

An error is an end, and so is a stop that was asked for. What is left is a process, or a machine, that died in the middle.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from daemon.model.errors import PermanentError

MAX_DEATHS = 8
"""After so many deaths in the middle of one and the same step the item is blamed. A power cut rarely strikes one step twice."""
LEAST_SECONDS = 120.0
"""And not before they went on for so long: who kills a program again and again within a minute is not the item. A service manager
starts it again after 30 seconds."""
_MOST = 100  # what is remembered of jobs that a lost workflow store forgot


class Deaths(NamedTuple):
    """How often a step was begun and not ended, and since when (seconds since 1970)."""

    times: int
    since: float


class StepTries:
    """Counts in memory; an adapter keeps them on disk. `known` are the deaths by step that earlier processes left behind."""

    def __init__(self, known: Mapping[str, Deaths] | None = None, now: Callable[[], float] = time.time) -> None:
        self._lock, self._now = threading.Lock(), now
        self._begun = dict(known or {})
        self._here: set[str] = set()

    @contextmanager
    def counted(self, step: str) -> Iterator[None]:
        """Around a step's work. PermanentError("item-poison") where it was the end of too many processes; then it may be asked anew."""
        if self._is_to_blame(step):
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
            begun = self._begun.get(step)
            return begun.times - (step in self._here) if begun else 0

    def begin(self, step: str) -> None:
        """Durable when it returns: should this process die now, the next one knows."""
        with self._lock:
            others = [each for each in self._begun.items() if each[0] != step][1 - _MOST :]
            times, since = self._begun.get(step, Deaths(0, self._now()))
            self._begun = dict([*others, (step, Deaths(times + (step not in self._here), since))])
            self._here.add(step)
            self._keep(self._begun)

    def end(self, step: str) -> None:
        """It ended, well or not: what went before does not count any more."""
        with self._lock:
            self._here.discard(step)
            if self._begun.pop(step, None) is not None:
                self._forget(self._begun)

    def forgive(self) -> None:
        """This process is asked to stop: what it leaves undone is nobody's fault."""
        with self._lock:
            if not self._here:
                return
            fewer = {
                step: begun._replace(times=begun.times - (step in self._here)) for step, begun in self._begun.items()
            }
            self._begun = {step: begun for step, begun in fewer.items() if begun.times > 0}
            self._here.clear()
            self._forget(self._begun)

    def _is_to_blame(self, step: str) -> bool:
        begun = self._begun.get(step)
        # Whichever way the clock was set meanwhile, it was a while.
        return self.deaths(step) >= MAX_DEATHS and begun is not None and abs(self._now() - begun.since) >= LEAST_SECONDS

    def _keep(self, begun: Mapping[str, Deaths]) -> None:
        """Write down what must not be lost; nothing in memory."""

    def _forget(self, begun: Mapping[str, Deaths]) -> None:
        """Write down what may be lost: then a death too many is counted."""
