"""The rows of the work log, to and from what they mean. What stands in the file is believed only as far as it makes sense.

Every function raises ValueError, TypeError or ArithmeticError for what was never written by the work log.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

from daemon.model.job import STATES, JobRow, JobState
from daemon.model.source import SourceKind
from daemon.model.work import WorkNow
from daemon.model.work_speed import (
    MOST_SECONDS,
    MOST_UNITS,
    Course,
    Measured,
    Pieces,
    Speeds,
    left_of,
    sound,
    states_left,
)

_KINDS: tuple[SourceKind, ...] = get_args(SourceKind)


def measured_from(columns: tuple[str, str, int, float, float]) -> Measured:
    """A finished step."""
    state, kind, sources, amount, seconds = columns
    return Measured(
        _state(state), _kind(kind), max(1, int(sources)), sound(amount, MOST_UNITS), sound(seconds, MOST_SECONDS)
    )


def work_now(columns: tuple[Any, ...], speeds: Speeds, moment: float) -> WorkNow:
    """The row of a job under way as what can be told of it."""
    job, state_text, sources_text, since, known_text, reached, *times = columns
    state, known = _state(state_text), _known(known_text)
    sources = [_kind(kind) for kind in sources_text.split(",") if kind]
    done = None if reached is None else sound(reached, 1.0)
    if state == "reading" and done is not None:
        done = speeds.read_share(sources, known, done)
    since = datetime.fromisoformat(since).astimezone(UTC)
    step, *after = states_left(JobRow(job, state, "", (), "", since))  # none is a ValueError
    expected = speeds.ahead(sources, [step], known) if speeds else None
    left = left_of(expected, _course(done, moment, *times))
    rest = speeds.ahead(sources, after, known)
    seconds = None if left is None or rest is None else left + rest
    return WorkNow(job, state, since, done, seconds)


def _course(done: float | None, moment: float, began: float, first: float | None, reached: float | None) -> Course:
    """Times of another start of the machine make no sense together, but nothing worse than a wrong guess."""
    first = moment if first is None else first
    reached = moment if reached is None else reached
    lead, took, since = (
        sound(later - earlier, MOST_SECONDS) for earlier, later in ((began, first), (first, reached), (reached, moment))
    )
    return Course(done, lead, took, since)


def known_text(known: Pieces) -> str:
    """The sizes of the sources that were begun, in a column."""
    return ",".join(f"{kind}:{amount!r}" for kind, amount in known)


def _known(text: str) -> list[tuple[SourceKind, float]]:
    pairs = [each.split(":") for each in text.split(",") if each]
    return [(_kind(kind), sound(float(amount), MOST_UNITS)) for kind, amount in pairs]


def _state(text: str) -> JobState:
    return STATES[STATES.index(text)]  # what is none of them is a ValueError, as it should be


def _kind(text: str) -> SourceKind:
    return _KINDS[_KINDS.index(text)]


def time_text(moment: datetime) -> str:
    """A time in UTC, in a column."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
