"""The running daemon: one instance per home; recover, watch, claim, stop.

It may be killed at any moment: what is under way is durable, and the next start goes on with it. That is also how it stops: children
are ended, the audit trail gets its checkpoint, and the process leaves without waiting for inference.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from daemon import wiring
from daemon.config import Home
from daemon.event_log import EventLog
from daemon.model.clock_jumps import ClockWatch
from daemon.model.error_catalog import CATALOG
from daemon.model.errors import ChartdraftError
from daemon.model.job import FINAL_STATES, JobRow
from daemon.ports import Clock, JobQueue
from daemon.preparing import prepare
from daemon.running import Running
from daemon.serving.beginning import tell_beginning, tell_refusal
from daemon.serving.claiming import ONCE_TRIES, Claiming
from daemon.serving.events import ServiceEvents
from daemon.serving.folders import Found
from daemon.serving.guard import Guard
from daemon.serving.one_instance import single_instance
from daemon.serving.telling import STATUS_SECONDS, Progress, Telling
from daemon.serving.watching import Watching

POLL_SECONDS = 0.1
STOP_SECONDS = 2.0
# Between two looks at the clocks; and how soon a share that is back is noticed.
SLICE_SECONDS = 5.0
# The queue is looked at every half second; DBOS itself retries its store for up to a minute between two tries.
STALLED_SECONDS = 180.0
DONE, ATTENTION, TRY_LATER = 0, 3, 75

log = EventLog("service")


class Service:
    """Claims what settles in the inbox and keeps people informed; the workflow engine's threads do the rest.

    Time passes for it by its clock alone.
    """

    def __init__(
        self,
        home: Home,
        progress: Progress | None = None,
        *,
        clock: Clock | None = None,
        risks: tuple[str, ...] = (),
        prepare: Callable[[Home, Callable[[float], None], Clock], Running] = prepare,
    ) -> None:
        """`prepare` builds what the service works with; `clock` is what it waits by, `risks` what the page warns of."""
        self._risks = risks
        self._home, self._prepare = home, prepare
        self._clock = clock or wiring.SystemClock()
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._claiming = Claiming(home, self._clock, self._stopping)
        self._telling = Telling(self._clock, progress)
        self._clocks = ClockWatch(self._clock.now(), self._clock.monotonic())
        self._guard = Guard(STOP_SECONDS, self._hangs, leave=lambda: os._exit(DONE))
        self._running: Running | None = None
        self._found, self._anew = Found(), False
        self._busy_since: float | None = None

    def run(self, *, once: bool) -> int:
        """Work until a signal comes, or with `once` until inbox and queue are empty. Returns the exit code."""
        with single_instance(self._home.lock), self._guard:
            running = self._begin()
            events = ServiceEvents(running.audit)
            events.record("daemon-started")
            tell_beginning(self._home, running.audit, events)
            watching = Watching(lambda: running.watch(self._wake.set), self._clock)
            failed = ""
            try:
                self._loop(running, watching, events, once=once)
                code = self._exit_code(running) if once else DONE
            except ChartdraftError as error:
                log.failure("service-failed", code=error.code)
                code, failed = error.text.exit_code, error.code
            except Exception as error:  # noqa: BLE001 - people are told, and the service manager begins anew
                log.failure("service-failed", error=error)
                code, failed = CATALOG["internal"].exit_code, "internal"
            watching.stop()
            self._leave(running, code, failed)
            return code

    def work_on(self, begin: Callable[[JobQueue], str]) -> JobRow:
        """Work on the queue, without the inbox, until the job that `begin` hands in is done; its row.

        A signal ends the process; the next start goes on.
        """
        with single_instance(self._home.lock), self._guard:
            running = self._begin()
            tell_beginning(self._home, running.audit, ServiceEvents(running.audit))
            try:
                job = begin(running.ports.queue)
                while True:
                    self._guard.sign()
                    row = running.board.get(job)
                    self._telling.tell(running)
                    if row is not None and row.state in FINAL_STATES:
                        return row
                    if self._stopping.wait(POLL_SECONDS):
                        self._leave(running, TRY_LATER)
            finally:
                self._leave(running, DONE)

    def _begin(self) -> Running:
        self._catch_signals()
        try:
            running = self._running = self._prepare(self._home, self._pause, self._clock)
        except ChartdraftError as error:
            log.failure("service-cannot-begin", code=error.code)
            with suppress(ChartdraftError, OSError):
                self._telling.say_it_cannot_begin(wiring.outbox(self._home), error.code)
            tell_refusal(self._home, [error.code])
            raise
        self._guard.before_leaving(running.tries.forgive)
        running.inbox.on_read, running.risks = self._guard.sign, self._risks
        return running

    def _hangs(self) -> None:
        """On a thread of the guard's: no folder, store or share has answered the loop for minutes."""
        log.warning("service-hangs", code="folders-hang")
        if self._running is not None:
            self._running.notifier.tell(0, 0, "folders-hang")
            self._telling.say_it_hangs(self._running, "folders-hang")

    def _loop(self, running: Running, watching: Watching, events: ServiceEvents, *, once: bool) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            self._guard.sign()
            events.catch_up()
            self._look_around(running, watching, events)
            if not self._found.inbox:
                self._claiming.work(running, lambda: self._lives(running))
            self._telling.waits(running, self._found.inbox or self._claiming.trouble())
            self._telling.tell(running)
            self._look_after_engines(running)
            if once and self._drained(running):
                return
            if self._stalled(running):
                self._begin_anew(running, events)
            self._sleep(self._nap(running, once=once), events)

    def _lives(self, running: Running) -> None:
        self._guard.sign()
        self._telling.tell(running)

    def _look_around(self, running: Running, watching: Watching, events: ServiceEvents) -> None:
        """At the folders: what is away is waited for, and what is back is begun with afresh."""
        before, self._found = self._found, running.look_at_folders()
        for place, was, now in (
            ("inbox", before.inbox, self._found.inbox),
            ("outbox", before.outbox, self._found.outbox),
        ):
            if bool(was) != bool(now):
                events.record(f"{place}-away" if now else f"{place}-back", code=now or was)
        for place in self._found.made:
            events.record(f"{place}-made-again")
        if self._found.outbox and not before.outbox and not self._found.inbox:
            log.warning("drafts-wait", code=self._found.outbox)
            running.notifier.tell(0, 0, self._found.outbox)
        if self._found.inbox:
            watching.stop()
            return
        if self._found.another or before.inbox:
            running.inbox.forget()
        watching.keep(anew=self._anew or self._found.another or bool(before.inbox))
        self._anew = False

    def _look_after_engines(self, running: Running) -> None:
        running.rest()
        if not self._found.inbox:
            running.make_ready()
        if running.awake is not None:
            running.awake.hold(running.at_work())

    def _sleep(self, seconds: float, events: ServiceEvents) -> None:
        """Until something wakes us, the time is over, or the clocks say that more time is over than was waited."""
        until = self._clock.monotonic() + seconds
        while (left := until - self._clock.monotonic()) > 0:
            self._guard.sign()
            if self._clock.wait(self._wake, min(left, SLICE_SECONDS)) or self._clocks_jumped(events):
                break
        # Events come in swarms while something is copied; listing the folder once for all of them is enough.
        self._clock.wait(self._stopping, 0.1)

    def _clocks_jumped(self, events: ServiceEvents) -> bool:
        """The machine slept, or its clock was set: events may be lost, and shares are often gone for a moment."""
        jumped = self._clocks.look(self._clock.now(), self._clock.monotonic())
        if not jumped:
            return False
        self._anew = True
        log.info("clock-jumped", seconds=jumped)
        if self._clocks.is_worth_telling():
            events.record("clock-jumped", seconds=jumped)
        return True

    def _nap(self, running: Running, *, once: bool) -> float:
        longest = min(self._home.settings.rescan_seconds, self._telling.due())
        if self._found.inbox or self._found.outbox:
            longest = min(longest, SLICE_SECONDS)
        if running.board_busy() or once:
            longest = min(longest, 0.25 if once else STATUS_SECONDS)
        due = None if self._found.inbox else running.inbox.next_due()
        return max(0.01, min([longest, *self._claiming.pauses(), *([] if due is None else [due])]))

    def _drained(self, running: Running) -> bool:
        at_rest = not running.board_busy() or self._held_up(running)
        if self._found.inbox:
            return at_rest
        if not (self._claiming.has_given_up() and at_rest and running.inbox.next_due() is None):
            return False
        self._claiming.give_up(running)
        return True

    def _held_up(self, running: Running) -> bool:
        """Whether the job under way waits for something that only a person can change: space, a folder, a model."""
        under_way = [row for row in running.snapshot().rows if row.code and row.state not in FINAL_STATES]
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

    def _begin_anew(self, running: Running, events: ServiceEvents) -> None:
        """Jobs are under way and nothing moves: become a fresh process, which goes on with what is durable."""
        log.warning("service-starts-anew")
        running.tries.forgive()
        running.abandon_engines()
        if running.awake is not None:
            running.awake.hold(False)
        events.record("daemon-restarted")
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])

    def _exit_code(self, running: Running) -> int:
        if self._stopping.is_set() or self._found.inbox or running.board_busy():
            return TRY_LATER
        if not self._claiming.all_told(running):
            return TRY_LATER
        # What nothing is taken from needs a person as much as a job that failed.
        return ATTENTION if running.left() or running.snapshot().counts.get("attention") else DONE

    def _pause(self, seconds: float) -> None:
        """Between two tries of a step. While the service stops it never ends, so that a step is left, not failed."""
        self._stopping.wait(seconds)
        if self._stopping.is_set():
            threading.Event().wait()

    def _catch_signals(self) -> None:
        def on_signal(number: int, frame: FrameType | None) -> None:
            self._stopping.set()
            self._wake.set()

        signal.signal(signal.SIGTERM, on_signal)
        signal.signal(signal.SIGINT, on_signal)

    def _leave(self, running: Running, code: int, failed: str = "") -> None:
        running.tries.forgive()
        with suppress(ChartdraftError):
            self._telling.say_stopped(running, failed)
        running.abandon_engines()
        if running.awake is not None:
            running.awake.hold(False)
        with suppress(ChartdraftError):  # a full disk: the trail is whole all the same, and says so at the next start
            ServiceEvents(running.audit).record("daemon-stopped")
            running.audit.close()
        if self._stopping.is_set():
            logging.shutdown()
            os._exit(code)
        running.stop()
