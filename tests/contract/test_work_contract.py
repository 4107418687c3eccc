"""What every work log keeps to, the fake and SQLite's; then what only a file and two processes can show."""

from __future__ import annotations

import math
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from daemon.adapters.state.work_log import SqliteWorkLog
from daemon.model.job import JobRow, JobState
from daemon.model.source import Source, SourceKind
from daemon.model.work_speed import KEPT
from daemon.ports import WorkLog
from tests.fakes.clock import FakeClock
from tests.fakes.work_log import FakeWorkLog

STEPS: tuple[JobState, ...] = ("reading", "drafting", "checking", "checking")
MEMO = Source("s1", "recording", "0" * 64)


def row(job: str = "a", state: JobState = "waiting", *sources: SourceKind, reading: str = "") -> JobRow:
    return JobRow(job, state, "soap", sources or ("recording",), "m", FakeClock().now(), reading=reading)


def work_through(log: WorkLog, clock: FakeClock, job: str, kind: SourceKind, amount: float, seconds: float) -> None:
    """One job from beginning to end, each step of so many seconds."""
    for state in STEPS:
        log.begin(job, state, (kind,))
        if state == "reading":
            log.measure(job, kind, amount)
        clock.advance(seconds)
        log.end(job, state, done=True)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "work.sqlite"


@pytest.fixture(params=["fake", "sqlite"])
def log(request: pytest.FixtureRequest, path: Path, clock: FakeClock) -> WorkLog:
    return FakeWorkLog(clock) if request.param == "fake" else SqliteWorkLog(path, clock)


def test_before_anything_was_measured_nothing_is_told(log: WorkLog) -> None:
    assert list(log.now()) == []
    assert log.expected_seconds([row()]) is None
    assert log.expected_seconds([]) == 0.0


def test_what_is_under_way_is_shown_until_it_ends(log: WorkLog, clock: FakeClock) -> None:
    began = clock.now()
    log.begin("a", "reading", ("recording",))
    log.measure("a", "recording", 60.0)
    clock.advance(2)
    log.advance("a", 15.0, 60.0)
    (work,) = log.now()
    assert (work.job, work.state, work.since, work.done) == ("a", "reading", began, 0.25)
    log.end("a", "reading", done=True)
    assert list(log.now()) == []


def test_a_queue_takes_as_long_as_its_jobs_did(log: WorkLog, clock: FakeClock) -> None:
    work_through(log, clock, "a", "recording", 60.0, 2.0)
    assert log.expected_seconds([row("b")]) == pytest.approx(8.0)
    assert log.expected_seconds([row("b"), row("c"), row("d", "delivered")]) == pytest.approx(16.0)


def test_what_was_done_before_is_not_expected_again(log: WorkLog, clock: FakeClock) -> None:
    work_through(log, clock, "a", "recording", 60.0, 2.0)
    assert log.expected_seconds([row("b", "drafting")]) == pytest.approx(6.0)
    assert log.expected_seconds([row("b", "waiting", reading="blob")]) == pytest.approx(6.0)


def test_a_step_that_failed_says_nothing_of_speed(log: WorkLog, clock: FakeClock) -> None:
    work_through(log, clock, "a", "recording", 60.0, 2.0)
    log.begin("b", "reading", ("recording",))
    log.measure("b", "recording", 60.0)
    clock.advance(500)
    log.end("b", "reading", done=False)
    assert log.expected_seconds([row("c")]) == pytest.approx(8.0)


def test_what_was_said_of_another_job_is_nothing_to_this_one(log: WorkLog, clock: FakeClock) -> None:
    log.begin("a", "reading", ("recording",))
    log.advance("b", 1, 2)
    log.measure("b", "scan", 9)
    log.end("b", "reading", done=True)
    (work,) = log.now()
    assert (work.job, work.done) == ("a", None)


@pytest.mark.parametrize(("done", "total"), [(math.nan, 1), (1, math.inf), (5, 0), (1, -3), (math.inf, math.inf)])
def test_senseless_progress_is_none(log: WorkLog, done: float, total: float) -> None:
    log.begin("a", "drafting", ("recording",))
    log.advance("a", done, total)
    assert [work.done for work in log.now()] == [None]


@pytest.mark.parametrize(("done", "share"), [(-5, 0.0), (700, 1.0)])
def test_progress_stays_within_the_whole_and_never_goes_back(log: WorkLog, done: float, share: float) -> None:
    log.begin("a", "drafting", ("recording",))
    log.advance("a", done, 7)
    assert [work.done for work in log.now()] == [share]
    log.advance("a", 0, 7)
    assert [work.done for work in log.now()] == [share]


# -- SQLite's alone ---------------------------------------------------------------------------------------------------
@pytest.fixture
def sqlite(path: Path, clock: FakeClock) -> SqliteWorkLog:
    return SqliteWorkLog(path, clock)


def read_through(log: SqliteWorkLog, clock: FakeClock, done: float) -> float:
    log.reading(MEMO, done, 60.0)
    (work,) = log.now()
    assert work.seconds_left is not None
    return work.seconds_left


def test_what_is_left_of_a_job_counts_down(sqlite: SqliteWorkLog, clock: FakeClock) -> None:
    work_through(sqlite, clock, "a", "recording", 60.0, 10.0)
    sqlite.begin("b", "reading", ("recording",))
    left = [sqlite.now()[0].seconds_left or 0.0]
    for done in (0, 12, 24, 36, 48, 60):
        left.append(read_through(sqlite, clock, done))
        clock.advance(2)
        left.append(sqlite.now()[0].seconds_left or 0.0)
    assert left[0] == pytest.approx(40.0)
    assert left == sorted(left, reverse=True)
    assert left[-1] == pytest.approx(30.0)


def test_of_two_sources_the_longer_one_weighs_more(sqlite: SqliteWorkLog, clock: FakeClock) -> None:
    work_through(sqlite, clock, "a", "recording", 60.0, 9.0)
    work_through(sqlite, clock, "b", "scan", 1.0, 1.0)
    sqlite.begin("c", "reading", ("scan", "recording"))
    sqlite.reading(Source("s1", "scan", "0" * 64), 1, 1)
    (work,) = sqlite.now()
    assert work.done == pytest.approx(0.1)
    sqlite.reading(Source("s2", "recording", "0" * 64), 30, 60)
    (work,) = sqlite.now()
    assert work.done == pytest.approx(0.55)


def test_a_job_that_is_read_anew_is_measured_anew(sqlite: SqliteWorkLog, clock: FakeClock) -> None:
    for _ in range(2):
        sqlite.begin("a", "reading", ("recording",))
        sqlite.reading(MEMO, 30, 60)
        clock.advance(6)
        sqlite.end("a", "reading", done=_ == 1)
    for state in STEPS[1:]:
        sqlite.begin("a", state, ("recording",))
        sqlite.end("a", state, done=True)
    assert sqlite.expected_seconds([row("b", "reading")]) == pytest.approx(6.0)


def test_the_pause_between_two_jobs_of_a_queue_counts(sqlite: SqliteWorkLog, clock: FakeClock) -> None:
    for job in "abc":
        work_through(sqlite, clock, job, "recording", 60.0, 2.0)
        clock.advance(0.5)
    assert sqlite.expected_seconds([row("d"), row("e")]) == pytest.approx(17.0)
    clock.advance(3600)  # nothing waited
    work_through(sqlite, clock, "f", "recording", 60.0, 2.0)
    assert sqlite.expected_seconds([row("d"), row("e")]) == pytest.approx(17.0)


def test_a_clock_that_is_set_changes_no_speed(sqlite: SqliteWorkLog, clock: FakeClock) -> None:
    work_through(sqlite, clock, "a", "recording", 60.0, 2.0)
    sqlite.begin("b", "reading", ("recording",))
    clock._now -= timedelta(days=400)
    (work,) = sqlite.now()
    assert work.seconds_left == pytest.approx(8.0)


def test_another_start_of_the_machine_counts_its_seconds_from_zero(sqlite: SqliteWorkLog, path: Path) -> None:
    before, after = FakeClock(), FakeClock()
    before.advance(1e6)
    old = SqliteWorkLog(path, before)
    work_through(old, before, "a", "recording", 60.0, 2.0)
    old.begin("b", "reading", ("recording",))
    old.reading(MEMO, 30, 60)
    (work,) = SqliteWorkLog(path, after).now()
    assert work.seconds_left is not None
    assert 0 <= work.seconds_left <= 8.0


def test_the_file_stays_small(sqlite: SqliteWorkLog, path: Path, clock: FakeClock) -> None:
    for number in range(KEPT + 20):
        work_through(sqlite, clock, f"j{number}", "recording", 60.0, 100.0 if number < 20 else 2.0)
    with closing(sqlite3.connect(path)) as db:
        (most,) = db.execute("SELECT max(n) FROM (SELECT count(*) AS n FROM finished GROUP BY state, kind)").fetchone()
    # Checking is two steps, so that half of its steps are of the last jobs alone.
    assert most == KEPT
    assert sqlite.expected_seconds([row("d")]) == pytest.approx(8.0)


def test_a_swarm_of_progress_is_written_as_it_grows_and_else_once_a_second(
    sqlite: SqliteWorkLog, path: Path, clock: FakeClock
) -> None:
    other = SqliteWorkLog(path, clock)
    sqlite.begin("a", "drafting", ("recording",))
    seen = []
    for done in (0.0, 0.01, 0.02, 0.5):
        sqlite.advance("a", done, 1.0)
        seen.append(other.now()[0].done)
    assert seen == [0.0, 0.0, 0.0, 0.5]
    clock.advance(1)
    sqlite.advance("a", 0.51, 1.0)
    assert other.now()[0].done == 0.51


def spoil_with_text(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)


def spoil_pages(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[100:] = os.urandom(len(data) - 100)
    path.write_bytes(data)


def spoil_tables(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DROP TABLE now")
        db.execute("CREATE TABLE now (something TEXT)")


def spoil_values(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE finished SET seconds = 'long', state = 'dreaming'")
        db.execute("INSERT INTO now VALUES ('x', 'delivered', 'tape', 'never', 1, ':', 'much', 2, 3)")


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:700])


@pytest.mark.parametrize("spoil", [spoil_with_text, spoil_pages, spoil_tables, spoil_values, cut_off])
def test_a_damaged_file_disturbs_nothing_and_is_made_anew(
    sqlite: SqliteWorkLog, path: Path, clock: FakeClock, spoil: Callable[[Path], None]
) -> None:
    work_through(sqlite, clock, "a", "recording", 60.0, 2.0)
    spoil(path)
    assert list(sqlite.now()) == []
    assert sqlite.expected_seconds([row("b")]) is None
    work_through(sqlite, clock, "b", "recording", 60.0, 3.0)
    assert sqlite.expected_seconds([row("c")]) == pytest.approx(12.0)


@pytest.mark.parametrize("spoil", [spoil_with_text, spoil_pages, spoil_tables, cut_off, Path.unlink])
def test_what_is_under_way_is_there_again_with_the_next_progress(
    sqlite: SqliteWorkLog, path: Path, clock: FakeClock, spoil: Callable[[Path], None]
) -> None:
    sqlite.begin("c", "drafting", ("recording",))
    spoil(path)
    sqlite.advance("c", 1, 2)
    assert [(work.job, work.done) for work in sqlite.now()] == [("c", 0.5)]


def test_a_file_that_cannot_be_written_disturbs_nothing(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "work.sqlite").mkdir()
    for path in (tmp_path / "work.sqlite", tmp_path / "away" / "work.sqlite"):
        log = SqliteWorkLog(path, clock)
        work_through(log, clock, "a", "recording", 60.0, 2.0)
        assert list(log.now()) == []
        assert log.expected_seconds([row("b")]) is None


def test_a_file_that_somebody_holds_disturbs_nothing(sqlite: SqliteWorkLog, path: Path, clock: FakeClock) -> None:
    work_through(sqlite, clock, "a", "recording", 60.0, 2.0)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        sqlite.begin("b", "reading", ("recording",))
        assert list(sqlite.now()) == []
        sqlite.end("b", "reading", done=True)
    assert sqlite.expected_seconds([row("c")]) == pytest.approx(8.0)


def test_looking_makes_no_file(sqlite: SqliteWorkLog, path: Path) -> None:
    assert list(sqlite.now()) == []
    assert not path.exists()


WRITER = """
import sys, time
from pathlib import Path
from daemon.adapters.state.work_log import SqliteWorkLog
from daemon.model.source import Source
from daemon.wiring import SystemClock
log = SqliteWorkLog(Path(sys.argv[1]), SystemClock())
log.begin("a", "reading", ("recording",))
log.reading(Source("s1", "recording", "0" * 64), 15.0, 60.0)
print("written", flush=True)
while sys.stdin.readline():
    log.reading(Source("s1", "recording", "0" * 64), 45.0, 60.0)
    print("written", flush=True)
number = 0
while True:
    number += 1
    log.begin(f"j{number}", "reading", ("recording",))
    log.reading(Source("s1", "recording", "0" * 64), 15.0, 60.0)
    log.end(f"j{number}", "reading", done=True)
    print("round", flush=True)
"""


def test_another_process_sees_it_move_and_outlives_a_killed_writer(path: Path, clock: FakeClock) -> None:
    reader = SqliteWorkLog(path, clock)
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdin is not None
    assert writer.stdout is not None
    with writer.stdin, writer.stdout:
        writer.stdout.readline()
        assert [(work.job, work.done) for work in reader.now()] == [("a", 0.25)]
        writer.stdin.write("\n")
        writer.stdin.flush()
        writer.stdout.readline()
        assert [(work.job, work.done) for work in reader.now()] == [("a", 0.75)]
        writer.stdin.close()
        for _ in range(20):  # killed in the middle of writing without a pause
            writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    fresh = SqliteWorkLog(path, clock)
    fresh.forget_now()
    assert list(reader.now()) == []
    assert reader.expected_seconds([row("b", "reading")]) is None  # reading alone was measured
    work_through(fresh, clock, "c", "recording", 60.0, 2.0)
    assert reader.expected_seconds([row("d")]) is not None


def test_nothing_but_ids_states_and_measures_is_in_it(sqlite: SqliteWorkLog, path: Path, clock: FakeClock) -> None:
    work_through(sqlite, clock, "a", "recording", 60.0, 2.0)
    with closing(sqlite3.connect(path)) as db:
        columns = {name for table in ("now", "finished") for _, name, *_ in db.execute(f"PRAGMA table_info({table})")}
    assert columns == {
        *("job", "state", "sources", "since", "known", "share", "began", "first", "reached"),
        *("number", "kind", "amount", "seconds"),
    }
