"""Everything of a home whose workflow engine runs in this process."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from daemon import wiring
from daemon.at_work import NoWorkLog
from daemon.model.crash_point import crash_point
from daemon.model.job import FINAL_STATES, InboxItem, JobRow, LeftFolder, is_at_work
from daemon.model.outbox_name import clean_stem
from daemon.model.status_report import Condition, StatusReport, midnight
from daemon.model.step_tries import StepTries
from daemon.model.work_speed import of_all
from daemon.ports import Clock, Notifier, WorkLog
from daemon.serving.folders import Folders, Found
from daemon.serving.item_names import ItemNames
from daemon.serving.tidying import Tidying

if TYPE_CHECKING:
    from daemon.adapters.audit.log import AuditLog
    from daemon.adapters.drafting.chosen_drafter import ChosenDrafter
    from daemon.adapters.inbox.folder import InboxFolder
    from daemon.adapters.inbox.watch import InboxWatch
    from daemon.adapters.machine.keep_awake import KeepAwake
    from daemon.adapters.outbox.folder import OutboxFolder
    from daemon.adapters.reading.engine_reader import EngineReader
    from daemon.adapters.state.job_board import SqliteJobBoard
    from daemon.steps.claim import Claimed, ClaimPorts
    from daemon.steps.sealed_parts import Originals


MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The job board at one moment: `rows` are those that people want to see, `today` began at `today`."""

    version: object
    today: datetime
    counts: Mapping[str, int]
    rows: tuple[JobRow, ...]
    delivered_today: int


class Silent:
    """The `Notifier` port where nobody is told."""

    def tell(self, attention: int, delivered: int, code: str = "") -> None:
        """Nothing."""


@dataclass
class Running:
    """Everything of a home whose workflow engine runs in this process."""

    board: SqliteJobBoard
    audit: AuditLog
    outbox: OutboxFolder
    inbox: InboxFolder
    ports: ClaimPorts
    reader: EngineReader
    chosen: ChosenDrafter
    clock: Clock = field(default_factory=wiring.SystemClock)
    tries: StepTries = field(default_factory=StepTries)
    work: WorkLog = field(default_factory=NoWorkLog)
    told: dict[str, LeftFolder] = field(default_factory=dict)
    """The folders that nothing is taken from, and that a note was written of, by path."""
    left_items: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The same for files that cannot be taken in: clean name and code."""
    refused: tuple[str, ...] = ()
    """The names, as they came, of what could not be taken in at the last try, and is tried again."""
    folders: Folders | None = None
    notifier: Notifier = field(default_factory=Silent)
    awake: KeepAwake | None = None
    risks: tuple[str, ...] = ()
    """What the settings accept and the status page says all the same, in sentences."""
    tidying: Tidying | None = None

    def __post_init__(self) -> None:
        self._names = ItemNames(self.ports.vault)
        self._snapshot: Snapshot | None = None
        self._away = False

    def claim(self, item: InboxItem, originals: Originals | None = None, *, deliver_to: str = "") -> Claimed:
        """Take an item over; from the inbox unless other originals are given."""
        from daemon.steps.claim import claim

        return claim(item, originals or self.inbox, self.ports, deliver_to=deliver_to)

    def finish_removals(self) -> None:
        """Remove what an earlier claim had still to remove."""
        from daemon.steps.claim import finish_removals

        finish_removals(self.inbox.all_files(), self.inbox, self.ports)

    def tell_of_folders(self) -> None:
        """A note for each folder that nothing is taken from: one for each state of it, so that a person may remove it.

        The files of a packet that are still to be removed make no such folder.
        """
        left = self.inbox.left_folders()
        self.told = {folder.path: folder for folder in left if self.told.get(folder.path) == folder}
        going = self.board.originals() if left else {}
        for folder in left:
            if folder.path in self.told or any(part.facts in going for part in folder.parts):
                continue
            self.outbox.publish_left(folder.code, stem=clean_stem(folder.untrusted_name), near=folder.near)
            crash_point("folder-left-noted")
            self.audit.record("folder-left", key=f"folder:{secrets.token_hex(8)}", code=folder.code)
            self.told[folder.path] = folder

    def tell_of_item(self, path: str, item: InboxItem, code: str) -> None:
        """A note for a file that cannot be taken in, once for as long as that lasts."""
        if path in self.left_items:
            return
        stem = clean_stem(item.untrusted_name)
        self.outbox.publish_item_left(code, stem=stem)
        crash_point("item-left-noted")
        self.audit.record("item-left", key=f"left:{secrets.token_hex(8)}", code=code)
        self.left_items[path] = (stem, code)

    def forget_items(self, failing: Container[str]) -> None:
        """All but these were taken in, or went away."""
        self.left_items = {path: left for path, left in self.left_items.items() if path in failing}

    def left(self) -> tuple[tuple[str, str], ...]:
        """What lies in the inbox and is not taken in, by clean name, each with its code."""
        folders = ((clean_stem(folder.untrusted_name), folder.code) for folder in self.told.values())
        return (*sorted(folders), *sorted(self.left_items.values()))

    def coming(self) -> tuple[str, ...]:
        """The names, as they came, of what lies in the inbox and may be taken in soon."""
        return () if self._away else (*self.inbox.coming(), *self.refused)

    def snapshot(self) -> Snapshot:
        """The jobs as they are; asked anew only when something changed, or a day began."""
        version, today = self.board.version(), midnight(self.clock.now())
        if self._snapshot is None or (self._snapshot.version, self._snapshot.today) != (version, today):
            counts = self.board.counts()
            # Those that a person has dealt with stay on the board; they must not keep others off the page.
            most = MOST_ROWS + min(counts.get("attention", 0), MOST_ROWS)
            rows = tuple(self.board.shown(today, most))
            self._snapshot = Snapshot(version, today, counts, rows, self.board.delivered_since(today))
        return self._snapshot

    def report(self, condition: Condition, most: int) -> StatusReport:
        """What the status page is to say, with at most so many jobs. All rows of a backlog would cost more than the claims do."""
        snapshot = self.snapshot()
        coming = self.coming()
        rows = snapshot.rows[: most + min(snapshot.counts.get("attention", 0), most)]
        return StatusReport(
            rows=rows,
            at=self.clock.now(),
            counts=snapshot.counts,
            condition=condition,
            names=self._names.of(rows),
            work=self.work.now(),
            expected_seconds=of_all(self.work.expected_seconds(rows), rows, snapshot.counts),
            delivered_today=snapshot.delivered_today,
            left=self.left(),
            coming=tuple(clean_stem(name) for name in coming[:most]),
            coming_count=len(coming),
            risks=self.risks,
        )

    def look_at_folders(self) -> Found:
        """Whether inbox and outbox are here; what was deleted is made again."""
        found = self.folders.look() if self.folders else Found()
        self._away = bool(found.inbox)
        return found

    def watch(self, on_change: Callable[[], None]) -> InboxWatch:
        """Be told when the inbox changes; a hint only, so that it may fail to start."""
        from daemon.adapters.inbox.watch import InboxWatch

        watch = InboxWatch(self.inbox.folder, on_change)
        watch.start()
        return watch

    def rest(self) -> None:
        """Let go of engines that nothing needs now, and of what is not needed any more."""
        self.chosen.rest()
        self.reader.rest()
        if self.tidying is not None:
            self.tidying.tidy(idle=not self.board_busy())

    def board_busy(self) -> bool:
        """Whether any job is on its way."""
        return any(count for state, count in self.snapshot().counts.items() if state not in FINAL_STATES)

    def at_work(self) -> bool:
        """Whether a job is under way and does not just wait for a person to mend something."""
        return self.board_busy() and is_at_work(self.snapshot().rows)

    def make_ready(self) -> None:
        """Let an engine load its model while the file for it is settling, unless one is at work already."""
        kind = self.inbox.settling_kind()
        if kind is not None and not self.board_busy():
            self.reader.expect(kind)

    def still_seconds(self) -> float:
        """For how long the workflow engine did nothing."""
        from daemon import workflow

        return workflow.still_seconds()

    def abandon_engines(self) -> None:
        """End every child process; calls that wait for one wait on."""
        from daemon.adapters.reading.engine_process import EngineProcess

        EngineProcess.abandon_all()

    def stop(self) -> None:
        """Let the workflow engine go."""
        from daemon import workflow

        workflow.stop()
