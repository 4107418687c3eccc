"""What tests may ask of a forgetful disk: every method `do_…` is a question, and what it returns is the answer."""

from __future__ import annotations

import copy
import random
from collections import Counter
from pathlib import Path
from typing import Any

from tests.fakes.forgetful_disk.tree import ROOT, Node, Tree


class Fault:
    """An error for the n-th of these operations under a folder, and for so many after it (-1: until it is mended)."""

    def __init__(self, operations: list[str], code: int, nth: int, times: int, under: int) -> None:
        self.operations, self.code, self.left, self.times, self.under = set(operations), code, nth, times, under
        self.struck = 0

    def strikes(self, operation: str) -> bool:
        """Count one; whether it is to fail."""
        if operation not in self.operations:
            return False
        self.left -= 1
        if self.left > 0 or 0 <= self.times <= -self.left:
            return False
        self.struck += 1
        return True


class Asked:
    """A disk as tests see it."""

    def __init__(self) -> None:
        self.tree = Tree()
        self._remembered: dict[str, Tree] = {}
        self._handles: dict[int, Node | list[tuple[str, Node]]] = {}
        self._fault: Fault | None = None
        self._counts: Counter[str] = Counter()
        self._until_lost, self._lost = -1, False

    def do_cut(self, how: str, seed: int) -> Any:
        """The power fails, and comes back."""
        self._handles.clear()
        self.tree.power_cut(how, random.Random(seed))
        self._until_lost, self._lost, self._fault = -1, False, None
        return True

    def do_lose(self, at: int) -> Any:
        """From the `at`-th change on, nothing works any more, until `cut`."""
        self._until_lost = at
        return True

    def do_revive(self) -> Any:
        """The machine was never off: only the process that was writing is dead."""
        self._until_lost, self._lost = -1, False
        return True

    def do_sync(self) -> Any:
        """Everything is durable."""
        self.tree.sync_all()
        return True

    def do_remember(self, name: str) -> Any:
        """Keep a copy of the whole disk."""
        self._remembered[name] = copy.deepcopy(self.tree)
        return True

    def do_restore(self, name: str) -> Any:
        """The disk as it was then. Numbers go on, so that the kernel takes nothing for what it knew."""
        last, self.tree = self.tree.last, copy.deepcopy(self._remembered[name])
        self.tree.last = max(last, self.tree.last)
        self._handles.clear()
        return True

    def do_fail(self, operations: list[str], code: int, nth: int, times: int, under: str) -> Any:
        """A fault."""
        number = ROOT
        for part in Path(under).parts:
            number = self.tree.find(number, part).number
        self._fault = Fault(operations, code, nth, times, number)
        return True

    def do_mend(self) -> Any:
        """No fault any more; how often it struck."""
        struck, self._fault = self._fault.struck if self._fault else 0, None
        return struck

    def do_struck(self) -> Any:
        """How often the fault struck so far."""
        return self._fault.struck if self._fault else 0

    def do_counts(self) -> Any:
        """How often each operation was asked for since the last time."""
        counts, self._counts = dict(self._counts), Counter()
        return counts
