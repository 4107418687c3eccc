"""A work log in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from daemon.model.job import FINAL_STATES, JobRow, JobState
from daemon.model.source import SourceKind
from daemon.model.work import WorkNow
from daemon.model.work_speed import Measured, Speeds, share, states_left
from daemon.ports import Clock


class FakeWorkLog:
    """`daemon.ports.WorkLog`; knows speeds, and of the job under way what it was told. `told` is every call's name, in order."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.told: list[str] = []
        self._measured: list[Measured] = []
        self._known: dict[str, list[tuple[SourceKind, float]]] = {}
        self._now: dict[str, tuple[JobState, datetime, float, float | None]] = {}

    def begin(self, job: str, state: JobState, sources: Sequence[SourceKind] = ()) -> None:
        self.told.append(f"begin {state}")
        if state == "reading":
            self._known.pop(job, None)
        self._now = {job: (state, self._clock.now(), self._clock.monotonic(), None)}

    def advance(self, job: str, done: float, total: float) -> None:
        self.told.append("advance")
        reached = share(done, total)
        if job in self._now and reached is not None:
            state, since, began, before = self._now[job]
            self._now[job] = (state, since, began, max(before or 0.0, reached))

    def measure(self, job: str, kind: SourceKind, amount: float) -> None:
        self.told.append(f"measure {kind}")
        if job in self._now:
            self._known.setdefault(job, []).append((kind, amount))
            self._now[job] = (*self._now[job][:3], 0.0)

    def end(self, job: str, state: JobState, *, done: bool) -> None:
        self.told.append(f"end {state} {'done' if done else 'failed'}")
        under_way, known = self._now.pop(job, None), self._known.get(job)
        if done and known and under_way is not None and under_way[0] == state:
            seconds = self._clock.monotonic() - under_way[2]
            self._measured += Speeds(self._measured).share_out(state, seconds, known)

    def now(self) -> Sequence[WorkNow]:
        return [WorkNow(job, state, since, done) for job, (state, since, _, done) in self._now.items()]

    def expected_seconds(self, rows: Sequence[JobRow]) -> float | None:
        speeds = Speeds(self._measured)
        told = [speeds.ahead(row.sources, states_left(row)) for row in rows if row.state not in FINAL_STATES]
        return None if None in told else sum(each for each in told if each is not None)
