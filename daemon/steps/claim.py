"""Claim: an item leaves the inbox only when the vault, the board, the queue and the audit trail hold it.

The order, each number a point at which a crash is harmless because claiming again leads to the same job:
1. seal each file in one pass (hash and encrypt), from a handle on exactly the file that was seen;
2. check that the file did not change meanwhile;
3. derive the job's id from the contents and the document asked for;
4. seal the manifest, the only place that knows names;
5. put the job on the board;
6. record it in the audit trail: from here on, whoever takes the job up finds it told;
7. hand it to the workflow;
8. of an item of several files, remember on the board which they are, without their names;
9. unlink the originals that are still the same files, and forget them.

From 9 on the item is not whole any more: what a crash leaves of it would be another, smaller item, and drafted as one. So what is
remembered is never an item: `finish_removals` removes it, once its content is found to be in the job.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from daemon.model.codec import manifest_from_bytes, manifest_to_bytes
from daemon.model.crash_point import crash_point
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.job import FINAL_STATES, InboxItem, InboxPart, JobRow, Manifest, ManifestSource
from daemon.model.job_identity import asked_as, short_id
from daemon.model.limits import Limits
from daemon.model.outbox_name import clean_stem
from daemon.model.source import Source, SourceKind
from daemon.ports import AuditTrail, Clock, JobBoard, JobQueue, Outbox, Vault
from daemon.steps.sealed_parts import Originals, SealedPart, once_each, seal_as_it_came, seal_part


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
    item: InboxItem,
    originals: Originals,
    ports: ClaimPorts,
    *,
    deliver_to: str = "",
    announce: bool = True,
    asked: Callable[[str], None] = lambda _: None,
) -> Claimed:
    """Take one settled item over, as the module's head says. Raises what the ports raise, with the originals in place.

    `announce`: leave a note in the outbox where the content was drafted before. `asked` is told of the job before there is one on the
    board: who asked for it is said first. What an earlier claim left behind is no item: it is removed, and
    RetryableError("file-changed") says to look again.
    """
    if not item.stays and (left := _remove_remembered(item.parts, originals, ports)):
        ports.board.forget_originals(left)
        raise RetryableError("file-changed")
    parts = once_each([seal_part(part, item, originals, ports.vault, ports.max_bytes) for part in item.parts])
    crash_point("claim-sealed")
    code = _item_code(item, parts)
    job = ports.vault.content_id(_asked(item, code, parts), [each.sealed.sha256 for each in parts])
    asked(job)
    row = _on_board(item, code, parts, job, ports, deliver_to)
    manifest = manifest_from_bytes(ports.vault.open(row.manifest))
    # The same files again are a claim that a crash cut off; other files with the same contents are a second copy.
    duplicate = manifest.seen != _seen(item)
    size = sum(each.sealed.bytes for each in parts)
    event, key = "item-duplicate" if duplicate else "item-claimed", _claim_key(job, _seen(item))
    ports.audit.record(event, key=key, job=job, document=row.document, files=len(item.parts), bytes=size)
    crash_point("claim-recorded")
    if row.state == "waiting":
        ports.queue.enqueue(job, row.manifest, row.revision)
        crash_point("claim-queued")
    if announce and duplicate:
        _announce(clean_stem(item.untrusted_name), row, manifest, ports.outbox)
        crash_point("claim-announced")
    _remove_all(item, job, originals, ports.board)
    crash_point("claim-done")
    return Claimed(job, duplicate)


def record_picked_up(row: JobRow, manifest: Manifest, audit: AuditTrail) -> None:
    """Record the claim of a job that is handed on after a crash between 5 and 6, if that claim was never recorded.

    What came from the inbox is claimed again, and says the same; what a person named on the command line may never be.
    """
    if manifest.seen:  # else it was derived, which was recorded first
        key, files = _claim_key(row.id, manifest.seen), len(manifest.sources)
        audit.record("item-claimed", key=key, job=row.id, document=row.document, files=files)


def _claim_key(job: str, seen: str) -> str:
    return f"claim:{job}:{seen}"


def finish_removals(found: Iterable[InboxPart], originals: Originals, ports: ClaimPorts) -> bool:
    """Remove, of all files there are, those that an earlier claim had still to remove; whether there were any.

    A file is removed only if its content is one of its job's; any other is forgotten, and will be an item of its own.
    """
    left = _remove_remembered(found, originals, ports)
    if left:
        # Where one file of a job is seen, its others are gone. Where none is, the inbox may be away for a while.
        remembered = ports.board.originals()
        done = {remembered[facts] for facts in left if facts in remembered}
        ports.board.forget_originals([facts for facts, job in remembered.items() if job in done])
        crash_point("leftover-forgotten")
    return bool(left)


def _remove_remembered(found: Iterable[InboxPart], originals: Originals, ports: ClaimPorts) -> list[str]:
    """The facts of those of the files that were remembered. What is not removed of them is not the job's."""
    remembered = ports.board.originals()
    left = [part for part in found if part.facts in remembered] if remembered else []
    for part in left:
        if _is_kept(part, remembered[part.facts], originals, ports):
            originals.remove(part)
            crash_point("leftover-removed")
    return [part.facts for part in left]


def _is_kept(part: InboxPart, job: str, originals: Originals, ports: ClaimPorts) -> bool:
    row = ports.board.get(job)
    try:
        sources = manifest_from_bytes(ports.vault.open(row.manifest)).sources if row else ()
        sealed = seal_as_it_came(part, originals, ports.vault).sealed
    except PermanentError:
        return False  # the vault has lost it, or the file went away
    return sealed.sha256 in {source.source.sha256 for source in sources}


def _remove_all(item: InboxItem, job: str, originals: Originals, board: JobBoard) -> None:
    facts = [part.facts for part in item.parts]
    if several := len(item.parts) > 1 and not item.stays:
        board.remember_originals(job, facts)
        crash_point("claim-remembered")
    for part in item.parts:
        originals.remove(part)
        crash_point("claim-removed")
    if several:
        board.forget_originals(facts)


def _item_code(item: InboxItem, parts: Sequence[SealedPart]) -> str:
    """Why the item as a whole cannot be drafted: what is wrong with its only file, or with each; texts that nobody asked for."""
    codes = [part.code for part in parts]
    if codes == ["seal-unreadable"]:
        return codes[0]
    if item.code or all(codes):
        return item.code or codes[0]
    return "" if item.document or _leading(parts) else "media-unsupported"


def _leading(parts: Sequence[SealedPart]) -> SourceKind | None:
    """What a packet is first of all: a memo, else a scan. A text alone becomes what it is asked for, and nothing by itself."""
    kinds = {part.kind for part in parts if not part.code}
    return "recording" if "recording" in kinds else "scan" if "scan" in kinds else None


def _asked(item: InboxItem, code: str, parts: Sequence[SealedPart]) -> str:
    return asked_as(item.document, [code] if code else [part.code for part in parts])


def _is_purged(row: JobRow, vault: Vault) -> bool:
    """Whether what was drafted of this content is gone by retention: then it is no second copy of anything."""
    try:
        for blob in (row.manifest, row.draft):
            if blob:
                vault.pour(blob, _Nowhere())
    except PermanentError as error:
        return error.code == "vault-purged"
    return False


def _begin_anew(
    item: InboxItem, code: str, parts: Sequence[SealedPart], row: JobRow, ports: ClaimPorts, deliver_to: str
) -> JobRow:
    """The job's next revision, of what has just been sealed; `job-busy` while somebody's retry is on its way."""
    sealed = _seal_manifest(item, code, parts, row.id, ports, deliver_to)
    document = item.document or _by_kind(parts, ports.by_kind)
    revised = ports.board.revise(row.id, document, reading="", manifest=sealed)
    crash_point("claim-anew")
    return revised


class _Nowhere:
    """A sink that keeps nothing: whether a blob can be opened is all that is asked."""

    def write(self, data: bytes) -> int:
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


def _seal_manifest(
    item: InboxItem, code: str, parts: Sequence[SealedPart], job: str, ports: ClaimPorts, deliver_to: str
) -> str:
    manifest = Manifest(
        job=job,
        stem=clean_stem(item.untrusted_name),
        short=short_id(job, ports.board.find),
        sources=tuple(_source(number, part, alone=len(parts) == 1) for number, part in enumerate(parts, 1)),
        deliver_to=deliver_to,
        code=code,
        seen=_seen(item),
        route=item.route,
    )
    sealed = ports.vault.seal_bytes(manifest_to_bytes(manifest)).blob
    crash_point("claim-manifest-sealed")
    return sealed


def _on_board(
    item: InboxItem, code: str, parts: Sequence[SealedPart], job: str, ports: ClaimPorts, deliver_to: str
) -> JobRow:
    """The job's row: the one it has, or a new one, or the next revision of one whose files were deleted since."""
    row = ports.board.get(job)
    if row is None:
        return _add(item, code, parts, job, ports, deliver_to)
    return _begin_anew(item, code, parts, row, ports, deliver_to) if _is_purged(row, ports.vault) else row


def _add(
    item: InboxItem, code: str, parts: Sequence[SealedPart], job: str, ports: ClaimPorts, deliver_to: str
) -> JobRow:
    sealed = _seal_manifest(item, code, parts, job, ports, deliver_to)
    row = JobRow(
        id=job,
        state="waiting",
        document=item.document or _by_kind(parts, ports.by_kind),
        sources=_kinds(parts),
        manifest=sealed,
        updated_at=ports.clock.now(),
    )
    if not ports.board.add(row):
        return ports.board.get(job) or row  # another process claimed the same content a moment ago
    crash_point("claim-on-board")
    return row


def _source(number: int, part: SealedPart, *, alone: bool) -> ManifestSource:
    source = Source(f"s{number}", part.kind or "scan", part.sealed.sha256)
    return ManifestSource(source, part.sealed.blob, part.seen.untrusted_name, "" if alone else part.code)


def _kinds(parts: Sequence[SealedPart]) -> tuple[SourceKind, ...]:
    """The kinds of what can be read; of all, where nothing can."""
    readable = tuple(part.kind for part in parts if part.kind is not None and not part.code)
    return readable or tuple(part.kind for part in parts if part.kind is not None)


def _by_kind(parts: Sequence[SealedPart], by_kind: Mapping[SourceKind, str]) -> str:
    leading = _leading(parts) or next(iter(_kinds(parts)), None)
    return by_kind.get(leading, "") if leading else ""


def _announce(stem: str, row: JobRow, first: Manifest, outbox: Outbox) -> None:
    """A second copy must not vanish without a word. While its job is on its way, the draft that comes is one, if it bears this name."""
    if row.state == "attention":  # the note of the first copy bears another name, and may be gone
        outbox.publish_failure(row.code or "internal", job=row.id, stem=stem, short=first.short, revision=row.revision)
    elif row.state in FINAL_STATES or stem != first.stem:
        outbox.publish_duplicate(stem=stem, short=first.short, document=row.document)


def _seen(item: InboxItem) -> str:
    """One dropped item, the same after a crash, without its name: what the audit event is recorded once for."""
    facts = ";".join(part.facts for part in item.parts)
    return hashlib.sha256(facts.encode()).hexdigest()[:16]
