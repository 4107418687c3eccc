"""A vault in memory, for tests of what stands above the port. It keeps the contract; it encrypts nothing."""

from __future__ import annotations

import hmac
from base64 import b32encode
from collections.abc import Sequence
from hashlib import sha256 as hash_of
from typing import BinaryIO

from daemon.model.errors import PermanentError, RetryableError
from daemon.ports import Sealed


class FakeVault:
    """`daemon.ports.Vault`. `.age` files, for it, are the plaintext behind `AGE_MARK`."""

    AGE_MARK = b"fake-age:"

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}

    def seal(self, stream: BinaryIO) -> Sealed:
        try:
            data = stream.read()
        except OSError:
            raise RetryableError("file-changed") from None
        return self.seal_bytes(data)

    def seal_bytes(self, data: bytes) -> Sealed:
        digest = hash_of(data)
        blob = self._mac(b"blob" + digest.digest())
        self.blobs[blob] = data
        return Sealed(blob, digest.hexdigest(), len(data))

    def seal_age(self, stream: BinaryIO) -> Sealed:
        data = stream.read()
        if not data.startswith(self.AGE_MARK):
            raise PermanentError("seal-unreadable")
        return self.seal_bytes(data.removeprefix(self.AGE_MARK))

    def open(self, blob: str) -> bytes:
        if blob not in self.blobs:
            raise PermanentError("vault-missing")
        data = self.blobs[blob]
        if self._mac(b"blob" + hash_of(data).digest()) != blob:
            raise PermanentError("vault-unreadable")
        return data

    def content_id(self, document: str, sha256: Sequence[str]) -> str:
        if not all(len(value) == 64 for value in sha256):
            raise ValueError("SHA-256 in hex is wanted")
        return self._mac("".join(("item", *sha256, document)).encode())

    def _mac(self, message: bytes) -> str:
        return b32encode(hmac.digest(b"fake", message, "sha256")[:16]).decode().rstrip("=").lower()
