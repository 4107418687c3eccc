"""The trail is kept: nothing that runs by itself, and no command, removes a line of it. 45 CFR 164.316(b)(2)(i) asks for six years."""

from __future__ import annotations

import ast
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

import daemon
from daemon import wiring
from daemon.adapters.keys import Keys
from daemon.config import Home, load_home
from daemon.keeping import upkeep
from daemon.serving.tidying import Tidying
from tests.fakes.board import FakeBoard
from tests.fakes.clock import FakeClock
from tests.fakes.trails import assert_whole, keys_in, make

PACKAGE = Path(daemon.__file__).parent
REMOVES = {"unlink", "rmtree", "remove", "rmdir", "truncate", "ftruncate"}
ALLOWED = {
    ("index.py", "unlink"),  # the cache, which is made anew from the trail
    ("log.py", "ftruncate"),  # half a line that a crash or a full disk left; it was never told to be written
    ("checkpoint_copies.py", "unlink"),  # of copies in the second folder, those that later ones stand for
}


def removals(path: Path) -> set[tuple[str, str]]:
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    names = {node.func.attr for node in calls if isinstance(node.func, ast.Attribute)}
    return {(path.name, name) for name in names & REMOVES}


def test_nothing_in_the_trails_code_removes_but_what_is_named_here() -> None:
    found = {each for path in (PACKAGE / "adapters" / "audit").glob("*.py") for each in removals(path)}
    assert found == ALLOWED


def test_nothing_else_names_the_trails_files() -> None:
    """Whoever wanted to remove an archive would have to say which: its names are known in one folder of the code alone."""
    elsewhere = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if "adapters/audit" not in str(path)
        and any(
            word in path.read_text()
            for word in ("list_archives", "archive_name", "trail-0", ".audit.glob", "rmtree(home.audit")
        )
    ]
    assert elsewhere == []


@pytest.mark.parametrize("years", [1, 7])
def test_years_of_tidying_leave_every_line(tmp_path: Path, keys: Keys, years: int) -> None:
    home = load_home(tmp_path, None)
    clock = FakeClock()
    log = make(tmp_path, keys, archive_bytes=2_000)
    for n in range(30):
        log.record("opened", key=f"open:{n}")
    told = keys_in(tmp_path)
    tidying = Tidying(home, FakeBoard(clock), log, clock)
    for _ in range(3):
        clock.advance(timedelta(days=365 * years).total_seconds())
        tidying.tidy(idle=False)
    assert keys_in(tmp_path) == told
    assert len(list((tmp_path / "audit").glob("trail-*.jsonl"))) >= 3
    assert_whole(tmp_path, keys)


@pytest.fixture
def practice(tmp_path: Path) -> Home:
    home = load_home(tmp_path, None)
    upkeep.set_up(home, tmp_path / "recovery.txt")
    return home


def test_setting_up_again_leaves_the_trail(practice: Home, tmp_path: Path) -> None:
    trail = (practice.audit / "trail.jsonl").read_bytes()
    upkeep.set_up(practice, tmp_path / "recovery.txt")
    assert (practice.audit / "trail.jsonl").read_bytes() == trail


def test_no_command_takes_the_trail_away(practice: Home) -> None:
    from typer.testing import CliRunner

    from daemon.cli.main import app

    before = (practice.audit / "trail.jsonl").read_bytes()
    runner = CliRunner()
    for command in (["audit", "verify"], ["audit", "show"], ["audit", "checkpoint"], ["audit", "export"], ["status"]):
        assert runner.invoke(app, ["--home", str(practice.inbox.parent), *command]).exit_code == 0
    assert (practice.audit / "trail.jsonl").read_bytes().startswith(before)
    shutil.rmtree(practice.vault)  # whatever becomes of the vault
    assert upkeep.verify_audit(practice, None)["ok"]
    assert wiring.audit(practice).checkpoint()
