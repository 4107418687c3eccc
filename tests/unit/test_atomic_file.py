"""A file is there whole or not at all, nothing is overwritten unasked, and no temp outlives its writer."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from daemon.adapters import atomic_file
from daemon.adapters.atomic_file import disk_errors, make_folder, open_stream, part_in, publish_bytes, sweep_parts
from daemon.model.errors import RetryableError
from tests.fakes.streams import failing_after

DATA = b"draft " * 50_000


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("replace", [True, False])
def test_a_file_is_published_whole_and_private(tmp_path: Path, replace: bool) -> None:
    assert publish_bytes(tmp_path / "note", DATA, replace=replace)
    assert (tmp_path / "note").read_bytes() == DATA
    assert stat.S_IMODE((tmp_path / "note").stat().st_mode) == 0o600
    assert (tmp_path / "note").stat().st_nlink == 1
    assert names(tmp_path) == {"note"}


def test_a_mode_that_was_asked_for_is_given_whatever_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o077)
    try:
        publish_bytes(tmp_path / "note", b"x", replace=False, mode=0o644)
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "note").stat().st_mode) == 0o644


def test_a_taken_name_is_left_alone_unless_replacing(tmp_path: Path) -> None:
    (tmp_path / "note").write_bytes(b"a person's")
    assert not publish_bytes(tmp_path / "note", DATA, replace=False)
    assert (tmp_path / "note").read_bytes() == b"a person's"
    assert publish_bytes(tmp_path / "note", DATA, replace=True)
    assert (tmp_path / "note").read_bytes() == DATA
    assert names(tmp_path) == {"note"}


def test_a_symbolic_link_is_a_taken_name_and_never_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"kept")
    (tmp_path / "note").symlink_to("elsewhere")
    assert not publish_bytes(tmp_path / "note", DATA, replace=False)
    assert publish_bytes(tmp_path / "note", DATA, replace=True)
    assert (tmp_path / "elsewhere").read_bytes() == b"kept"


def test_a_file_that_is_being_written_has_a_name_that_never_shows(tmp_path: Path) -> None:
    with part_in(tmp_path) as part:
        part.file.write(b"half")
        (name,) = names(tmp_path)
        assert name.startswith(".")
        assert name.endswith(".part")
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert names(tmp_path) == set()


@pytest.mark.parametrize("replace", [True, False])
@pytest.mark.parametrize("room", [0, 1, 100_000])
def test_a_full_disk_leaves_what_was_there(tmp_path: Path, room: int, replace: bool) -> None:
    (tmp_path / "old").write_bytes(b"old")
    with pytest.raises(RetryableError, match="disk-full"):
        publish_bytes(tmp_path / "old", DATA, replace=True, opened=failing_after(room))
    with pytest.raises(RetryableError, match="disk-full"):
        publish_bytes(tmp_path / "new", DATA, replace=replace, opened=failing_after(room, errno.EDQUOT))
    assert names(tmp_path) == {"old"}
    assert (tmp_path / "old").read_bytes() == b"old"


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_a_disk_that_is_found_full_when_the_buffer_is_written_out_is_full_too(tmp_path: Path) -> None:
    def full(descriptor: int):  # type: ignore[no-untyped-def]  # an Opener
        os.close(descriptor)
        return open_stream(os.open("/dev/full", os.O_WRONLY))

    with pytest.raises(RetryableError, match="disk-full"):
        publish_bytes(tmp_path / "new", b"short", replace=False, opened=full)
    assert names(tmp_path) == set()


def test_short_writes_are_continued(tmp_path: Path) -> None:
    assert publish_bytes(tmp_path / "note", DATA, replace=False, opened=failing_after(10**9, chunk=1000))
    assert (tmp_path / "note").read_bytes() == DATA


def test_other_errors_take_the_code_that_the_caller_gives_and_carry_no_path(tmp_path: Path) -> None:
    with pytest.raises(RetryableError, match="outbox-unwritable") as raised:
        publish_bytes(tmp_path / "gone" / "Zebulon Quatermass", b"x", replace=False, unwritable="outbox-unwritable")
    assert "Quatermass" not in str(raised.value)
    assert raised.value.__suppress_context__
    with pytest.raises(RetryableError, match="state-unwritable"), disk_errors():
        raise OSError(errno.EIO, "x")


def test_what_fails_inside_the_block_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with part_in(tmp_path) as part:
            part.file.write(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert names(tmp_path) == set()


# -- file systems without hard links ---------------------------------------------------------------------------------
@pytest.fixture
def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on exFAT and SMB: the system call itself is refused."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOTSUP, "x")

    monkeypatch.setattr(atomic_file.os, "link", refuse)


@pytest.mark.usefixtures("no_links")
def test_without_hard_links_a_taken_name_is_still_left_alone(tmp_path: Path) -> None:
    assert publish_bytes(tmp_path / "note", DATA, replace=False)
    assert not publish_bytes(tmp_path / "note", b"other", replace=False)
    assert (tmp_path / "note").read_bytes() == DATA
    (tmp_path / "link").symlink_to("nowhere")
    assert not publish_bytes(tmp_path / "link", b"other", replace=False)
    assert names(tmp_path) == {"note", "link"}


@pytest.mark.usefixtures("no_links")
def test_without_hard_links_a_reservation_left_by_a_crash_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "note").touch()
    assert publish_bytes(tmp_path / "note", DATA, replace=False)
    assert (tmp_path / "note").read_bytes() == DATA


# -- temps of dead writers --------------------------------------------------------------------------------------------
WRITER = """
import sys, time
from pathlib import Path
from daemon.adapters.atomic_file import part_in
with part_in(Path(sys.argv[1])) as part:
    part.file.write(b"half"); part.file.flush()
    print("writing", flush=True); time.sleep(60)
"""


def test_sweeping_takes_the_temps_of_the_dead_and_spares_the_living(tmp_path: Path) -> None:
    (tmp_path / "draft.docx").touch()
    (tmp_path / ".someone-elses.part").touch()
    others = {"draft.docx", ".someone-elses.part"}
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE)
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"writing\n"
        assert sweep_parts(tmp_path) == 0
        assert len(names(tmp_path)) == 3
    finally:
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
    assert len(names(tmp_path)) == 3
    assert sweep_parts(tmp_path) == 1
    assert names(tmp_path) == others


def test_where_there_are_no_locks_only_old_temps_are_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOTSUP, "x")

    monkeypatch.setattr(atomic_file.fcntl, "flock", refuse)
    young, old = (tmp_path / f".chartdraft-{digit * 16}.part" for digit in "ab")
    young.touch()
    old.touch()
    days_ago = time.time() - 2 * 24 * 3600
    os.utime(old, (days_ago, days_ago))
    assert sweep_parts(tmp_path) == 1
    assert names(tmp_path) == {young.name}


def test_making_a_folder_twice_is_harmless(tmp_path: Path) -> None:
    make_folder(tmp_path / "audit")
    make_folder(tmp_path / "audit")
    assert stat.S_IMODE((tmp_path / "audit").stat().st_mode) == 0o700
