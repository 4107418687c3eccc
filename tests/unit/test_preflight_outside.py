"""Preflight: what a child can reach, checkpoints elsewhere, and commands that fail or hang."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from daemon.adapters import preflight
from daemon.adapters.preflight import Folders
from daemon.adapters.preflight.commands import run
from daemon.model.checkpoint_copy import CheckpointCopy
from daemon.model.errors import RetryableError
from daemon.model.isolation_proof import Proof

FOLDERS = Folders(Path("/Users/desk/in"), Path("/Users/desk/out"), Path("/Users/desk/state"))
KEYS = FOLDERS.state / "keys"


# -- isolation -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("got", "words"),
    [(("the network",), "reach the network."), (("the network", "the keys"), "the network and the keys.")],
)
def test_what_a_child_reaches_is_refused_unless_the_settings_accept_it(got: tuple[str, ...], words: str) -> None:
    refused, accepted = (
        preflight.check_isolation(lambda: Proof("a curtain", got), accepted=accepted) for accepted in (False, True)
    )
    assert (refused.code, refused.level, refused.error) == ("isolation", "refuse", "isolation-missing")
    assert (accepted.code, accepted.level) == ("isolation", "warn")
    assert words in refused.sentence
    assert "by a curtain" in refused.sentence
    assert "bubblewrap" in refused.mend


def test_a_child_that_reaches_nothing_is_well_and_its_isolation_is_named() -> None:
    check = preflight.check_isolation(lambda: Proof("bubblewrap and seccomp", ()), accepted=False)
    assert check.level == "ok"
    assert "shut in by bubblewrap and seccomp:" in check.sentence


@pytest.mark.parametrize("error", [RetryableError("engine-crashed"), OSError(24, "Too many open files")])
def test_what_could_not_be_proven_is_refused_too(error: Exception) -> None:
    def crash() -> Proof:
        raise error

    check = preflight.check_isolation(crash, accepted=False)
    assert check.level == "refuse"
    assert check.error == getattr(error, "code", "isolation-missing")
    assert preflight.check_isolation(crash, accepted=True).level == "warn"


# -- checkpoints elsewhere -------------------------------------------------------------------------------------------


def test_checkpoints_lie_on_another_disk_and_are_recent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state, outside, today = tmp_path / "state", tmp_path / "outside", date(2026, 11, 22)
    state.mkdir()
    copies: list[CheckpointCopy] = []

    def listed(folder: Path) -> list[CheckpointCopy]:
        assert list(folder.iterdir()) == []  # an error where it is away
        return copies

    def look() -> tuple[str, str]:
        check = preflight.check_checkpoints(outside, state, listed, today)
        return check.level, check.sentence

    assert preflight.check_checkpoints(None, state, listed, today).level == "warn"
    copies.append(CheckpointCopy(today - timedelta(days=8), 5, "0a1b2c3d"))
    assert "cannot be read" in look()[1]
    outside.mkdir()
    assert "same disk" in look()[1]
    stat = Path.stat
    elsewhere = {"st_dev": 99}
    monkeypatch.setattr(
        Path, "stat", lambda p, **k: Elsewhere(stat(p, **k), elsewhere) if p == outside else stat(p, **k)
    )
    assert "missing or older" in look()[1]
    copies.append(CheckpointCopy(today - timedelta(days=7), 6, "0a1b2c3d"))
    assert look()[0] == "ok"
    copies.clear()
    assert look()[0] == "warn"


class Elsewhere:
    """A file's facts, with some of them changed."""

    def __init__(self, facts: os.stat_result, changed: dict[str, int]) -> None:
        self._facts, self._changed = facts, changed

    def __getattr__(self, name: str) -> Any:
        return self._changed.get(name, getattr(self._facts, name))


# -- commands --------------------------------------------------------------------------------------------------------


def test_a_command_answers_also_when_it_ends_with_an_error() -> None:
    assert run(["/bin/sh", "-c", "echo masked; exit 1"]) == b"masked\n"
    assert run(["/bin/sh", "-c", "echo wrong >&2"]) == b"wrong\n"
    assert run(["/bin/sh", "-c", "echo $LC_ALL"]) == b"C\n"
    assert run(["/no/such/program"]) is None


@pytest.mark.parametrize("script", ["exec sleep 60", "trap '' TERM; sleep 60", "sleep 60 & wait", "sleep 60 & echo x"])
def test_a_command_that_hangs_is_left(script: str) -> None:
    began = time.monotonic()
    assert run(["/bin/sh", "-c", script], 0.2) is None
    assert time.monotonic() - began < 30


def test_a_command_that_hangs_is_ended(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    assert run(["/bin/sh", "-c", f"echo $$ > {noted}; exec sleep 60"], 1.0) is None
    with pytest.raises(ProcessLookupError):
        os.kill(int(noted.read_text()), 0)


@pytest.mark.parametrize(
    "look",
    [
        preflight.check_sleep,
        preflight.check_power_restart,
        preflight.check_network_time,
        lambda m: preflight.check_start(m, for_machine=False),
        lambda m: preflight.check_search(FOLDERS, m),
        lambda m: preflight.check_backups(FOLDERS, KEYS, m),
        lambda m: preflight.check_encryption(FOLDERS, m, accepted=False),
        lambda m: preflight.check_volumes(FOLDERS, m, shared_queue=False),
    ],
)
@pytest.mark.parametrize("answer", [None, b"", b"\xff\xfe\x00garbage\n"])
@pytest.mark.parametrize("platform", ["darwin", "linux"])
def test_no_answer_refuses_nothing(look: Callable[[Any], preflight.Check], answer: bytes | None, platform: Any) -> None:
    machine = preflight.System(platform, lambda _: answer)
    assert look(machine).level in ("ok", "warn")
