"""Everything of a home whose workflow engine runs in this process."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from daemon import wiring
from daemon.at_work import NoWorkLog
from daemon.config import Home
from daemon.model.errors import ChartdraftError
from daemon.model.job import FINAL_STATES, InboxItem, LeftFolder
from daemon.model.outbox_name import clean_stem
from daemon.model.status_report import Condition, StatusReport
from daemon.model.step_tries import StepTries
from daemon.model.work_speed import of_all
from daemon.ports import Clock, WorkLog

if TYPE_CHECKING:
    from daemon.adapters.audit_log import AuditLog
    from daemon.adapters.engine_reader import EngineReader
    from daemon.adapters.inbox_folder import InboxFolder
    from daemon.adapters.inbox_watch import InboxWatch
    from daemon.adapters.job_board import SqliteJobBoard
    from daemon.adapters.outbox_folder import OutboxFolder
    from daemon.steps.claim import Claimed, ClaimPorts, Originals
    from daemon.wiring import ChosenDrafter
    from daemon.workflow import WorkflowQueue


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
            self.audit.record("folder-left", key=f"folder:{os.getpid()}:{time.time_ns()}", code=folder.code)
            self.told[folder.path] = folder

    def report(self, condition: Condition, most: int) -> StatusReport:
        """What the status page is to say, with at most so many jobs. All rows of a backlog would cost more than the claims do."""
        rows, counts = list(self.board.rows(most)), self.board.counts()
        return StatusReport(
            rows=rows,
            at=self.clock.now(),
            counts=counts,
            condition=condition,
            work=self.work.now(),
            expected_seconds=of_all(self.work.expected_seconds(rows), rows, counts),
        )

    def watch(self, on_change: Callable[[], None]) -> InboxWatch:
        """Be told when the inbox changes; a hint only, so that it may fail to start."""
        from daemon.adapters.inbox_watch import InboxWatch

        watch = InboxWatch(self.inbox.folder, on_change)
        watch.start()
        return watch

    def rest(self) -> None:
        """Let go of engines that nothing needs now."""
        self.chosen.rest()
        self.reader.rest()

    def board_busy(self) -> bool:
        """Whether any job is on its way."""
        return any(count for state, count in self.board.counts().items() if state not in FINAL_STATES)

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
        from daemon.adapters.engine_process import EngineProcess

        EngineProcess.abandon_all()

    def stop(self) -> None:
        """Let the workflow engine go."""
        from daemon import workflow

        workflow.stop()


def prepare(home: Home, pause: Callable[[float], None], clock: Clock) -> Running:
    """Build everything, and start the workflow engine, which goes on with what was under way.

    `pause` waits some seconds between two tries of a step.
    """
    from daemon import workflow
    from daemon.adapters.atomic_file import sweep_parts
    from daemon.adapters.workflow_store import workflow_store

    known = wiring.documents(home)
    handouts, written = wiring.handouts(home, known), wiring.stores(home, clock)
    os.umask(0o077)
    written.vault.sweep()
    with suppress(ChartdraftError):  # an outbox that is away is waited for when a draft is delivered
        sweep_parts(home.outbox)
    work, tries = wiring.work_log(home, clock), wiring.step_tries(home)
    work.forget_now()
    chosen, engines = wiring.drafter(home, work.drafting), wiring.reader(home, work.reading)
    queue = workflow.start(
        workflow.Parts(
            vault=written.vault,
            board=written.board,
            audit=written.audit,
            outbox=written.outbox,
            reader=engines,
            drafter=chosen,
            documents=known,
            clock=clock,
            pause=pause,
            handouts=handouts,
            tries=tries,
            work=work,
        ),
        wiring.database_url(home),
        workflow_store(wiring.database_url(home)),
        polling_seconds=home.settings.engine.poll_seconds,
    )
    _pick_up(written.board, queue)
    return Running(
        board=written.board,
        audit=written.audit,
        outbox=written.outbox,
        inbox=wiring.inbox(home, known, clock),
        ports=wiring.claim_ports(written, queue, known, home.settings.media_limits.max_bytes, clock),
        reader=engines,
        chosen=chosen,
        clock=clock,
        tries=tries,
        work=work,
    )


def _pick_up(board: SqliteJobBoard, queue: WorkflowQueue) -> None:
    """Hand on what a crash left between board and queue; say of what the engine has given up that it needs attention."""
    from daemon.workflow_config import workflow_id

    known = queue.under_way()  # before the rows: what ends in between is final on the board
    lost = [
        row for row in board.rows() if row.state not in FINAL_STATES and workflow_id(row.id, row.revision) not in known
    ]
    for row in lost:
        if row.state == "waiting":
            queue.enqueue(row.id, row.manifest, row.revision)
        elif workflow_id(row.id, row.revision) not in queue.under_way():
            board.set_state(row.id, "attention", code="internal")
