"""Files that fail, to be wrapped around real ones."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from typing import BinaryIO


class Failing(io.RawIOBase):
    """Writes through to a descriptor, at most `chunk` bytes at a time, until `room` bytes are used up; then raises."""

    def __init__(self, descriptor: int, room: int, code: int, chunk: int = 1 << 30) -> None:
        self._raw = os.fdopen(descriptor, "ab", buffering=0)
        self._room, self._code, self._chunk = room, code, chunk

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def write(self, data: object) -> int:
        piece = bytes(memoryview(data)[: min(self._chunk, self._room)])  # type: ignore[arg-type]  # Buffer is 3.12's
        if not piece:
            raise OSError(self._code, os.strerror(self._code))
        self._room -= len(piece)
        return self._raw.write(piece) or 0

    def close(self) -> None:
        self._raw.close()
        super().close()


def failing_after(room: int, code: int = errno.ENOSPC, *, chunk: int = 1 << 30) -> Callable[[int], BinaryIO]:
    """An opener whose streams fail after `room` bytes each."""
    return lambda descriptor: Failing(descriptor, room, code, chunk)  # type: ignore[return-value]  # a RawIOBase is one


class BrokenSource(io.BytesIO):
    """A stream that gives its bytes, then an error instead of its end."""

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        if not data or size is None or size < 0:
            raise OSError(errno.EIO, "input/output error")
        return data
