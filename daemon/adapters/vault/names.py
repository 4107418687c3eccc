"""What the vault names and vouches for: MACs under a key that never leaves the machine."""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from collections.abc import Sequence

from daemon.model.blob_reference import VaultDay

_MAC_BYTES = 16  # 128 bits of HMAC-SHA256 (RFC 2104 5 allows to truncate to half); 26 characters
_SHA256 = re.compile(r"[0-9a-f]{64}")
# What the MAC is used for is part of its message, so that a blob's id is never an item's.
_BLOB, _ITEM, _DAY = b"chartdraft blob v1\0", b"chartdraft item v1\0", b"chartdraft day v1\0"


class Names:
    """The names that one installation gives; nobody else can give them, or tell from one what it stands for."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of_blob(self, digest: bytes) -> str:
        """The id of the blob whose plaintext has this SHA-256."""
        return self._mac(_BLOB + digest)

    def of_item(self, document: str, sha256: Sequence[str]) -> str:
        """The id of an item: of the document's key ("" = by kind) and the hashes in hex, in order; ValueError."""
        if not all(map(_SHA256.fullmatch, sha256)):
            raise ValueError("SHA-256 in lower-case hex is wanted")
        # The hashes are of one length, so what follows them is the document, without doubt.
        return self._mac(_ITEM + "".join(sha256).encode() + b"\0" + document.encode())

    def of_day_key(self, day: VaultDay, recipient: str) -> str:
        """What stands in a day's key file, so that a key of somebody else's making, or another day's, is not taken for it."""
        return self._mac(_DAY + f"{day}\0{recipient}".encode())

    def _mac(self, message: bytes) -> str:
        mac = hmac.digest(self._key, message, "sha256")[:_MAC_BYTES]
        return b32encode(mac).decode().rstrip("=").lower()
