"""What a child at work costs, watched from outside, and its end by force."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress

from daemon.model.errors import ChartdraftError, PermanentError

WATCH_SECONDS = 0.25


class Watch:
    """Kills the child when it takes too long or too much memory, and says which it was."""

    def __init__(self, child: subprocess.Popen[bytes], timeout_seconds: float, max_resident_bytes: int) -> None:
        self._child, self._max_resident_bytes = child, max_resident_bytes
        self._deadline = time.monotonic() + timeout_seconds
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine-watch", daemon=True)
        self.verdict: ChartdraftError | None = None
        """None, or why it was killed."""

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *exception: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._done.wait(max(0.0, min(WATCH_SECONDS, self._deadline - time.monotonic()))):
            if time.monotonic() >= self._deadline:
                self.verdict = PermanentError("engine-timeout")
            elif _resident_bytes(self._child.pid) > self._max_resident_bytes:
                self.verdict = PermanentError("engine-memory")
            if self.verdict:
                kill(self._child)
                return


def kill(child: subprocess.Popen[bytes]) -> None:
    """End it and all that is in its process group."""
    if child.poll() is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)


def _resident_bytes(pid: int) -> int:
    import psutil  # type: ignore[import-untyped]  # it ships no types

    total = 0
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        for each in (process, *process.children(recursive=True)):
            with suppress(psutil.Error):
                total += each.memory_info().rss
    return total
