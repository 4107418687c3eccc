"""A home made ready to run: brought up to date, its folders seen to, the workflow engine started on what was under way."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from daemon import wiring
from daemon.config import Home
from daemon.model.crash_point import crash_point
from daemon.model.errors import ChartdraftError, PermanentError
from daemon.ports import Clock
from daemon.running import Running
from daemon.serving.folders import Folders
from daemon.serving.tidying import Tidying

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daemon.adapters.drafting.chosen_drafter import ChosenDrafter
    from daemon.adapters.reading.engine_reader import EngineReader
    from daemon.adapters.state.job_board import SqliteJobBoard
    from daemon.adapters.vault.age_vault import AgeVault
    from daemon.model.document import Document
    from daemon.model.job import JobRow
    from daemon.workflow import WorkflowQueue
    from daemon.workflow_parts import Parts


def prepare(home: Home, pause: Callable[[float], None], clock: Clock) -> Running:
    """Build everything, and start the workflow engine, which goes on with what was under way.

    `pause` waits some seconds between two tries of a step.
    """
    from daemon.adapters.state.stored_tries import StoredTries
    from daemon.workflow_parts import Parts

    wiring.bring_up_to_date(home, clock)
    known = wiring.documents(home)
    handouts, written = wiring.handouts(home, known), wiring.stores(home, clock)
    os.umask(0o077)
    _sweep(home, written.vault)
    folders = _see_to_folders(home, known)
    work, tries = wiring.work_log(home, clock), StoredTries(home.step_tries, clock)
    work.forget_now()
    parts = Parts(
        vault=written.vault,
        board=written.board,
        audit=written.audit,
        outbox=written.outbox,
        reader=(engines := wiring.reader(home, work.reading)),
        drafter=(chosen := wiring.drafter(home, work.drafting)),
        documents=known,
        clock=clock,
        pause=pause,
        handouts=handouts,
        tries=tries,
        work=work,
        named=wiring.drug_counts(home),
    )
    return _started(home, parts, written, engines, chosen, folders)


def _started(
    home: Home,
    parts: Parts,
    written: wiring.Stores,
    engines: EngineReader,
    chosen: ChosenDrafter,
    folders: Folders,
) -> Running:
    """The workflow engine started with these parts, and everything around it."""
    from daemon.adapters.machine.keep_awake import this_machines

    queue, known, clock = _start_workflow(home, parts, written.board), parts.documents, parts.clock
    return Running(
        board=written.board,
        audit=written.audit,
        outbox=written.outbox,
        inbox=wiring.inbox(home, known, clock),
        ports=wiring.claim_ports(written, queue, known, home.settings.media_limits.max_bytes, clock),
        reader=engines,
        chosen=chosen,
        clock=clock,
        tries=parts.tries,
        work=parts.work,
        folders=folders,
        notifier=wiring.notifier(home, clock),
        awake=this_machines(wanted=home.settings.keep_awake),
        tidying=Tidying(
            home,
            written.board,
            written.audit,
            clock,
            wiring.checkpoint_copies(home, clock),
            purge=lambda: wiring.purge(home, clock),
        ),
    )


def _sweep(home: Home, vault: AgeVault) -> None:
    """Remove what writers that died left half written; what cannot be removed now is removed by a later start."""
    from daemon.adapters.atomic_file import sweep_parts

    vault.sweep()
    for folder in (home.state, home.audit, home.keys):
        with suppress(ChartdraftError):
            sweep_parts(folder)


def _see_to_folders(home: Home, known: Mapping[str, Document]) -> Folders:
    """What is away is waited for; what cannot be written now is written by a later start."""
    from daemon.adapters.atomic_file import sweep_parts

    folders = Folders(home, known)
    found = folders.look()
    with suppress(ChartdraftError):
        if not found.outbox:
            sweep_parts(home.outbox)
        if not found.outbox and not found.inbox:
            sweep_parts(home.inbox)
            wiring.keep_readmes(home, known)
    return folders


def _start_workflow(home: Home, parts: Parts, board: SqliteJobBoard) -> WorkflowQueue:
    from daemon import workflow
    from daemon.adapters.state.workflow_store import workflow_store

    url = wiring.database_url(home)
    queue = workflow.start(parts, url, workflow_store(url), polling_seconds=home.settings.engine.poll_seconds)
    _pick_up(parts, board, queue)
    return queue


def _pick_up(parts: Parts, board: SqliteJobBoard, queue: WorkflowQueue) -> None:
    """Hand on what a crash left between board and queue, told to the trail first; say of what the engine has given up that it needs
    attention."""
    from daemon.workflow_config import workflow_id

    known = queue.under_way()  # before the rows: what ends in between is final on the board
    for row in [row for row in board.under_way() if workflow_id(row.id, row.revision) not in known]:
        if row.state == "waiting":
            _tell_of_claim(row, parts)
            queue.enqueue(row.id, row.manifest, row.revision)
            crash_point("pick-up-queued")
        elif workflow_id(row.id, row.revision) not in queue.under_way():
            board.set_state(row.id, "attention", code="note-missing")


def _tell_of_claim(row: JobRow, parts: Parts) -> None:
    from daemon.model.codec import manifest_from_bytes
    from daemon.steps.claim import record_picked_up

    try:
        manifest = manifest_from_bytes(parts.vault.open(row.manifest))
    except PermanentError:  # the job itself ends in a note about that
        return
    record_picked_up(row, manifest, parts.audit)
