"""Claim: an item leaves the inbox only when the vault, the board, the queue and the audit trail hold it.

The order, each number a point at which a crash is harmless because claiming again leads to the same job:
1. seal each file in one pass (hash and encrypt), from a handle on exactly the file that was seen;
2. check that the file did not change meanwhile;
3. derive the job's id from the contents and the document asked for;
4. seal the manifest, the only place that knows names;
5. put the job on the board;
6. hand it to the workflow;
7. record it in the audit trail;
8. unlink the originals that are still the same files.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from daemon.model.codec import manifest_from_bytes, manifest_to_bytes
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.job import FINAL_STATES, InboxItem, InboxPart, JobRow, Manifest, ManifestSource
from daemon.model.limits import Limits
from daemon.model.outbox_name import clean_stem
from daemon.model.source import Source, SourceKind, source_kind
from daemon.ports import AuditTrail, Clock, JobBoard, JobQueue, Outbox, Sealed, Vault

SHORTEST_ID = 4


class Originals(Protocol):
    """What claiming needs of the place an item lies in: the inbox, or files named on the command line."""

    def open(self, part: InboxPart) -> BinaryIO:
        """Open exactly the file that was seen; `file-vanished`, `file-changed`."""

    def unchanged(self, part: InboxPart) -> bool:
        """Whether it still is the same inode, size and mtime."""

    def remove(self, part: InboxPart) -> bool:
        """Unlink it if it still is."""


@dataclass(frozen=True, slots=True)
class ClaimPorts:
    """What claiming writes to. `by_kind` says what an item in the inbox's root becomes; a file of more than `max_bytes` is
    kept, but never opened: reading it would take that much memory."""

    vault: Vault
    board: JobBoard
    queue: JobQueue
    audit: AuditTrail
    outbox: Outbox
    clock: Clock
    by_kind: Mapping[SourceKind, str]
    max_bytes: int = Limits().max_bytes


@dataclass(frozen=True, slots=True)
class Claimed:
    """The job that an item is, and whether it was one already."""

    job: str
    duplicate: bool


def claim(
    item: InboxItem, originals: Originals, ports: ClaimPorts, *, deliver_to: str = "", announce: bool = True
) -> Claimed:
    """Take one settled item over, as the module's head says. Raises what the ports raise, with the originals in place.

    `announce`: leave a note in the outbox where the content was drafted before.
    """
    if not item.code and any(part.bytes > ports.max_bytes for part in item.parts):
        item = dataclasses.replace(item, code="media-too-large")
    item, sealed = _seal_all(item, originals, ports.vault)
    # An item that cannot be read is still a job of its own kind, so that mending its name or folder makes a new one.
    asked = f"{item.document}!{item.code}" if item.code else item.document
    job = ports.vault.content_id(asked, [each.sha256 for each in sealed])
    row = ports.board.get(job)
    if row is None:
        row = _add(item, sealed, job, ports, deliver_to)
    if row.state == "waiting":
        ports.queue.enqueue(job, row.manifest, row.revision)
    manifest = manifest_from_bytes(ports.vault.open(row.manifest))
    # The same files again are a claim that a crash cut off; other files with the same contents are a second copy.
    duplicate = manifest.seen != _seen(item)
    if announce and duplicate and row.state in FINAL_STATES:
        _announce(clean_stem(item.untrusted_name), row, manifest.short, ports.outbox)
    ports.audit.record(
        "item-duplicate" if duplicate else "item-claimed",
        key=f"claim:{job}:{_seen(item)}",
        job=job,
        document=row.document,
        files=len(sealed),
        bytes=sum(each.bytes for each in sealed),
    )
    for part in item.parts:
        originals.remove(part)
    return Claimed(job, duplicate)


def _seal(part: InboxPart, originals: Originals, seal: Callable[[BinaryIO], Sealed]) -> Sealed:
    with originals.open(part) as stream:
        sealed = seal(stream)
    if not originals.unchanged(part):
        # What was sealed is half of one file and half of another: it stays an orphan, and the file is taken in later.
        raise RetryableError("file-changed")
    return sealed


def _seal_all(item: InboxItem, originals: Originals, vault: Vault) -> tuple[InboxItem, list[Sealed]]:
    """Seal every part. What was sealed for someone else, or is cut off, is kept as it is and ends in a note."""
    try:
        return item, [_seal(part, originals, vault.seal_age if _is_age(part) else vault.seal) for part in item.parts]
    except PermanentError as error:
        if error.code != "seal-unreadable":
            raise
        if not item.final:
            raise RetryableError("file-changed") from None  # it may still be on its way here
    sealed = [_seal(part, originals, vault.seal) for part in item.parts]
    return dataclasses.replace(item, code="seal-unreadable"), sealed


def _add(item: InboxItem, sealed: Sequence[Sealed], job: str, ports: ClaimPorts, deliver_to: str) -> JobRow:
    kinds = [_kind(part) for part in item.parts]
    known = [kind for kind in kinds if kind is not None]
    manifest = Manifest(
        job=job,
        stem=clean_stem(item.untrusted_name),
        short=_short(job, ports.board),
        sources=tuple(
            ManifestSource(Source(f"s{number}", kind or "scan", each.sha256), each.blob, part.untrusted_name)
            for number, (part, kind, each) in enumerate(zip(item.parts, kinds, sealed, strict=True), 1)
        ),
        deliver_to=deliver_to,
        code=item.code or ("" if len(known) == len(kinds) else "media-unsupported"),
        seen=_seen(item),
    )
    row = JobRow(
        id=job,
        state="waiting",
        document=item.document or (ports.by_kind.get(known[0], "") if known else ""),
        sources=tuple(known),
        manifest=ports.vault.seal_bytes(manifest_to_bytes(manifest)).blob,
        updated_at=ports.clock.now(),
    )
    if not ports.board.add(row):
        # Another process claimed the same content a moment ago: its row is the job.
        return ports.board.get(job) or row
    return row


def _announce(stem: str, row: JobRow, short: str, outbox: Outbox) -> None:
    """A second copy must not vanish without a word. While its job is on its way none is needed: the draft will come."""
    if row.state == "attention":  # the note of the first copy bears another name, and may be gone
        outbox.publish_failure(row.code or "internal", job=row.id, stem=stem, short=short, revision=row.revision)
    else:
        outbox.publish_duplicate(stem=stem, short=short, document=row.document)


def _kind(part: InboxPart) -> SourceKind | None:
    name = part.untrusted_name
    return source_kind(name[: -len(".age")] if _is_age(part) else name)


def _is_age(part: InboxPart) -> bool:
    return part.untrusted_name.lower().endswith(".age")


def _short(job: str, board: JobBoard) -> str:
    """The first characters of the id that no other job begins with, at least four."""
    for length in range(SHORTEST_ID, len(job)):
        if all(row.id == job for row in board.find(job[:length])):
            return job[:length]
    return job


def _seen(item: InboxItem) -> str:
    """One dropped item, the same after a crash, without its name: what the audit event is recorded once for."""
    facts = ";".join(f"{part.inode}:{part.bytes}:{part.mtime_ns}" for part in item.parts)
    return hashlib.sha256(facts.encode()).hexdigest()[:16]
