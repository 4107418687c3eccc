"""Builds the adapters from the settings: with `upkeep` the only module that names them, each imported when first needed.

`status` needs the job board alone and must answer at once; only `prepare` brings in the workflow engine.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from daemon.config import Home
from daemon.model.document import Document
from daemon.model.errors import PermanentError
from daemon.model.handout import Handout
from daemon.model.job import InboxItem
from daemon.model.letterhead import Letterhead
from daemon.model.source import SourceKind
from daemon.ports import Clock, JobQueue, Notifier
from daemon.wiring.engines import OCR_MODEL as OCR_MODEL
from daemon.wiring.engines import drafter as drafter
from daemon.wiring.engines import drafting_choice as drafting_choice
from daemon.wiring.engines import drug_counts as drug_counts
from daemon.wiring.engines import engines_in_use as engines_in_use
from daemon.wiring.engines import fitness as fitness
from daemon.wiring.engines import hears as hears
from daemon.wiring.engines import isolation as isolation
from daemon.wiring.engines import measurements as measurements
from daemon.wiring.engines import models as models
from daemon.wiring.engines import reader as reader
from daemon.wiring.engines import reads_forms as reads_forms

if TYPE_CHECKING:
    from daemon.adapters.audit.checkpoint_copies import CheckpointCopies
    from daemon.adapters.audit.log import AuditLog
    from daemon.adapters.inbox.folder import InboxFolder
    from daemon.adapters.keys import Keys
    from daemon.adapters.outbox.folder import OutboxFolder
    from daemon.adapters.state.job_board import SqliteJobBoard
    from daemon.adapters.state.work_log import SqliteWorkLog
    from daemon.adapters.vault.age_vault import AgeVault
    from daemon.steps.claim import ClaimPorts
    from daemon.steps.derive import DerivePorts
    from daemon.steps.purge import Purge
    from daemon.steps.sealed_parts import Originals
    from daemon.workflow_config import DistantQueue


class SystemClock:
    """The `Clock` port on the machine's clocks."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return time.monotonic()

    def wait(self, wake: Event, seconds: float) -> bool:
        """Wait until `wake` is set, at most so many seconds; whether it is set."""
        return wake.wait(seconds)


def refuse_newer(home: Home) -> None:
    """`state-newer` where a newer version has worked: whatever leads into the state folder asks this first."""
    from daemon.adapters.state import home_schema

    home_schema.refuse_newer(home.state)


def bring_up_to_date(home: Home, clock: Clock) -> None:
    """Migrate what an older version wrote; under the home's lock, before anything is opened."""
    from daemon.adapters.state.home_schema import StateFolder, bring_up_to_date
    from daemon.workflow_config import STORE_SCHEMA

    state = StateFolder(home.state, home.job_board, home.workflow_store)
    bring_up_to_date(state, clock.now(), engine_schema=STORE_SCHEMA)


def keys(home: Home) -> Keys:
    """This machine's keys; `config-missing` before the first `init`, `keys-missing` where they were lost."""
    from daemon.adapters.keys import load_keys

    if not home.keys.is_dir():
        raise PermanentError("config-missing")
    refuse_newer(home)
    return load_keys(home.keys, home.settings.keys_in)


def board(home: Home, clock: Clock | None = None) -> SqliteJobBoard:
    """The job board; `config-missing` before the first `init`."""
    from daemon.adapters.state.job_board import SqliteJobBoard

    if not home.state.is_dir():
        raise PermanentError("config-missing")
    refuse_newer(home)
    return SqliteJobBoard(home.job_board, clock or SystemClock())


def vault(home: Home, clock: Clock | None = None) -> AgeVault:
    """The vault."""
    from daemon.adapters.vault.age_vault import AgeVault

    return AgeVault(home.vault, keys(home), clock or SystemClock())


def audit(home: Home, clock: Clock | None = None, held: Keys | None = None) -> AuditLog:
    """The audit trail; with `held`, under keys that are not the home's yet."""
    from daemon.adapters.audit.log import AuditLog

    copies = checkpoint_copies(home, clock, held)
    return AuditLog(
        home.audit,
        held or keys(home),
        clock or SystemClock(),
        archive_bytes=home.settings.upkeep.audit_megabytes * 1_000_000,
        published=copies.soon if copies else lambda: None,
    )


def checkpoint_copies(home: Home, clock: Clock | None = None, held: Keys | None = None) -> CheckpointCopies | None:
    """What copies signed checkpoints to the second folder, if the settings name one."""
    from daemon.adapters.audit.checkpoint_copies import CheckpointCopies

    if home.checkpoints is None:
        return None
    verifier = (held or keys(home)).verifier
    return CheckpointCopies(home.audit, home.checkpoints, verifier, clock or SystemClock())


def outbox(home: Home) -> OutboxFolder:
    """The outbox."""
    from daemon.adapters.folder_sights import volume_away
    from daemon.adapters.outbox.folder import OutboxFolder

    titles = {key: document.title for key, document in documents(home).items()}
    letterhead, away = Letterhead(**home.settings.practice.model_dump()), volume_away(home.volume)
    mode = int(home.settings.outbox_mode, 8)
    return OutboxFolder(home.outbox, mode=mode, titles=titles, letterhead=letterhead, away=away)


def notifier(home: Home, clock: Clock | None = None) -> Notifier:
    """What tells the person at this machine, as far as the settings want it."""
    from daemon.adapters.machine.notifier import this_machines

    return this_machines(home.settings.notifications, clock or SystemClock())


def keep_readmes(home: Home, known: Mapping[str, Document]) -> None:
    """README.txt of inbox and outbox, as they should be today; RetryableError."""
    from daemon.adapters.readme_files import inbox_readme, keep_readme, outbox_readme

    keep_readme(home.inbox, inbox_readme(known), mode=0o644)
    keep_readme(home.outbox, outbox_readme(), mode=int(home.settings.outbox_mode, 8))


def documents(home: Home) -> dict[str, Document]:
    """The packaged documents and the practice's own."""
    from daemon.documents.loader import load_documents

    return load_documents(home.documents)


def handouts(home: Home, known: Mapping[str, Document]) -> tuple[Handout, ...]:
    """The handouts for patients: the practice's own and the packaged ones."""
    from daemon.documents.handouts import load_handouts, slots_of

    return load_handouts(home.handouts, slots_of(known))


def default_documents(known: Mapping[str, Document]) -> dict[SourceKind, str]:
    """What a file in the inbox's root becomes, by its kind."""
    return {document.default_for: key for key, document in known.items() if document.default_for is not None}


def inbox(home: Home, known: Mapping[str, Document], clock: Clock | None = None) -> InboxFolder:
    """The inbox."""
    from daemon.adapters.inbox.folder import InboxFolder

    settings = home.settings
    return InboxFolder(
        home.inbox,
        documents={key: document.title for key, document in known.items()},
        settle_seconds=settings.settle_seconds,
        give_up_seconds=settings.give_up_seconds,
        clock=clock or SystemClock(),
        join_scans_seconds=settings.join_scans_seconds,
    )


def work_log(home: Home, clock: Clock | None = None) -> SqliteWorkLog:
    """What is worked on at the moment, and how fast work went so far."""
    from daemon.adapters.state.work_log import SqliteWorkLog

    return SqliteWorkLog(home.work_log, clock or SystemClock())


def picked_item(untrusted_paths: list[Path], document: str) -> tuple[InboxItem, Originals]:
    """Files named on the command line as one item, and the originals to claim it from; `file-missing`."""
    from daemon.adapters.inbox.files import PickedFiles

    return PickedFiles.item(untrusted_paths, document), PickedFiles()


def distant_queue(home: Home) -> DistantQueue:
    """The queue of a daemon that runs in another process."""
    from daemon.adapters.state.workflow_store import workflow_store
    from daemon.workflow_config import DistantQueue

    return DistantQueue(database_url(home), workflow_store(database_url(home)))


@dataclass(frozen=True, slots=True)
class Stores:
    """What is written to; one of each in a process."""

    vault: AgeVault
    board: SqliteJobBoard
    audit: AuditLog
    outbox: OutboxFolder


def stores(home: Home, clock: Clock | None = None) -> Stores:
    """The four of them."""
    return Stores(vault(home, clock), board(home, clock), audit(home, clock), outbox(home))


def claim_ports(
    written: Stores, queue: JobQueue, known: Mapping[str, Document], max_bytes: int, clock: Clock | None = None
) -> ClaimPorts:
    """What claiming writes to."""
    from daemon.steps.claim import ClaimPorts

    return ClaimPorts(
        vault=written.vault,
        board=written.board,
        queue=queue,
        audit=written.audit,
        outbox=written.outbox,
        clock=clock or SystemClock(),
        by_kind=default_documents(known),
        max_bytes=max_bytes,
    )


def derive_ports(home: Home, queue: JobQueue) -> DerivePorts:
    """What deriving a document from a job writes to."""
    from daemon.steps.derive import DerivePorts

    return DerivePorts(vault(home), board(home), queue, audit(home), SystemClock())


def purge(
    home: Home, clock: Clock | None = None, said_by: Mapping[str, str | int] | None = None, *, dry: bool = False
) -> Purge:
    """A run of retention as the settings have it. `said_by`: the facts of who asked, if a person did."""
    from daemon.adapters.vault.listing import present_blobs
    from daemon.model.retention import Policy
    from daemon.steps.purge import Purge, PurgePorts

    clock, kept = clock or SystemClock(), home.settings.retention
    ports = PurgePorts(
        vault=vault(home, clock),
        board=board(home, clock),
        audit=audit(home, clock),
        clock=clock,
        present=lambda: present_blobs(home.vault),
        said_by=said_by or {},
        shared=bool(home.settings.engine.database_url),
    )
    return Purge(ports, Policy(kept.originals_days, kept.drafts_days), dry=dry)


def database_url(home: Home) -> str:
    """The workflow store: as set, else SQLite in the state folder."""
    return home.settings.engine.database_url or f"sqlite:///{home.workflow_store}"
