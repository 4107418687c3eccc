"""The log on disk: ids and codes, in files of a limited size, of which the oldest goes.

A log must never be the reason that work stops, nor fill the terminal with its own troubles: what cannot be written is dropped, and
the next line tries again.
"""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

NAME = "daemon.log"
KEPT = 5
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC


class LogFile(RotatingFileHandler):
    """`daemon.log`, and behind it `daemon.log.1` … `.5`; this account's alone. Nothing is opened before the first line."""

    def __init__(self, folder: Path, *, most_bytes: int) -> None:
        super().__init__(folder / NAME, maxBytes=most_bytes, backupCount=KEPT, encoding="utf-8", delay=True)

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(path, _FLAGS, 0o600)
        stream = os.fdopen(descriptor, "a", encoding="utf-8")
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            stream.write("\n")  # what a full disk or a death left of a line takes no other line with it
        return stream

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; into a new file, if somebody removed the old one, or another process put it aside."""
        if self.stream is not None and not self._is_there(self.stream):
            self._let_go()
        super().emit(record)

    def _is_there(self, stream: TextIOWrapper) -> bool:
        try:
            return os.path.samestat(Path(self.baseFilename).stat(), os.fstat(stream.fileno()))
        except OSError:  # a folder that may not be looked into any more
            return False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging calls it so
        """A full disk, a folder that is gone: the line is lost, and the file is opened anew for the next."""
        self._let_go()

    def _let_go(self) -> None:
        stream, self.stream = self.stream, None
        if stream is not None:
            with suppress(OSError, ValueError):  # what it could not write it tries to write once more
                stream.close()
