"""The warm child with the language model: loaded once, asked many times, emptied between patients."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from daemon.adapters.reading.engine_process import EngineProcess, OnProgress
from daemon.model.errors import ChartdraftError, PermanentError, RetryableError
from daemon.model.limits import Limits

_SURVIVED = frozenset({"engine-crashed", "engine-timeout", "engine-memory", "engine-protocol"})
_FORGET_SECONDS = 60.0


class Child(Protocol):
    """What is needed of `EngineProcess`."""

    @property
    def pid(self) -> int | None:
        """The process id; None when there is none."""

    @property
    def alive(self) -> bool:
        """Whether the child runs."""

    def call(
        self, header: dict[str, Any], *, timeout_seconds: float, on_progress: OnProgress | None = None
    ) -> tuple[dict[str, Any], bytes]:
        """Ask once."""

    def close(self) -> None:
        """End the child."""


class WarmChild:
    """One language model in one child, started when it is first asked.

    `model_path` checks the model's hash and gives its path, `adapter_path` the same of its adapter (None: without one); both
    are asked before every load. `start` starts the child.
    Not for use by several threads at once.
    """

    def __init__(
        self,
        model_path: Callable[[], Path],
        *,
        limits: Limits,
        threads: int,
        context_tokens: int,
        adapter_path: Callable[[], Path | None] = lambda: None,
        start: Callable[[], Child] | None = None,
    ) -> None:
        self._adapter_path = adapter_path
        self._model_path, self._limits, self._threads = model_path, limits, threads
        self._context_tokens = context_tokens
        self._start = start or (lambda: EngineProcess("llm", limits=limits, threads=threads))
        self._child: Child | None = None
        self._model: dict[str, Any] = {}
        self._loaded_in: int | None = None
        self._deadline = 0.0

    @property
    def pid(self) -> int | None:
        """The process id, if there is a child."""
        return self._child.pid if self._child is not None else None

    def begin(self) -> None:
        """A draft begins: from now on `limits.max_wall_seconds` are left for all that is asked."""
        self._deadline = time.monotonic() + self._limits.max_wall_seconds

    def ask(self, request: dict[str, Any], on_progress: OnProgress | None = None) -> dict[str, Any]:
        """The child's reply, untrusted. {} after two children did not survive the question, or when no time is left.

        Raises what `model_path` and `adapter_path` raise, `engine-model`, `engine-adapter` and `engine-start`.
        """
        for _ in range(2):
            seconds = self._deadline - time.monotonic()
            if seconds <= 0:
                break
            try:
                child, asked = self._ready(), request | {"model": self._model}
                return child.call(asked, timeout_seconds=seconds, on_progress=on_progress)[0]
            except ChartdraftError as error:
                self.end()
                if error.code not in _SURVIVED:
                    raise
        return {}

    def _ready(self) -> Child:
        if self._child is None or not self._child.alive or self._child.pid != self._loaded_in:
            self._model = self._chosen()
            if self._child is None:
                self._child = self._start()
            self._child.call({"do": "llm.load", "model": self._model}, timeout_seconds=self._limits.max_wall_seconds)
            self._loaded_in = self._child.pid
        return self._child

    def _chosen(self) -> dict[str, Any]:
        path, adapter = self._model_path(), self._adapter_path()
        return {
            "path": str(path),
            "adapter": str(adapter) if adapter is not None else "",
            "context_tokens": self._context_tokens,
            "threads": self._threads,
        }

    def forget(self) -> None:
        """Empty the child, or end it: nothing of one patient is left when the next one's turn comes."""
        if self._child is not None and self._child.alive:
            try:
                self._child.call({"do": "llm.forget"}, timeout_seconds=_FORGET_SECONDS)
            except (PermanentError, RetryableError):
                self.end()

    def end(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.close()
        self._child = self._loaded_in = None


class KeepsChild:
    """What drafters with a warm child have in common: one draft at a time, nothing left of it, and an end to idling."""

    def __init__(self, child: WarmChild) -> None:
        self._child = child
        self._used_at = 0.0
        self._busy = threading.Lock()

    @property
    def child_pid(self) -> int | None:
        """The warm child's process id, if there is one."""
        return self._child.pid

    @contextmanager
    def _drafting(self) -> Iterator[None]:
        """Nobody else drafts meanwhile, and afterwards the child is emptied."""
        with self._busy:
            try:
                yield
            finally:
                self._child.forget()
                self._used_at = time.monotonic()

    def close(self) -> None:
        """End the child."""
        with self._busy:
            self._child.end()

    def close_if_idle(self, idle_seconds: float) -> bool:
        """End the child if no draft was made for so long; whether it did."""
        if not self._busy.acquire(blocking=False):
            return False
        try:
            idle = self._child.pid is not None and time.monotonic() - self._used_at >= idle_seconds
            if idle:
                self._child.end()
            return idle
        finally:
            self._busy.release()
