"""The vault: a folder of age files, each sealed to this machine and to the offline recovery key.

A blob's name is an HMAC of its content under a key that never leaves the machine: the same content is the same blob,
so writing twice is harmless, and the name tells nobody what is in it. Reading checks that the content is the one that
the name stands for, since anybody who knows the public recipients can make an age file.

`<vault>/blobs/<first two characters>/<id>.age`
"""

from __future__ import annotations

import hmac
import io
import os
import re
import shutil
from base64 import b32encode
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from daemon.adapters import age
from daemon.adapters.atomic_file import Opener, disk_errors, make_folder, open_stream, part_in, sweep_parts
from daemon.adapters.keys import Keys
from daemon.model.errors import PermanentError, RetryableError
from daemon.ports import Sealed

# Below this the preflight checks refuse to start; of a small disk, a fiftieth.
ROOM_TO_WORK_BYTES = 500_000_000
_ID_BYTES = 16  # 128 bits of HMAC-SHA256 (RFC 2104 5 allows to truncate to half); 26 characters
_ID = re.compile(r"[a-z2-7]{26}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
# What the MAC is used for is part of its message, so that a blob's id is never an item's.
_BLOB, _ITEM = b"chartdraft blob v1\0", b"chartdraft item v1\0"


class AgeVault:
    """`daemon.ports.Vault` on a folder. Several processes may use it at once."""

    def __init__(self, folder: Path, keys: Keys, *, opened: Opener = open_stream) -> None:
        self._blobs = folder / "blobs"
        self._keys = keys
        self._opened = opened

    def seal(self, stream: BinaryIO) -> Sealed:
        """Encrypt a stream in one pass; durable when it returns. `file-changed` if the stream cannot be read to its end,
        `disk-full`, before anything is written, for a file that would leave no room to work."""
        self._check_room(stream)
        return self._seal(_Hashing(stream), lambda: None)

    def seal_bytes(self, data: bytes) -> Sealed:
        """The same for what is in memory."""
        return self.seal(io.BytesIO(data))

    def seal_age(self, stream: BinaryIO) -> Sealed:
        """Take over a stream that was sealed to this machine: `seal-unreadable` if it was not, or is cut.

        Decrypted and encrypted again at once, through a pipe: the plaintext is never whole, in memory or on disk.
        """
        self._check_room(stream)
        read_end, write_end = os.pipe()
        with ThreadPoolExecutor(1, "unseal") as pool, os.fdopen(read_end, "rb") as plain:
            unsealing = pool.submit(self._unseal, stream, write_end)
            # The pipe also ends if unsealing failed: nothing is published before that side has said. If this side
            # fails, `plain` is closed before the pool is waited for, and the writer fails instead of waiting.
            return self._seal(_Hashing(plain), unsealing.result)

    def open(self, blob: str) -> bytes:
        """The plaintext, into memory; `vault-missing`, or `vault-unreadable` if it is not the blob of this name."""
        plain = io.BytesIO()
        self._decrypt(blob, plain)
        data = plain.getvalue()
        if self._blob_id(sha256(data).digest()) != blob:
            raise PermanentError("vault-unreadable")
        return data

    def content_id(self, document: str, sha256: Sequence[str]) -> str:
        """The opaque id of an item: a MAC of the document's key ("" = by kind) and the hashes in hex, in order."""
        if not all(map(_SHA256.fullmatch, sha256)):
            raise ValueError("SHA-256 in lower-case hex is wanted")
        # The hashes are of one length, so what follows them is the document, without doubt.
        return self._mac(_ITEM + "".join(sha256).encode() + b"\0" + document.encode())

    def sweep(self) -> int:
        """Remove what writers that died left behind; how many."""
        return sweep_parts(self._blobs) if self._blobs.is_dir() else 0

    def _seal(self, source: _Hashing, finish: Callable[[], None]) -> Sealed:
        self._make_folder(self._blobs)
        with part_in(self._blobs, opened=self._opened) as part:
            age.encrypt(source, part.file, self._keys.recipients)
            finish()
            sealed = Sealed(self._blob_id(source.digest()), source.digest().hex(), source.size)
            path = self._path(sealed.blob)
            self._make_folder(path.parent)
            if not part.publish(path, replace=False) and not self._is_whole(sealed.blob):
                # The original may be removed after this: a blob that has rotted must not stand in for it.
                part.publish(path, replace=True)
        return sealed

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

    def _unseal(self, stream: BinaryIO, write_end: int) -> None:
        with os.fdopen(write_end, "wb") as pipe:
            age.decrypt(_Hashing(stream), pipe, self._keys.identity, unreadable="seal-unreadable")

    def _is_whole(self, blob: str) -> bool:
        sink = _HashingSink()
        try:
            self._decrypt(blob, sink)
        except PermanentError:
            return False
        return self._blob_id(sink.digest()) == blob

    def _decrypt(self, blob: str, sink: age.Writable) -> None:
        try:
            with self._path(blob).open("rb") as file:
                age.decrypt(file, sink, self._keys.identity, unreadable="vault-unreadable")
        except FileNotFoundError:
            raise PermanentError("vault-missing") from None
        except OSError:
            raise PermanentError("vault-unreadable") from None

    def _path(self, blob: str) -> Path:
        if not _ID.fullmatch(blob):
            raise PermanentError("vault-missing")
        return self._blobs / blob[:2] / f"{blob}.age"

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            with disk_errors():
                make_folder(folder)

    def _blob_id(self, digest: bytes) -> str:
        return self._mac(_BLOB + digest)

    def _mac(self, message: bytes) -> str:
        mac = hmac.digest(self._keys.content_id_key, message, "sha256")[:_ID_BYTES]
        return b32encode(mac).decode().rstrip("=").lower()


class _Hashing:
    """Hashes and counts what is read through it. A stream that cannot be read becomes `file-changed`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._hash = sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._stream.read(size)
        except OSError:
            raise RetryableError("file-changed") from None
        self._hash.update(data)
        self.size += len(data)
        return data

    def digest(self) -> bytes:
        return self._hash.digest()


class _HashingSink:
    """Hashes what is written to it, and keeps nothing."""

    def __init__(self) -> None:
        self._hash = sha256()

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def digest(self) -> bytes:
        return self._hash.digest()
