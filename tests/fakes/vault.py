"""A vault in memory, for tests of what stands above the port. It keeps the contract; it encrypts nothing."""

from __future__ import annotations

import hmac
from base64 import b32encode
from collections.abc import Sequence
from hashlib import sha256 as hash_of
from io import BytesIO
from typing import BinaryIO

from daemon.model.blob_reference import BlobClass, BlobReference, VaultDay, day_to_seal, parse_reference
from daemon.model.errors import PermanentError, RetryableError
from daemon.ports import ByteSink, Clock, Sealed
from tests.fakes.clock import FakeClock


class FakeVault:
    """`daemon.ports.Vault`. `.age` files, for it, are the plaintext behind `AGE_MARK`. Without a clock it is always the same day."""

    AGE_MARK = b"fake-age:"

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or FakeClock()
        self.blobs: dict[str, bytes] = {}
        self.removed: set[str] = set()
        self.ended: set[VaultDay] = set()

    def seal(self, stream: BinaryIO) -> Sealed:
        try:
            data = stream.read()
        except OSError:
            raise RetryableError("file-changed") from None
        return self._seal(data, "original")

    def seal_bytes(self, data: bytes) -> Sealed:
        return self._seal(data, "made")

    def seal_age(self, stream: BinaryIO) -> Sealed:
        data = stream.read()
        if not data.startswith(self.AGE_MARK):
            raise PermanentError("seal-unreadable")
        return self._seal(data.removeprefix(self.AGE_MARK), "original")

    def open(self, blob: str) -> bytes:
        reference = parse_reference(blob)
        if reference is None:
            raise PermanentError("vault-missing")
        if reference.day in self.ended or blob in self.removed:
            raise PermanentError("vault-purged")
        if blob not in self.blobs:
            raise PermanentError("vault-missing")
        data = self.blobs[blob]
        if self._mac(b"blob" + hash_of(data).digest()) != reference.id:
            raise PermanentError("vault-unreadable")
        return data

    def pour(self, blob: str, sink: ByteSink) -> None:
        stream = BytesIO(self.open(blob))
        while data := stream.read(65_536):
            while data:
                data = data[sink.write(data) :]
        sink.flush()

    def days(self) -> Sequence[VaultDay]:
        found = {parsed.day for blob in self.blobs if (parsed := parse_reference(blob)) and parsed.day}
        return sorted(found - self.ended)

    def destroy(self, day: VaultDay) -> int:
        gone = [blob for blob in self.blobs if (parsed := parse_reference(blob)) and parsed.day == day]
        for blob in gone:
            del self.blobs[blob]
        self.ended.add(day)
        return len(gone)

    def remove(self, blob: str) -> None:
        if parse_reference(blob) is None:
            raise PermanentError("vault-missing")
        self.removed.add(blob)
        self.blobs.pop(blob, None)

    def content_id(self, document: str, sha256: Sequence[str]) -> str:
        if not all(len(value) == 64 for value in sha256):
            raise ValueError("SHA-256 in hex is wanted")
        return self._mac("".join(("item", *sha256, document)).encode())

    def _seal(self, data: bytes, kind: BlobClass) -> Sealed:
        digest = hash_of(data)
        day = day_to_seal(self.clock.now(), kind, lambda day: day not in self.ended)
        blob = str(BlobReference(self._mac(b"blob" + digest.digest()), day))
        self.blobs[blob] = data
        self.removed.discard(blob)
        return Sealed(blob, digest.hexdigest(), len(data))

    def _mac(self, message: bytes) -> str:
        return b32encode(hmac.digest(b"fake", message, "sha256")[:16]).decode().rstrip("=").lower()
