"""What every job board keeps to, the fake and SQLite's; then what only files, threads and processes can show."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.state.job_board import SCHEMA, SqliteJobBoard
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.job import STATES, JobRow, JobState
from daemon.ports import JobBoard
from tests.fakes.board import FakeBoard
from tests.fakes.clock import FakeClock

CLOCK_START = FakeClock().now()
Counting = FakeBoard | SqliteJobBoard


def row(job: str = "7f3kq2v9", **changes: object) -> JobRow:
    facts = {
        "id": job,
        "state": "waiting",
        "document": "soap",
        "sources": ("recording", "scan"),
        "manifest": "m",
        "updated_at": CLOCK_START,
    }
    return JobRow(**{**facts, **changes})  # type: ignore[arg-type]  # the fields' types are the tests' own


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["fake", "sqlite"])
def board(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Counting:
    return FakeBoard(clock) if request.param == "fake" else SqliteJobBoard(tmp_path / "jobs.sqlite", clock)


def is_port(board: JobBoard) -> JobBoard:
    return board


def test_what_is_added_is_there_in_every_field(board: Counting) -> None:
    full = row(revision=3, attempts=2, code="engine-crashed", reading="r", draft="d", sources=())
    assert is_port(board).add(full)
    assert board.get(full.id) == full
    assert board.get("other") is None


def test_adding_again_changes_nothing(board: Counting) -> None:
    board.add(row())
    assert not board.add(row(document="intake", manifest="n"))
    assert board.get("7f3kq2v9") == row()


def test_originals_are_remembered_until_they_are_forgotten(board: Counting) -> None:
    assert is_port(board).originals() == {}
    board.remember_originals("one", ["1:2:3", "4:5:6"])
    board.remember_originals("two", ["7:8:9"])
    board.remember_originals("two", ["4:5:6"])
    assert board.originals() == {"1:2:3": "one", "4:5:6": "two", "7:8:9": "two"}
    board.forget_originals(["1:2:3", "0:0:0"])
    board.forget_originals([])
    assert board.originals() == {"4:5:6": "two", "7:8:9": "two"}
    assert board.rows() == []


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_set_with_its_moment(board: Counting, clock: FakeClock, state: str) -> None:
    board.add(row())
    clock.advance(7)
    board.set_state("7f3kq2v9", state, code="disk-full", attempts=4)  # type: ignore[arg-type]  # one of STATES
    at = CLOCK_START + timedelta(seconds=7)
    assert board.get("7f3kq2v9") == row(state=state, code="disk-full", attempts=4, updated_at=at)
    board.set_state("7f3kq2v9", "reading")
    assert board.get("7f3kq2v9") == row(state="reading", code="", attempts=4, updated_at=at)


def test_blobs_are_set_one_by_one(board: Counting) -> None:
    board.add(row())
    board.set_blobs("7f3kq2v9", reading="r")
    board.set_blobs("7f3kq2v9", draft="d")
    assert board.get("7f3kq2v9") == row(reading="r", draft="d")


def test_the_next_revision_begins_anew(board: Counting) -> None:
    board.add(row(state="attention", code="engine-crashed", attempts=3, reading="r", draft="d"))
    assert board.revise("7f3kq2v9", "intake", reading="r") == row(document="intake", revision=2, reading="r")
    assert board.get("7f3kq2v9") == row(document="intake", revision=2, reading="r")


def test_a_revision_may_bring_a_manifest_of_its_own(board: Counting) -> None:
    board.add(row(state="delivered"))
    assert board.revise("7f3kq2v9", "soap", reading="", manifest="other").manifest == "other"


def test_what_a_job_becomes_can_be_said_later(board: Counting) -> None:
    board.add(row(state="reading", attempts=1))
    board.set_document("7f3kq2v9", "referral")
    board.set_document("other", "referral")
    assert board.get("7f3kq2v9") == row(state="reading", attempts=1, document="referral")
    assert board.get("other") is None


@pytest.mark.parametrize("state", ["waiting", "reading", "drafting", "checking"])
def test_a_job_on_its_way_is_not_revised(board: Counting, state: JobState) -> None:
    board.add(row(state=state))
    with pytest.raises(RetryableError, match="job-busy"):
        board.revise("7f3kq2v9", "soap", reading="")
    assert board.get("7f3kq2v9") == row(state=state)


def test_of_two_retries_at_once_one_begins(board: Counting) -> None:
    board.add(row(state="delivered"))
    board.revise("7f3kq2v9", "soap", reading="")
    with pytest.raises(RetryableError, match="job-busy"):
        board.revise("7f3kq2v9", "soap", reading="")


def test_what_is_unknown_is_not_made(board: Counting) -> None:
    board.set_state("other", "reading")
    board.set_blobs("other", reading="r")
    with pytest.raises(PermanentError, match="job-unknown"):
        board.revise("other", "soap", reading="")
    assert board.rows() == []


def test_rows_come_with_the_last_changed_first(board: Counting, clock: FakeClock) -> None:
    for job in ("cc", "aa", "bb"):
        board.add(row(job))
    clock.advance(1)
    board.set_state("bb", "reading")
    assert [each.id for each in board.rows()] == ["bb", "aa", "cc"]


def test_so_many_rows_are_those_that_a_person_should_see_first(board: Counting, clock: FakeClock) -> None:
    for job in ("aa", "bb", "cc", "dd", "ee"):
        board.add(row(job))
    board.set_state("dd", "attention", code="media-empty")
    clock.advance(1)
    board.set_state("aa", "reading")
    clock.advance(1)
    board.set_state("ee", "delivered")
    assert [each.id for each in board.rows(3)] == ["dd", "aa", "bb"]
    assert [each.id for each in board.rows(9)] == ["dd", "aa", "bb", "cc", "ee"]


def test_states_that_occur_are_counted(board: Counting) -> None:
    assert board.counts() == {}
    board.add(row("aa"))
    board.add(row("bb"))
    board.add(row("cc", state="delivered"))
    assert board.counts() == {"waiting": 2, "delivered": 1}


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        ("7f3", ["7f3aaaaa", "7f3zzzzz"]),
        ("7f3z", ["7f3zzzzz"]),
        ("7f3zzzzz", ["7f3zzzzz"]),
        ("7f3zzzzzz", []),
        ("7", ["7f3aaaaa", "7f3zzzzz", "7zzzzzzz"]),
        ("z", ["zzzzzzzz"]),
        *[
            (odd, [])
            for odd in ("%", "_", "*", "7_3", "7F3", "'", "7f3' OR 1=1 --", "{", "~", "é", "\udcff", "\0", " ")
        ],
    ],
)
def test_a_prefix_finds_what_begins_so_and_nothing_else(board: Counting, prefix: str, found: list[str]) -> None:
    for job in ("7f3aaaaa", "7f3zzzzz", "7zzzzzzz", "zzzzzzzz"):
        board.add(row(job))
    assert sorted(each.id for each in board.find(prefix)) == found


@given(
    jobs=st.sets(st.text("a7z", min_size=4, max_size=4), max_size=8),
    prefix=st.text(max_size=4) | st.text("a7z", max_size=4),
)
def test_sqlite_finds_by_prefix_what_python_finds(jobs: set[str], prefix: str) -> None:
    board = SqliteJobBoard(Path(":memory:"), FakeClock())
    for job in jobs:
        board.add(row(job))
    assert {each.id for each in board.find(prefix)} == {job for job in jobs if job.startswith(prefix)}


def test_threads_that_add_the_same_job_agree_on_who_did(tmp_path: Path) -> None:
    board, start = SqliteJobBoard(tmp_path / "jobs.sqlite", FakeClock()), threading.Barrier(8)
    added: list[str] = []

    def work() -> None:
        start.wait()
        added.extend(job for job in ("aa", "bb", "cc") if board.add(row(job)))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(added) == ["aa", "bb", "cc"]


REVISE = """
import sys
from pathlib import Path
from daemon.adapters.state.job_board import SqliteJobBoard
from daemon.model.errors import RetryableError
from tests.fakes.clock import FakeClock
board = SqliteJobBoard(Path(sys.argv[1]), FakeClock())
won = 0
while won < 20:
    board.set_state("7f3kq2v9", "attention")
    try:
        board.revise("7f3kq2v9", "soap", reading="")
    except RetryableError:
        continue
    won += 1
"""


def test_processes_lose_no_change_of_each_other(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite"
    board = SqliteJobBoard(path, FakeClock())
    board.add(row())
    root = Path(__file__).parents[2]
    others = [subprocess.Popen([sys.executable, "-c", REVISE, str(path)], cwd=root) for _ in range(3)]
    assert [other.wait(60) for other in others] == [0, 0, 0]
    assert (board.get("7f3kq2v9") or row()).revision == 61


def test_a_folder_that_is_away_is_waited_for(tmp_path: Path) -> None:
    board = SqliteJobBoard(tmp_path / "state" / "jobs.sqlite", FakeClock())
    for use in (board.rows, board.counts, lambda: board.add(row()), lambda: board.set_state("a", "reading")):
        with pytest.raises(RetryableError, match="state-unwritable"):
            use()
    (tmp_path / "state").mkdir()
    assert board.add(row())


def test_a_full_disk_is_waited_for_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    board = SqliteJobBoard(tmp_path / "jobs.sqlite", FakeClock())
    board.add(row())
    # SQLite's own limit answers as a full disk does.
    board._connection().execute("PRAGMA max_page_count = 1")
    with pytest.raises(RetryableError, match="disk-full"):
        board.add(row("bb", manifest="m" * 100_000))
    assert [each.id for each in board.rows()] == ["7f3kq2v9"]
    board._connection().execute("PRAGMA max_page_count = 1000000")
    assert board.add(row("bb", manifest="m" * 100_000))


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "jobs.sqlite", isolation_level=None)) as other:
        yield other


def test_a_lock_that_is_not_let_go_is_waited_for(tmp_path: Path, locked: sqlite3.Connection) -> None:
    board = SqliteJobBoard(tmp_path / "jobs.sqlite", FakeClock())
    board.add(row())
    board._connection().execute("PRAGMA busy_timeout = 10")
    locked.execute("BEGIN EXCLUSIVE")
    with pytest.raises(RetryableError, match="state-unwritable"):
        board.set_state("7f3kq2v9", "reading")
    with pytest.raises(RetryableError, match="state-unwritable"):
        board.rows()
    locked.execute("ROLLBACK")
    board.set_state("7f3kq2v9", "reading")


def test_a_database_that_may_not_be_written_is_waited_for(tmp_path: Path) -> None:
    board = SqliteJobBoard(tmp_path / "jobs.sqlite", FakeClock())
    board.add(row())
    board._connection().execute("PRAGMA query_only = ON")
    with pytest.raises(RetryableError, match="state-unwritable"):
        board.set_state("7f3kq2v9", "reading")
    assert board.get("7f3kq2v9") == row()


def test_a_damaged_database_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "jobs.sqlite"
    path.write_bytes(b"Zebulon Quatermass" * 500)
    with pytest.raises(PermanentError, match="state-damaged") as caught:
        SqliteJobBoard(path, FakeClock()).rows()
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_it_is_durable_with_a_rollback_journal(tmp_path: Path) -> None:
    board = SqliteJobBoard(tmp_path / "jobs.sqlite", FakeClock())
    db = board._connection()
    assert db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("truncate",)


def test_originals_are_remembered_by_the_next_process_for_a_month(tmp_path: Path, clock: FakeClock) -> None:
    SqliteJobBoard(tmp_path / "jobs.sqlite", clock).remember_originals("one", ["1:2:3"])
    clock.advance(29 * 86_400)
    later = SqliteJobBoard(tmp_path / "jobs.sqlite", clock)
    later.remember_originals("two", ["4:5:6"])
    assert later.originals() == {"1:2:3": "one", "4:5:6": "two"}
    clock.advance(2 * 86_400)
    later.remember_originals("three", ["7:8:9"])
    assert later.originals() == {"4:5:6": "two", "7:8:9": "three"}


def test_a_board_that_an_older_version_made_is_opened(tmp_path: Path, clock: FakeClock) -> None:
    with closing(sqlite3.connect(tmp_path / "jobs.sqlite")) as db:
        db.execute(SCHEMA)
    board = SqliteJobBoard(tmp_path / "jobs.sqlite", clock)
    assert board.add(row())
    board.remember_originals("7f3kq2v9", ["1:2:3"])
    assert board.originals() == {"1:2:3": "7f3kq2v9"}
