"""Folders that go away under the real daemon process, and an item that kills it."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from daemon import wiring
from daemon.adapters.folder_sights import is_mounted
from daemon.config import Home, load_home
from daemon.keeping import upkeep
from daemon.model import step_tries
from daemon.model.passage import Reading
from daemon.model.source import Source
from tests.faults import killable
from tests.faults.killable import CONFIG, SlowReader, run_once_or_die, wait_for

SHARE = 'inbox_dir = "share/inbox"\nnotifications = "off"\nkeep_awake = false\n'
VOLUME = 'encrypted_volume = "v"\ninbox_dir = "v/in"\noutbox_dir = "v/out"\nnotifications = "off"\nkeep_awake = false\n'

Started = Callable[[], int]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(SHARE + CONFIG)
    upkeep.set_up(load_home(tmp_path, None), tmp_path / "recovery.txt")
    return tmp_path


@pytest.fixture
def started() -> Iterator[Callable[[Path], int]]:
    """Starts daemons, and ends what is left of them."""
    pids: list[int] = []

    def start(root: Path) -> int:
        pids.append(run_once_or_die(root, once=False))
        return pids[-1]

    yield start
    for pid in pids:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def memo(number: int) -> bytes:
    return f"Words of visit {number}.\n".encode()


def drafted(home: Home, many: int) -> bool:
    return wait_for(lambda: len(list(home.outbox.glob("*.docx"))) == many, 40)


def test_a_share_goes_comes_back_and_is_deleted(root: Path, started: Callable[[Path], int]) -> None:
    home, share = load_home(root, None), root / "share"
    started(root)
    (home.inbox / "one.mp3").write_bytes(memo(1))
    assert drafted(home, 1)

    share.rename(root / "away")
    assert wait_for(lambda: waits(home), 20)
    (root / "away" / "inbox" / "two.mp3").write_bytes(memo(2))
    (root / "away").rename(share)
    assert drafted(home, 2)

    home.inbox.rename(root / "trash")  # as a desktop deletes
    assert wait_for((home.inbox / "README.txt").exists, 20)
    (home.inbox / "three.mp3").write_bytes(memo(3))
    assert drafted(home, 3)

    home.outbox.rename(root / "more trash")
    assert wait_for((home.outbox / "Status.html").exists, 20)
    (home.inbox / "four.mp3").write_bytes(memo(4))
    assert drafted(home, 1)
    assert upkeep.verify_audit(home, None)["ok"]


def test_a_start_without_the_share_waits_for_it(root: Path, started: Callable[[Path], int]) -> None:
    home, share = load_home(root, None), root / "share"
    share.rename(root / "away")
    started(root)
    assert wait_for(lambda: waits(home), 30)
    assert not share.exists()
    (root / "away" / "inbox" / "one.mp3").write_bytes(memo(1))
    (root / "away").rename(share)
    assert drafted(home, 1)


def test_a_volume_that_is_unmounted_at_start_and_under_way(tmp_path: Path, started: Callable[[Path], int]) -> None:
    volume = tmp_path / "v"
    volume.mkdir()
    if not mount(volume):
        pytest.skip("this account cannot mount a file system")
    try:
        (tmp_path / "config.toml").write_text(VOLUME + CONFIG)
        home = load_home(tmp_path, None)
        upkeep.set_up(home, tmp_path / "recovery.txt")
        unmount(volume)
        under = home.inbox / "under.mp3"
        home.inbox.mkdir()
        home.outbox.mkdir()
        under.write_bytes(b"Not ours.\n")
        started(tmp_path)
        assert wait_for(lambda: waits(home), 30)

        assert mount(volume)
        home.inbox.mkdir()
        home.outbox.mkdir()
        (home.inbox / "one.mp3").write_bytes(memo(1))
        assert drafted(home, 1)
        unmount(volume)
        assert under.read_bytes() == b"Not ours.\n"
        assert [path.name for path in home.outbox.iterdir()] == []
        assert len(wiring.board(home).rows()) == 1
    finally:
        unmount(volume)


def test_an_item_that_kills_the_daemon_ends_in_a_note_and_the_others_are_drafted(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Deadly(SlowReader):
        """Dies of one file."""

        def read(self, source: Source, untrusted_name: str, untrusted_bytes: bytes) -> Reading:
            if untrusted_bytes.startswith(b"Poison"):
                os.kill(os.getpid(), signal.SIGKILL)
            return super().read(source, untrusted_name, untrusted_bytes)

    monkeypatch.setattr(killable, "SlowReader", Deadly)
    monkeypatch.setattr(step_tries, "MAX_DEATHS", 3)
    monkeypatch.setattr(step_tries, "LEAST_SECONDS", 0.0)  # the processes are forks of this one
    home = load_home(root, None)
    (home.inbox / "poison.mp3").write_bytes(b"Poison.\n")
    (home.inbox / "memo.mp3").write_bytes(memo(1))
    ends = [ended(root)]
    while ends[-1] < 0 and len(ends) < 40:
        ends.append(ended(root))
    assert ends.count(-signal.SIGKILL) == 3
    assert ends[-1] == 3
    rows = {row.state: row.code for row in wiring.board(home).rows()}
    assert rows == {"attention": "item-poison", "delivered": ""}
    (note,) = home.outbox.glob("poison - COULD NOT DRAFT*")
    assert "stopped the whole program several times" in note.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(("number", "counts"), [(signal.SIGTERM, False), (signal.SIGKILL, True)])
def test_a_stop_that_was_asked_for_blames_no_item(
    root: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, counts: bool
) -> None:
    class Endless(SlowReader):
        """Reads for ever."""

        def read(self, source: Source, untrusted_name: str, untrusted_bytes: bytes) -> Reading:
            threading.Event().wait()
            raise AssertionError

    monkeypatch.setattr(killable, "SlowReader", Endless)
    home = load_home(root, None)
    (home.inbox / "memo.mp3").write_bytes(memo(1))
    child = run_once_or_die(root, once=False)
    assert wait_for(home.step_tries.exists, 30)
    os.kill(child, number)
    os.waitpid(child, 0)
    assert home.step_tries.exists() is counts


def ended(root: Path) -> int:
    _, status = os.waitpid(run_once_or_die(root, once=True), 0)
    return os.waitstatus_to_exitcode(status)


def waits(home: Home) -> bool:
    log = home.logs / "daemon.log"
    return log.exists() and '"service-waits"' in log.read_text()


def mount(folder: Path) -> bool:
    done = subprocess.run(["mount", "-t", "tmpfs", "none", str(folder)], capture_output=True, check=False)
    return done.returncode == 0 and is_mounted(folder)


def unmount(folder: Path) -> None:
    if is_mounted(folder):
        subprocess.run(["umount", str(folder)], capture_output=True, check=True)
