"""Derive: another document of what a job has read, as a job of its own.

It is the very job that the same files would be if they had been dropped for that document, so that asking twice, in either way, is
harmless. The order is audit, manifest, board, queue; a crash in between is mended by asking again, or by the next start.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from daemon.model.codec import manifest_from_bytes, manifest_to_bytes
from daemon.model.crash_point import crash_point
from daemon.model.errors import PermanentError
from daemon.model.job import JobRow, Manifest
from daemon.model.job_identity import asked_as, short_id
from daemon.ports import AuditTrail, Clock, JobBoard, JobQueue, Vault


@dataclass(frozen=True, slots=True)
class DerivePorts:
    """What deriving writes to."""

    vault: Vault
    board: JobBoard
    queue: JobQueue
    audit: AuditTrail
    clock: Clock


@dataclass(frozen=True, slots=True)
class Derived:
    """The job of that document, and whether there was one already."""

    job: str
    duplicate: bool


def derive(origin: JobRow, document: str, ports: DerivePorts, *, deliver_to: str = "") -> Derived:
    """Make the job, or find it; nothing is read again. `job-not-ready` where nothing was read yet.

    A job that is this document already, because its memo asked for it or it was retried as such, is its own answer.
    """
    if not origin.reading:
        raise PermanentError("job-not-ready")
    if origin.document == document:
        return Derived(origin.id, duplicate=True)
    came = manifest_from_bytes(ports.vault.open(origin.manifest))
    asked = asked_as(document, [source.code for source in came.sources])
    job = ports.vault.content_id(asked, [source.source.sha256 for source in came.sources])
    row = ports.board.get(job)
    duplicate = row is not None
    # First: from when the job is on the board, any start works on it.
    ports.audit.record("item-derived", key=f"derive:{job}:{origin.id}", job=job, origin=origin.id, document=document)
    crash_point("derive-recorded")
    if row is None:
        row = _add(origin, came, job, document, ports, deliver_to)
    if row.state == "waiting":
        ports.queue.enqueue(job, row.manifest, row.revision)
        crash_point("derive-queued")
    return Derived(job, duplicate)


def _add(origin: JobRow, came: Manifest, job: str, document: str, ports: DerivePorts, deliver_to: str) -> JobRow:
    # Without `seen`: the same files, dropped later for this document, are a second copy of it.
    manifest = dataclasses.replace(
        came, job=job, short=short_id(job, ports.board.find), deliver_to=deliver_to, seen="", route="derived"
    )
    sealed = ports.vault.seal_bytes(manifest_to_bytes(manifest)).blob
    crash_point("derive-manifest-sealed")
    row = JobRow(
        id=job,
        state="waiting",
        document=document,
        sources=origin.sources,
        manifest=sealed,
        updated_at=ports.clock.now(),
        reading=origin.reading,
    )
    if not ports.board.add(row):
        return ports.board.get(job) or row
    crash_point("derive-on-board")
    return row
