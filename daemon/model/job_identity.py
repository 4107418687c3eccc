"""What a job's id is of, and how much of it people need to see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from daemon.model.job import JobRow

SHORTEST_ID = 4


def asked_as(document: str, codes: Sequence[str]) -> str:
    """What a job's id is of besides the contents: the document asked for ("" = by kind), and what is wrong with which source.

    What cannot be read is a job of its own kind, so that mending its name or folder makes a new one.
    """
    return f"{document}!{','.join(codes)}" if any(codes) else document


def short_id(job: str, find: Callable[[str], Iterable[JobRow]]) -> str:
    """The first characters of the id that no other job begins with, at least four. `find`: the jobs whose id begins so."""
    for length in range(SHORTEST_ID, len(job)):
        if all(row.id == job for row in find(job[:length])):
            return job[:length]
    return job
