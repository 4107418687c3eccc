"""A scanner's loose pages as one item, where the settings say so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from daemon.adapters.inbox.folder import InboxFolder
from daemon.adapters.inbox.packets import MAX_PARTS
from tests.fakes.clock import FakeClock
from tests.fakes.desk import DOCUMENTS, GIVE_UP, SETTLE, Desk

WINDOW = 20.0


class Scanner(Desk):
    """A desk whose scanner's pages are joined. A page's time is given in seconds."""

    def __init__(self, folder: Path, window: float = WINDOW) -> None:
        self.folder, self.clock = folder, FakeClock()
        self.inbox = InboxFolder(
            folder,
            documents=DOCUMENTS,
            settle_seconds=SETTLE,
            give_up_seconds=GIVE_UP,
            clock=self.clock,
            join_scans_seconds=window,
        )

    def scan(self, name: str, second: float) -> Path:
        path = self.put(name, b"\0" + name.encode())
        os.utime(path, ns=(0, int(second * 1e9)))
        return path

    def items(self, seconds: float = WINDOW) -> list[tuple[str, list[str]]]:
        """What is settled after so long: name and parts."""
        self.after(0)
        return [(item.untrusted_name, [part.untrusted_name for part in item.parts]) for item in self.after(seconds)]


@pytest.fixture
def desk(tmp_path: Path) -> Scanner:
    return Scanner(tmp_path)


def test_pages_that_follow_each_other_are_one_item(desk: Scanner) -> None:
    for number in (9, 10, 11):
        desk.scan(f"Scan_{number}.tif", number * 10)
    assert desk.items() == [("Scan_9", ["Scan_9.tif", "Scan_10.tif", "Scan_11.tif"])]


def test_off_they_are_items_each(tmp_path: Path) -> None:
    desk = Scanner(tmp_path, 0.0)
    for number in (1, 2):
        desk.scan(f"Scan_{number}.tif", number)
    assert desk.items(SETTLE) == [("Scan_1.tif", ["Scan_1.tif"]), ("Scan_2.tif", ["Scan_2.tif"])]


@pytest.mark.parametrize(
    "pages",
    [
        {"Scan_1.tif": 0, "Scan_3.tif": 5},  # a page is missing, or is another's
        {"Scan_1.tif": 0, "Scan_2.tif": WINDOW + 1},
        {"Scan_1.tif": 5, "Scan_2.tif": 0},  # written before the page before it
        {"Scan_1.tif": 0, "Page_2.tif": 5},
        {"Scan_1.tif": 0, "Scan_2.png": 5},
        {"Scan_1.pdf": 0, "Scan_2.pdf": 5},
        {"Memo_1.mp3": 0, "Memo_2.mp3": 5},
        {"Scan_1.tif": 0, "soap/Scan_2.tif": 5},
        {"Scan_1.tif": 0, "Scan_01.tif": 5},
    ],
)
def test_others_stay_apart(desk: Scanner, pages: dict[str, float]) -> None:
    for name, second in pages.items():
        desk.scan(name, second)
    assert [len(parts) for _, parts in desk.items(GIVE_UP)] == [1, 1]


def test_two_runs_are_two_items(desk: Scanner) -> None:
    for number, second in ((1, 0), (2, 10), (3, 100), (4, 110), (5, 115)):
        desk.scan(f"Scan_{number}.tif", second)
    assert [name for name, _ in desk.items()] == ["Scan_1", "Scan_3"]


def test_in_a_documents_folder_they_become_that_document(desk: Scanner) -> None:
    for number in (1, 2):
        desk.scan(f"soap/Scan_{number}.tif", number)
    desk.after(0)
    (item,) = desk.after(WINDOW)
    assert (item.document, item.route, len(item.parts)) == ("soap", "folder", 2)


def test_the_last_page_is_waited_for(desk: Scanner) -> None:
    """A first page alone too: the next may be in the scanner."""
    desk.scan("Scan_1.tif", 0)
    assert desk.items(SETTLE) == []
    assert desk.inbox.next_due() == WINDOW - SETTLE
    desk.scan("Scan_2.tif", WINDOW - 1)
    assert desk.items(WINDOW - 1) == []
    assert desk.after(1)[0].untrusted_name == "Scan_1"


def test_a_page_by_itself_and_other_files_keep_their_names_and_their_pace(desk: Scanner) -> None:
    desk.scan("Scan_1.tif", 0)
    desk.scan("form.tif", 0)
    desk.scan("memo 1.mp3", 0)
    desk.scan("Scan_7.pdf", 0)
    assert {name for name, _ in desk.items(SETTLE)} == {"form.tif", "memo 1.mp3", "Scan_7.pdf"}
    assert "Scan_1.tif" in {name for name, _ in desk.items()}


def test_the_pages_of_a_packet_are_the_packets(desk: Scanner) -> None:
    for name in ("Jane Doe/Scan_1.tif", "Jane Doe/Scan_2.tif", "Jane Doe/memo.mp3"):
        desk.scan(name, 0)
    assert [name for name, _ in desk.items()] == ["Jane Doe"]


def test_a_run_without_end_is_cut(desk: Scanner) -> None:
    for number in range(MAX_PARTS + 1):
        desk.scan(f"Scan_{number}.tif", number)
    assert [len(parts) for _, parts in desk.items()] == [MAX_PARTS, 1]
