"""What people are told while the service runs: the status page, the notices on the screen, the progress in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from daemon.event_log import EventLog
from daemon.model.error_catalog import CATALOG
from daemon.model.errors import ChartdraftError
from daemon.model.job import FINAL_STATES, JobRow
from daemon.model.log_line import why_fields
from daemon.model.status_report import Condition, StatusReport
from daemon.ports import Clock, Outbox
from daemon.running import Running

STATUS_SECONDS = 2.0
STATUS_ROWS = 200
MEASURES_SECONDS = 10.0
"""How often the page follows what only creeps on: how much of a step is done."""
HELD_SECONDS = 60.0
"""So long a job waits for something that a person has to mend before a notice says so: a share is often gone for a moment."""
HEARTBEAT_SECONDS = 300.0
"""The page says when it was written: an old one tells that nothing runs. So it is written anew, though nothing changed."""

log = EventLog("service")
Progress = Callable[[Sequence[JobRow]], None]


class Telling:
    """Tells what is new, and not what was told. Nothing that fails here keeps work waiting."""

    def __init__(self, clock: Clock, progress: Progress | None) -> None:
        self._clock, self._progress = clock, progress
        self.condition = Condition()
        self._looked_at = self._written_at = float("-inf")
        self._looked: object = None
        self._written: StatusReport | None = None
        self._told: tuple[int, int] | None = None
        self._held: dict[str, float] = {}
        self._told_held: set[str] = set()
        self._waits = ""

    def waits(self, running: Running, code: str) -> bool:
        """The daemon itself waits because of `code`, or (empty) does not any more; whether that is news."""
        if code == self.condition.code:
            return False
        since = self._clock.now()
        sentences = (CATALOG[code].sentence,) if code else ()
        self.condition = Condition("waiting" if code else "running", code, since, sentences)
        if code:
            log.warning("service-waits", code=code)
            running.notifier.tell(0, 0, code)
        else:
            log.info("service-goes-on")
        return True

    def tell(self, running: Running) -> None:
        """What is new since the last time, at most every two seconds."""
        now = self._clock.monotonic()
        if now - self._looked_at < STATUS_SECONDS:
            return
        self._looked_at = now
        if self._progress:
            self._progress(running.board.rows())
        busy = running.board_busy()
        looked = (running.snapshot(), self.condition, running.left(), running.coming(), busy)
        if busy or looked != self._looked or now - self._written_at >= HEARTBEAT_SECONDS:
            self._looked = looked
            self._notify(running)
            self._notify_of_held(running, now)
            self._write(running, now)

    def say_stopped(self, running: Running, code: str = "") -> None:
        """The last word of a process that leaves in order. `code`: the error that it leaves for."""
        sentences = (CATALOG[code].sentence,) if code else ()
        self.condition = Condition("stopped", code, self._clock.now(), sentences)
        self._publish(running, running.report(self.condition, STATUS_ROWS))

    def say_it_cannot_begin(self, outbox: Outbox, code: str) -> None:
        """There is no list of jobs to show then: the page says why, and what to do."""
        at = self._clock.now()
        condition = Condition("stopped", code, at, (CATALOG[code].sentence,))
        outbox.publish_status(StatusReport(rows=(), at=at, counts={}, condition=condition))

    def say_it_hangs(self, running: Running, code: str) -> None:
        """On another thread, while the loop is stuck: the page as it was, with this on top. The loop's next word replaces it."""
        at, written = self._clock.now(), self._written or StatusReport(rows=(), at=self._clock.now(), counts={})
        condition = Condition("waiting", code, at, (CATALOG[code].sentence,))
        self._publish(running, replace(written, at=at, condition=condition))
        self._written, self._looked = None, None

    def due(self) -> float:
        """Seconds until the page is written anew at the latest."""
        again = max(self._written_at + HEARTBEAT_SECONDS, self._looked_at + STATUS_SECONDS)
        return again - self._clock.monotonic()

    def _notify(self, running: Running) -> None:
        """Numbers that rose; what was there at the start is old."""
        counts = running.snapshot().counts
        attention, delivered = counts.get("attention", 0), counts.get("delivered", 0)
        before = self._told or (attention, delivered)
        self._told = (attention, delivered)
        newly = max(0, attention - before[0]), max(0, delivered - before[1])
        if any(newly):
            running.notifier.tell(*newly)

    def _notify_of_held(self, running: Running, now: float) -> None:
        """What keeps a job waiting for a person, each once for as long as it lasts: an outbox that takes no page says it nowhere else."""
        rows = (row for row in running.snapshot().rows if row.state not in FINAL_STATES and row.code in CATALOG)
        held = {row.code for row in rows if CATALOG[row.code].attempts is None} - {self.condition.code}
        self._held = {code: self._held.get(code, now) for code in held}
        self._told_held &= held
        for code in sorted(held - self._told_held):
            if now - self._held[code] >= HELD_SECONDS:
                self._told_held.add(code)
                running.notifier.tell(0, 0, code)

    def _write(self, running: Running, now: float) -> None:
        report = running.report(self.condition, STATUS_ROWS)
        old = self._written
        if old is not None and now - self._written_at < HEARTBEAT_SECONDS:
            if replace(report, at=old.at) == old:
                return
            only_measures = replace(report, at=old.at, work=old.work, expected_seconds=old.expected_seconds) == old
            if only_measures and now - self._written_at < MEASURES_SECONDS:
                return
        self._publish(running, report)
        self._written_at = now

    def _publish(self, running: Running, report: StatusReport) -> None:
        try:
            running.outbox.publish_status(report)
            self._written, self._waits = report, ""
        except ChartdraftError as error:
            self._page_waits(error.code)
        except Exception as error:  # noqa: BLE001 - a page that cannot be drawn must not end the service that it tells of
            self._page_waits(type(error).__name__)

    def _page_waits(self, why: str) -> None:
        if why != self._waits:
            log.warning("page-waits", **why_fields(why))
        self._waits, self._written, self._looked = why, None, None
