"""The outbox when something is in the way: strangers' files, edited drafts, a dead writer, a full or missing disk."""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import docx
import pytest

from daemon.adapters.atomic_file import sweep_parts
from daemon.adapters.outbox.folder import MAX_COPIES, OutboxFolder
from daemon.model.errors import RetryableError
from tests.fakes import drafts

NAME = "memo - SOAP note - UNREVIEWED - 7f3k"


def publish(outbox: OutboxFolder, stem: str = "memo", revision: int = 1) -> list[str]:
    return list(outbox.publish_draft(drafts.draft(), stem=stem, short="7f3k", revision=revision))


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def test_a_strangers_file_is_left_alone_and_the_next_name_taken(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.docx").write_bytes(b"notes of a person")
    (tmp_path / f"{NAME}.html").mkdir()
    published = publish(OutboxFolder(tmp_path))
    assert published == [f"{NAME} copy 2.docx", f"{NAME} copy 2.html"]
    assert publish(OutboxFolder(tmp_path)) == published
    assert (tmp_path / f"{NAME}.docx").read_bytes() == b"notes of a person"
    assert len(names(tmp_path)) == 4


def test_the_copy_is_found_again_when_the_strangers_file_is_gone(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.docx").write_bytes(b"notes of a person")
    publish(OutboxFolder(tmp_path))
    (tmp_path / f"{NAME}.docx").unlink()
    assert publish(OutboxFolder(tmp_path))[0] == f"{NAME} copy 2.docx"
    assert f"{NAME}.docx" not in names(tmp_path)


def test_a_link_under_our_name_is_neither_followed_nor_overwritten(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox" / f"{NAME}.docx").symlink_to(outside)
    assert publish(OutboxFolder(tmp_path / "outbox"))[0] == f"{NAME} copy 2.docx"
    assert not outside.exists()


def test_a_draft_that_a_person_has_edited_is_known_again_and_kept(tmp_path: Path) -> None:
    publish(OutboxFolder(tmp_path))
    path = tmp_path / f"{NAME}.docx"
    document = docx.Document(str(path))
    document.paragraphs[3].add_run("Edited by the clinician.")
    document.core_properties.identifier = ""  # which Word may drop when it saves
    document.save(str(path))
    edited = path.read_bytes()
    assert publish(OutboxFolder(tmp_path))[0] == f"{NAME}.docx"
    assert path.read_bytes() == edited
    assert len(names(tmp_path)) == 2


def test_another_jobs_draft_under_the_same_name_is_a_strangers(tmp_path: Path) -> None:
    publish(OutboxFolder(tmp_path))
    other = replace(drafts.draft(), job="7f3kzzzzzzzzzzzz")
    published = OutboxFolder(tmp_path).publish_draft(other, stem="memo", short="7f3k", revision=1)
    assert published[0] == f"{NAME} copy 2.docx"


def test_damaged_files_under_all_our_names_end_in_a_plain_code(tmp_path: Path) -> None:
    publish(OutboxFolder(tmp_path))
    whole = (tmp_path / f"{NAME}.docx").read_bytes()
    for copy in range(1, MAX_COPIES + 1):
        path = tmp_path / (f"{NAME}.docx" if copy == 1 else f"{NAME} copy {copy}.docx")
        path.write_bytes(whole[: len(whole) * copy // (MAX_COPIES + 1)])
    with pytest.raises(RetryableError) as caught:
        publish(OutboxFolder(tmp_path))
    assert caught.value.code == "outbox-unwritable"


def test_every_byte_of_a_word_file_may_be_damaged_and_it_is_still_a_file_not_a_crash(tmp_path: Path) -> None:
    publish(OutboxFolder(tmp_path))
    path = tmp_path / f"{NAME}.docx"
    whole = path.read_bytes()
    for at in [*range(0, len(whole), len(whole) // 60), *range(len(whole) - 60, len(whole))]:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        assert publish(OutboxFolder(tmp_path))[0].startswith(NAME)


@pytest.mark.parametrize("place", ["gone", "file"])
@pytest.mark.parametrize("act", ["draft", "failure", "duplicate", "status"])
def test_a_missing_folder_is_outbox_unwritable_and_says_no_name(tmp_path: Path, place: str, act: str) -> None:
    (tmp_path / "file").touch()
    outbox, stem = OutboxFolder(tmp_path / place), "Zebulon Quatermass"
    acts = {
        "draft": lambda: publish(outbox, stem=stem),
        "failure": lambda: outbox.publish_failure("internal", job="j", stem=stem, short="7f3k", revision=1),
        "duplicate": lambda: outbox.publish_duplicate(stem=stem, short="7f3k", document="soap"),
        "status": lambda: outbox.publish_status(drafts.report()),
    }
    with pytest.raises(RetryableError) as caught:
        acts[act]()
    assert caught.value.code == "outbox-unwritable"
    assert "Zebulon" not in "".join(traceback.format_exception(caught.value)) + repr(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_access_is_outbox_unwritable(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(RetryableError) as caught:
        publish(OutboxFolder(tmp_path))
    assert caught.value.code == "outbox-unwritable"


class FullDisk(io.BufferedIOBase):
    """A disk with room for so many bytes."""

    def __init__(self, descriptor: int, room: int) -> None:
        self._file, self._room = os.fdopen(descriptor, "wb"), room

    def write(self, data: bytes) -> int:  # type: ignore[override] # the part of the interface that is used
        self._room -= len(data)
        if self._room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self._file.close()


def test_a_full_disk_leaves_nothing_and_the_next_attempt_completes(tmp_path: Path) -> None:
    def opened(descriptor: int) -> BinaryIO:
        return FullDisk(descriptor, 100)  # type: ignore[return-value] # quacks enough

    with pytest.raises(RetryableError) as caught:
        publish(OutboxFolder(tmp_path, opened=opened))
    assert caught.value.code == "disk-full"
    assert names(tmp_path) == set()
    publish(OutboxFolder(tmp_path))
    assert len(names(tmp_path)) == 2


_DIES = """
import os, signal, sys
from pathlib import Path
from daemon.adapters.atomic_file import open_stream
from daemon.adapters.outbox.folder import OutboxFolder
from tests.fakes import drafts

class Dying:
    opened = 0
    def __init__(self, descriptor):
        type(self).opened += 1
        self.file = open_stream(descriptor)
    def write(self, data):
        if self.opened == int(sys.argv[2]) and sys.argv[3] == "write":
            self.file.write(data[: len(data) // 2]); self.file.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.file.write(data)
    def flush(self):
        self.file.flush()
        if self.opened == int(sys.argv[2]): os.kill(os.getpid(), signal.SIGKILL)
    def close(self):
        self.file.close()
        if self.opened == int(sys.argv[2]): os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[3] == "close": Dying.flush = lambda self: self.file.flush()
OutboxFolder(Path(sys.argv[1]), opened=Dying).publish_draft(drafts.draft(), stem="memo", short="7f3k", revision=1)
"""


@pytest.mark.parametrize("moment", ["write", "flush", "close"])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_writer_killed_at_any_point_leaves_whole_files_and_the_next_completes(
    tmp_path: Path, nth: int, moment: str
) -> None:
    done = subprocess.run([sys.executable, "-c", _DIES, str(tmp_path), str(nth), moment], check=False)
    assert done.returncode == -signal.SIGKILL
    assert sum(each.endswith(".part") for each in names(tmp_path)) == 1
    whole = {each for each in names(tmp_path) if not each.endswith(".part")}
    assert len(whole) == nth - (moment != "close")
    assert sweep_parts(tmp_path) == 1
    assert set(publish(OutboxFolder(tmp_path))) == names(tmp_path) == {f"{NAME}.docx", f"{NAME}.html"}
    assert docx.Document(str(tmp_path / f"{NAME}.docx")).core_properties.content_status == "UNREVIEWED"


@pytest.mark.parametrize("mode", [0o600, 0o660])
def test_files_have_the_mode_asked_for_whatever_the_umask(tmp_path: Path, mode: int) -> None:
    before = os.umask(0o077)
    try:
        outbox = OutboxFolder(tmp_path, mode=mode)
        publish(outbox)
        outbox.publish_status(drafts.report())
    finally:
        os.umask(before)
    assert {each.stat().st_mode & 0o777 for each in tmp_path.iterdir()} == {mode}
