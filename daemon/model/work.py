"""Work under way, as measures: how much of it is done, and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from daemon.model.job import JobState


@dataclass(frozen=True, slots=True)
class WorkNow:
    """One job under way. `done` is the share of the step's work that is done, 0 to 1; `seconds_left` until its draft is
    delivered, from measured speeds; each None where it cannot be told."""

    job: str
    state: JobState
    since: datetime
    done: float | None = None
    seconds_left: float | None = None
