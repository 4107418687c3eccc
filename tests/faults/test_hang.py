"""A folder whose disk or share does not answer any more: the daemon is stuck inside a look at it, and people hear of it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from daemon.adapters import folder_sights
from daemon.config import Home, load_home
from daemon.keeping import upkeep
from daemon.model.places import Sight
from daemon.serving import guard
from tests.faults.killable import CONFIG, run_once_or_die, wait_for


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose folders do not answer for as long as there is a pipe `hangs` that nobody writes to."""
    (tmp_path / "config.toml").write_text('notifications = "off"\nkeep_awake = false\n' + CONFIG)
    made = load_home(tmp_path, None)
    upkeep.set_up(made, tmp_path / "recovery.txt")
    look_at, pipe = folder_sights.look_at, tmp_path / "hangs"

    def look(folder: Path) -> Sight:
        with suppress(FileNotFoundError):
            pipe.read_bytes()
        return look_at(folder)

    monkeypatch.setattr(folder_sights, "look_at", look)
    monkeypatch.setattr(guard.Guard.__init__, "__kwdefaults__", {"leave": lambda: os._exit(0), "look_seconds": 0.01})
    return made


@pytest.fixture
def daemon(home: Home, tmp_path: Path) -> Iterator[int]:
    pid = run_once_or_die(tmp_path, once=False)
    assert wait_for(lambda: "Chartdraft is running" in page(home), 30)
    os.mkfifo(tmp_path / "hangs")
    yield pid
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def page(home: Home) -> str:
    with suppress(FileNotFoundError):
        return (home.outbox / "Status.html").read_text(encoding="utf-8")
    return ""


def hangs(home: Home) -> bool:
    return "not answered for some minutes" in page(home)


def test_folders_that_do_not_answer_are_told_of_and_the_work_goes_on_when_they_do(
    home: Home, daemon: int, tmp_path: Path
) -> None:
    assert wait_for(lambda: hangs(home), 30)
    pipe = os.open(tmp_path / "hangs", os.O_WRONLY)
    (tmp_path / "hangs").unlink()
    os.close(pipe)
    assert wait_for(lambda: "Chartdraft is running" in page(home) and not hangs(home), 30)
    assert (home.logs / "daemon.log").read_text().count("folders-hang") == 1


@pytest.mark.parametrize("store", ["jobs.sqlite", "workflow.sqlite"])
def test_a_start_that_a_damaged_store_keeps_from_working_is_told_of(home: Home, tmp_path: Path, store: str) -> None:
    (home.state / store).write_bytes(b"no database" * 500)
    os.waitpid(run_once_or_die(tmp_path, once=False), 0)
    assert "restore the state folder from its backup" in page(home)
