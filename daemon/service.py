"""The running daemon: one instance per home; recover, watch, claim, stop.

It may be killed at any moment: what is under way is durable, and the next start goes on with it. That is also how it stops: children
are ended, the audit trail gets its checkpoint, and the process leaves without waiting for inference.
"""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from daemon.config import Home
from daemon.model.errors import ChartdraftError, PermanentError, RetryableError
from daemon.model.job import FINAL_STATES, JobRow
from daemon.wiring import Running, prepare

STATUS_SECONDS = 2.0
STOP_SECONDS = 2.0
DONE, ATTENTION, TRY_LATER = 0, 3, 75

log = logging.getLogger("chartdraft.service")


@contextmanager
def single_instance(lock: Path) -> Iterator[None]:
    """Hold the home's lock; `already-running` if another process does. The system lets go of it when a process dies."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise RetryableError("already-running") from None
    else:
        yield
    finally:
        os.close(descriptor)


def is_running(lock: Path) -> bool:
    """Whether a daemon holds the home's lock."""
    if not lock.exists():
        return False
    try:
        with single_instance(lock):
            return False
    except RetryableError:
        return True


class Service:
    """Claims what settles in the inbox and keeps the status page; the workflow engine's threads do the rest."""

    def __init__(self, home: Home, progress: Callable[[list[JobRow]], None] | None = None) -> None:
        self._home, self._progress = home, progress
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._status_due, self._status_of = 0.0, ""
        self._retry_at: dict[str, float] = {}

    def run(self, *, once: bool) -> int:
        """Work until a signal comes, or with `once` until inbox and queue are empty. Returns the exit code."""
        with single_instance(self._home.lock):
            self._catch_signals()
            running = prepare(self._home, pause=self._pause)
            running.audit.record("daemon-started", key=f"start:{os.getpid()}:{time.time_ns()}")
            watch = running.watch(self._wake.set)
            try:
                self._loop(running, once=once)
                code = self._exit_code(running) if once else DONE
            except ChartdraftError as error:
                log.error("%s", error.code)  # noqa: TRY400 - a traceback adds nothing to a code
                code = error.text.exit_code
            watch.stop()
            self._leave(running, code)
            return code

    def work_on(self, job: str) -> int:
        """Work on the queue, without the inbox, until this job is done. Returns the exit code."""
        with single_instance(self._home.lock):
            self._catch_signals()
            running = prepare(self._home, pause=self._pause)
            while not self._stopping.is_set():
                row = running.board.get(job)
                self._publish_status(running)
                if row is None or row.state in FINAL_STATES:
                    break
                self._stopping.wait(0.1)
            done = running.board.get(job)
            code = (
                TRY_LATER
                if done is None or done.state not in FINAL_STATES
                else int(done.state == "attention") * ATTENTION
            )
            self._leave(running, code)
            return code

    def _loop(self, running: Running, *, once: bool) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            claimed = self._claim_all(running)
            self._publish_status(running)
            if once and not claimed and self._drained(running):
                return
            self._wake.wait(self._nap(running, once=once))

    def _claim_all(self, running: Running) -> int:
        claimed = 0
        for item in running.inbox.settled():
            if self._stopping.is_set():
                break
            if self._retry_at.get(item.parts[0].path, 0.0) > time.monotonic():
                continue
            claimed += self._claim(running, lambda item=item: running.claim(item), item.parts[0].path)
            self._publish_status(running)
        return claimed

    def _claim(self, running: Running, claim: Callable[[], object], path: str) -> int:
        try:
            claim()
        except RetryableError as error:
            log.warning("claim waits: %s", error.code)
            self._retry_at[path] = time.monotonic() + (1.0 if error.code == "file-changed" else 10.0)
            return 0
        except PermanentError as error:
            # The original stays where it is; `file-vanished` needs nothing, anything else is tried again later.
            log.warning("claim failed: %s", error.code)
            self._retry_at[path] = time.monotonic() + self._home.settings.rescan_seconds
            return 0
        self._retry_at.pop(path, None)
        return 1

    def _nap(self, running: Running, *, once: bool) -> float:
        longest = self._home.settings.rescan_seconds
        if running.board_busy() or once:
            longest = min(longest, 0.25 if once else STATUS_SECONDS)
        due = running.inbox.next_due()
        return longest if due is None else max(0.01, min(longest, due))

    def _drained(self, running: Running) -> bool:
        return running.inbox.next_due() is None and not running.board_busy()

    def _exit_code(self, running: Running) -> int:
        if self._stopping.is_set():
            return TRY_LATER
        return ATTENTION if running.board.counts().get("attention") else DONE

    def _publish_status(self, running: Running) -> None:
        """The page for people, at most every two seconds and only when something changed."""
        if time.monotonic() < self._status_due:
            return
        self._status_due = time.monotonic() + STATUS_SECONDS
        rows = list(running.board.rows())
        if self._progress:
            self._progress(rows)
        newest = f"{len(rows)} {rows[0].updated_at if rows else ''}"
        if newest != self._status_of:
            try:
                running.outbox.publish_status(rows, running.clock.now())
                self._status_of = newest
            except ChartdraftError as error:
                log.warning("the status page waits: %s", error.code)

    def _pause(self, seconds: float) -> None:
        """Between two tries of a step. While the service stops it never ends, so that a step is left, not failed."""
        self._stopping.wait(seconds)
        if self._stopping.is_set():
            threading.Event().wait()

    def _catch_signals(self) -> None:
        def on_signal(number: int, frame: FrameType | None) -> None:
            self._stopping.set()
            self._wake.set()
            # Whatever the main thread is in the middle of, the process is gone in time (durability does not depend on it).
            timer = threading.Timer(STOP_SECONDS, lambda: os._exit(DONE))
            timer.daemon = True
            timer.start()

        signal.signal(signal.SIGTERM, on_signal)
        signal.signal(signal.SIGINT, on_signal)

    def _leave(self, running: Running, code: int) -> None:
        self._status_due = 0.0
        self._publish_status(running)
        running.abandon_engines()
        running.audit.record("daemon-stopped", key=f"stop:{os.getpid()}:{time.time_ns()}")
        running.audit.checkpoint()
        if self._stopping.is_set():
            logging.shutdown()
            os._exit(code)
        running.stop()
