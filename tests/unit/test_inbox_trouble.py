"""What goes wrong with an inbox: it is away, locked, huge, or silent."""

from __future__ import annotations

import os
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.adapters.inbox.folder import FILLING_SECONDS
from daemon.adapters.inbox.watch import InboxWatch
from daemon.model.errors import RetryableError
from tests.fakes.desk import GIVE_UP, SETTLE, Desk, asset


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "inbox").mkdir()
    return Desk(tmp_path / "inbox")


def test_an_inbox_that_is_away_holds_nothing_for_a_while(desk: Desk, tmp_path: Path) -> None:
    desk.put("memo.mp3")
    assert desk.names() == {"memo.mp3"}
    desk.folder.rename(tmp_path / "away")
    assert desk.after(0) == []
    assert desk.inbox.unknown_folders() == 0
    (tmp_path / "away").rename(desk.folder)
    assert desk.names() == {"memo.mp3"}


def test_what_is_forgotten_has_to_settle_anew(desk: Desk) -> None:
    desk.put("memo.mp3")
    assert desk.names() == {"memo.mp3"}
    desk.inbox.forget()
    assert desk.after(0) == []
    assert desk.names() == {"memo.mp3"}


def test_a_folder_that_cannot_be_read_hides_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("soap/a.mp3", "intake/b.mp3", "c.mp3"):
        desk.put(name)
    real = os.open

    def locked(path: str, *arguments: int, **options: int) -> int:
        if path == "soap":
            raise PermissionError(13, "denied", path)
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "open", locked)
    assert desk.names() == {"b.mp3", "c.mp3"}


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that refuses to open and to unlink; the permission bits do not bind every account."""

    def refuse(path: str, *_: object) -> int:
        raise PermissionError(13, "denied", path)

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "unlink", refuse)


@pytest.mark.usefixtures("refusing")
def test_a_file_that_cannot_be_read_or_removed_is_waited_for(desk: Desk) -> None:
    desk.put("memo.m4a", asset("memo.m4a"))
    desk.after(0)
    assert desk.after(SETTLE) == []
    ((part,),) = [item.parts for item in desk.after(GIVE_UP)]
    with pytest.raises(RetryableError, match="file-locked") as locked:
        desk.inbox.open(part)
    with pytest.raises(RetryableError, match="inbox-unwritable") as kept:
        desk.inbox.remove(part)
    assert "memo" not in f"{locked.value}{kept.value}"
    assert locked.value.__suppress_context__
    assert kept.value.__suppress_context__


def test_thousands_of_files_cost_little_each_and_nothing_once_gone(desk: Desk) -> None:
    count = 3_000
    first = desk.put("memo.mp3")
    desk.settled()  # what is imported and cached at first use is no part of it
    for number in range(1, count):
        os.link(first, desk.folder / f"memo {number}.mp3")
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        desk.after(0)
        assert sum(1 for _ in desk.inbox.settled()) == 1
        desk.clock.advance(SETTLE)
        assert sum(1 for _ in desk.inbox.settled()) == count
        held, peak = (each - before for each in tracemalloc.get_traced_memory())
        assert held < 1_200 * count
        assert peak < 3_000 * count
        for path in desk.folder.iterdir():
            path.unlink()
        assert desk.after(0) == []
        assert tracemalloc.get_traced_memory()[0] - before < 100_000
    finally:
        tracemalloc.stop()


def test_listing_leaves_no_file_open(desk: Desk) -> None:
    folder = Path("/dev/fd")
    for number in range(50):
        desk.put(f"{number}.m4a", asset("truncated.m4a"))
    desk.settled()
    before = len(list(folder.iterdir()))
    desk.after(SETTLE)
    assert len(list(folder.iterdir())) == before


@pytest.fixture
def woken(desk: Desk) -> Iterator[threading.Event]:
    desk.put("memo.mp3")
    event = threading.Event()
    watch = InboxWatch(desk.folder, event.set)
    assert watch.start()
    yield event
    watch.stop()


def test_a_new_file_wakes_us(desk: Desk, woken: threading.Event) -> None:
    desk.put("other.mp3")
    assert woken.wait(30)


def test_the_end_of_a_write_wakes_us_and_our_own_reading_does_not() -> None:
    from watchdog.events import FileClosedEvent, FileClosedNoWriteEvent, FileOpenedEvent

    calls: list[str] = []
    handler = InboxWatch(Path(), lambda: calls.append("woken")).handler()
    for event in (FileOpenedEvent("a"), FileClosedNoWriteEvent("a")):
        handler.dispatch(event)
    assert calls == []
    handler.dispatch(FileClosedEvent("a"))
    assert calls == ["woken"]


def test_a_folder_without_events_is_no_failure(tmp_path: Path) -> None:
    watch = InboxWatch(tmp_path / "nothing", lambda: None)
    assert not watch.start()
    watch.stop()


def test_what_is_not_complete_yet_is_named_until_it_is_taken_in(desk: Desk) -> None:
    desk.put("half.m4a", asset("truncated.m4a"))
    desk.put("memo.mp3")
    desk.put("Monday/a.mp3")
    desk.put("Monday/b.mp3")
    assert desk.after(0) == []
    assert sorted(desk.inbox.coming()) == ["Monday", "half.m4a", "memo.mp3"]
    assert [item.untrusted_name for item in desk.after(SETTLE)] == ["memo.mp3"]
    assert sorted(desk.inbox.coming()) == ["Monday", "half.m4a"]
    desk.after(FILLING_SECONDS)
    assert desk.inbox.coming() == ["half.m4a"]
    for number in range(3):
        desk.put(f"{number}.mp3")
    desk.after(0)
    desk.clock.advance(SETTLE)
    one_by_one = (item.untrusted_name for item in desk.inbox.settled())
    taken = {next(one_by_one), next(one_by_one)}
    assert set(desk.inbox.coming()) - taken == set(desk.inbox.coming()) >= {f"{n}.mp3" for n in range(3)} - taken
    for name in [*one_by_one, *taken]:
        (desk.folder / name).unlink(missing_ok=True)
    desk.after(GIVE_UP)
    assert desk.inbox.coming() == []
