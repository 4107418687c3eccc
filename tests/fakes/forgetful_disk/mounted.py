"""A forgetful disk, mounted for a test."""

from __future__ import annotations

import errno
import json
import os
import select
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import pytest

from tests.fakes.forgetful_disk import wire

HERE = Path(__file__).parents[3]
_ANSWER_SECONDS = 60.0


class ForgetfulDisk:
    """To be used in a `with`. Where no file system can be mounted the test is skipped, with the reason."""

    def __init__(self, mountpoint: Path) -> None:
        self.path = mountpoint
        self._said: list[Any] = []
        self._buffer = b""
        self._mended: int | None = 0

    def __enter__(self) -> Self:
        if reason := why_not():
            pytest.skip(reason)
        self.path.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "tests.fakes.forgetful_disk.serving", str(self.path)]
        self._process = subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        answer = self._hear(_ANSWER_SECONDS)
        if answer is None or "error" in answer:
            self._end()
            pytest.skip(f"no file system could be mounted: {(answer or {}).get('error', 'no answer')}")
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _end(self) -> None:
        wire.unmount(self.path)
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def power_cut(self, how: str = "nothing", seed: int = 0) -> None:
        """Forget, as `tree.CUTS` says. Whoever had something open there must be dead."""
        self._ask(do="cut", how=how, seed=seed)
        self._said.clear()

    def lose_power_at(self, change: int) -> None:
        """From the n-th change of the disk on, every operation fails; `power_cut` ends it."""
        self._ask(do="lose", at=change)

    def revive(self) -> None:
        """It was no power cut: only the process that was writing is dead, and what it wrote is there, durable or not."""
        self._ask(do="revive")
        self._said.clear()

    def has_lost_power(self, seconds: float = 0.0) -> bool:
        """Whether it came to that, waiting for so long."""
        if not self._said and (said := self._hear(seconds)) is not None:
            self._said.append(said)
        return bool(self._said)

    def fail(self, *operations: str, code: int, nth: int = 1, times: int = 1, under: str = "") -> None:
        """Let the n-th of these operations fail in a folder, and so many in all; -1: all, until `mend`."""
        self._mended = None
        self._ask(do="fail", operations=operations, code=code, nth=nth, times=times, under=under)

    def mend(self) -> int:
        """The fault is gone; how often it struck."""
        struck = self._mended = int(self._ask(do="mend"))
        return struck

    @property
    def struck(self) -> int:
        """How often the fault that there is struck so far, or the last one."""
        return self._mended if self._mended is not None else int(self._ask(do="struck"))

    def sync(self) -> None:
        """Everything is durable now. Nobody may have anything open."""
        self._ask(do="sync")

    def remember(self, name: str) -> None:
        """Keep a copy of everything."""
        self._ask(do="remember", name=name)

    def restore(self, name: str) -> None:
        """Be that copy again. Nobody may have anything open."""
        self._ask(do="restore", name=name)

    def counts(self) -> dict[str, int]:
        """How often each operation was asked for since the last time."""
        return dict(self._ask(do="counts"))

    def _ask(self, **question: Any) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        self._process.stdin.flush()
        while True:
            answer = self._hear(_ANSWER_SECONDS)
            if answer is None:
                raise TimeoutError(errno.ETIMEDOUT, "the disk's process says nothing")
            if answer != {"lost": True}:
                return answer
            self._said.append(answer)

    def _hear(self, seconds: float) -> Any:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        while b"\n" not in self._buffer:
            if not select.select([descriptor], [], [], seconds)[0]:
                return None
            more = os.read(descriptor, 1 << 16)
            if not more:
                return None
            self._buffer += more
        line, _, self._buffer = self._buffer.partition(b"\n")
        return json.loads(line)


def why_not() -> str:
    """Why no file system can be mounted here; "" if it seems that one can."""
    if shutil.which("fusermount3") is None:
        return "needs fusermount3 (Debian: fuse3)"
    return "" if os.access("/dev/fuse", os.R_OK | os.W_OK) else "needs /dev/fuse"
