"""How long work may take, told by how long it took: rules over measured steps, without a clock or a file.

A step's time is a fixed part and so much for each unit of what it works on: seconds of a recording, pages of a scan, characters of
a text. Both are medians over the last steps, so that a few odd ones (a model loaded anew, a machine busy with something else)
change nothing. What a child says of its progress is untrusted: any number goes in, and only sound ones come out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from daemon.model.job import FINAL_STATES, JobRow, JobState
from daemon.model.source import SourceKind

KEPT = 30
"""Steps remembered of each state and kind of source: a few days of a small practice, and 435 pairs to compare."""
STEPS: Mapping[JobState, int] = {"reading": 1, "drafting": 1, "checking": 2}
"""The states that cost time, in order, and how many steps of the workflow pass in each: to check and to deliver is "checking"."""
MOST_UNITS = 1e8
MOST_SECONDS = 1e6
# Amounts closer together than this say nothing of what a unit costs: their difference is drowned by chance.
_LEAST_SPREAD = 0.25
# What is left at least of what was expected, as long as the step does not end.
_TOO_LITTLE = 1e-6
"""A share of the work that tells nothing of its pace; a division by it may not even be a number."""
_STILL = 0.1
# What was expected weighs as much as so large a share of the step, done at the expected pace.
_BELIEF = 0.3

Pieces = Sequence[tuple[SourceKind, float]]
"""Sources whose size is known, in the order in which they are read."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A finished step as far as sources of one kind account for it: how many, how much they hold together, and how long it took.

    State "waiting" stands for the pause between two jobs of a queue.
    """

    state: JobState
    kind: SourceKind
    sources: int
    amount: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds that a step takes in any case, and for each unit."""

    fixed: float
    per_unit: float

    def seconds(self, amount: float) -> float:
        """How long so much takes."""
        return self.fixed + self.per_unit * amount


def sound(number: float, most: float) -> float:
    """A number between 0 and `most`, whatever was said; 0 for what is none."""
    return min(max(number, 0.0), most) if math.isfinite(number) else 0.0


def median(numbers: Iterable[float]) -> float:
    """The middle one, or the mean of the two. (`statistics` costs a start of `status` 20 ms.)"""
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def share(done: float, total: float) -> float | None:
    """How much of the work is done, 0 to 1; None if it cannot be told."""
    if not (math.isfinite(done) and math.isfinite(total)) or total <= 0:
        return None
    return sound(done / total, 1.0)


def speed_of(pairs: Sequence[tuple[float, float]]) -> Speed | None:
    """From pairs of amount and seconds: the median slope (Theil 1950, Sen 1968), and the median of what it leaves over.

    Where the amounts hardly differ, all of the time is laid to the units: a wait told too long is the lesser evil.
    """
    if not pairs:
        return None
    slopes = [
        (long - short) / (much - little)
        for (little, short), (much, long) in combinations(sorted(pairs), 2)
        if much >= 1 and much - little > _LEAST_SPREAD * much
    ]
    per_unit = max(0.0, median(slopes)) if slopes else 0.0
    fixed = median(seconds - per_unit * amount for amount, seconds in pairs)
    rates = [seconds / amount for amount, seconds in pairs if amount >= 1]
    if rates and (not slopes or fixed < 0):
        return Speed(0.0, median(rates))
    return Speed(max(0.0, fixed), per_unit)


@dataclass(frozen=True, slots=True)
class Course:
    """How far a step is, in seconds: `lead` until it first said so, or until now; `took` from there to the share that is `done`;
    `since` from there until now."""

    done: float | None = None
    lead: float = 0.0
    took: float = 0.0
    since: float = 0.0


def left_of(expected: float | None, course: Course) -> float | None:
    """Seconds left of a step that was expected to take so long in all; None if neither that nor its own pace tells.

    The further it is, the more its own pace counts and the less what was expected.
    """
    done = course.done
    if expected is not None:
        expected = max(expected - course.lead, expected * (_STILL if done is None else 0.5))
    if done is None:
        return expected
    belief = 0.0 if expected is None else _BELIEF
    if done + belief <= _TOO_LITTLE:
        return None
    left = sound((1 - done) * (course.took + belief * (expected or 0.0)) / (done + belief), MOST_SECONDS)
    return max(left - course.since, left * _STILL)


def states_left(row: JobRow) -> tuple[JobState, ...]:
    """The states that a job has still to pass, the one it is in included."""
    order = tuple(STEPS)
    if row.state in order:
        return order[order.index(row.state) :]
    if row.state != "waiting":
        return ()
    return order[1:] if row.reading else order


class Speeds:
    """What the measured steps tell."""

    def __init__(self, measured: Iterable[Measured]) -> None:
        self._by_step: dict[tuple[JobState, SourceKind], list[Measured]] = {}
        for each in measured:
            self._by_step.setdefault((each.state, each.kind), []).append(each)
        pauses = [each.seconds for (state, _), found in self._by_step.items() if state == "waiting" for each in found]
        self.pause = median(pauses) if pauses else 0.0
        """Seconds between two jobs of a queue."""
        # Bound to this object, not to the class: what was computed goes with it.
        self._speed = lru_cache(maxsize=None)(self._speed_of)
        self._one = lru_cache(maxsize=None)(self._one_source)

    def __bool__(self) -> bool:
        return bool(self._by_step)

    def ahead(self, sources: Sequence[SourceKind], states: Iterable[JobState], known: Pieces = ()) -> float | None:
        """Seconds that these states take for a job with such sources; None if nothing tells.

        `known`: the sizes of those that are known; of the others the typical ones are taken. A kind that was never met is taken
        for the slowest that was.
        """
        parts = [
            self._of_source(kind, amount, state)
            for kind, amount in [*known, *((kind, None) for kind in unmeasured(sources, known))]
            for state in states
        ]
        return None if None in parts else math.fsum(part for part in parts if part is not None)

    def read_share(self, sources: Sequence[SourceKind], known: Pieces, of_last: float) -> float | None:
        """How much of the reading is done when so much of the last of the known sources is; each weighs as long as it takes."""
        if not known:
            return None
        told = [self._of_source(kind, amount, "reading") for kind, amount in known]
        told += [self._of_source(kind, None, "reading") for kind in unmeasured(sources, known)]
        weights = [1.0 if None in told or not any(told) else weight or 0.0 for weight in told]
        done = math.fsum(weights[: len(known) - 1]) + of_last * weights[len(known) - 1]
        return share(done, math.fsum(weights))

    def share_out(self, state: JobState, seconds: float, known: Pieces) -> list[Measured]:
        """A finished step, laid to the kinds of its sources: by what each is expected to take, evenly before that is known."""
        told = {kind: [amount for each, amount in known if each == kind] for kind, _ in known}
        parts = {kind: [self._of_source(kind, each, state) for each in amounts] for kind, amounts in told.items()}
        sums = {kind: None if None in part else math.fsum(each or 0.0 for each in part) for kind, part in parts.items()}
        whole = math.fsum(each or 0.0 for each in sums.values())
        by_time = whole > 0 and None not in sums.values()
        return [
            Measured(
                state,
                kind,
                len(amounts),
                sound(math.fsum(amounts), MOST_UNITS),
                sound(seconds, MOST_SECONDS) * ((sums[kind] or 0.0) / whole if by_time else 1 / len(told)),
            )
            for kind, amounts in told.items()
        ]

    def _of_source(self, kind: SourceKind, amount: float | None, state: JobState) -> float | None:
        speed = self._speed(state, kind)
        if amount is None or speed is None:
            return self._one(kind, state)
        return speed.seconds(amount) * STEPS[state]

    def _one_source(self, kind: SourceKind, state: JobState) -> float | None:
        """Of a source whose size is not known yet."""
        found = self._by_step.get((state, kind))
        speed = self._speed(state, kind)
        if found and speed is not None:
            return speed.seconds(median(each.amount / each.sources for each in found)) * STEPS[state]
        others = [self._one(other, state) for at, other in self._by_step if at == state]
        return max((each for each in others if each is not None), default=None)

    def _speed_of(self, state: JobState, kind: SourceKind) -> Speed | None:
        """Of one source: steps with several count as so many smaller ones."""
        found = self._by_step.get((state, kind), ())
        return speed_of([(each.amount / each.sources, each.seconds / each.sources) for each in found])


def unmeasured(sources: Sequence[SourceKind], known: Pieces) -> list[SourceKind]:
    """The sources whose size is not known yet."""
    left = list(sources)
    for kind, _ in known:
        if kind in left:
            left.remove(kind)
    return left


def queue_length(counts: Mapping[str, int]) -> int:
    """How many jobs are not done yet."""
    return sum(count for state, count in counts.items() if state not in FINAL_STATES)


def of_all(seconds: float | None, rows: Sequence[JobRow], counts: Mapping[str, int]) -> float | None:
    """What is expected of all that are not done, told by what is expected of those of them that are listed."""
    listed, all_of_them = sum(row.state not in FINAL_STATES for row in rows), queue_length(counts)
    if not all_of_them:
        return 0.0
    return None if seconds is None or not listed else seconds * max(1.0, all_of_them / listed)
