"""What `status` tells: as data, in plain lines, and as the live table."""

from __future__ import annotations

import fcntl
import io
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from daemon import wiring
from daemon.cli.live_table import table_of
from daemon.cli.look import Look, as_data, as_text, duration, look_again, look_at, roughly
from daemon.cli.progress import progress_line
from daemon.cli.watch import _json_line, _plain_line
from daemon.config import Home, load_home
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.job import STATES, JobRow, JobState
from daemon.model.source import Source
from daemon.model.work import WorkNow
from daemon.serving.one_instance import is_running, single_instance

THEN = datetime(2026, 11, 21, 9, 15, tzinfo=UTC)
READING = WorkNow("7f3kq2v9", "reading", THEN, 0.4, 130.0)


def row(job: str = "7f3kq2v9", state: JobState = "reading", code: str = "") -> JobRow:
    return JobRow(job, state, "soap", ("recording",), "m", THEN, code=code)


def look(*rows: JobRow, **facts: object) -> Look:
    counts = {state: sum(each.state == state for each in rows) for state in STATES}
    return Look(**{"rows": rows, "counts": counts, "running": True, **facts})  # type: ignore[arg-type]  # the fields' types are the tests' own


BUSY = look(row(), row("b", "waiting"), work=(READING,), expected_seconds=190.0)


def shown(seen: Look, width: int = 100) -> str:
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(table_of(seen, THEN + timedelta(seconds=75)))
    return console.export_text()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "state").mkdir()
    return load_home(tmp_path, None)


@pytest.fixture
def at_work(home: Home) -> Iterator[Home]:
    """A home whose daemon reads a job."""
    with single_instance(home.lock):
        wiring.board(home).add(row())
        log = wiring.work_log(home)
        log.begin("7f3kq2v9", "reading", ("recording",))
        log.reading(Source("s1", "recording", "0" * 64), 15.0, 60.0)
        yield home


def test_what_is_under_way_is_told_with_how_far_it_is(at_work: Home) -> None:
    data = as_data(look_at(at_work))
    assert data["running"] is True
    (work,) = data["work"]
    assert (work["job"], work["state"], work["done"], work["seconds_left"]) == ("7f3kq2v9", "reading", 0.25, None)
    assert set(work) == {"job", "state", "since", "done", "seconds_left"}
    assert data["expected_seconds"] is None


def test_what_a_killed_daemon_had_under_way_is_nobodys_work(home: Home) -> None:
    wiring.work_log(home).begin("a", "reading", ("recording",))
    seen = look_at(home)
    assert (seen.running, seen.work) == (False, ())


def test_the_contract_of_jobs_and_counts_holds(at_work: Home) -> None:
    data = as_data(look_at(at_work))
    assert list(data["counts"]) == list(STATES)
    assert data["jobs"] == [
        {"id": "7f3kq2v9", "state": "reading", "document": "soap", "sources": ["recording"], "attempts": 0, "code": "",
         "updated_at": "2026-11-21T09:15:00Z"}
    ]  # fmt: skip


def test_counts_are_of_all_jobs_where_few_are_asked_for(home: Home) -> None:
    for number in range(5):
        wiring.board(home).add(row(f"j{number}", "waiting"))
    seen = look_at(home, 2)
    assert (len(seen.rows), seen.waiting) == (2, 5)


def test_a_damaged_work_log_takes_nothing_away(at_work: Home) -> None:
    at_work.work_log.write_bytes(b"nothing of the kind" * 99)
    seen = look_at(at_work)
    assert (seen.work, seen.expected_seconds, seen.waiting) == ([], None, 1)


def test_a_home_that_goes_away_is_told_and_looked_at_again(home: Home, tmp_path: Path) -> None:
    wiring.board(home).add(row())
    (tmp_path / "state").rename(tmp_path / "elsewhere")
    away = look_again(home)
    assert isinstance(away.trouble, PermanentError)
    assert json.loads(_json_line(away)[1]) == {"error": away.trouble.code}
    assert away.trouble.code in _plain_line(away)[1]
    assert away.trouble.code in shown(away)
    (tmp_path / "elsewhere").rename(tmp_path / "state")
    assert [each.id for each in look_again(home).rows] == ["7f3kq2v9"]


def test_plain_words_say_how_far_and_how_long() -> None:
    text = as_text(BUSY)
    assert "Chartdraft is running; 2 to do, about 3 min of work" in text
    assert "40 %, about 2 min left" in text
    assert "Chartdraft is not running; nothing waits" in as_text(look(row(state="delivered"), running=False))


def test_the_table_shows_bar_time_attention_and_what_was_delivered() -> None:
    seen = look(
        row(), row("b", "attention", "speech-none"), row("c", "delivered"), work=(READING,), expected_seconds=130.0
    )
    text = shown(seen)
    for told in ("1 to do, about 2 min", "40 %", "━━━", "1 min 15 s", "left", "No speech was found", "Delivered last"):  # fmt: skip
        assert told in text
    assert max(map(len, shown(seen, width=40).splitlines())) <= 40


def test_what_a_document_is_called_is_no_markup() -> None:
    named = JobRow("a", "reading", "[/red]", ("recording",), "m", THEN, code="[/blue]")
    assert "[/red]" in shown(look(named))
    assert "[/blue]" in shown(look(named))


def test_the_line_of_progress_says_how_far_the_job_under_way_is() -> None:
    assert progress_line(BUSY.rows, BUSY.work) == "1 waiting · 1 reading · reading 40 %, about 2 min left"
    assert progress_line([], []) == "nothing yet"


def test_a_code_that_is_not_known_here_is_shown_as_it_is() -> None:
    assert "of-a-later-version" in shown(look(row("b", "attention", "of-a-later-version")))


def test_a_job_whose_progress_is_not_known_is_shown_without() -> None:
    assert "7f3kq2v9" in shown(look(row()))


def test_many_that_need_attention_are_counted() -> None:
    assert "… and 12 more" in shown(look(*[row(f"j{n}", "attention", "speech-none") for n in range(20)]))


def test_that_time_passes_is_no_line_but_that_work_goes_on_is() -> None:
    later = WorkNow(READING.job, READING.state, READING.since, 0.4, 100.0)
    further = WorkNow(READING.job, READING.state, READING.since, 0.5, 100.0)
    for line in (_plain_line, _json_line):
        before, _ = line(BUSY)
        assert line(look(row(), row("b", "waiting"), work=(later,), expected_seconds=150.0))[0] == before
        assert line(look(row(), row("b", "waiting"), work=(further,), expected_seconds=150.0))[0] != before
    assert json.loads(_json_line(BUSY)[1])["work"][0]["seconds_left"] == 130.0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-3, "1 s"), (0.2, "1 s"), (59.4, "59 s"), (59.7, "1 min"), (61, "1 min 1 s"), (599, "9 min 59 s"), (640, "11 min"),
     (7100, "118 min"), (7300, "2 h 2 min"), (1e6, "277 h 47 min")],
)  # fmt: skip
def test_durations_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "1 s"), (0.4, "5 s"), (12, "15 s"), (55, "55 s"), (56, "1 min"), (100, "2 min"), (3000, "50 min"), (7300, "2 h 2 min")],
)  # fmt: skip
def test_what_is_only_expected_is_told_roughly(seconds: float, words: str) -> None:
    assert roughly(seconds) == words


def test_two_who_look_do_not_take_each_other_for_the_daemon(home: Home) -> None:
    with single_instance(home.lock):
        assert is_running(home.lock)
    with home.lock.open() as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        assert not is_running(home.lock)


def test_a_daemon_that_starts_waits_for_one_who_only_looks(home: Home) -> None:
    home.lock.touch()
    with home.lock.open() as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        done = threading.Timer(0.03, lambda: fcntl.flock(looking, fcntl.LOCK_UN))
        done.start()
        with single_instance(home.lock):
            assert is_running(home.lock)
        done.join()


def test_a_second_daemon_is_refused(home: Home) -> None:
    with single_instance(home.lock), pytest.raises(RetryableError) as refused, single_instance(home.lock):
        pass
    assert refused.value.code == "already-running"
