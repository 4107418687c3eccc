"""When a file in the inbox is settled: quiet and whole, or so long quiet that patience ends."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemon.adapters.inbox import listing as inbox_listing
from daemon.adapters.inbox.folder import InboxFolder
from tests.fakes.clock import FakeClock
from tests.fakes.desk import GIVE_UP, PACKET_SETTLE, SETTLE, Desk, asset


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "inbox").mkdir()
    return Desk(tmp_path / "inbox")


def test_a_file_is_settled_when_it_was_quiet_for_so_long(desk: Desk) -> None:
    desk.put("memo.m4a", asset("memo.m4a"))
    assert desk.after(0) == []
    assert desk.inbox.next_due() == SETTLE
    assert desk.after(SETTLE - 0.5) == []
    assert desk.inbox.next_due() == 0.5
    (item,) = desk.after(0.5)
    assert (item.final, item.code) == (False, "")
    assert desk.inbox.next_due() is None


@pytest.mark.parametrize("change", ["grows", "is touched", "is replaced"])
def test_a_file_that_changes_begins_its_quiet_time_anew(desk: Desk, change: str) -> None:
    path = desk.put("memo.mp3")
    before = path.stat()
    desk.after(0)
    desk.clock.advance(SETTLE - 1)
    if change == "grows":
        path.write_bytes(b"data and more")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    elif change == "is touched":
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    else:
        other = desk.put(".other", b"atad")
        os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
        other.replace(path)
    assert desk.after(0) == []
    assert desk.after(SETTLE - 1) == []
    assert len(desk.after(1)) == 1


def test_a_renamed_file_begins_its_quiet_time_under_its_new_name(desk: Desk) -> None:
    path = desk.put("memo.mp3")
    desk.after(0)
    path.rename(desk.folder / "renamed.mp3")
    assert desk.after(SETTLE) == []
    assert [item.untrusted_name for item in desk.after(SETTLE)] == ["renamed.mp3"]


def test_a_vanished_file_is_forgotten(desk: Desk) -> None:
    path = desk.put("memo.mp3")
    assert len(desk.settled()) == 1
    path.unlink()
    assert desk.after(0) == []
    assert desk.inbox.next_due() is None
    desk.put("memo.mp3")
    assert desk.after(0) == []


INCOMPLETE = ["truncated.m4a", "no-moov.m4a", "truncated.pdf"]
CUT = ["blank.png", "form.jpg", "multi-page.tiff", "memo.wav", "memo.qta", "form.heic"]


@pytest.mark.parametrize(
    ("name", "share"), [*((n, 1.0) for n in INCOMPLETE), *((n, 0.6) for n in CUT), ("memo.mp3", 0)]
)
def test_an_incomplete_file_is_waited_for_until_patience_ends(desk: Desk, name: str, share: float) -> None:
    data = asset(name)
    desk.put(name, data[: int(len(data) * share)])
    assert desk.settled() == []
    assert desk.inbox.next_due() == SETTLE
    assert desk.after(GIVE_UP - PACKET_SETTLE - 1) == []
    assert desk.inbox.next_due() == 1
    (item,) = desk.after(1)
    assert (item.final, item.code) == (True, "media-empty" if share == 0 else "")


def test_the_rest_that_comes_is_waited_for_again(desk: Desk) -> None:
    data = asset("memo.m4a")
    desk.put("memo.m4a", data[:1000])
    desk.settled()
    desk.after(GIVE_UP - PACKET_SETTLE - 1)
    desk.put("memo.m4a", data)
    assert desk.after(1) == []
    (item,) = desk.after(SETTLE)
    assert not item.final


def test_patience_is_never_shorter_than_settling(tmp_path: Path) -> None:
    clock = FakeClock()
    inbox = InboxFolder(tmp_path, documents={}, settle_seconds=60, give_up_seconds=1, clock=clock)
    (tmp_path / "a.mp3").write_bytes(b"")
    list(inbox.settled())
    clock.advance(59)
    assert list(inbox.settled()) == []
    clock.advance(1)
    assert [item.final for item in inbox.settled()] == [True]


def test_a_placeholder_of_a_cloud_is_left_until_its_content_is_here(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put("memo.mp3")
    flags = inbox_listing.SF_DATALESS | 1
    monkeypatch.setattr(os, "scandir", lambda path: FlaggedFolder(path, lambda: flags))
    assert desk.names() == set()
    flags = 1
    assert desk.names() == {"memo.mp3"}


class FlaggedFolder:
    """`os.scandir` whose files bear `st_flags`, as on macOS."""

    def __init__(self, path: Path, flags: Callable[[], int]) -> None:
        self._path, self._flags = path, flags

    def __enter__(self) -> Iterator[object]:
        return (FlaggedEntry(path, self._flags()) for path in sorted(self._path.iterdir()))

    def __exit__(self, *_: object) -> None:
        """Nothing is held."""


class FlaggedEntry:
    """`os.DirEntry` with flags."""

    def __init__(self, path: Path, flags: int) -> None:
        self.name, self.path, self._path, self._flags = path.name, str(path), path, flags

    def is_file(self, *, follow_symlinks: bool) -> bool:
        return stat.S_ISREG(self._path.lstat().st_mode)

    def is_dir(self, *, follow_symlinks: bool) -> bool:
        return not self.is_file(follow_symlinks=False)

    def stat(self, *, follow_symlinks: bool) -> object:
        return FlaggedStat(self._path.lstat(), self._flags)


class FlaggedStat:
    """`os.stat_result` with flags."""

    def __init__(self, found: os.stat_result, flags: int) -> None:
        self._found, self.st_flags = found, flags

    def __getattr__(self, name: str) -> object:
        return getattr(self._found, name)
