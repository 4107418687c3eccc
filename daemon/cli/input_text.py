"""Texts that a command is given: a file, or standard input under the name `-`."""

from __future__ import annotations

import sys
from pathlib import Path

from daemon.model.errors import PermanentError

MAX_BYTES = 5_000_000
STANDARD_INPUT = "-"


def given_text(path: Path) -> str:
    """The characters of a text. `file-missing`, `text-too-large`, `text-unreadable`; none of them names or quotes the file."""
    data = _bytes(path)
    if len(data) > MAX_BYTES:
        raise PermanentError("text-too-large")
    from daemon.model.text_bytes import decode_text

    try:
        return decode_text(data, MAX_BYTES)
    except PermanentError:
        raise PermanentError("text-unreadable") from None


def _bytes(path: Path) -> bytes:
    if str(path) == STANDARD_INPUT:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError:
        raise PermanentError("file-missing") from None
