"""A job board in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from daemon.model.errors import PermanentError, RetryableError
from daemon.model.job import FINAL_STATES, JobRow, JobState
from daemon.ports import Clock


class FakeBoard:
    """`daemon.ports.JobBoard`."""

    def __init__(self, clock: Clock) -> None:
        self.jobs: dict[str, JobRow] = {}
        self._clock = clock
        self._originals: dict[str, str] = {}

    def add(self, row: JobRow) -> bool:
        return self.jobs.setdefault(row.id, row) is row

    def get(self, job: str) -> JobRow | None:
        return self.jobs.get(job)

    def find(self, prefix: str) -> Sequence[JobRow]:
        return [row for job, row in self.jobs.items() if job.startswith(prefix)]

    def rows(self, most: int | None = None) -> Sequence[JobRow]:
        by_id = sorted(self.jobs.values(), key=lambda row: row.id)
        found = sorted(by_id, key=lambda row: row.updated_at, reverse=True)
        if most is None:
            return found
        return sorted(found, key=lambda row: (row.state != "attention", row.state == "delivered"))[:most]

    def under_way(self) -> Sequence[JobRow]:
        return [row for row in self.rows() if row.state not in FINAL_STATES]

    def counts(self) -> dict[str, int]:
        states = [row.state for row in self.jobs.values()]
        return {state: states.count(state) for state in set(states)}

    def set_state(self, job: str, state: JobState, *, code: str = "", attempts: int | None = None) -> None:
        if row := self.jobs.get(job):
            kept = row.attempts if attempts is None else attempts
            self.jobs[job] = replace(row, state=state, code=code, attempts=kept, updated_at=self._clock.now())

    def set_blobs(self, job: str, *, reading: str | None = None, draft: str | None = None) -> None:
        if row := self.jobs.get(job):
            self.jobs[job] = replace(
                row,
                reading=row.reading if reading is None else reading,
                draft=row.draft if draft is None else draft,
                updated_at=self._clock.now(),
            )

    def set_document(self, job: str, document: str) -> None:
        if row := self.jobs.get(job):
            self.jobs[job] = replace(row, document=document, updated_at=self._clock.now())

    def revise(self, job: str, document: str, *, reading: str, manifest: str = "") -> JobRow:
        row = self.jobs.get(job)
        if row is None:
            raise PermanentError("job-unknown")
        if row.state not in FINAL_STATES:
            raise RetryableError("job-busy")
        self.jobs[job] = JobRow(
            id=job,
            state="waiting",
            document=document,
            sources=row.sources,
            manifest=manifest or row.manifest,
            updated_at=self._clock.now(),
            revision=row.revision + 1,
            reading=reading,
        )
        return self.jobs[job]

    def remember_originals(self, job: str, facts: Sequence[str]) -> None:
        self._originals |= dict.fromkeys(facts, job)

    def originals(self) -> dict[str, str]:
        return dict(self._originals)

    def forget_originals(self, facts: Sequence[str]) -> None:
        for each in facts:
            self._originals.pop(each, None)
