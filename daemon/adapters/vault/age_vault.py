"""The vault: a folder of age files, each sealed to the key of its day and class.

A blob's name is an HMAC of its content under a key that never leaves the machine: on one day the same content is the same
blob, so writing twice is harmless, and the name tells nobody what is in it. Reading checks that the content is the one that
the name stands for, since anybody who knows a recipient can make an age file.

| below the vault | what |
|---|---|
| `days/2026-11-22.original.age` | a day's key, sealed to this machine and to the recovery key (`day_keys`) |
| `blobs/2026-11-22.original/<id>.age` | a blob, sealed to that key alone |
| `blobs/<first two characters>/<id>.age` | a blob of a version without day keys, sealed to both recipients itself |
| `….removed` beside where a blob lay | it was removed on purpose |
"""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from daemon.adapters import age
from daemon.adapters.atomic_file import (
    Opener,
    disk_errors,
    make_folder,
    open_stream,
    part_in,
    publish_bytes,
    sweep_parts,
    sync_folder,
)
from daemon.adapters.keys import Keys
from daemon.adapters.vault.day_keys import DayKeys
from daemon.adapters.vault.hashing import HashingSink, HashingSource, Nowhere
from daemon.adapters.vault.names import Names
from daemon.adapters.vault.unsealing import unsealed
from daemon.model.blob_reference import BlobClass, BlobReference, VaultDay, parse_day, parse_reference
from daemon.model.crash_point import crash_point
from daemon.model.errors import PermanentError, RetryableError
from daemon.ports import ByteSink, Clock, Sealed

# Below this the preflight checks refuse to start; of a small disk, a fiftieth.
ROOM_TO_WORK_BYTES = 500_000_000
BLOB, REMOVED = ".age", ".removed"
_WHY = b"This file was removed on purpose.\n"


class AgeVault:
    """`daemon.ports.Vault` on a folder. Several processes may use it at once."""

    def __init__(self, folder: Path, keys: Keys, clock: Clock, *, opened: Opener = open_stream) -> None:
        self._blobs = folder / "blobs"
        self._days = DayKeys(folder / "days", keys)
        self._names = Names(keys.content_id_key)
        self._keys, self._clock, self._opened = keys, clock, opened

    def seal(self, stream: BinaryIO) -> Sealed:
        """Encrypt a stream in one pass, as an original; durable when it returns. `file-changed` if the stream cannot be read
        to its end, `disk-full`, before anything is written, for a file that would leave no room to work."""
        self._check_room(stream)
        return self._seal(stream, "original", lambda: None)

    def seal_bytes(self, data: bytes) -> Sealed:
        """What was made here and is in memory."""
        return self._seal(io.BytesIO(data), "made", lambda: None)

    def seal_age(self, stream: BinaryIO) -> Sealed:
        """Take over a stream that was sealed to this machine, as an original: `seal-unreadable` if it was not, or is cut.

        Decrypted and encrypted again at once, through a pipe: the plaintext is never whole, in memory or on disk.
        """
        self._check_room(stream)
        source = _Readable(stream)
        with unsealed(source, self._keys.identity, unreadable="seal-unreadable") as (plain, finish):
            return self._seal(plain, "original", finish)

    def pour(self, blob: str, sink: ByteSink) -> None:
        """Decrypt into a sink, as a stream: what it was given counts only when this returns (see the port)."""
        reference = _parsed(blob)
        with HashingSink(sink) as hashing:
            self._decrypt(reference, hashing)
            if self._names.of_blob(hashing.digest()) != reference.id:
                raise PermanentError("vault-unreadable")

    def open(self, blob: str) -> bytes:
        """The plaintext, into memory; the errors of `pour`."""
        plain = io.BytesIO()
        self.pour(blob, plain)
        return plain.getvalue()

    def days(self) -> Sequence[VaultDay]:
        """Every day and class that blobs were sealed under and that was not ended, in order."""
        return self._days.days()

    def destroy(self, day: VaultDay) -> int:
        """End a day's key, then unlink what it had sealed; how many blobs that were. Safe to repeat."""
        self._days.destroy(day)
        folder = self._blobs / str(day)
        if not folder.is_dir():
            return 0
        with disk_errors():
            gone = sum(path.suffix == BLOB for path in folder.iterdir())
            shutil.rmtree(folder)
            sync_folder(self._blobs)
        return gone

    def remove(self, blob: str) -> None:
        """Unlink one blob for good, and leave word of it. Safe to repeat; only for what nothing under way refers to."""
        reference = _parsed(blob)
        path = self._path(reference)
        if reference.day is not None and self._days.is_ended(reference.day):
            return
        with disk_errors():
            self._make_folder(self._blobs)
            self._make_folder(path.parent)
            publish_bytes(path.with_suffix(REMOVED), _WHY, replace=False)
            crash_point("vault-blob-removing")
            path.unlink(missing_ok=True)
            sync_folder(path.parent)

    def content_id(self, document: str, sha256: Sequence[str]) -> str:
        """The opaque id of an item: a MAC of the document's key ("" = by kind) and the hashes in hex, in order."""
        return self._names.of_item(document, sha256)

    def sweep(self) -> int:
        """Remove what writers that died left behind, and what is left of days that were ended; how many."""
        if not self._blobs.is_dir():
            return self._days.sweep()
        with disk_errors():
            ended = [
                day for path in self._blobs.iterdir() if (day := parse_day(path.name)) and self._days.is_ended(day)
            ]
        return self._days.sweep() + sweep_parts(self._blobs) + sum(self.destroy(day) for day in ended)

    def _seal(self, stream: BinaryIO, kind: BlobClass, finish: Callable[[], None]) -> Sealed:
        self._make_folder(self._blobs)
        day, key = self._days.to_seal(self._clock.now(), kind)
        with part_in(self._blobs, opened=self._opened) as part, HashingSource(stream) as source:
            age.encrypt(source, part.file, (key.recipient,))
            finish()
            reference = BlobReference(self._names.of_blob(source.digest()), day)
            path = self._path(reference)
            self._make_folder(path.parent)
            if not part.publish(path, replace=False) and not self._is_whole(reference):
                # The original may be removed after this: a blob that has rotted must not stand in for it.
                part.publish(path, replace=True)
            path.with_suffix(REMOVED).unlink(missing_ok=True)
            if self._days.is_ended(day):  # meanwhile: nothing opens this, and it is sealed again under another
                path.unlink(missing_ok=True)
                raise RetryableError("vault-day-ended")
        return Sealed(str(reference), source.digest().hex(), source.size)

    def _check_room(self, stream: BinaryIO) -> None:
        """A file larger than the disk would fill it, fail, and fill it again: nothing else could be drafted meanwhile."""
        try:
            size = os.fstat(stream.fileno()).st_size
        except OSError:  # no file: what is in memory is small
            return
        self._make_folder(self._blobs)
        with disk_errors():
            disk = shutil.disk_usage(self._blobs)
        if size > disk.free - min(ROOM_TO_WORK_BYTES, disk.total // 50):
            raise RetryableError("disk-full")

    def _is_whole(self, reference: BlobReference) -> bool:
        try:
            self.pour(str(reference), Nowhere())
        except PermanentError:
            return False
        return True

    def _decrypt(self, reference: BlobReference, sink: ByteSink) -> None:
        """`vault-missing`, `vault-purged`, `vault-unreadable`; what the sink raises."""
        key = self._keys.identity if reference.day is None else self._days.to_open(reference.day)
        with self._blob_file(reference) as file:
            age.decrypt(file, sink, key, unreadable="vault-unreadable")

    @contextmanager
    def _blob_file(self, reference: BlobReference) -> Iterator[age.Readable]:
        path = self._path(reference)
        try:
            file = path.open("rb")
        except FileNotFoundError:
            removed = path.with_suffix(REMOVED).exists()
            raise PermanentError("vault-purged" if removed else "vault-missing") from None
        except OSError:
            raise PermanentError("vault-unreadable") from None
        with file:
            yield _Readable(file, PermanentError("vault-unreadable"))

    def _path(self, reference: BlobReference) -> Path:
        folder = reference.id[:2] if reference.day is None else str(reference.day)
        return self._blobs / folder / f"{reference.id}{BLOB}"

    def _make_folder(self, folder: Path) -> None:
        with disk_errors():
            make_folder(folder)


class _Readable:
    """A file that cannot be read to its end raises what that means here."""

    def __init__(self, stream: BinaryIO, broken: PermanentError | RetryableError | None = None) -> None:
        self._stream = stream
        self._broken = broken or RetryableError("file-changed")

    def read(self, size: int = -1) -> bytes:
        """As the stream reads."""
        try:
            return self._stream.read(size)
        except OSError:
            raise self._broken from None


def _parsed(untrusted: str) -> BlobReference:
    reference = parse_reference(untrusted)
    if reference is None:
        raise PermanentError("vault-missing")
    return reference
