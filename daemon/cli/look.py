"""One look at a home: what `status` shows, as data and as plain words. Ids, states, codes and measures; no name, no text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from daemon.model.errors import ChartdraftError, RetryableError
from daemon.model.job import STATES, JobRow
from daemon.model.work_speed import of_all, queue_length

if TYPE_CHECKING:
    from datetime import datetime

    from daemon.config import Home
    from daemon.model.work import WorkNow

SHOWN = 40


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen. `rows` may be fewer than `counts` says; `trouble` is why nothing could be seen."""

    rows: Sequence[JobRow] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    running: bool = False
    work: Sequence[WorkNow] = ()
    expected_seconds: float | None = None
    trouble: ChartdraftError | None = None

    @property
    def waiting(self) -> int:
        """How many jobs are not done yet."""
        return queue_length(self.counts)

    def of(self, job: str) -> WorkNow | None:
        """The work on a job, if it is under way."""
        return next((each for each in self.work if each.job == job), None)


def look_at(home: Home, most: int | None = None) -> Look:
    """Look now, at all jobs or so many; `config-missing`, and what the job board raises."""
    from daemon import wiring
    from daemon.serving.one_instance import is_running

    board = wiring.board(home)
    rows = board.rows(most)
    counts: Mapping[str, int] = Counter[str](row.state for row in rows) if most is None else board.counts()
    log, running = wiring.work_log(home), is_running(home.lock)
    work = log.now() if running else ()  # what a daemon that was killed had under way is nobody's work
    return Look(rows, counts, running, work, of_all(log.expected_seconds(rows), rows, counts))


def look_again(home: Home, most: int | None = None) -> Look:
    """The same for somebody who goes on looking: a home that is away may come back."""
    try:
        return look_at(home, most)
    except ChartdraftError as error:
        return Look(trouble=error)
    except OSError:
        return Look(trouble=RetryableError("state-unwritable"))


def as_data(look: Look) -> dict[str, Any]:
    """The contract of DESIGN 7."""
    return {
        "running": look.running,
        "counts": {state: look.counts.get(state, 0) for state in STATES},
        "expected_seconds": _rounded(look.expected_seconds),
        "work": [
            {
                "job": each.job,
                "state": each.state,
                "since": _time_text(each.since),
                "done": None if each.done is None else round(each.done, 3),
                "seconds_left": _rounded(each.seconds_left),
            }
            for each in look.work
        ],
        "jobs": [
            {
                "id": row.id,
                "state": row.state,
                "document": row.document,
                "sources": list(row.sources),
                "attempts": row.attempts,
                "code": row.code,
                "updated_at": _time_text(row.updated_at),
            }
            for row in look.rows
        ],
    }


def as_text(look: Look) -> str:
    """For a person, in plain lines."""
    lines = [counts_line(look), queue_line(look), ""]
    for row in look.rows[:SHOWN]:
        when = row.updated_at.astimezone().strftime("%Y-%m-%d %H:%M")
        told = [row.code] if row.code else []
        if work := look.of(row.id):
            told.append(progress_text(work))
        lines.append(f"{row.id[:8]}  {row.state:<10} {row.document:<12} {when}  {', '.join(told)}".rstrip())
    if len(look.rows) > SHOWN:
        lines.append(f"… and {len(look.rows) - SHOWN} more (--json shows all)")
    return "\n".join(lines)


def counts_line(look: Look) -> str:
    """How many jobs are in which state."""
    return "  ".join(f"{state} {look.counts.get(state, 0)}" for state in STATES)


def queue_line(look: Look) -> str:
    """Whether the daemon runs, how much there is to do, and how long that may take."""
    runs = "Chartdraft is running" if look.running else "Chartdraft is not running"
    if not look.waiting:
        return f"{runs}; nothing waits"
    wait = "" if look.expected_seconds is None else f", about {roughly(look.expected_seconds)} of work"
    return f"{runs}; {look.waiting} to do{wait}"


def progress_text(work: WorkNow) -> str:
    """How far a job's step is, and when its draft may be there."""
    share = [] if work.done is None else [f"{round(work.done * 100)} %"]
    left = [] if work.seconds_left is None else [f"about {roughly(work.seconds_left)} left"]
    return ", ".join(share + left)


def duration(seconds: float) -> str:
    """In words, as exact as one wants to know it. At least a second."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def roughly(seconds: float) -> str:
    """The same for what is only expected: not more exact than it can be."""
    return duration(-(-seconds // 5) * 5 if seconds <= 55 else round(seconds / 60) * 60)


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def _time_text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
