"""The service's own judgement: when work counts as standing still."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from daemon.config import load_home
from daemon.service import STALLED_SECONDS, Service
from tests.fakes.clock import FakeClock


@dataclass
class Engine:
    """As `Running`, as far as it is asked."""

    busy: bool
    still: float

    def board_busy(self) -> bool:
        return self.busy

    def still_seconds(self) -> float:
        return self.still


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def test_a_first_job_after_a_quiet_night_is_no_stall(clock: FakeClock, tmp_path: Path) -> None:
    made, engine = Service(load_home(tmp_path, None), clock=clock), Engine(busy=False, still=30_000.0)
    assert not stalled(made, engine)
    engine.busy = True
    assert not stalled(made, engine)


def test_jobs_without_a_step_for_minutes_are_a_stall(clock: FakeClock, tmp_path: Path) -> None:
    made, engine = Service(load_home(tmp_path, None), clock=clock), Engine(busy=True, still=30_000.0)
    assert not stalled(made, engine)
    clock.advance(STALLED_SECONDS + 1)
    assert stalled(made, engine)


def test_a_long_step_is_no_stall(clock: FakeClock, tmp_path: Path) -> None:
    made, engine = Service(load_home(tmp_path, None), clock=clock), Engine(busy=True, still=0.0)
    assert not stalled(made, engine)
    clock.advance(10 * STALLED_SECONDS)
    assert not stalled(made, engine)


def stalled(made: Service, engine: Any) -> bool:
    return made._stalled(engine)
