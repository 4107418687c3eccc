"""The running daemon: one instance per home; recover, watch, claim, stop.

It may be killed at any moment: what is under way is durable, and the next start goes on with it. That is also how it stops: children
are ended, the audit trail gets its checkpoint, and the process leaves without waiting for inference.
"""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from daemon.config import Home
from daemon.model.error_catalog import CATALOG
from daemon.model.errors import ChartdraftError, RetryableError
from daemon.model.job import FINAL_STATES, JobRow
from daemon.model.status_report import Condition, StatusReport
from daemon.ports import Clock, JobQueue
from daemon.running import Running, prepare
from daemon.wiring import SystemClock

STATUS_SECONDS = 2.0
STATUS_ROWS = 200
POLL_SECONDS = 0.1
STOP_SECONDS = 2.0
CLAIM_PAUSE_SECONDS = 0.5
ONCE_TRIES = 5
# The queue is looked at every half second; DBOS itself retries its store for up to a minute between two tries.
STALLED_SECONDS = 180.0
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


def log_to_stderr() -> None:
    """Ids and codes to stderr, for launchd to keep; nothing else logs."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    ours = logging.getLogger("chartdraft")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False


class _Failed(NamedTuple):
    """Something that did not work: how often, when (monotonic) it is tried again, and the last error's code or class."""

    times: int
    again_at: float
    why: str


class Service:
    """Claims what settles in the inbox and keeps the status page; the workflow engine's threads do the rest."""

    def __init__(
        self,
        home: Home,
        progress: Callable[[Sequence[JobRow]], None] | None = None,
        *,
        clock: Clock | None = None,
        prepare: Callable[[Home, Callable[[float], None], Clock], Running] = prepare,
    ) -> None:
        """`prepare` builds what the service works with; `clock` is what it waits by."""
        self._home, self._progress = home, progress
        self._clock, self._prepare = clock or SystemClock(), prepare
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._status_due = 0.0
        self._status_of: StatusReport | None = None
        self._failed: dict[str, _Failed] = {}
        self._busy_since: float | None = None

    def run(self, *, once: bool) -> int:
        """Work until a signal comes, or with `once` until inbox and queue are empty. Returns the exit code."""
        with single_instance(self._home.lock):
            self._catch_signals()
            running = self._prepare(self._home, self._pause, self._clock)
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

    def work_on(self, begin: Callable[[JobQueue], str]) -> JobRow:
        """Work on the queue, without the inbox, until the job that `begin` hands in is done; its row.

        A signal ends the process; the next start goes on.
        """
        with single_instance(self._home.lock):
            self._catch_signals()
            running = self._prepare(self._home, self._pause, self._clock)
            try:
                job = begin(running.ports.queue)
                while True:
                    row = running.board.get(job)
                    self._publish_status(running)
                    if row is not None and row.state in FINAL_STATES:
                        return row
                    if self._stopping.wait(POLL_SECONDS):
                        self._leave(running, TRY_LATER)
            finally:
                self._leave(running, DONE)

    def _loop(self, running: Running, *, once: bool) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            self._claim_all(running)
            self._publish_status(running)
            running.rest()
            running.make_ready()
            if once and self._drained(running):
                return
            if self._stalled(running):
                self._begin_anew(running)
            self._clock.wait(self._wake, self._nap(running, once=once))
            # Events come in swarms while something is copied; listing the folder once for all of them is enough.
            self._clock.wait(self._stopping, 0.1)

    def _claim_all(self, running: Running) -> None:
        waiting, self._failed = self._failed, {}
        self._attempt("removals", waiting, running.finish_removals)
        for item in running.inbox.settled():
            if self._stopping.is_set():
                return
            self._attempt(item.parts[0].path, waiting, partial(running.claim, item))
            self._publish_status(running)
        self._attempt("folders", waiting, running.tell_of_folders)

    def _attempt(self, what: str, waiting: Mapping[str, _Failed], work: Callable[[], object]) -> None:
        """Do it, unless it failed a moment ago; what fails is tried again after a longer pause each time."""
        failed = waiting.get(what, _Failed(0, 0.0, ""))
        if failed.again_at > self._clock.monotonic():
            self._failed[what] = failed
        elif why := self._fails(work):
            pause = min(CLAIM_PAUSE_SECONDS * 2**failed.times, self._home.settings.rescan_seconds)
            self._failed[what] = _Failed(failed.times + 1, self._clock.monotonic() + pause, why)
            if why != failed.why:
                log.warning("claim waits: %s", why)

    def _fails(self, work: Callable[[], object]) -> str:
        """Why it did not work, or nothing."""
        try:
            work()
        except ChartdraftError as error:
            # The original stays where it is, and is tried again. What vanished or changed is news to the next listing.
            return error.code
        except Exception as error:  # noqa: BLE001 - one file must not keep all the others waiting; it stays, and is tried again
            return type(error).__name__
        return ""

    def _nap(self, running: Running, *, once: bool) -> float:
        longest = self._home.settings.rescan_seconds
        if running.board_busy() or once:
            longest = min(longest, 0.25 if once else STATUS_SECONDS)
        again = [failed.again_at - self._clock.monotonic() for failed in self._failed.values()]
        due = running.inbox.next_due()
        return max(0.01, min([longest, *again, *([] if due is None else [due])]))

    def _drained(self, running: Running) -> bool:
        given_up = all(failed.times >= ONCE_TRIES for failed in self._failed.values())
        at_rest = not running.board_busy() or self._held_up(running)
        return given_up and at_rest and running.inbox.next_due() is None

    def _held_up(self, running: Running) -> bool:
        """Whether the job under way waits for something that only a person can change: space, a folder, a model."""
        under_way = [row for row in running.board.rows() if row.code and row.state not in FINAL_STATES]
        return any(CATALOG[row.code].attempts is None and row.attempts >= ONCE_TRIES for row in under_way)

    def _stalled(self, running: Running) -> bool:
        """Whether jobs have been under way for minutes with no step at work: counted from when there were jobs at all."""
        now = self._clock.monotonic()
        if not running.board_busy():
            self._busy_since = None
        elif self._busy_since is None:
            self._busy_since = now
        busy_seconds = 0.0 if self._busy_since is None else now - self._busy_since
        return min(running.still_seconds(), busy_seconds) > STALLED_SECONDS

    def _begin_anew(self, running: Running) -> None:
        """Jobs are under way and nothing moves: become a fresh process, which goes on with what is durable."""
        log.warning("work stands still; starting anew")
        running.abandon_engines()
        running.audit.record("daemon-restarted", key=f"restart:{os.getpid()}:{time.time_ns()}")
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])

    def _exit_code(self, running: Running) -> int:
        if self._stopping.is_set() or self._failed or running.board_busy():
            return TRY_LATER
        # A folder that nothing is taken from needs a person as much as a job that failed.
        return ATTENTION if running.told or running.board.counts().get("attention") else DONE

    def _publish_status(self, running: Running) -> None:
        """The page for people, at most every two seconds and only when something changed."""
        if self._clock.monotonic() < self._status_due:
            return
        self._status_due = self._clock.monotonic() + STATUS_SECONDS
        if self._progress:
            self._progress(running.board.rows())
        report = running.report(Condition(), STATUS_ROWS)
        if self._status_of is None or replace(report, at=self._status_of.at) != self._status_of:
            try:
                running.outbox.publish_status(report)
                self._status_of = report
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
        running.tries.forgive()
        running.abandon_engines()
        with suppress(ChartdraftError):  # a full disk: the trail is whole all the same, and says so at the next start
            running.audit.record("daemon-stopped", key=f"stop:{os.getpid()}:{time.time_ns()}")
            running.audit.close()
        if self._stopping.is_set():
            logging.shutdown()
            os._exit(code)
        running.stop()
