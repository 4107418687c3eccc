"""A queue in memory that remembers what it was asked."""

from __future__ import annotations


class FakeQueue:
    """`daemon.ports.JobQueue`: one entry for each job and revision; `asked` counts the calls."""

    def __init__(self) -> None:
        self.jobs: dict[tuple[str, int], str] = {}
        self.asked = 0

    def enqueue(self, job: str, manifest: str, revision: int) -> None:
        self.asked += 1
        self.jobs.setdefault((job, revision), manifest)
