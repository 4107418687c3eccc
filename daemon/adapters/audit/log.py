"""The audit trail on disk: one JSON line per event, appended under a lock and on the disk before anyone goes on.

`<audit>/trail.jsonl` is the trail's end and what came before lies in its archives (`audit_files`), `checkpoint.txt` the last
signed checkpoint (C2SP tlog-checkpoint), `index.db` a cache. Several processes may write; each reads what the others have
added, verifies it, and hangs its own lines behind.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from daemon.adapters.atomic_file import Opener, disk_errors, publish_bytes, sync_file, sync_folder, write_all
from daemon.adapters.audit.files import TRAIL, Written, archive_name, closing_name, list_archives, open_locked
from daemon.adapters.audit.index import AuditIndex, IndexDamagedError, Tail
from daemon.adapters.keys import Keys, check_signature
from daemon.model.audit_chain import MAX_LINE_BYTES, AuditEvent, key_digest
from daemon.model.crash_point import crash_point
from daemon.model.errors import PermanentError
from daemon.model.signed_note import Checkpoint, open_checkpoint, sign_checkpoint
from daemon.ports import Clock

CHECKPOINT, INDEX = "checkpoint.txt", "index.db"
REPAIRED = "trail-repaired"
"""The event that tells of a torn last line, cut off after a crash."""
HOLE = b"\0"
"""What a file system leaves where it had made room but not yet written when the power failed. Each write is on the disk before the next
one begins, so what lies behind a hole belongs to the one write of which nobody was told that it had happened."""
ARCHIVE_BYTES = 16_000_000
_INDEX_EVERY = 10_000  # lines read between two notes in the index; bounds memory when a long trail is read again


def open_unbuffered(descriptor: int) -> BinaryIO:
    """The usual `Opener` of the trail. A buffer would write its rest when closed, after a failed line was cut off."""
    return os.fdopen(descriptor, "ab", buffering=0)


class AuditLog:
    """`daemon.ports.AuditTrail` on a file, for several threads. Nothing is opened before the first use.

    `checkpoint_every`: events between two signed checkpoints. `archive_bytes`: a file that has grown to that size is closed,
    and becomes an archive. `published` is told of each checkpoint, as a note to be kept elsewhere; it must not wait. A trail whose end does not verify, or is shorter than
    its checkpoint or index says, is left alone: `audit-broken`; so is one whose checkpoint is not of this machine's
    key: `audit-checkpoint-invalid`.
    """

    def __init__(
        self,
        folder: Path,
        keys: Keys,
        clock: Clock,
        *,
        checkpoint_every: int = 1000,
        archive_bytes: int = ARCHIVE_BYTES,
        published: Callable[[], None] = lambda: None,
        opened: Opener = open_unbuffered,
    ) -> None:
        self._folder = folder
        self._keys = keys
        self._clock = clock
        self._checkpoint_every, self._archive_bytes = checkpoint_every, archive_bytes
        self._published = published
        self._opened = opened
        self._lock = threading.RLock()
        self._depth = 0
        self._pending: dict[bytes, AuditEvent] = {}
        self._index: AuditIndex | None = None
        self._tail, self._base = Tail(), 0
        self._checkpointed = 0

    def record(self, event: str, *, key: str, job: str = "-", **facts: str | int) -> None:
        """Append one event, once per `key`; durable when it returns (inside `batch`: when that ends).

        ValueError for a fact that is not an id, a code or a count. `disk-full` and `state-unwritable` leave the trail
        as it was.
        """
        entry = AuditEvent(event, key, self._clock.now(), job, facts)
        with self.batch():
            self._pending.setdefault(key_digest(key), entry)

    @contextlib.contextmanager
    def batch(self) -> Iterator[None]:
        """Events recorded inside are written together at the end, with one wait for the disk. Other threads wait."""
        with self._lock:
            self._depth += 1
            try:
                yield
            finally:  # also after an error: what was recorded until then did happen
                self._depth -= 1
                if not self._depth:
                    pending, self._pending = self._pending, {}
                    self._write(pending)

    def checkpoint(self) -> str:
        """Sign and publish a checkpoint over all lines there are; the note, to be kept elsewhere."""
        with self._lock, self._exclusive() as (file, index):
            self._catch_up(file, index)
            return self._publish_checkpoint()

    def close(self) -> None:
        """Sign a last checkpoint if there is anything new, and let go of the files. The trail may be used again."""
        with self._lock:
            if self._index is None:
                return
            if self._tail.head.seq > self._checkpointed:
                self.checkpoint()
            self._forget()

    def _write(self, pending: dict[bytes, AuditEvent]) -> None:
        if pending:
            try:
                self._write_once(pending)
            except IndexDamagedError:  # it is gone, and made anew from the trail
                self._write_once(pending)

    def _write_once(self, pending: dict[bytes, AuditEvent]) -> None:
        with self._exclusive() as (file, index):
            self._catch_up(file, index)
            fresh = {digest: event for digest, event in pending.items() if not index.knows(digest)}
            if fresh:
                self._append(file, index, fresh)
            if self._tail.offset - self._base >= self._archive_bytes:
                self._archive()
            elif self._tail.head.seq - self._checkpointed >= self._checkpoint_every:
                self._publish_checkpoint()

    @contextlib.contextmanager
    def _exclusive(self) -> Iterator[tuple[BinaryIO, AuditIndex]]:
        """The trail, opened anew (it may have been replaced) and locked against other processes, and the index."""
        with disk_errors(), contextlib.ExitStack() as undo, self._opened(open_locked(self._folder)) as file:
            undo.callback(self._forget)  # after whatever error, the next use looks at everything again
            if not os.fstat(file.fileno()).st_size:
                sync_folder(self._folder)  # it may be new: its name is to be as durable as its first line
            yield file, self._index or self._open(file)
            undo.pop_all()

    def _open(self, file: BinaryIO) -> AuditIndex:
        sync_folder(self._folder)  # whoever made the file may have died before its name was durable
        self._index = index = AuditIndex(self._folder / INDEX)
        self._tail = index.tail()
        self._catch_up(file, index)
        self._checkpointed = self._accept_checkpoint()
        return index

    def _forget(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None

    def _catch_up(self, file: BinaryIO, index: AuditIndex) -> None:
        """Verify and take in the lines that were added since; repair a torn last one."""
        written = Written(self._folder, file.fileno())
        self._base = written.base
        if written.size < self._tail.offset or not written.ends_with(self._tail.last_line, self._tail.offset):
            raise PermanentError("audit-broken")
        if written.size == self._tail.offset:
            return
        sync_file(file.fileno())  # whoever wrote this may have died before it was durable
        torn = self._take_in(written, index)
        if torn and self._tail.head.copy().accept(torn) == "line-malformed":
            self._cut_off(file, index, torn)
        elif torn:
            self._complete(file, index)

    def _take_in(self, written: Written, index: AuditIndex) -> bytes:
        """Verify line after line up to the end; what follows the last one that is whole."""
        rest = b""
        for reader, last in written.streams_from(self._tail.offset):
            rest = self._take_in_file(reader, index)
            if HOLE in rest and last:
                reader.seek(self._tail.offset - self._base)
                return reader.read()
            if len(rest) >= MAX_LINE_BYTES or (rest and not last):
                raise PermanentError("audit-broken")
        return rest

    def _take_in_file(self, reader: BinaryIO, index: AuditIndex) -> bytes:
        head, offset, last = self._tail.head.copy(), self._tail.offset, self._tail.last_line
        digests: list[bytes] = []
        while (line := reader.readline(MAX_LINE_BYTES)).endswith(b"\n"):
            link = head.accept(line[:-1])
            if isinstance(link, str):
                if HOLE in line:
                    break
                raise PermanentError("audit-broken")
            digests.append(key_digest(link.event.key))
            offset, last = offset + len(line), line
            if len(digests) == _INDEX_EVERY:
                index.advance(Tail(offset, last, head), digests)
                digests.clear()
        tail = Tail(offset, last, head)
        index.advance(tail, digests)
        self._tail = tail
        return line

    def _complete(self, file: BinaryIO, index: AuditIndex) -> None:
        """A whole line that lacks only its newline happened: keep it."""
        write_all(file, b"\n")
        crash_point("audit-completed")
        sync_file(file.fileno())
        if self._take_in(Written(self._folder, file.fileno()), index):
            raise PermanentError("audit-broken")

    def _cut_off(self, file: BinaryIO, index: AuditIndex, torn: bytes) -> None:
        """A write that a crash cut short told nobody that it had happened: drop it, and say so in the trail.

        What was signed is never dropped. Where there are lines behind a hole, what is dropped stays in a file of its own.
        """
        self._accept_checkpoint()
        if b"\n" in torn:
            publish_bytes(self._folder / f"cut-off-{self._tail.head.seq:09}.txt", torn, replace=True)
        os.ftruncate(file.fileno(), self._tail.offset - self._base)
        sync_file(file.fileno())  # else a power cut could leave what follows with the rest of this behind it
        crash_point("audit-cut-off")
        event = AuditEvent(
            REPAIRED, f"{REPAIRED}:{self._tail.head.seq}", self._clock.now(), facts={"removed_bytes": len(torn)}
        )
        self._append(file, index, {key_digest(event.key): event})

    def _append(self, file: BinaryIO, index: AuditIndex, events: dict[bytes, AuditEvent]) -> None:
        head = self._tail.head.copy()
        lines = [head.append(event) + b"\n" for event in events.values()]
        data = b"".join(lines)
        try:
            write_all(file, data)
            crash_point("audit-written")
            sync_file(file.fileno())
            crash_point("audit-synced")
        except OSError:
            # Half a line must not stay, nor a whole one of which the caller hears that it failed.
            with contextlib.suppress(OSError):  # then the next one repairs
                os.ftruncate(file.fileno(), self._tail.offset - self._base)
                sync_file(file.fileno())
            raise
        tail = Tail(self._tail.offset + len(data), lines[-1], head)
        # If this fails, `_tail` stays: the next append reads the lines again and notes them then.
        index.advance(tail, events)
        crash_point("audit-indexed")
        self._tail = tail

    def _publish_checkpoint(self) -> str:
        head = self._tail.head
        checkpoint = Checkpoint(self._keys.verifier.name, head.seq, head.tree.root())
        note = sign_checkpoint(checkpoint, self._keys.verifier, self._keys.sign)
        crash_point("checkpoint-signed")
        publish_bytes(self._folder / CHECKPOINT, note.encode(), replace=True)
        crash_point("checkpoint-published")
        self._checkpointed = head.seq
        self._published()
        return note

    def _archive(self) -> None:
        """Close the file that is written to: its checkpoint first, then its new name. The next event begins the next file.

        A crash after the checkpoint leaves one that the next closing replaces. Nothing is written, not even to the index, once
        the file has its new name: the lock was that of the name.
        """
        number = len(list_archives(self._folder)) + 1
        note = self._publish_checkpoint()
        publish_bytes(self._folder / closing_name(number), note.encode(), replace=True)
        crash_point("archive-checkpointed")
        archive = self._folder / archive_name(number)
        (self._folder / TRAIL).rename(archive)
        crash_point("archive-named")
        sync_folder(self._folder)
        crash_point("archive-closed")
        with contextlib.suppress(OSError):  # a share that keeps no modes
            archive.chmod(0o400)

    def _accept_checkpoint(self) -> int:
        """How many lines the checkpoint on disk vouches for; it must be ours, and the trail must not fall short of it."""
        try:
            untrusted_note = (self._folder / CHECKPOINT).read_bytes().decode(errors="replace")
        except FileNotFoundError:
            return 0
        checkpoint = open_checkpoint(untrusted_note, self._keys.verifier, check_signature)
        if checkpoint is None:
            raise PermanentError("audit-checkpoint-invalid")
        head = self._tail.head
        if checkpoint.size > head.seq or (checkpoint.size == head.seq and checkpoint.root != head.tree.root()):
            raise PermanentError("audit-broken")
        return checkpoint.size
