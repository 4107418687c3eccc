"""What is forgotten of workflows that ended long ago, and that nothing is drafted twice for it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon import workflow
from daemon.adapters.audit.log import AuditLog
from daemon.adapters.keys import init_keys
from daemon.adapters.state.workflow_tidy import forget_ended, give_back, is_settled
from daemon.config import load_home
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.job import STATES, JobState
from daemon.preparing import _pick_up
from daemon.serving.tidying import AT_ONCE, HOUR_SECONDS, Tidying
from daemon.workflow_config import parse_workflow_id, workflow_id
from tests.contract.test_board_contract import row
from tests.fakes.board import FakeBoard
from tests.fakes.clock import FakeClock
from tests.unit.test_workflow import FaultyReader, World

LATER = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    yield World(tmp_path)
    workflow.stop()


def asked(world: World, question: str) -> Any:
    with closing(sqlite3.connect(world.store, timeout=30)) as db:
        return db.execute(question).fetchall()


def told(world: World, change: str) -> None:
    with closing(sqlite3.connect(world.store, timeout=30, isolation_level=None)) as db:
        db.execute(change)


def rows_in_store(world: World) -> dict[str, int]:
    names = ("workflow_status", "operation_outputs", "workflow_input", "workflow_output", "workflow_events", "streams")
    return {name: asked(world, f"SELECT count(*) FROM {name}")[0][0] for name in names}


def settled(world: World) -> list[str]:
    """The workflows in the store that have ended; the engine notes an end a moment after the last step."""
    deadline = time.monotonic() + 60
    while asked(world, "SELECT 1 FROM workflow_status WHERE status IN ('PENDING', 'ENQUEUED')"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return sorted(each[0] for each in asked(world, "SELECT workflow_uuid FROM workflow_status"))


def finish(world: World, queue: workflow.WorkflowQueue, *jobs: str) -> dict[str, str]:
    blobs = {job: world.add(job) for job in jobs}
    for job, blob in blobs.items():
        world.finish(queue, job, blob)
    settled(world)
    return blobs


def forget(world: World, most: int = 50, before: datetime = LATER) -> int:
    return forget_ended(before, lambda each: is_settled(world.board, each), most)


def test_all_that_the_store_holds_of_an_ended_workflow_goes(world: World) -> None:
    queue = world.start(FaultyReader(PermanentError("media-truncated")))
    finish(world, queue, "joba", "jobb", "jobc")
    assert rows_in_store(world)["operation_outputs"] == 2 + 4 + 4
    assert forget(world) == 3
    assert set(rows_in_store(world).values()) == {0}
    assert forget(world) == 0


def test_what_ended_lately_stays(world: World) -> None:
    finish(world, world.start(FaultyReader()), "joba", "jobb")
    told(world, "UPDATE workflow_status SET completed_at = 1000 WHERE workflow_uuid = 'jobb-1'")
    assert forget(world, before=datetime.now(UTC) - timedelta(days=30)) == 1
    assert settled(world) == ["joba-1"]


def test_what_the_board_does_not_have_as_ended_stays_and_holds_up_nothing(world: World) -> None:
    finish(world, world.start(FaultyReader()), "joba", "jobb", "jobc")
    world.board.set_state("joba", "checking")
    world.board.set_state("jobb", "drafting")
    assert forget(world, most=2) == 1
    assert settled(world) == ["joba-1", "jobb-1"]


def test_portions_are_as_small_as_was_asked_for(world: World) -> None:
    finish(world, world.start(FaultyReader()), *(f"job{n}" for n in range(5)))
    assert [forget(world, most=2) for _ in range(4)] == [2, 2, 1, 0]


def test_a_job_handed_in_again_after_its_workflow_was_forgotten_is_not_drafted_twice(world: World) -> None:
    reader = FaultyReader()
    queue = world.start(reader)
    blobs = finish(world, queue, "joba")
    files, events = dict(world.outbox.files), dict(world.audit.events)
    board = world.board.get("joba")
    assert forget(world) == 1
    queue.enqueue("joba", blobs["joba"], 1)
    assert settled(world) == ["joba-1"]
    assert asked(world, "SELECT count(*) FROM operation_outputs") == [(0,)]
    assert (reader.calls, world.outbox.files, world.audit.events) == (1, files, events)
    assert world.board.get("joba") == board


def test_a_retry_after_the_workflow_was_forgotten_is_drafted_once(world: World) -> None:
    queue = world.start(FaultyReader())
    blobs = finish(world, queue, "joba")
    assert forget(world) == 1
    revised = world.board.revise("joba", "soap", reading="")
    done = world.finish(queue, "joba", blobs["joba"], revised.revision)
    assert (done.state, done.revision) == ("delivered", 2)
    queue.enqueue("joba", blobs["joba"], 1)  # the revision before, once more
    assert settled(world) == ["joba-1", "joba-2"]
    assert world.board.get("joba") == done
    assert len([key for key in world.audit.events if key.startswith("deliver:")]) == 2


@given(state=st.sampled_from(STATES), revision=st.integers(1, 3), asked_of=st.integers(1, 3))
def test_a_workflow_is_settled_when_the_board_is_past_its_revision(
    state: JobState, revision: int, asked_of: int
) -> None:
    board = FakeBoard(FakeClock())
    board.add(row("joba", state=state, revision=revision))
    ended = state in {"delivered", "attention"}
    assert is_settled(board, workflow_id("joba", asked_of)) is (revision > asked_of or (revision == asked_of and ended))
    assert not is_settled(board, "unknown-1")
    assert parse_workflow_id(workflow_id("joba", asked_of)) == ("joba", asked_of)


# -- the file ---------------------------------------------------------------------------------------------------------
def fill(world: World, pages: int) -> None:
    told(world, "CREATE TABLE big (x)")
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {pages})"
    told(world, f"{numbers} INSERT INTO big SELECT randomblob(4000) FROM n")


def test_the_file_of_the_store_shrinks(world: World) -> None:
    world.start(FaultyReader())
    assert asked(world, "PRAGMA auto_vacuum") == [(2,)]
    fill(world, 800)
    full = world.store.stat().st_size
    told(world, "DELETE FROM big")
    given_back = []
    while pages := give_back(world.store):
        given_back.append(pages)
    assert len(given_back) == 2
    assert world.store.stat().st_size <= full - sum(given_back) * 4096 < full - 2_000_000
    assert asked(world, "PRAGMA freelist_count") == [(64,)]
    assert asked(world, "PRAGMA integrity_check") == [("ok",)]


def test_a_busy_store_is_left_alone_and_a_server_elsewhere_has_no_file(world: World, tmp_path: Path) -> None:
    world.start(FaultyReader())
    fill(world, 200)
    told(world, "DELETE FROM big")
    with closing(sqlite3.connect(world.store, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(RetryableError, match="state-unwritable"):
            give_back(world.store)
    assert give_back(tmp_path / "none.sqlite") == 0
    assert not (tmp_path / "none.sqlite").exists()


# -- what is promised to workflows of an older version ------------------------------------------------------------------
def test_the_steps_of_a_workflow_are_those_that_older_versions_noted(world: World) -> None:
    """Change them, and what is under way at an upgrade is given up: another workflow is needed, under another name."""
    finish(world, world.start(FaultyReader(PermanentError("media-truncated"))), "joba", "jobb")
    steps = asked(world, "SELECT workflow_uuid, function_name FROM operation_outputs ORDER BY 1, function_id")
    assert [name for job, name in steps if job == "joba-1"] == ["read", "fail"]
    assert [name for job, name in steps if job == "jobb-1"] == ["read", "draft", "verify", "deliver"]
    assert {each[0] for each in asked(world, "SELECT name || application_version FROM workflow_status")} == {"process1"}


def test_a_workflow_of_other_steps_needs_attention_instead_of_hanging(world: World) -> None:
    reader = FaultyReader()
    queue = world.start(reader)
    finish(world, queue, "joba")
    workflow.stop()
    world.board.set_state("joba", "drafting")
    told(world, "UPDATE workflow_status SET status = 'PENDING', completed_at = NULL")
    told(world, "UPDATE operation_outputs SET function_name = 'transcribe' WHERE function_id = 1")
    queue = world.start(reader)
    assert settled(world) == ["joba-1"]
    assert asked(world, "SELECT status FROM workflow_status") == [("ERROR",)]
    _pick_up(workflow._bound(), world.board, queue)
    job = world.board.get("joba")
    assert job is not None
    assert (job.state, job.code) == ("attention", "note-missing")


# -- the pace ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def tidying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Tidying, list[int], FakeClock]:
    (tmp_path / "state").mkdir()
    keys = init_keys(tmp_path / "state" / "keys", tmp_path / "recovery.txt")
    clock, asked_for = FakeClock(), []
    left = [2 * AT_ONCE + 3]

    def forget_some(before: datetime, may_forget: object, most: int) -> int:
        asked_for.append((clock.now() - before).days)
        some = min(most, left[0])
        left[0] -= some
        return some

    monkeypatch.setattr("daemon.adapters.state.workflow_tidy.forget_ended", forget_some)
    audit = AuditLog(tmp_path / "state" / "audit", keys, clock)
    return Tidying(load_home(tmp_path, None), FakeBoard(clock), audit, clock), asked_for, clock


def test_a_backlog_is_forgotten_in_portions_and_then_an_hour_passes(
    tidying: tuple[Tidying, list[int], FakeClock],
) -> None:
    tidy, asked_for, clock = tidying
    tidy.tidy(idle=False)
    assert asked_for == []
    for _ in range(20):
        tidy.tidy(idle=True)
        clock.advance(1.0)
    assert asked_for == [30] * 3
    clock.advance(HOUR_SECONDS)
    tidy.tidy(idle=True)
    assert len(asked_for) == 4


def test_each_day_has_its_checkpoint(tidying: tuple[Tidying, list[int], FakeClock], tmp_path: Path) -> None:
    tidy, _, clock = tidying
    sizes = []
    for n in range(6):
        tidy.audit.record("read", key=f"read:{n}")
        tidy.tidy(idle=False)
        sizes.append(int((tmp_path / "state" / "audit" / "checkpoint.txt").read_text().split("\n")[1]))
        clock.advance(8 * 3600)
    assert sizes == [1, 1, 3, 3, 3, 6]


def test_what_fails_is_tried_an_hour_later(
    tidying: tuple[Tidying, list[int], FakeClock], monkeypatch: pytest.MonkeyPatch
) -> None:
    tidy, _, clock = tidying
    calls: list[int] = []

    def full(*_: object) -> int:
        calls.append(1)
        raise RetryableError("disk-full")

    monkeypatch.setattr("daemon.adapters.state.workflow_tidy.forget_ended", full)
    for _ in range(10):
        tidy.tidy(idle=True)
        clock.advance(HOUR_SECONDS / 5)
    assert len(calls) == 2
