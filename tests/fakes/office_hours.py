"""The service's loop on a virtual clock, over a real home and without engines: jobs are claimed, and nothing works on them."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any, cast

from daemon import wiring
from daemon.adapters.folder_sights import volume_away
from daemon.adapters.outbox.folder import OutboxFolder
from daemon.config import Home, load_home
from daemon.keeping import upkeep
from daemon.model.status_report import StatusReport
from daemon.ports import Clock
from daemon.running import Running
from daemon.service import Service
from daemon.serving.folders import Folders
from tests.fakes.clock import FakeClock
from tests.fakes.notifier import FakeNotifier
from tests.fakes.queue import FakeQueue

SETTINGS = 'inbox_dir = "share/inbox"\noutbox_dir = "desk/outbox"\nrescan_seconds = 900.0\n'


class ClosingTimeError(BaseException):
    """The virtual day is over. No `except Exception` may live through it."""


class Hours(FakeClock):
    """A clock on which things happen at planned moments (monotonic seconds), and that ends the test at `end`."""

    def __init__(self, end: float) -> None:
        super().__init__()
        self.end, self.plans = end, [(float("inf"), lambda: None)]

    def at(self, seconds: float, happen: Callable[[], object]) -> None:
        """Plan something."""
        self.plans.append((seconds, cast("Callable[[], None]", happen)))
        self.plans.sort(key=lambda plan: plan[0])

    def wait(self, wake: Event, seconds: float) -> bool:
        until = self.monotonic() + seconds
        while not wake.is_set() and self.plans[0][0] <= until:
            moment, happen = self.plans.pop(0)
            self.advance(max(0.0, moment - self.monotonic()))
            happen()
        if not wake.is_set():
            self.advance(max(0.0, until - self.monotonic()))
        if self.monotonic() >= self.end:
            raise ClosingTimeError
        return wake.is_set()

    def jump(self, seconds: float) -> None:
        """The wall clock alone."""
        before = self.monotonic()
        self.advance(seconds)
        self._monotonic = before


class StillWatch:
    """A watch that says nothing, and dies when it is told to."""

    def __init__(self) -> None:
        self.living = True

    def alive(self) -> bool:
        return self.living

    def stop(self) -> None:
        self.living = False


class Idle:
    """Engines with nothing to do."""

    def rest(self) -> None:
        """Nothing to let go."""

    def expect(self, kind: str) -> None:
        """Nothing to load."""


class Awake:
    """Remembers each change of what it is told."""

    def __init__(self) -> None:
        self.held: list[bool] = []

    def hold(self, wanted: bool) -> None:
        if wanted is not (self.held[-1] if self.held else False):
            self.held.append(wanted)


class Telltale(OutboxFolder):
    """The real outbox, which also keeps the reports that it was given."""

    reports: list[StatusReport]

    def publish_status(self, report: StatusReport) -> None:
        super().publish_status(report)
        self.reports.append(report)


class OfficeRunning(Running):
    """Without a workflow engine, and with watches that are counted."""

    watches: list[StillWatch]

    def watch(self, on_change: Callable[[], None]) -> Any:
        self.watches.append(StillWatch())
        return self.watches[-1]

    def still_seconds(self) -> float:
        return 0.0

    def abandon_engines(self) -> None:
        """There are none."""

    def stop(self) -> None:
        """Likewise."""


class OfficeHours:
    """A home, and its service for some virtual hours."""

    def __init__(self, root: Path, seconds: float, settings: str = SETTINGS) -> None:
        (root / "config.toml").write_text(settings)
        self.home = load_home(root, None)
        upkeep.set_up(self.home, root / "recovery.txt")
        self.clock, self.notifier, self.awake = Hours(seconds), FakeNotifier(), Awake()
        self.reports: list[StatusReport] = []
        self.watches: list[StillWatch] = []
        self.running: OfficeRunning | None = None

    def put(self, name: str, words: bytes = b"words") -> None:
        """Somebody saves a file, and no event says so."""
        (self.home.inbox / name).write_bytes(words)

    def live(self, *, once: bool = False) -> int | None:
        """Until closing time, or until a run of `once` ends; its exit code."""
        with _handlers_kept():
            try:
                return Service(self.home, clock=self.clock, prepare=self._prepare).run(once=once)
            except ClosingTimeError:
                return None

    def events(self) -> Counter[str]:
        """What the audit trail has, by event."""
        trail = (self.home.audit / "trail.jsonl").read_text().split('"event":"')[1:]
        return Counter(line.partition('"')[0] for line in trail)

    def conditions(self) -> list[tuple[str, str]]:
        """State and code of the service, as the page told them, without repetitions."""
        told = [(report.condition.state, report.condition.code) for report in self.reports]
        return [each for number, each in enumerate(told) if number == 0 or told[number - 1] != each]

    def _prepare(self, home: Home, pause: Callable[[float], None], clock: Clock) -> Running:
        known, written = wiring.documents(home), wiring.stores(home, clock)
        outbox = Telltale(home.outbox, away=volume_away(home.volume))
        outbox.reports = self.reports
        written = wiring.Stores(written.vault, written.board, written.audit, outbox)
        self.running = OfficeRunning(
            board=written.board,
            audit=written.audit,
            outbox=outbox,
            inbox=wiring.inbox(home, known, clock),
            ports=wiring.claim_ports(written, FakeQueue(), known, 1_000_000, clock),
            reader=cast("Any", Idle()),
            chosen=cast("Any", Idle()),
            clock=clock,
            folders=Folders(home, known),
            notifier=self.notifier,
            awake=cast("Any", self.awake),
        )
        self.running.watches = self.watches
        return self.running


@contextmanager
def _handlers_kept() -> Iterator[None]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
