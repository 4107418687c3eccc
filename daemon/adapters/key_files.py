"""Files of the keys folder: small, private, published whole."""

from __future__ import annotations

import os
from pathlib import Path

from daemon.adapters.atomic_file import disk_errors, publish_bytes, sync_folder
from daemon.model.errors import PermanentError

_MAX_FILE_BYTES = 4096  # each is far shorter


def publish_key(path: Path, content: bytes, *, replace: bool = False, unwritable: str = "state-unwritable") -> None:
    """Whoever is first wins, unless `replace`; also when the name was taken, what is there is durable afterwards."""
    publish_bytes(path, content, replace=replace, unwritable=unwritable)


def read_key(path: Path, *, private: bool = True) -> bytes:
    """What a key file holds; `keys-missing` if it cannot be read, `keys-open` if others may read one that is `private`."""
    try:
        with path.open("rb") as file:
            if private and os.fstat(file.fileno()).st_mode & 0o077:
                raise PermanentError("keys-open")
            return file.read(_MAX_FILE_BYTES)
    except OSError:
        raise PermanentError("keys-missing") from None


def read_text(path: Path, *, private: bool = True) -> str:
    """The same as text."""
    return read_key(path, private=private).decode(errors="replace")


def remove_key(path: Path) -> None:
    """Unlink a key file, durably; safe to repeat. RetryableError."""
    with disk_errors():
        path.unlink(missing_ok=True)
        sync_folder(path.parent)
