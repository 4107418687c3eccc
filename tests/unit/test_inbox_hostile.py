"""Folders that are made to mislead: links, odd names, what is swapped at the wrong moment. Nothing outside the inbox is touched."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from daemon.adapters.inbox import files as inbox_files
from daemon.model.errors import RetryableError
from tests.fakes.desk import GIVE_UP, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "inbox").mkdir()
    return Desk(tmp_path / "inbox")


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder of somebody else's."""
    folder = tmp_path / "outside"
    folder.mkdir()
    for name in ("memo.mp3", "form.tif", ".DS_Store"):
        (folder / name).write_bytes(b"\0data")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def codes(desk: Desk) -> list[str]:
    desk.after(0)
    desk.after(GIVE_UP)
    return [folder.code for folder in desk.inbox.left_folders()]


def test_linked_folders_are_not_followed(desk: Desk, outside: Path) -> None:
    before = contents(outside)
    (desk.folder / "Jane Doe").symlink_to(outside)
    (desk.folder / "soap").mkdir()
    (desk.folder / "soap" / "Jane Doe").symlink_to(outside)
    assert desk.names() == set()
    assert list(desk.inbox.all_files()) == []
    assert contents(outside) == before


@pytest.mark.parametrize("where", ["Jane Doe", "soap/Jane Doe"])
@pytest.mark.parametrize("odd", ["link to a file", "link to nothing", "pipe"])
def test_a_packet_with_a_link_in_it_is_left(desk: Desk, outside: Path, where: str, odd: str) -> None:
    before = contents(outside)
    for name in ("memo.mp3", "form.tif"):
        desk.put(f"{where}/{name}")
    path = desk.folder / where / "page.tif"
    if odd == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(outside / ("form.tif" if odd == "link to a file" else "nothing"))
    assert desk.names() == set()
    assert codes(desk) == ["inbox-folder-odd"]
    assert contents(outside) == before


def test_a_folder_that_becomes_a_link_between_two_looks_leads_nowhere(
    desk: Desk, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was a folder when the root was listed, and is a link when it is opened."""
    before = contents(outside)
    desk.put("Jane Doe/memo.mp3")
    real: Any = os.open

    def swap(path: Any, *arguments: Any, **options: Any) -> int:
        if path == "Jane Doe" and not (desk.folder / "Jane Doe").is_symlink():
            shutil.rmtree(desk.folder / "Jane Doe")
            (desk.folder / "Jane Doe").symlink_to(outside)
        descriptor: int = real(path, *arguments, **options)
        return descriptor

    monkeypatch.setattr(os, "open", swap)
    assert desk.settled() == []
    assert list(desk.inbox.all_files()) == []
    assert contents(outside) == before


def test_a_folder_that_becomes_a_link_before_its_files_are_removed_keeps_them(desk: Desk, outside: Path) -> None:
    """The very same files, moved away and linked back: what is not below the inbox is not removed."""
    for name in ("memo.mp3", "form.tif"):
        desk.put(f"Jane Doe/{name}")
    (item,) = desk.settled()
    (desk.folder / "Jane Doe").rename(outside / "moved")
    (desk.folder / "Jane Doe").symlink_to(outside / "moved")
    assert [desk.inbox.unchanged(part) for part in item.parts] == [True, True]
    assert [desk.inbox.remove(part) for part in item.parts] == [False, False]
    assert set(contents(outside / "moved")) == {"memo.mp3", "form.tif"}


def test_junk_is_not_removed_through_a_link(desk: Desk, outside: Path) -> None:
    (desk.folder / "Jane Doe").symlink_to(outside)
    (outside / "memo.mp3").unlink()
    (outside / "form.tif").unlink()
    assert not inbox_files.remove_emptied(desk.folder, "Jane Doe")
    assert set(contents(outside)) == {".DS_Store"}


ODD = ["Jane\nDoe", "Jane\u202egpj.eoD", "\u200bJane Doe", "J" * 255, "é" * 127, "Jane'; DROP TABLE jobs;--", "🤕 Jane"]


def test_a_link_under_the_name_of_junk_keeps_its_folder(desk: Desk, outside: Path) -> None:
    for name in ("memo.mp3", "form.tif"):
        desk.put(f"Jane Doe/{name}")
    (desk.folder / "Jane Doe" / ".DS_Store").symlink_to(outside / ".DS_Store")
    (item,) = desk.settled()
    assert all(desk.inbox.remove(part) for part in item.parts)
    assert [path.name for path in (desk.folder / "Jane Doe").iterdir()] == [".DS_Store"]


@pytest.mark.parametrize("name", ODD)
def test_odd_names_of_folders_and_files_are_taken_as_they_are(desk: Desk, name: str) -> None:
    files = [f"{name[:100]}.mp3", "form.tif"]
    for each in files:
        desk.put(f"{name}/{each}")
    (item,) = desk.settled()
    assert item.untrusted_name == name
    assert [part.untrusted_name for part in item.parts] == files
    assert all(desk.inbox.remove(part) for part in item.parts)
    assert list(desk.folder.iterdir()) == []


@pytest.mark.parametrize("name", ["..Jane Doe", ".Jane Doe", "@eaDir", "Jane Doe.download"])
def test_hidden_folders_are_nobodys(desk: Desk, name: str) -> None:
    for each in ("memo.mp3", "form.tif"):
        desk.put(f"{name}/{each}")
    assert desk.names() == set()
    assert codes(desk) == []


def test_names_that_are_not_utf8_become_text(desk: Desk) -> None:
    folder = os.fsencode(desk.folder) + b"/Jane\xff"
    try:
        Path(os.fsdecode(folder)).mkdir()
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    for name in (b"memo\xff.mp3", b"form.tif"):
        Path(os.fsdecode(folder + b"/" + name)).write_bytes(b"\0data")
    (item,) = desk.settled()
    assert item.untrusted_name == "Jane\ufffd"
    assert all(desk.inbox.remove(part) for part in item.parts)
    assert list(desk.folder.iterdir()) == []


def test_a_folder_that_cannot_be_read_is_left_and_said_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The permission bits do not bind every account, so the system's answer is made."""
    for name in ("memo.mp3", "form.tif"):
        desk.put(f"Jane Doe/{name}")
        desk.put(f"Marta Diaz/{name}")
    real: Any = os.open

    def locked(path: Any, *arguments: Any, **options: Any) -> int:
        if path == "Jane Doe":
            raise PermissionError(13, "denied", path)
        descriptor: int = real(path, *arguments, **options)
        return descriptor

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", locked)
        assert desk.names() == {"Marta Diaz"}
        assert codes(desk) == ["inbox-folder-locked"]
    assert desk.names() == {"Jane Doe", "Marta Diaz"}


def test_a_folder_that_does_not_let_go_keeps_its_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str, **_: object) -> None:
        raise PermissionError(13, "denied", path)

    for name in ("memo.mp3", "form.tif"):
        desk.put(f"Jane Doe/{name}")
    (item,) = desk.settled()
    monkeypatch.setattr(os, "unlink", refuse)
    with pytest.raises(RetryableError, match="inbox-unwritable") as kept:
        desk.inbox.remove(item.parts[0])
    assert kept.value.__suppress_context__
    assert set(contents(desk.folder / "Jane Doe")) == {"memo.mp3", "form.tif"}


def test_looking_leaves_no_folder_open(desk: Desk) -> None:
    for number in range(20):
        desk.put(f"Jane {number}/memo.mp3")
        desk.put(f"soap/Jane {number}/memo.mp3")
    desk.settled()
    before = len(list(Path("/dev/fd").iterdir()))
    list(desk.inbox.all_files())
    assert codes(desk)
    assert len(list(Path("/dev/fd").iterdir())) == before
