"""Sleep and clocks that are set: seen by the two clocks going apart, and told once an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from daemon.model.clock_jumps import JUMP_SECONDS, TOLD_EVERY_SECONDS, ClockWatch

START = datetime(2027, 3, 14, 6, 59, tzinfo=UTC)


def test_time_that_only_passes_is_no_jump_however_long_nobody_looked() -> None:
    watch = ClockWatch(START, 100.0)
    assert watch.look(START + timedelta(days=3), 100.0 + 3 * 86_400) == 0


def test_sleep_and_a_clock_set_either_way_are_told_in_seconds_and_once() -> None:
    watch = ClockWatch(START, 0.0)
    assert watch.look(START + timedelta(hours=8, seconds=5), 5.0) == 8 * 3600
    assert watch.look(START + timedelta(hours=8, seconds=10), 10.0) == 0
    assert watch.look(START + timedelta(seconds=15), 15.0) == -8 * 3600
    assert watch.look(START + timedelta(seconds=20), 20.0) == 0


@given(st.floats(-JUMP_SECONDS, JUMP_SECONDS), st.floats(0, 1e6))
def test_a_correction_by_less_than_a_minute_is_none(by: float, passed: float) -> None:
    assert ClockWatch(START, 0.0).look(START + timedelta(seconds=passed + by * 0.999), passed) == 0


def test_many_jumps_are_worth_a_line_an_hour() -> None:
    watch = ClockWatch(START, 0.0)
    told = 0
    for minute in range(0, 180, 5):
        watch.look(START + timedelta(hours=minute), minute * 60.0)
        told += watch.is_worth_telling()
    assert told == 180 * 60 / TOLD_EVERY_SECONDS
