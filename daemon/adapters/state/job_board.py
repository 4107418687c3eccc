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

from daemon.adapters.state.durable_sqlite import make_durable
from daemon.adapters.state.sqlite_errors import sqlite_errors
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.job import FINAL_STATES, STATES, JobRow, JobState
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
# What the service asks every second or so must not cost more with each job that ever was: counts and the foremost rows are read
# from this index. Making it where it is missing costs 0.1 s at 50,000 jobs, once.
INDEX = "CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, updated_at DESC)"
# A file that is gone cannot say so: a share may only be away. Until then what is remembered costs a few bytes.
REMEMBERED = timedelta(days=30)
COLUMNS = "id, state, document, sources, manifest, updated_at, revision, attempts, code, reading, draft"
_AT_WORK = "state IN ('reading', 'drafting', 'checking')"
_UNDER_WAY = f"state IN ({', '.join(repr(state) for state in STATES if state not in FINAL_STATES)})"
EARLIER_ROWS = 30
"""So many of those delivered before are still listed; the files lie in the outbox for as long as people leave them there."""
_ENDED = f"state IN ({', '.join(repr(state) for state in sorted(FINAL_STATES))})"


class SqliteJobBoard:
    """The `JobBoard` port on SQLite, as durable as the workflow store beside it."""

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
        return self._in_turn(most, "state = 'attention'", _UNDER_WAY, "state = 'delivered'")

    def under_way(self) -> Sequence[JobRow]:
        """All jobs that have not ended, the last changed first."""
        return self._select(f"WHERE {_UNDER_WAY} ORDER BY updated_at DESC, id", ())

    def counts(self) -> dict[str, int]:
        """How many jobs are in each state that occurs."""
        version = self.version()
        with sqlite_errors():
            if self._local.counted_at != version:
                counted = self._connection().execute("SELECT state, count(*) FROM jobs GROUP BY state")
                self._local.counts, self._local.counted_at = dict(counted.fetchall()), version
            return dict(self._local.counts)

    def shown(self, since: datetime, most: int) -> list[JobRow]:
        """What people want to see: all but what was delivered before `since`, of which the last few; so many, those under way first,
        then those that need attention."""
        late = f"state = 'delivered' AND updated_at >= '{_time_text(since)}'"
        found = self._in_turn(most, _AT_WORK, "state = 'attention'", "state = 'waiting'", late)
        earlier = f"state = 'delivered' AND updated_at < '{_time_text(since)}'"
        return found + self._in_turn(min(EARLIER_ROWS, most - len(found)), earlier)

    def delivered_since(self, since: datetime) -> int:
        """How many were delivered from then on."""
        with sqlite_errors():
            asked = "SELECT count(*) FROM jobs WHERE state = 'delivered' AND updated_at >= ?"
            return int(self._connection().execute(asked, (_time_text(since),)).fetchone()[0])

    def version(self) -> tuple[int, int]:
        """Another pair after each change, whoever made it; for comparing on one thread. It costs no look at the rows.

        What others changed, and what this connection did: https://www.sqlite.org/pragma.html#pragma_data_version
        """
        with sqlite_errors():
            db = self._connection()
            return int(db.execute("PRAGMA data_version").fetchone()[0]), db.total_changes

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
        with sqlite_errors():
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

    def _in_turn(self, most: int, *conditions: str) -> list[JobRow]:
        """So many rows of the first kind, then of the next: each kind read along the index, the last changed first."""
        found: list[JobRow] = []
        for each in conditions:
            found += self._select(f"WHERE {each} ORDER BY updated_at DESC, id LIMIT ?", (most - len(found),))
        return found

    def _select(self, rest: str, values: tuple[str | int, ...]) -> list[JobRow]:
        with sqlite_errors():
            found = self._connection().execute(f"SELECT {COLUMNS} FROM jobs {rest}", values)  # noqa: S608 - constants only
            return [_from_columns(columns) for columns in found.fetchall()]

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with sqlite_errors(), self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            yield db

    def _connection(self) -> sqlite3.Connection:
        # One connection a thread: SQLite's own rule, and the workflow engine runs steps on threads.
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            db = sqlite3.connect(self._path, timeout=30.0, isolation_level=None)
            make_durable(db)
            db.execute(SCHEMA)
            db.execute(ORIGINALS)
            db.execute(INDEX)
            self._local.db, self._local.counted_at = db, None
        return db


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
