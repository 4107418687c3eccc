"""Around a step's work: the work log is told that it begins and how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from daemon.model.job import JobRow, JobState
from daemon.model.source import SourceKind
from daemon.model.work import WorkNow
from daemon.ports import WorkLog


class NoWorkLog:
    """The `WorkLog` port where nobody looks."""

    def begin(self, job: str, state: JobState, sources: Sequence[SourceKind] = ()) -> None:
        """Nothing."""

    def advance(self, job: str, done: float, total: float) -> None:
        """Nothing."""

    def measure(self, job: str, kind: SourceKind, amount: float) -> None:
        """Nothing."""

    def end(self, job: str, state: JobState, *, done: bool) -> None:
        """Nothing."""

    def now(self) -> Sequence[WorkNow]:
        """Nothing is known."""
        return ()

    def expected_seconds(self, rows: Sequence[JobRow]) -> float | None:
        """Nothing is known."""
        return None


@contextmanager
def at_work(log: WorkLog, row: JobRow, state: JobState) -> Iterator[None]:
    """Around one try of a step; the pause before the next is no work."""
    log.begin(row.id, state, row.sources)
    done = False
    try:
        yield
        done = True
    finally:
        log.end(row.id, state, done=done)
