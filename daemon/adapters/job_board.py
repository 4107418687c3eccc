"""The job board: one row a job in a small SQLite database, so that `status` answers without the workflow engine.

It is a projection: the workflow engine decides, the board shows. It holds ids, states and codes only. Several processes may
read and write (the daemon, the command line); each call is one transaction.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from daemon.model.errors import PermanentError, RetryableError
from daemon.model.job import FINAL_STATES, JobRow, JobState
from daemon.ports import Clock

SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
  id TEXT PRIMARY KEY, state TEXT NOT NULL, document TEXT NOT NULL, sources TEXT NOT NULL, manifest TEXT NOT NULL,
  updated_at TEXT NOT NULL, revision INTEGER NOT NULL, attempts INTEGER NOT NULL, code TEXT NOT NULL,
  reading TEXT NOT NULL, draft TEXT NOT NULL
) WITHOUT ROWID
"""
# Which files in the inbox are being removed for a job: what a kill between two of them leaves is no item of its own. No names.
ORIGINALS = """
CREATE TABLE IF NOT EXISTS originals (facts TEXT PRIMARY KEY, job TEXT NOT NULL, since TEXT NOT NULL) WITHOUT ROWID
"""
# A file that is gone cannot say so: a share may only be away. Until then what is remembered costs a few bytes.
REMEMBERED = timedelta(days=30)
COLUMNS = "id, state, document, sources, manifest, updated_at, revision, attempts, code, reading, draft"
_ENDED = f"state IN ({', '.join(repr(state) for state in sorted(FINAL_STATES))})"

# A quota that is used up shows as a failed write: SQLite knows only ENOSPC as "full".
_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE})
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class SqliteJobBoard:
    """The `JobBoard` port on SQLite: rollback journal and synchronous=FULL, as durable as the workflow store beside it."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock, self._local = path, clock, threading.local()

    def add(self, row: JobRow) -> bool:
        """Add a job; False if it is there."""
        with self._transaction() as db:
            marks = ", ".join("?" * len(COLUMNS.split(",")))
            done = db.execute(f"INSERT OR IGNORE INTO jobs ({COLUMNS}) VALUES ({marks})", _to_columns(row))  # noqa: S608 - constants only
            return done.rowcount == 1

    def get(self, job: str) -> JobRow | None:
        """The job of exactly this id."""
        rows = self._select("WHERE id = ?", (job,))
        return rows[0] if rows else None

    def find(self, prefix: str) -> Sequence[JobRow]:
        """Jobs whose id begins so. Ids are lower-case base32, so `{` sorts after all of their characters."""
        if not prefix.isascii():
            return []  # no id does, and not every such text can be handed to SQLite
        return self._select("WHERE id >= ? AND id < ? || '{'", (prefix, prefix))

    def rows(self, most: int | None = None) -> Sequence[JobRow]:
        """All jobs, the last changed first; or so many of them, those that need attention first and those delivered last."""
        if most is None:
            return self._select("ORDER BY updated_at DESC, id", ())
        foremost = "ORDER BY state = 'attention' DESC, state = 'delivered', updated_at DESC, id LIMIT ?"
        return self._select(foremost, (most,))

    def counts(self) -> dict[str, int]:
        """How many jobs are in each state that occurs."""
        with _errors():
            return dict(self._connection().execute("SELECT state, count(*) FROM jobs GROUP BY state").fetchall())

    def set_state(self, job: str, state: JobState, *, code: str = "", attempts: int | None = None) -> None:
        """Say where a job is."""
        self._update("state = ?, code = ?, attempts = coalesce(?, attempts)", (state, code, attempts), job)

    def set_blobs(self, job: str, *, reading: str | None = None, draft: str | None = None) -> None:
        """Remember the sealed result of a step."""
        self._update("reading = coalesce(?, reading), draft = coalesce(?, draft)", (reading, draft), job)

    def set_document(self, job: str, document: str) -> None:
        """Say what a job becomes."""
        self._update("document = ?", (document,), job)

    def revise(self, job: str, document: str, *, reading: str, manifest: str = "") -> JobRow:
        """Begin the next revision of a job that has ended, as waiting; of several that ask at once, one gets it."""
        done = self._update(
            "revision = revision + 1, state = 'waiting', code = '', attempts = 0, draft = '', document = ?, reading = ?, "
            "manifest = coalesce(nullif(?, ''), manifest)",
            (document, reading, manifest),
            job,
            only=_ENDED,
        )
        row = self.get(job)
        if row is None:
            raise PermanentError("job-unknown")
        if not done:
            raise RetryableError("job-busy")
        return row

    def remember_originals(self, job: str, facts: Sequence[str]) -> None:
        """These files are this job's; what was remembered a month ago is not any more."""
        now = self._clock.now()
        with self._transaction() as db:
            db.execute("DELETE FROM originals WHERE since < ?", (_time_text(now - REMEMBERED),))
            rows = [(each, job, _time_text(now)) for each in facts]
            db.executemany("INSERT OR REPLACE INTO originals (facts, job, since) VALUES (?, ?, ?)", rows)

    def originals(self) -> dict[str, str]:
        """The files that are remembered so, each with its job."""
        with _errors():
            return dict(self._connection().execute("SELECT facts, job FROM originals").fetchall())

    def forget_originals(self, facts: Sequence[str]) -> None:
        """They are gone, or none of this job's."""
        with self._transaction() as db:
            db.executemany("DELETE FROM originals WHERE facts = ?", [(each,) for each in facts])

    def _update(self, changes: str, values: tuple[Any, ...], job: str, only: str = "true") -> bool:
        with self._transaction() as db:
            now = _time_text(self._clock.now())
            asked = f"UPDATE jobs SET {changes}, updated_at = ? WHERE id = ? AND {only}"  # noqa: S608 - constants only
            return db.execute(asked, (*values, now, job)).rowcount == 1

    def _select(self, rest: str, values: tuple[str | int, ...]) -> list[JobRow]:
        with _errors():
            found = self._connection().execute(f"SELECT {COLUMNS} FROM jobs {rest}", values)  # noqa: S608 - constants only
            return [_from_columns(columns) for columns in found.fetchall()]

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with _errors(), self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            yield db

    def _connection(self) -> sqlite3.Connection:
        # One connection a thread: SQLite's own rule, and the workflow engine runs steps on threads.
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            db = sqlite3.connect(self._path, timeout=30.0, isolation_level=None)
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA fullfsync = ON")  # macOS; nothing elsewhere
            db.execute(SCHEMA)
            db.execute(ORIGINALS)
            self._local.db = db
        return db


@contextmanager
def _errors() -> Iterator[None]:
    """SQLite's errors as codes; their own text names files."""
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
        raise  # a fault of ours


def _to_columns(row: JobRow) -> tuple[Any, ...]:
    return (
        row.id,
        row.state,
        row.document,
        ",".join(row.sources),
        row.manifest,
        _time_text(row.updated_at),
        row.revision,
        row.attempts,
        row.code,
        row.reading,
        row.draft,
    )


def _from_columns(columns: tuple[Any, ...]) -> JobRow:
    job, state, document, sources, manifest, updated_at, revision, attempts, code, reading, draft = columns
    return JobRow(
        id=job,
        state=state,
        document=document,
        sources=tuple(sources.split(",")) if sources else (),
        manifest=manifest,
        updated_at=datetime.fromisoformat(updated_at),
        revision=revision,
        attempts=attempts,
        code=code,
        reading=reading,
        draft=draft,
    )


def _time_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
