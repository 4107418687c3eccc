"""How long work may take: never negative, always finite, more in a queue is never less, more done never leaves more."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.model.job import JobRow, JobState
from daemon.model.source import SourceKind
from daemon.model.work_speed import (
    MOST_SECONDS,
    MOST_UNITS,
    STEPS,
    Course,
    Measured,
    Speeds,
    left_of,
    median,
    of_all,
    share,
    sound,
    speed_of,
    states_left,
)
from tests.fakes.clock import FakeClock

NOW = FakeClock().now()
seconds = st.floats(0, MOST_SECONDS)
amounts = st.floats(0, MOST_UNITS)
kinds = st.sampled_from(["recording", "scan", "text"])
states = st.sampled_from(["waiting", *STEPS])
measured = st.lists(st.builds(Measured, states, kinds, st.integers(1, 9), amounts, seconds), max_size=40)
sources = st.lists(kinds, max_size=4)
pieces = st.lists(st.tuples(kinds, amounts), max_size=4)
anything = st.floats() | st.integers(-(10**400), 10**400).map(lambda n: float(n) if abs(n) < 1e300 else math.inf)
shares = st.floats(0, 1)


def is_sound(told: float | None) -> bool:
    return told is None or (math.isfinite(told) and told >= 0)


@given(measured, sources, pieces, st.lists(st.sampled_from(list(STEPS)), max_size=3))
def test_what_is_ahead_is_sound(
    past: list[Measured], of: list[SourceKind], known: list[tuple[SourceKind, float]], through: list[JobState]
) -> None:
    speeds = Speeds(past)
    assert is_sound(speeds.ahead(of, through, known))
    assert speeds.pause >= 0


@given(measured, st.lists(sources, max_size=5), sources)
def test_a_longer_queue_never_takes_less(
    past: list[Measured], queue: list[list[SourceKind]], more: list[SourceKind]
) -> None:
    speeds = Speeds(past)

    def whole(jobs: list[list[SourceKind]]) -> float | None:
        told = [speeds.ahead(job, STEPS) for job in jobs]
        return None if None in told else math.fsum(each for each in told if each is not None)

    short, long = whole(queue), whole([*queue, more])
    assert long is None or (short is not None and long >= short)


@given(measured, kinds, amounts, amounts)
def test_a_longer_recording_never_takes_less(past: list[Measured], kind: SourceKind, one: float, other: float) -> None:
    speeds = Speeds(past)
    short, long = (speeds.ahead([], STEPS, [(kind, amount)]) for amount in sorted((one, other)))
    assert (short is None) == (long is None)
    assert short is None or long is None or short <= long


@given(st.none() | seconds, shares, shares, seconds, seconds, seconds)
def test_more_of_it_done_leaves_less(
    expected: float | None, one: float, other: float, lead: float, took: float, since: float
) -> None:
    less, more = (left_of(expected, Course(done, lead, took, since)) for done in sorted((one, other)))
    assert is_sound(less)
    assert is_sound(more)
    if less is not None:
        assert more is not None
        assert more <= less * (1 + 1e-9)


@given(st.none() | seconds, st.none() | shares, seconds, seconds, seconds, seconds)
def test_while_nothing_new_is_heard_what_is_left_never_grows(
    expected: float | None, done: float | None, lead: float, took: float, one: float, other: float
) -> None:
    soon, late = sorted((one, other))
    if done is None:
        before, after = (left_of(expected, Course(None, lead=passed)) for passed in (soon, late))
    else:
        before, after = (left_of(expected, Course(done, lead, took, passed)) for passed in (soon, late))
    assert before is None or after is None or after <= before


@given(measured, sources, pieces, anything)
def test_the_share_that_was_read_is_a_share(
    past: list[Measured], of: list[SourceKind], known: list[tuple[SourceKind, float]], reached: float
) -> None:
    told = Speeds(past).read_share(of, known, sound(reached, 1.0))
    assert told is None or 0 <= told <= 1
    assert (told is None) == (not known)


@given(measured, st.sampled_from(list(STEPS)), seconds, pieces)
def test_a_finished_step_is_laid_to_its_sources_without_rest(
    past: list[Measured], state: JobState, took: float, known: list[tuple[SourceKind, float]]
) -> None:
    parts = Speeds(past).share_out(state, took, known)
    assert sum(part.sources for part in parts) == len(known)
    assert not known or math.fsum(part.seconds for part in parts) == pytest.approx(took, abs=1e-6)
    assert all(is_sound(part.seconds) and is_sound(part.amount) for part in parts)


@given(anything, anything)
def test_whatever_a_child_says_of_itself_is_a_share_or_nothing(done: float, total: float) -> None:
    told = share(done, total)
    assert told is None or 0 <= told <= 1
    assert 0 <= sound(done, MOST_UNITS) <= MOST_UNITS


@given(st.floats(0, 100), st.floats(0.001, 10), st.lists(st.floats(1, 1e4), min_size=8, max_size=20, unique=True))
def test_a_straight_line_is_found_with_one_in_five_gone_wrong(fixed: float, per_unit: float, long: list[float]) -> None:
    spread = [amount * 2**number for number, amount in enumerate(sorted(long))]
    right = [(amount, fixed + per_unit * amount) for amount in spread]
    asleep = [(amount, 1e6) for amount in spread[:: max(5, len(spread) // 2)]][: len(spread) // 8]
    speed = speed_of([*right, *asleep])
    assert speed is not None
    middle = spread[len(spread) // 2]
    assert speed.seconds(middle) == pytest.approx(fixed + per_unit * middle, rel=0.35)


@given(st.lists(seconds, min_size=1))
def test_the_median_stands_in_the_middle(numbers: list[float]) -> None:
    middle = median(numbers)
    assert sum(number < middle for number in numbers) <= len(numbers) / 2
    assert sum(number > middle for number in numbers) <= len(numbers) / 2


def test_recordings_of_one_length_are_told_by_their_length() -> None:
    speed = speed_of([(60.0, 6.0), (61.0, 9.0), (59.0, 5.9)])
    assert speed is not None
    assert speed.seconds(600.0) == pytest.approx(60.0)


def test_a_kind_never_met_is_taken_for_the_slowest_that_was() -> None:
    past = [Measured(state, kind, 1, 10, took) for state in STEPS for kind, took in (("recording", 8.0), ("text", 1.0))]  # type: ignore[arg-type]
    assert Speeds(past).ahead(["scan"], STEPS) == pytest.approx(32.0)


def row(state: JobState, *, reading: str = "") -> JobRow:
    return JobRow("a", state, "soap", ("recording",), "", NOW, reading=reading)


def test_each_state_has_itself_and_what_follows_before_it() -> None:
    assert states_left(row("waiting")) == ("reading", "drafting", "checking")
    assert states_left(row("waiting", reading="b")) == ("drafting", "checking")
    assert states_left(row("drafting")) == ("drafting", "checking")
    assert states_left(row("delivered")) == states_left(row("attention")) == ()


def test_jobs_that_are_not_listed_are_expected_all_the_same() -> None:
    rows = [row("waiting"), row("reading"), row("delivered")]
    assert of_all(10.0, rows, {"waiting": 3, "reading": 1, "delivered": 900}) == 20.0
    assert of_all(10.0, rows, {"waiting": 1, "reading": 1}) == 10.0
    assert of_all(None, rows, {"waiting": 1, "reading": 1}) is None
    assert of_all(None, [], {"delivered": 4}) == 0.0
    assert of_all(0.0, [], {"waiting": 4}) is None
