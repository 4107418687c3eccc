"""kill -9 at random moments: every item ends in exactly one draft, no original is lost, nothing lies in the clear."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path

import pytest

from daemon import wiring
from daemon.config import load_home
from daemon.keeping import upkeep
from tests.faults.killable import CONFIG, kill_after, run_once_or_die, wait_for

ITEMS, KILLS = 30, 200
CANARY = "Zebulon Quatermass"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG)
    upkeep.set_up(load_home(tmp_path, None), tmp_path / "recovery.txt")
    return tmp_path


def drop(inbox: Path, number: int) -> None:
    """A memo; each third is a packet of it and two pages, and that is there at once."""
    if number % 3:
        (inbox / f"{CANARY} {number}.mp3").write_bytes(memo(number))
        return
    coming = inbox / ".coming"
    coming.mkdir()
    (coming / "memo.mp3").write_bytes(memo(number))
    for page in (1, 2):
        (coming / f"page {page}.tif").write_bytes(memo(number) + b"On page %d.\n" % page)
    coming.rename(inbox / f"{CANARY} {number}")


def memo(number: int) -> bytes:
    return f"{CANARY} is here for visit {number}.\nHe denies fever.\n".encode()


@pytest.mark.timeout(600)
def test_two_hundred_kills_over_thirty_items_lose_and_repeat_nothing(root: Path) -> None:
    dropped = kills = 0
    while kills < KILLS:
        if dropped < ITEMS and kills >= dropped * (KILLS - 20) // ITEMS:
            drop(root / "inbox", dropped)
            dropped += 1
        kills += kill_after(run_once_or_die(root, once=False), random.uniform(0.05, 0.6))
    assert dropped == ITEMS
    _, status = os.waitpid(run_once_or_die(root, once=True), 0)

    assert os.waitstatus_to_exitcode(status) == 0
    drafts = sorted(path.name for path in (root / "outbox").iterdir() if path.name not in {"Status.html", "README.txt"})
    assert len([name for name in drafts if name.endswith(".docx")]) == ITEMS
    assert len([name for name in drafts if name.endswith(".html")]) == ITEMS
    assert len(drafts) == 2 * ITEMS
    assert not list((root / "inbox").rglob("*.mp3"))
    assert not list((root / "inbox").glob(f"{CANARY}*"))
    assert_originals_are_sealed(root)
    home = load_home(root, None)
    assert {row.state for row in wiring.board(home).rows()} == {"delivered"}
    assert upkeep.verify_audit(home, None)["ok"]
    assert_nothing_in_the_clear(root)


def test_a_stopped_daemon_leaves_within_three_seconds_and_the_next_goes_on(root: Path) -> None:
    for number in range(5):
        (root / "inbox" / f"{number}.mp3").write_bytes(memo(number))
    child = run_once_or_die(root, once=False)
    board = wiring.board(load_home(root, None))
    assert wait_for(lambda: any(row.state != "waiting" for row in board.rows()), 20)
    os.kill(child, signal.SIGTERM)

    assert wait_for(lambda: os.waitpid(child, os.WNOHANG)[0] == child, 3)
    _, status = os.waitpid(run_once_or_die(root, once=True), 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert len(list((root / "outbox").glob("*.docx"))) == 5


def test_a_second_daemon_for_the_same_home_is_refused(root: Path) -> None:
    first = run_once_or_die(root, once=False)
    home = load_home(root, None)
    from daemon.serving.one_instance import is_running

    assert wait_for(lambda: is_running(home.lock), 20)
    second = run_once_or_die(root, once=True)
    _, status = os.waitpid(second, 0)
    assert os.waitstatus_to_exitcode(status) != 0
    assert is_running(home.lock)
    os.kill(first, signal.SIGKILL)
    os.waitpid(first, 0)


def assert_originals_are_sealed(root: Path) -> None:
    home = load_home(root, None)
    from daemon.model.codec import manifest_from_bytes

    vault = wiring.vault(home)
    originals = {
        vault.open(source.blob)
        for row in wiring.board(home).rows()
        for source in manifest_from_bytes(vault.open(row.manifest)).sources
    }
    pages = {memo(number) + b"On page %d.\n" % page for number in range(0, ITEMS, 3) for page in (1, 2)}
    assert originals == {memo(number) for number in range(ITEMS)} | pages


def assert_nothing_in_the_clear(root: Path) -> None:
    for path in [root / "daemon.log", *(root / "state").rglob("*")]:
        if path.is_file():
            content = path.read_bytes().lower()
            for part in CANARY.lower().split():
                assert part.encode() not in content, path
