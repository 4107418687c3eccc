"""SQLite's errors as codes; their own text names files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from daemon.model.errors import PermanentError, RetryableError

# A quota that is used up shows as a failed write: SQLite knows only ENOSPC as "full".
_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE})
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


@contextmanager
def sqlite_errors() -> Iterator[None]:
    """`disk-full`, `state-damaged` or `state-unwritable` for what is wrong with a file; a fault of ours stays what it is."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        if code in _FULL:
            raise RetryableError("disk-full") from None
        if code & 0xFF in _DAMAGED:  # an extended result code keeps the primary one in its low byte
            raise PermanentError("state-damaged") from None
        if isinstance(error, sqlite3.OperationalError) and code & 0xFF != sqlite3.SQLITE_ERROR:
            raise RetryableError("state-unwritable") from None
        raise
