"""What people are told of the whole: what the status page shows, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Literal

from daemon.model.job import JobRow
from daemon.model.work import WorkNow

Running = Literal["running", "waiting", "stopped", "refused"]


@dataclass(frozen=True, slots=True)
class Condition:
    """How the daemon itself is. `code` says why it waits or was refused; `since` from when on.

    `sentences` say in plain words what keeps it from working, one for each thing that a person has to mend.
    """

    state: Running = "running"
    code: str = ""
    since: datetime | None = None
    sentences: tuple[str, ...] = ()


def midnight(now: datetime) -> datetime:
    """When the day began, by this machine's time zone. Made of the local date, for on two days a year noon is not 12 hours later."""
    return datetime.combine(now.astimezone().date(), time()).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class StatusReport:
    """All that the status page shows, as of `at` (UTC).

    `rows` are the jobs to be listed, `counts` those of all jobs by state. `names` are the items' clean names by job, as they stand
    in the outbox's file names: PHI, so in memory and on the page alone. `delivered_today` counts since midnight, local time.
    `left` are the clean names of the folders and files in the inbox that nothing is taken from, each with its code;
    `coming` those of what is not quiet or not complete yet, `coming_count` how many there are. `risks` are sentences on what the
    settings accept, and is dangerous all the same.
    """

    rows: Sequence[JobRow]
    at: datetime
    counts: Mapping[str, int]
    condition: Condition = Condition()
    names: Mapping[str, str] = field(default_factory=dict)
    work: Sequence[WorkNow] = ()
    expected_seconds: float | None = None
    delivered_today: int = 0
    left: Sequence[tuple[str, str]] = ()
    coming: Sequence[str] = ()
    coming_count: int = 0
    risks: Sequence[str] = ()
