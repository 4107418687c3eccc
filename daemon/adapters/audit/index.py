"""What is known of the trail without reading it: its end, and which keys it holds.

A cache in SQLite beside the trail: it keeps memory flat however long the trail grows, and makes an append after a start
cost the same at a million lines as at ten. It may be deleted (the trail is read once to make it anew), it is written
after the trail, under the trail's lock, and no verification believes it.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from daemon.adapters.atomic_file import STATE_UNWRITABLE, sync_folder
from daemon.model.audit_chain import ChainHead, parse_line
from daemon.model.errors import RetryableError
from daemon.model.merkle import HASH_BYTES, Frontier

# WAL and NORMAL: a power cut may lose the newest rows, never the order of them; what is lost is read again.
_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS key (digest BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tail (one INTEGER PRIMARY KEY CHECK (one = 1), offset INTEGER, last_line BLOB, nodes BLOB);
"""


@dataclass(frozen=True, slots=True)
class Tail:
    """The verified end of the trail: its offset in bytes, its last line with newline (b"" if none), the chain there."""

    offset: int = 0
    last_line: bytes = b""
    head: ChainHead = field(default_factory=ChainHead)


class IndexDamagedError(RetryableError):
    """It was damaged, and is gone: another one can be made."""


class AuditIndex:
    """The cache; to be used by one thread at a time. After an error it is to be closed and opened anew;
    a damaged one is thrown away then, and the trail read again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._db = self._connect()
        except sqlite3.DatabaseError as error:
            if not _is_damaged(error):
                raise RetryableError(_code(error)) from None
            self._remove()
            self._db = self._connect()

    def tail(self) -> Tail:
        """The end of the trail as it was last noted; the very beginning if nothing was, or nothing sensible."""
        with self._errors():
            row = self._db.execute("SELECT offset, last_line, nodes FROM tail").fetchone()
        if row is None:
            return Tail()
        offset, last_line, nodes = row
        link = parse_line(last_line[:-1])
        try:
            if link is None or offset < len(last_line):
                return Tail()
            tree = Frontier(link.seq + 1, [nodes[at : at + HASH_BYTES] for at in range(0, len(nodes), HASH_BYTES)])
        except ValueError:
            return Tail()
        return Tail(offset, last_line, ChainHead(link.hash, tree))

    def knows(self, digest: bytes) -> bool:
        """Whether an event of this key is in the trail, up to the tail noted."""
        with self._errors():
            return self._db.execute("SELECT 1 FROM key WHERE digest = ?", (digest,)).fetchone() is not None

    def advance(self, tail: Tail, digests: Iterable[bytes]) -> None:
        """Note the trail's new end and the keys between the old one and it, together."""
        row = (tail.offset, tail.last_line, b"".join(tail.head.tree.nodes))
        with self._errors(), self._db:
            self._db.execute("BEGIN")
            self._db.executemany("INSERT OR IGNORE INTO key VALUES (?)", ((digest,) for digest in digests))
            self._db.execute("INSERT OR REPLACE INTO tail VALUES (1, ?, ?, ?)", row)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _connect(self) -> sqlite3.Connection:
        self._path.touch(mode=0o600)
        # Autocommit, so that transactions begin and end where this module says. The caller's lock keeps threads apart.
        db = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        try:
            db.executescript(_SCHEMA)
        except sqlite3.DatabaseError:
            db.close()
            raise
        return db

    def _remove(self) -> None:
        self._path.unlink(missing_ok=True)
        # Durable first: SQLite passes over a log of changes beside an empty database, but not beside a damaged one.
        sync_folder(self._path.parent)
        for suffix in ("-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if _is_damaged(error):
                self._db.close()
                self._remove()
                raise IndexDamagedError(STATE_UNWRITABLE) from None
            raise RetryableError(_code(error)) from None


def _is_damaged(error: sqlite3.Error) -> bool:
    # A read that ends too early: a file is shorter than the others beside it say.
    return error.sqlite_errorcode in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR_SHORT_READ}


def _code(error: sqlite3.Error) -> str:
    return "disk-full" if error.sqlite_errorcode == sqlite3.SQLITE_FULL else STATE_UNWRITABLE
