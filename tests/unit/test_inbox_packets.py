"""Folders in the inbox: which is one visit's and one item, and which is left where it lies, with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from daemon.adapters.inbox import listing as inbox_listing
from daemon.adapters.inbox.folder import FILLING_SECONDS
from daemon.adapters.inbox.packets import MAX_PARTS
from tests.fakes.desk import GIVE_UP, PACKET_SETTLE, SETTLE, Desk, asset

MEMO, FORM = "memo.mp3", "form.tif"
DATA = b"\0data"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "inbox").mkdir()
    return Desk(tmp_path / "inbox")


def put(desk: Desk, folder: str, *names: str) -> None:
    for name in names:
        desk.put(f"{folder}/{name}", DATA + name.encode())


def left(desk: Desk) -> dict[str, tuple[str, str]]:
    """What nothing is taken from, when everything was quiet for long: name → code and document meant."""
    desk.after(0)
    desk.after(GIVE_UP)
    return {folder.untrusted_name: (folder.code, folder.near) for folder in desk.inbox.left_folders()}


def test_a_folder_is_one_item_of_its_files_in_the_order_of_people(desk: Desk) -> None:
    put(desk, "Jane Doe", "Scan_10.tif", "Scan_2.tif", "notes.txt", "scan_1.tif", "memo 2.mp3", "letter.docx")
    (item,) = desk.settled()
    assert (item.untrusted_name, item.document, item.code, item.route) == ("Jane Doe", "", "", "kind-default")
    names = [part.untrusted_name for part in item.parts]
    assert names == ["memo 2.mp3", "notes.txt", "scan_1.tif", "Scan_2.tif", "Scan_10.tif", "letter.docx"]


@pytest.mark.parametrize("names", [(MEMO,), ("a.mp3", "b.mp3"), ("notes.txt",), ("form.docx",)])
def test_each_folder_in_a_documents_folder_is_an_item(desk: Desk, names: tuple[str, ...]) -> None:
    put(desk, "SOAP note/Jane Doe", *names)
    desk.put("SOAP note/by itself.mp3")
    found = {item.untrusted_name: item for item in desk.settled()}
    assert {(item.document, item.route) for item in found.values()} == {("soap", "folder")}
    assert [part.untrusted_name for part in found["Jane Doe"].parts] == list(names)
    assert set(found) == {"Jane Doe", "by itself.mp3"}


def test_what_is_nobodys_is_no_part(desk: Desk) -> None:
    put(desk, "Jane Doe", MEMO, FORM, ".DS_Store", "Thumbs.db", "README.txt", "._memo.mp3", "@eaDir/memo.mp3")
    (item,) = desk.settled()
    assert [part.untrusted_name for part in item.parts] == [MEMO, FORM]


# -- when it is settled ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["comes", "grows", "goes", "is renamed"])
def test_whatever_happens_in_a_folder_begins_its_quiet_time_anew(desk: Desk, change: str) -> None:
    put(desk, "Jane Doe", MEMO, FORM, "page.tif")
    desk.after(0)
    desk.clock.advance(PACKET_SETTLE - 1)
    path = desk.folder / "Jane Doe" / "page.tif"
    if change == "comes":
        put(desk, "Jane Doe", "new.tif")
    elif change == "grows":
        path.write_bytes(b"data and more")
    elif change == "goes":
        path.unlink()
    else:
        path.rename(path.with_name("renamed.tif"))
    assert desk.after(0) == []
    assert desk.inbox.next_due() == PACKET_SETTLE
    assert desk.after(PACKET_SETTLE - 1) == []
    (item,) = desk.after(1)
    assert len(item.parts) == {"comes": 4, "goes": 2}.get(change, 3)


def test_a_folder_that_is_renamed_while_it_settles_is_one_item_under_its_new_name(desk: Desk) -> None:
    put(desk, "Jane", MEMO, FORM)
    desk.after(0)
    (desk.folder / "Jane").rename(desk.folder / "Jane Doe")
    assert desk.after(PACKET_SETTLE) == []
    assert [item.untrusted_name for item in desk.after(PACKET_SETTLE)] == ["Jane Doe"]


def test_a_file_that_comes_while_another_item_is_claimed_is_waited_for(desk: Desk) -> None:
    desk.put("long memo.mp3")
    put(desk, "Jane Doe", MEMO, FORM)
    desk.after(0)
    desk.clock.advance(PACKET_SETTLE)
    names = []
    for item in desk.inbox.settled():
        names.append(item.untrusted_name)
        put(desk, "Jane Doe", "page 2.tif")
    assert names == ["long memo.mp3"]
    assert desk.inbox.next_due() == SETTLE
    desk.after(0)
    packet = next(item for item in desk.after(PACKET_SETTLE) if item.untrusted_name == "Jane Doe")
    assert len(packet.parts) == 3


def test_a_folder_that_vanishes_is_forgotten(desk: Desk) -> None:
    put(desk, "Jane Doe", MEMO, FORM)
    desk.after(0)
    (desk.folder / "Jane Doe").rename(desk.folder.parent / "elsewhere")
    assert desk.after(PACKET_SETTLE) == []
    assert desk.inbox.next_due() is None


def test_a_file_that_is_not_whole_keeps_the_folder_until_patience_ends(desk: Desk) -> None:
    put(desk, "Jane Doe", MEMO)
    desk.put("Jane Doe/form.pdf", asset("truncated.pdf"))
    assert desk.settled() == []
    assert desk.after(GIVE_UP - PACKET_SETTLE - 1) == []
    (item,) = desk.after(1)
    assert (item.final, item.code, len(item.parts)) == (True, "", 2)


@pytest.mark.parametrize("name", ["page.tif.part", ".page.tif.tmp", "~syncthing~page.tif"])
def test_a_copy_that_is_under_way_keeps_the_folder_until_patience_ends(desk: Desk, name: str) -> None:
    put(desk, "Jane Doe", MEMO, FORM, name)
    assert desk.settled() == []
    (item,) = desk.after(GIVE_UP)
    assert [part.untrusted_name for part in item.parts] == [MEMO, FORM]
    assert [desk.inbox.remove(part) for part in item.parts] == [True, True]
    assert [path.name for path in (desk.folder / "Jane Doe").iterdir()] == [name]


def test_the_engine_is_told_what_a_folder_begins_with(desk: Desk) -> None:
    put(desk, "Jane Doe", FORM, MEMO)
    desk.after(0)
    assert desk.inbox.settling_kind() == "recording"
    desk.after(PACKET_SETTLE)
    assert desk.inbox.settling_kind() is None


# -- what goes ---------------------------------------------------------------------------------------------------------


def test_an_emptied_folder_goes_with_what_systems_left_in_it(desk: Desk) -> None:
    put(desk, "Jane Doe", MEMO, FORM, ".DS_Store", "Thumbs.db", "._memo.mp3", "desktop.ini")
    put(desk, "soap/Jane Doe", MEMO)
    for item in desk.settled():
        assert all(desk.inbox.remove(part) for part in item.parts)
    assert [path.name for path in desk.folder.rglob("*")] == ["soap"]


def test_a_documents_folder_never_goes_and_the_inbox_never(desk: Desk) -> None:
    put(desk, "soap", MEMO)
    desk.put("other.mp3")
    for item in desk.settled():
        assert all(desk.inbox.remove(part) for part in item.parts)
    assert [path.name for path in desk.folder.rglob("*")] == ["soap"]


@pytest.mark.parametrize("late", ["late.tif", "README.txt", "late.tif.part", ".DS_Store/file", "deep/late.tif"])
def test_a_folder_with_anything_else_in_it_stays(desk: Desk, late: str) -> None:
    put(desk, "Jane Doe", MEMO, FORM)
    (item,) = desk.settled()
    put(desk, "Jane Doe", late)
    assert all(desk.inbox.remove(part) for part in item.parts)
    assert [path for path in desk.folder.rglob("*") if path.is_file()] == [desk.folder / "Jane Doe" / late]


def test_a_late_file_is_left_with_a_word(desk: Desk) -> None:
    put(desk, "Jane Doe", MEMO, FORM)
    (item,) = desk.settled()
    put(desk, "Jane Doe", "late.tif")
    for part in item.parts:
        desk.inbox.remove(part)
    assert left(desk) == {"Jane Doe": ("inbox-folder-unknown", "")}


# -- what is left ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "names", "code", "near"),
    [
        ("Discharge", (MEMO,), "unknown", ""),
        ("Jane Doe", (MEMO,), "unknown", ""),
        ("Jane Doe", ("a.txt", "b.txt"), "unknown", ""),
        ("Jane Doe", ("a.docx", "b.docx"), "unknown", ""),
        ("soap notes", (MEMO, FORM), "unknown", "soap"),
        ("SAOP note", (MEMO, FORM), "unknown", "soap"),
        ("Jane Doe intake", (MEMO, FORM), "unknown", "intake"),
        ("Scans", ("a.tif", "b.tif"), "unknown", ""),
        ("2026-08-02", (MEMO, FORM), "unknown", ""),
        ("Jane Doe", ("a.mp3", "b.mp3"), "several", ""),
        ("Jane Doe", ("a.mp3", "b.m4a.age", FORM), "several", ""),
        ("Jane Doe", (MEMO, FORM, "deep/page.tif"), "nested", ""),
        ("soap/Jane Doe", (MEMO, "deep/page.tif"), "nested", ""),
        ("soap/2026-08-02", (MEMO,), "unknown", ""),
        ("soap/Intake summary", (MEMO,), "unknown", ""),
        ("soap/Brief", (MEMO,), "unknown", ""),
        ("note.pages", (MEMO, "preview.jpg"), "package", ""),
        ("soap/note.pages", ("preview.jpg",), "package", ""),
        ("Jane Doe", (MEMO, FORM, ".page.tif.icloud"), "away", ""),
    ],
)
def test_what_is_no_packet_is_left_whole_and_said_so(
    desk: Desk, folder: str, names: tuple[str, ...], code: str, near: str
) -> None:
    put(desk, folder, *names)
    put(desk, "Marta Diaz", MEMO, FORM)
    before = {path: path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()}
    assert desk.names() == {"Marta Diaz"}
    assert left(desk) == {folder.removeprefix("soap/"): (f"inbox-folder-{code}", near)}
    assert desk.inbox.unknown_folders() == 1
    assert {path: path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()} == before


def test_a_file_whose_content_is_in_a_cloud_keeps_the_whole_folder(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As macOS shows it: the file has its name and size here, and a flag."""
    put(desk, "Jane Doe", MEMO, FORM)
    with monkeypatch.context() as patched:
        patched.setattr(inbox_listing, "_is_dataless", lambda _: True)
        assert desk.settled() == []
        assert left(desk) == {"Jane Doe": ("inbox-folder-away", "")}
    assert [len(item.parts) for item in desk.settled()] == [2]


def test_an_empty_folder_is_nothing(desk: Desk) -> None:
    for name in ("Referrals", "Jane Doe", "soap/Jane Doe", "note.pages"):
        (desk.folder / name).mkdir(parents=True)
    put(desk, "Scans", ".DS_Store")
    assert desk.settled() == []
    assert left(desk) == {}
    assert desk.inbox.next_due() is None


def test_a_folder_is_spoken_of_when_a_person_had_the_time_to_fill_it(desk: Desk) -> None:
    put(desk, "Jane Doe", MEMO)
    desk.after(0)
    desk.after(FILLING_SECONDS - 1)
    assert desk.inbox.left_folders() == []
    assert desk.inbox.next_due() == 1
    put(desk, "Jane Doe", FORM)
    desk.after(1)
    assert desk.inbox.left_folders() == []
    assert len(desk.after(PACKET_SETTLE)) == 1


def test_the_same_state_is_equal_and_another_is_not(desk: Desk) -> None:
    put(desk, "Scans", MEMO)
    left(desk)
    first = desk.inbox.left_folders()
    put(desk, "Scans", ".DS_Store")  # what Finder leaves when somebody looks
    left(desk)
    assert desk.inbox.left_folders() == first
    put(desk, "Scans", FORM)
    left(desk)
    assert desk.inbox.left_folders() != first


@pytest.mark.parametrize("where", ["Jane Doe", "soap/Jane Doe"])
def test_a_folder_of_more_files_than_a_visit_has_is_left(desk: Desk, where: str) -> None:
    put(desk, where, *(f"{number}.tif" for number in range(MAX_PARTS)))
    assert [len(item.parts) for item in desk.settled()] == [MAX_PARTS]
    put(desk, where, *(f"{number}.tif" for number in range(MAX_PARTS, 5_000)))
    assert desk.settled() == []
    assert left(desk) == {"Jane Doe": ("inbox-folder-crowded", "")}
    first = desk.inbox.left_folders()
    left(desk)
    assert desk.inbox.left_folders() == first
    assert len(list((desk.folder / where).iterdir())) == 5_000
