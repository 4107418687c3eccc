"""The inbox folder: what in it is an item, and what is left alone. The files are real, the clock is held."""

from __future__ import annotations

import os
import socket
import unicodedata
from pathlib import Path

import pytest

from daemon.adapters.inbox.files import PickedFiles
from daemon.adapters.inbox.folder import InboxFolder
from daemon.model.errors import PermanentError, RetryableError
from tests.fakes.clock import FakeClock
from tests.fakes.desk import GIVE_UP, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "inbox").mkdir()
    return Desk(tmp_path / "inbox")


def test_what_is_nobodys_memo_is_left_alone(desk: Desk) -> None:
    for name in (".DS_Store", "._memo.m4a", ".memo.m4a.icloud", ".syncthing.a.m4a.tmp", "~syncthing~a.m4a", "a.tmp"):
        desk.put(name)
    for name in ("a.m4a.part", "RECIPIENT.txt", "@eaDir/a.m4a", ".stfolder/a.m4a", "soap/._a.m4a", "soap/.DS_Store"):
        desk.put(name)
    desk.put("memo.mp3")
    assert desk.names() == {"memo.mp3"}


def test_links_are_not_followed(desk: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "memo.mp3").write_bytes(b"data")
    (desk.folder / "link.mp3").symlink_to(outside / "memo.mp3")
    (desk.folder / "soap").symlink_to(outside)
    (desk.folder / "gone.mp3").symlink_to(outside / "nothing")
    assert desk.names() == set()


def test_pipes_sockets_and_folders_are_not_items_and_stop_nothing(desk: Desk) -> None:
    os.mkfifo(desk.folder / "pipe.mp3")
    (desk.folder / "folder.mp3").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(desk.folder)  # a socket's path may be no longer than 104 bytes
        try:
            listening.bind("socket.mp3")
        finally:
            os.chdir(here)
        desk.put("memo.mp3")
        assert desk.names() == {"memo.mp3"}


def test_a_pipe_that_takes_the_place_of_a_file_does_not_block(desk: Desk) -> None:
    path = desk.put("memo.mp3")
    (part,) = desk.settled()[0].parts
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(RetryableError, match="file-changed"):
        desk.inbox.open(part)
    assert not desk.inbox.remove(part)
    assert path.exists()


def test_a_file_of_the_same_size_and_time_is_still_another_file(desk: Desk) -> None:
    path = desk.put("memo.mp3", b"one")
    (part,) = desk.settled()[0].parts
    other = desk.put(".other", b"two")
    os.utime(other, ns=(part.mtime_ns, part.mtime_ns))
    other.replace(path)
    with pytest.raises(RetryableError, match="file-changed"):
        desk.inbox.open(part)
    assert not desk.inbox.remove(part)
    assert path.read_bytes() == b"two"


def test_a_link_that_takes_the_place_of_a_file_is_not_opened(desk: Desk, tmp_path: Path) -> None:
    path = desk.put("memo.mp3")
    (part,) = desk.settled()[0].parts
    path.rename(tmp_path / "other.mp3")
    path.symlink_to(tmp_path / "other.mp3")
    with pytest.raises(PermanentError, match="file-vanished"):
        desk.inbox.open(part)
    assert not desk.inbox.remove(part)
    assert (tmp_path / "other.mp3").exists()


@pytest.mark.parametrize(
    ("folder", "document"),
    [
        ("soap", "soap"),
        ("SOAP", "soap"),
        ("SOAP note", "soap"),
        ("soap NOTE", "soap"),
        ("Intake Summary", "intake"),
        (unicodedata.normalize("NFC", "Überweisung"), "überweisung"),
        (unicodedata.normalize("NFD", "ÜBERWEISUNG"), "überweisung"),
        ("brief", "überweisung"),
    ],
)
def test_a_folder_named_by_key_or_title_chooses_the_document(desk: Desk, folder: str, document: str) -> None:
    desk.put(f"{folder}/memo.mp3")
    assert [(item.untrusted_name, item.document) for item in desk.settled()] == [("memo.mp3", document)]


def test_a_key_goes_before_another_documents_title(tmp_path: Path) -> None:
    clock = FakeClock()
    documents = {"soap": "SOAP note", "mine": "Soap"}
    inbox = InboxFolder(tmp_path, documents=documents, settle_seconds=1, give_up_seconds=1, clock=clock)
    (tmp_path / "soap").mkdir()
    (tmp_path / "soap" / "a.mp3").write_bytes(b"data")
    list(inbox.settled())
    clock.advance(1)
    assert [item.document for item in inbox.settled()] == ["soap"]


def test_what_lies_in_other_folders_stays_and_is_counted(desk: Desk) -> None:
    desk.put("Holiday/memo.mp3")
    desk.put("soap/deeper/still/memo.mp3")
    desk.put(".hidden/memo.mp3")
    assert desk.names() == set()
    assert desk.inbox.unknown_folders() == 2


def test_twins_in_both_normal_forms_are_two_items(desk: Desk) -> None:
    names = {unicodedata.normalize(form, "Müller.mp3") for form in ("NFC", "NFD")}
    for name in names:
        desk.put(name, name.encode())
    listed = {entry.name for entry in desk.folder.iterdir()}
    assert desk.names() == listed  # one where the file system takes them for one name


def test_a_name_that_is_not_utf8_becomes_text(desk: Desk) -> None:
    path = os.fsencode(desk.folder) + b"/memo\xff.mp3"
    try:
        Path(os.fsdecode(path)).write_bytes(b"data")
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    (item,) = desk.settled()
    assert item.untrusted_name == item.parts[0].untrusted_name == "memo\ufffd.mp3"
    with desk.inbox.open(item.parts[0]) as stream:
        assert stream.read() == b"data"
    assert desk.inbox.remove(item.parts[0])
    assert list(desk.folder.iterdir()) == []


@pytest.mark.parametrize("name", ["memo.docx", "memo", "notes.txt", "form.docx.age"])
def test_a_kind_that_cannot_be_read_is_an_item_with_its_code(desk: Desk, name: str) -> None:
    desk.put(name)
    assert [item.code for item in desk.settled()] == ["media-unsupported"]


@pytest.mark.parametrize("name", ["a.M4A.age", "a.mp3", "a.PDF", "a.b.mp3", "scan.tif.AGE"])
def test_a_kind_that_can_be_read_has_none(desk: Desk, name: str) -> None:
    desk.put(name)
    desk.after(0)
    assert [item.code for item in desk.after(GIVE_UP)] == [""]


# -- files named on the command line -------------------------------------------------------------------------------------


def test_picked_files_are_one_item_and_stay(tmp_path: Path) -> None:
    for name in ("a.mp3", "b.pdf"):
        (tmp_path / name).write_bytes(b"data")
    (tmp_path / "link.pdf").symlink_to(tmp_path / "b.pdf")
    item = PickedFiles.item([tmp_path / "a.mp3", tmp_path / "link.pdf"], "soap")
    assert [part.untrusted_name for part in item.parts] == ["a.mp3", "link.pdf"]
    assert (item.untrusted_name, item.document, item.code, item.final) == ("a.mp3", "soap", "", True)
    assert (item.route, item.stays) == ("command", True)
    picked = PickedFiles()
    for part in item.parts:
        with picked.open(part) as stream:
            assert stream.read() == b"data"
        assert picked.unchanged(part)
        assert not picked.remove(part)
    assert (tmp_path / "a.mp3").exists()


def test_a_picked_file_without_data_makes_the_item_so_if_it_is_the_only_one(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"data")
    (tmp_path / "b.pdf").write_bytes(b"")
    assert PickedFiles.item([tmp_path / "b.pdf"], "").code == "media-empty"
    assert PickedFiles.item([tmp_path / "a.mp3", tmp_path / "b.pdf"], "").code == ""


def test_what_is_not_a_file_cannot_be_picked(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp3")
    for path in (tmp_path / "nothing.mp3", tmp_path, tmp_path / "pipe.mp3"):
        with pytest.raises(PermanentError, match="file-missing"):
            PickedFiles.item([path], "")
