"""Disks that fail: an error at the n-th call of each port, and at the n-th operation on real files, until a run succeeds without one.

Whatever fails, nothing is lost and nothing doubled, and when the fault is gone work goes on by itself.
"""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from daemon.adapters import atomic_file
from daemon.adapters.audit.reader import verify_trail
from daemon.adapters.keys import Keys, init_keys
from daemon.adapters.outbox.folder import OutboxFolder
from daemon.model.errors import ChartdraftError, RetryableError
from daemon.steps.claim import claim, finish_removals
from tests.fakes import drafts
from tests.fakes.forgetful_disk.mounted import ForgetfulDisk
from tests.fakes.office import Office
from tests.fakes.practice import Practice
from tests.faults.killable import run_once_or_die, wait_for
from tests.faults.power import PoweredOffice, assert_whole, in_fork

PACKET = {"memo.mp3": b"voice", "page 2.tif": b"page two", "page 10.tif": b"page ten"}
CODES = ("disk-full", "state-unwritable", "outbox-unwritable")
# Full, broken, forbidden, mounted read-only by a kernel that saw an error, over a quota, and what shares say when they go away.
ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.EDQUOT, errno.ENOTCONN, errno.ESTALE)


# -- every call of every port, in memory -------------------------------------------------------------------------------
class Counted:
    """Ports that count their calls together; the n-th fails, before it does anything or when it has done it, and so many after it."""

    def __init__(self, nth: int, times: int, error: Exception, *, after: bool) -> None:
        self.calls, self._nth, self._times, self._error, self._after = 0, nth, times, error, after
        self.struck: set[str] = set()

    def wrap(self, name: str, port: Any) -> Any:
        """The same port, counted."""
        return _CountedPort(name, port, self)

    def call(self, name: str, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        if not self._nth <= self.calls < self._nth + self._times:
            return method(*args, **kwargs)
        self.struck.add(name)
        if self._after:
            method(*args, **kwargs)
        raise self._error


class _CountedPort:
    def __init__(self, name: str, port: Any, counted: Counted) -> None:
        self._name, self._port, self._counted = name, port, counted

    def __getattr__(self, method: str) -> Any:
        found = getattr(self._port, method)
        name = f"{self._name}.{method}"
        return (lambda *a, **k: self._counted.call(name, found, *a, **k)) if callable(found) else found


def claim_counted(practice: Practice, counted: Counted) -> list[str]:
    """As the daemon does: what is to be removed first, then item after item; the codes of what failed."""
    ports = practice.ports
    names = ("vault", "board", "queue", "audit", "outbox")
    practice.wrap(**{name: counted.wrap(name, getattr(ports, name)) for name in names})
    inbox, told = counted.wrap("inbox", practice.inbox), list[str]()
    try:
        with suppress(ChartdraftError):
            finish_removals(practice.inbox.all_files(), inbox, practice.ports)
        for item in list(practice.inbox.settled()):
            try:
                claim(item, inbox, practice.ports)
            except ChartdraftError as error:
                told.append(error.code)
    finally:
        practice.ports = ports
    return told


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("packet", [False, True])
def test_an_error_at_any_call_of_any_port_is_waited_out(*, after: bool, times: int, packet: bool) -> None:
    struck: set[str] = set()
    for nth, code in enumerate(cycle(CODES), 1):
        practice = Practice()
        for name, data in (PACKET if packet else {"memo.mp3": b"voice"}).items():
            practice.inbox.put(f"Jane Doe/{name}" if packet else name, data)
        counted = Counted(nth, times, RetryableError(code), after=after)
        claim_counted(practice, counted)
        if not counted.struck:
            break
        struck |= counted.struck
        for _ in range(3):
            claim_counted(practice, Counted(0, 0, RetryableError(code), after=after))
        row = practice.only()
        assert len(practice.manifest(row).sources) == (len(PACKET) if packet else 1), (nth, counted.struck)
        assert practice.queue.jobs == {(row.id, 1): row.manifest}, (nth, counted.struck)
        assert practice.inbox.files == {}, (nth, counted.struck)
        assert len(practice.facts("item-claimed")) == 1, (nth, counted.struck)
        assert practice.facts("item-duplicate") == []
    needed = {
        "vault.seal",
        "vault.seal_bytes",
        "vault.open",
        "vault.content_id",
        "board.get",
        "board.find",
        "board.add",
    }
    needed |= {"queue.enqueue", "audit.record", "inbox.open", "inbox.unchanged", "inbox.remove", "board.originals"}
    needed |= {"board.remember_originals", "board.forget_originals"} if packet else set()
    assert struck >= needed, needed - struck


# -- every operation on real files -------------------------------------------------------------------------------------
OPERATIONS = ("write", "fsync", "fsync-folder", "link", "rename", "create", "open", "unlink", "list", "mkdir", "change")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    home = tmp_path_factory.mktemp("home")
    return init_keys(home / "keys", home / "recovery.txt")


def faults(disk: ForgetfulDisk, operation: str, step: int) -> Iterator[tuple[int, int]]:
    """Errors at one call of this operation after the other, from the disk as it is now, until none of them is reached: which, what.
    The caller does its work and then says `mend`."""
    disk.remember("before")
    reached = True
    for nth, code in zip(range(1, 2000, step), cycle(ERRORS), strict=False):
        if not reached:
            return
        disk.restore("before")
        atomic_file._durable_folders.clear()
        disk.fail(operation, code=code, nth=nth, times=2)
        yield nth, code
        reached = bool(disk.struck)
    pytest.fail("it never ends")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_error_at_any_operation_keeps_the_item_and_goes_away(
    disk: ForgetfulDisk, keys: Keys, operation: str
) -> None:
    Office(disk.path, keys).put_folder("Jane Doe", PACKET)
    disk.sync()
    for nth, code in faults(disk, operation, 9):
        office = Office(disk.path, keys)
        with suppress(OSError, ChartdraftError):  # where nothing is claimed yet; the daemon catches it where it watches
            office.claim_all()
        disk.mend()
        for _ in range(5):
            if office.originals() and (told := office.claim_all()):
                assert {*told} <= {"state-unwritable", "file-changed", "disk-full", "inbox-unwritable"}, (nth, code)
        (row,) = office.ports.board.rows()
        assert office.contents() == sorted(PACKET.values()), (nth, errno.errorcode[code])
        assert office.queue.jobs == {(row.id, 1): row.manifest}
        assert len(office.events("item-claimed")) == 1
        assert (office.originals(), office.notes(), office.events("item-duplicate")) == ({}, [], [])
        office.ports.audit.close()  # type: ignore[attr-defined] # the real one
        assert verify_trail(disk.path / "audit", keys.verifier).ok, (nth, errno.errorcode[code])


@pytest.mark.parametrize("operation", ["write", "fsync", "fsync-folder", "link", "create", "open", "unlink", "list"])
def test_an_error_at_any_operation_of_publishing_leaves_nothing_half(disk: ForgetfulDisk, operation: str) -> None:
    outbox = OutboxFolder(disk.path)
    for _ in faults(disk, operation, 1):
        with suppress(RetryableError):
            outbox.publish_draft(drafts.draft(), stem="memo", short="7f3k", revision=1)
        disk.mend()
        for path in disk.path.iterdir():
            if not path.name.startswith("."):
                assert_whole(path)
        published = outbox.publish_draft(drafts.draft(), stem="memo", short="7f3k", revision=1)
        atomic_file.sweep_parts(disk.path)
        assert sorted(published) == sorted(path.name for path in disk.path.iterdir())
        assert len(published) == 2
        assert not any("copy" in name for name in published)


# -- a running daemon --------------------------------------------------------------------------------------------------
class Kept:
    """A daemon that is started again when it ends, as the system's service manager does."""

    def __init__(self, root: Path) -> None:
        self._root, self._child = root, run_once_or_die(root, once=False)

    def kept(self) -> bool:
        """Start it again if it has ended."""
        if os.waitpid(self._child, os.WNOHANG)[0]:
            self._child = run_once_or_die(self._root, once=False)
        return True

    def stop(self) -> None:
        """Kill it."""
        os.kill(self._child, signal.SIGKILL)
        os.waitpid(self._child, 0)


TROUBLES = [
    ("home/state", errno.ENOSPC, ("write", "create", "mkdir")),
    ("home/outbox", errno.EACCES, ("create", "link", "rename")),
]


def drafted(office: PoweredOffice, daemon: Kept, name: str) -> bool:
    return wait_for(lambda: daemon.kept() and len(office.drafts(name)) == 2, 40)


@pytest.mark.timeout(200)
def test_a_daemon_goes_on_by_itself_when_the_disk_does(disk: ForgetfulDisk, tmp_path: Path) -> None:
    office = PoweredOffice(disk, tmp_path)
    for number, (under, code, operations) in enumerate(TROUBLES):
        daemon = Kept(office.root)
        disk.fail(*operations, code=code, nth=3, times=-1, under=under)
        office.put_one(number, f"visit {number}")
        wait_for(lambda: disk.struck > 0, 8)
        disk.mend()
        assert disk.struck, (under, code)
        there = drafted(office, daemon, f"visit {number} - ")
        daemon.stop()
        assert there, (under, errno.errorcode[code])
    assert office.finish() == 0  # the kill may have come between the outbox and the board
    assert in_fork(office.check_all) == ""
