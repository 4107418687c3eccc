"""No job stays on its way for ever: what a crash, a broken trail or a lost blob leaves behind comes to an end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from daemon import wiring, workflow
from daemon.config import Home, load_home
from daemon.keeping import upkeep
from daemon.model.job import JobRow
from daemon.model.passage import Reading
from daemon.model.source import Source
from tests.faults import killable


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "config.toml").write_text(killable.CONFIG)
    home = load_home(tmp_path, None)
    upkeep.set_up(home, tmp_path / "recovery.txt")
    (home.inbox / "memo.mp3").write_text("Patient feels well.\n")
    return home


def run_once(home: Home) -> int:
    """The exit code; fails if the daemon does not end by itself."""
    child = killable.run_once_or_die(home.state.parent, once=True)
    codes: list[int] = []

    def ended() -> bool:
        done, status = os.waitpid(child, os.WNOHANG)
        codes.extend([os.waitstatus_to_exitcode(status)] if done else [])
        return bool(done)

    if not killable.wait_for(ended, 20):
        killable.kill_after(child, 0)
        pytest.fail("it works on for ever")
    return codes[0]


def only(home: Home) -> JobRow:
    (row,) = wiring.board(home).rows()
    return row


def notes(home: Home) -> list[str]:
    return [path.name for path in home.outbox.glob("* - *.txt")]


def test_a_job_that_was_never_handed_on_is_handed_on_at_the_next_start(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(workflow.WorkflowQueue, "enqueue", lambda *_: os._exit(9))
        assert run_once(home) == 9
    (home.inbox / "memo.mp3").unlink()
    assert only(home).state == "waiting"
    assert run_once(home) == 0
    assert only(home).state == "delivered"


def test_a_job_whose_name_is_lost_ends_in_a_note_all_the_same(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(self: object, source: Source, untrusted_name: str, untrusted_bytes: bytes) -> Reading:
        (blob,) = home.vault.rglob(f"{only(home).manifest.partition('-')[2]}.age")
        blob.unlink()
        return Reading((source,), ())

    monkeypatch.setattr(killable.SlowReader, "read", lose)
    assert run_once(home) == 3
    assert (only(home).state, only(home).code) == ("attention", "vault-missing")
    assert notes(home) == [f"Untitled - COULD NOT DRAFT - {only(home).id[:6]}.txt"]


def test_a_trail_that_breaks_under_way_leaves_no_job_checking(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def tamper(self: object, source: Source, untrusted_name: str, untrusted_bytes: bytes) -> Reading:
        trail = home.audit / "trail.jsonl"
        trail.write_bytes(trail.read_bytes()[:-2] + b"x\n")
        return Reading((source,), ())

    monkeypatch.setattr(killable.SlowReader, "read", tamper)
    run_once(home)
    assert (only(home).state, only(home).code) == ("attention", "audit-broken")
    assert len(notes(home)) == 1
