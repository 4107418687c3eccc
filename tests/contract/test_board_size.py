"""A job board with years of jobs on it: what is asked every second costs no more for them, and says the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.state.job_board import EARLIER_ROWS, SqliteJobBoard
from daemon.model.job import STATES, JobRow
from tests.contract.test_board_contract import row
from tests.fakes.board import FakeBoard
from tests.fakes.clock import FakeClock


@pytest.fixture(params=["fake", "sqlite"])
def board(request: pytest.FixtureRequest, tmp_path: Path) -> FakeBoard | SqliteJobBoard:
    return FakeBoard(FakeClock()) if request.param == "fake" else SqliteJobBoard(tmp_path / "jobs.sqlite", FakeClock())


def test_what_is_under_way_is_what_has_not_ended(board: FakeBoard | SqliteJobBoard) -> None:
    for state in STATES:
        board.add(row(state, state=state))
    assert [each.id for each in board.under_way()] == ["checking", "drafting", "reading", "waiting"]
    board.set_state("reading", "attention", code="speech-none")
    assert [each.id for each in board.under_way()] == ["checking", "drafting", "waiting"]


def test_counts_follow_what_this_and_other_processes_change(tmp_path: Path) -> None:
    ours, others = (SqliteJobBoard(tmp_path / "jobs.sqlite", FakeClock()) for _ in range(2))
    for n in range(3):
        ours.add(row(f"our{n}"))
        assert ours.counts() == {"waiting": 2 * n + 1}
        others.add(row(f"other{n}"))
        assert ours.counts() == others.counts() == {"waiting": 2 * n + 2}
    ours.set_state("our0", "reading")
    others.set_state("our1", "reading")
    assert ours.counts() == others.counts() == {"waiting": 4, "reading": 2}


def test_what_is_counted_is_the_callers(tmp_path: Path) -> None:
    board = SqliteJobBoard(tmp_path / "jobs.sqlite", FakeClock())
    board.add(row("aa"))
    board.counts().clear()
    assert board.counts() == {"waiting": 1}


@given(
    rows=st.lists(st.tuples(st.sampled_from(STATES), st.integers(0, 5)), max_size=20),
    most=st.integers(0, 25),
)
def test_the_foremost_rows_are_those_that_the_fake_says(rows: list[tuple[str, int]], most: int) -> None:
    clock = FakeClock()
    made = [row(f"job{n:02}", state=state) for n, (state, _) in enumerate(rows)]
    boards = SqliteJobBoard(Path(":memory:"), clock), FakeBoard(clock)
    for each, (_, seconds) in sorted(zip(made, rows, strict=True), key=lambda pair: pair[1][1]):
        moved = JobRow(**{**vars_of(each), "updated_at": clock.now().replace(second=seconds)})
        for board in boards:
            board.add(moved)
    assert boards[0].rows(most) == boards[1].rows(most)
    assert boards[0].under_way() == boards[1].under_way()


def vars_of(job: JobRow) -> dict[str, object]:
    return {name: getattr(job, name) for name in JobRow.__dataclass_fields__}


@pytest.mark.parametrize("state", STATES)
def test_the_service_questions_are_answered_from_the_index(tmp_path: Path, state: str) -> None:
    """A full scan or a sort of all rows would show in the plan."""
    board = SqliteJobBoard(tmp_path / "jobs.sqlite", FakeClock())
    asked: list[str] = []
    db = board._connection()
    db.set_trace_callback(asked.append)
    board.rows(200)
    board.under_way()
    board.counts()
    board.shown(FakeClock().now(), 200)
    board.delivered_since(FakeClock().now())
    db.set_trace_callback(None)
    plans = {each: [line[3] for line in db.execute(f"EXPLAIN QUERY PLAN {each}")] for each in asked if "FROM" in each}
    assert len(plans) == 10
    for question, plan in plans.items():
        assert all("jobs_by_state" in step or "TEMP B-TREE" in step for step in plan), plan
        if f"state = '{state}'" in question:
            assert not any("TEMP B-TREE" in step for step in plan), plan


def test_of_what_was_delivered_before_today_the_last_few_are_shown(tmp_path: Path) -> None:
    clock = FakeClock()
    board = SqliteJobBoard(tmp_path / "jobs.sqlite", clock)
    for n in range(EARLIER_ROWS + 5):
        board.add(row(f"old{n:02}"))
        board.set_state(f"old{n:02}", "delivered")
        clock.advance(60)
    today = clock.now()
    for n in range(EARLIER_ROWS + 5):
        board.add(row(f"new{n:02}"))
        board.set_state(f"new{n:02}", "delivered")
        clock.advance(60)
    board.add(row("wait"))

    shown = [each.id for each in board.shown(today, 200)]
    assert shown[0] == "wait"
    assert shown[1 : EARLIER_ROWS + 6] == [f"new{n:02}" for n in reversed(range(EARLIER_ROWS + 5))]
    assert shown[EARLIER_ROWS + 6 :] == [f"old{n:02}" for n in reversed(range(5, EARLIER_ROWS + 5))]
    assert len(board.shown(today, EARLIER_ROWS)) == EARLIER_ROWS
