"""The work log: what is worked on at the moment, and how fast work went so far, in a small SQLite file of its own.

The daemon writes, `status` reads from another process. It holds ids, states and measures only. Nothing depends on it: it is not
synchronised to the disk, a damaged file is removed and begun anew, and whatever fails with it ends as "nothing is known".
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from daemon.adapters.state.work_rows import known_text, measured_from, time_text, work_now
from daemon.model.crash_point import crash_point
from daemon.model.job import FINAL_STATES, JobRow, JobState
from daemon.model.source import Source, SourceKind
from daemon.model.work import WorkNow
from daemon.model.work_speed import (
    KEPT,
    MOST_UNITS,
    Measured,
    Speeds,
    share,
    sound,
    states_left,
)
from daemon.ports import Clock

# A later version that needs other columns gives its tables other names: what an older one measured may be lost.
SCHEMA = (
    "CREATE TABLE IF NOT EXISTS now (job TEXT PRIMARY KEY, state TEXT NOT NULL, sources TEXT NOT NULL, since TEXT NOT NULL, "
    "began REAL NOT NULL, known TEXT NOT NULL, share REAL, first REAL, reached REAL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS finished (number INTEGER PRIMARY KEY, state TEXT NOT NULL, kind TEXT NOT NULL, "
    "sources INTEGER NOT NULL, amount REAL NOT NULL, seconds REAL NOT NULL)",
)
WRITE_SECONDS = 1.0
# A window of speech comes as a swarm of sentences, and then nothing for a while: what changes much is written at once.
WRITE_SHARE = 0.05
# A writer that finds the file held by somebody goes on without it.
_BUSY_SECONDS = 0.2
# A longer pause between two jobs says that nothing waited.
_LONGEST_PAUSE_SECONDS = 10.0
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH})

Result = TypeVar("Result")


@dataclass(slots=True)
class _Step:
    """The step at work in this process. `known`: its job's sources that were begun, each with its size."""

    job: str
    state: JobState
    sources: tuple[SourceKind, ...]
    since: str
    began: float
    known: list[tuple[SourceKind, float]] = field(default_factory=list)
    source: str = ""
    share: float | None = None
    first: float | None = None
    reached: float | None = None
    written: tuple[float, float] | None = None
    """When, and which share."""


class SqliteWorkLog:
    """The `WorkLog` port on a file that may come and go. One job is worked on at a time in a process."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock, self._lock = path, clock, threading.Lock()
        self._step: _Step | None = None
        self._ended_at: float | None = None

    def forget_now(self) -> None:
        """Nothing is under way: what an earlier daemon left when it was killed."""
        self._write(lambda db: db.execute("DELETE FROM now"))

    def begin(self, job: str, state: JobState, sources: Sequence[SourceKind] = ()) -> None:
        """A step's work begins. A job that is read anew is measured anew."""
        moment = self._clock.monotonic()
        with self._lock:
            before, pause = self._step, self._pause(job, moment)
            known = before.known if before and before.job == job and state != "reading" else []
            since = time_text(self._clock.now())
            self._step = step = _Step(job, state, tuple(sources), since, moment, known)

        def write(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM now")
            _put(db, step)
            if pause is not None and sources:
                _add(db, [Measured("waiting", sources[0], 1, 1.0, pause)])

        self._write(write)

    def _pause(self, job: str, moment: float) -> float | None:
        """How long the queue took from the last job to this one."""
        if self._step is None or self._ended_at is None or self._step.job == job:
            return None
        pause = moment - self._ended_at
        return pause if 0 <= pause <= _LONGEST_PAUSE_SECONDS else None

    def measure(self, job: str, kind: SourceKind, amount: float) -> None:
        """The next source of the job is begun, and so large it is; those before it are done."""
        with self._lock:
            if self._step is None or self._step.job != job:
                return
            step = self._step
            step.known.append((kind, sound(amount, MOST_UNITS)))
            self._reach(step, 0.0)
        self._write_step(step)

    def advance(self, job: str, done: float, total: float) -> None:
        """So much is done, of the source that is read or else of the step; not each bit of it is written."""
        with self._lock:
            step, reached = self._step, share(done, total)
            if step is None or step.job != job or reached is None:
                return
            self._reach(step, max(step.share or 0.0, reached))
        if self._is_news(step):
            self._write_step(step)

    def _reach(self, step: _Step, reached: float) -> None:
        step.share, step.reached = reached, self._clock.monotonic()
        step.first = step.reached if step.first is None else step.first

    def _is_news(self, step: _Step) -> bool:
        if step.written is None:
            return True
        at, written = step.written
        return self._clock.monotonic() - at >= WRITE_SECONDS or (step.share or 0.0) - written >= WRITE_SHARE

    def _write_step(self, step: _Step) -> None:
        step.written = self._clock.monotonic(), step.share or 0.0
        self._write(lambda db: _put(db, step))

    def end(self, job: str, state: JobState, *, done: bool) -> None:
        """A step's work ended. Of one that failed, and of a job whose sources were never measured, no speed is learned."""
        with self._lock:
            step, self._ended_at = self._step, self._clock.monotonic()
            counts = done and step is not None and (step.job, step.state) == (job, state) and bool(step.known)
            seconds = self._ended_at - step.began if step else 0.0

        def write(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM now WHERE job = ?", (job,))
            if counts and step is not None:
                _add(db, Speeds(_measured(db)).share_out(state, seconds, step.known))

        self._write(write)

    # -- what the engines report ----------------------------------------------------------------------------------
    def reading(self, source: Source, done: float, total: float) -> None:
        """For the reader: the job under way has read so much of this source."""
        step = self._step
        if step is None or step.state != "reading":
            return
        if step.source != source.id:
            step.source = source.id
            self.measure(step.job, source.kind, total)
        self.advance(step.job, done, total)

    def drafting(self, done: float, total: float) -> None:
        """For the drafter: so many of the sections of the job under way are written."""
        step = self._step
        if step is not None and step.state == "drafting":
            self.advance(step.job, done, total)

    # -- what can be told -----------------------------------------------------------------------------------------
    def now(self) -> Sequence[WorkNow]:
        """What is under way. What a daemon that is gone had under way stands here too, until the next one starts."""
        return self._read(self._now, [])

    def expected_seconds(self, rows: Sequence[JobRow]) -> float | None:
        """How long until all of these that are not done yet may be, one after the other; None before it can be told."""
        left = [row for row in rows if row.state not in FINAL_STATES]
        return self._read(lambda db: self._expected(db, left), None) if left else 0.0

    def _now(self, db: sqlite3.Connection) -> list[WorkNow]:
        speeds, moment = Speeds(_measured(db)), self._clock.monotonic()
        asked = "SELECT job, state, sources, since, known, share, began, first, reached FROM now ORDER BY began"
        return [work_now(columns, speeds, moment) for columns in db.execute(asked)]

    def _expected(self, db: sqlite3.Connection, rows: Sequence[JobRow]) -> float | None:
        speeds = Speeds(_measured(db))
        under_way = {each.job: each.seconds_left for each in self._now(db)}
        told: dict[tuple[object, ...], float | None] = {}
        whole = 0.0
        for row in rows:
            states = states_left(row)
            key = (row.sources, states)
            if row.id in under_way:
                seconds = under_way[row.id]
            elif key in told:
                seconds = told[key]
            else:
                ahead = speeds.ahead(row.sources, states)
                seconds = told[key] = None if ahead is None or not speeds else ahead + speeds.pause
            if seconds is None:
                return None
            whole += seconds
        return whole

    # -- the file -------------------------------------------------------------------------------------------------
    def _write(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Do it in one transaction, or not at all; on a damaged file, in a new one."""
        if self._is_damaged(work):
            self._remove()
            self._is_damaged(work)

    def _is_damaged(self, work: Callable[[sqlite3.Connection], object]) -> bool:
        """Try it; whether the file was the reason that it failed."""
        try:
            with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)) as db:
                db.execute("PRAGMA synchronous = OFF")
                with _transaction(db):
                    for table in SCHEMA:
                        db.execute(table)
                    work(db)
                crash_point("work-noted")
        except sqlite3.Error as error:
            # An extended result code keeps the primary one in its low byte.
            return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED
        except (ValueError, TypeError, ArithmeticError):  # tables with something else in them
            return True
        return False

    def _read(self, work: Callable[[sqlite3.Connection], Result], nothing: Result) -> Result:
        try:
            # Never made by a reader; but a reader may have to undo what a killed writer left half done.
            with closing(sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=rw", uri=True, timeout=0.5)) as db:
                return work(db)
        except (sqlite3.Error, ValueError, TypeError, ArithmeticError, OSError):
            return nothing

    def _remove(self) -> None:
        with suppress(OSError):
            self._path.unlink()
        with suppress(OSError):
            self._path.with_name(f"{self._path.name}-journal").unlink()


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    yield
    db.execute("COMMIT")


def _put(db: sqlite3.Connection, step: _Step) -> None:
    """All of it each time: the file may be a new one."""
    sources, known = ",".join(step.sources), known_text(step.known)
    row = (step.job, step.state, sources, step.since, known, step.share, step.began, step.first, step.reached)
    columns = "job, state, sources, since, known, share, began, first, reached"
    db.execute(f"INSERT OR REPLACE INTO now ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608 - constants only


def _measured(db: sqlite3.Connection) -> list[Measured]:
    asked = "SELECT state, kind, sources, amount, seconds FROM finished ORDER BY number"
    return [measured_from(columns) for columns in db.execute(asked)]


def _add(db: sqlite3.Connection, measured: Sequence[Measured]) -> None:
    for each in measured:
        row = (each.state, each.kind, each.sources, each.amount, each.seconds)
        db.execute("INSERT INTO finished (state, kind, sources, amount, seconds) VALUES (?, ?, ?, ?, ?)", row)
        kept = "SELECT number FROM finished WHERE state = ?1 AND kind = ?2 ORDER BY number DESC LIMIT ?3"
        db.execute(
            f"DELETE FROM finished WHERE state = ?1 AND kind = ?2 AND number NOT IN ({kept})",  # noqa: S608 - constants only
            (each.state, each.kind, KEPT),
        )
