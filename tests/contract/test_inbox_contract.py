"""What every inbox keeps to, the fake and the folder alike."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from daemon.adapters.inbox.folder import FILLING_SECONDS, InboxFolder
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.job import InboxItem
from daemon.ports import Inbox
from tests.fakes.clock import FakeClock
from tests.fakes.inbox import FakeInbox


@dataclass
class Subject:
    """An inbox, how to put (or replace) a file, to take one away, and to let all settle."""

    inbox: Inbox
    put: Callable[[str, bytes], object]
    take_away: Callable[[str], object]
    settle: Callable[[], list[InboxItem]]


@pytest.fixture(params=["fake", "folder"])
def subject(request: pytest.FixtureRequest, tmp_path: Path) -> Subject:
    if request.param == "fake":
        fake = FakeInbox()
        return Subject(fake, fake.put, fake.files.pop, lambda: list(fake.settled()))
    clock = FakeClock()
    documents = {"soap": "SOAP note", "intake": "Intake summary"}
    folder = InboxFolder(tmp_path, documents=documents, settle_seconds=4, give_up_seconds=120, clock=clock)
    (tmp_path / "soap").mkdir()
    moments = iter(range(1, 100))

    def put(path: str, data: bytes) -> None:
        coming = tmp_path / ".coming.part"
        coming.write_bytes(data)
        os.utime(coming, ns=(0, next(moments) * 10**9))
        (tmp_path / path).parent.mkdir(exist_ok=True, parents=True)
        coming.replace(tmp_path / path)

    def settle() -> list[InboxItem]:
        list(folder.settled())
        clock.advance(FILLING_SECONDS)
        return list(folder.settled())

    return Subject(folder, put, lambda path: (tmp_path / path).unlink(), settle)


def test_items_come_oldest_first_with_their_document(subject: Subject) -> None:
    subject.put("z.mp3", b"one")
    subject.put("soap/m.mp3", b"two")
    subject.put("a.mp3", b"three")
    found = [(item.untrusted_name, item.document, item.code) for item in subject.settle()]
    assert found == [("z.mp3", "", ""), ("m.mp3", "soap", ""), ("a.mp3", "", "")]


def test_exactly_what_was_seen_is_opened_and_removed(subject: Subject) -> None:
    subject.put("a.mp3", b"one")
    (part,) = subject.settle()[0].parts
    assert (part.untrusted_name, part.bytes) == ("a.mp3", 3)
    with subject.inbox.open(part) as stream:
        assert stream.read() == b"one"
    assert subject.inbox.unchanged(part)
    assert subject.inbox.remove(part)
    assert subject.settle() == []
    assert not subject.inbox.remove(part)


def test_a_file_that_came_in_between_is_neither_opened_nor_removed(subject: Subject) -> None:
    subject.put("a.mp3", b"one")
    (part,) = subject.settle()[0].parts
    subject.put("a.mp3", b"two")
    assert not subject.inbox.unchanged(part)
    assert not subject.inbox.remove(part)
    with pytest.raises(RetryableError, match="file-changed"):
        subject.inbox.open(part)
    (after,) = subject.settle()[0].parts
    with subject.inbox.open(after) as stream:
        assert stream.read() == b"two"


def test_a_file_that_vanished_is_said_so(subject: Subject) -> None:
    subject.put("a.mp3", b"one")
    (part,) = subject.settle()[0].parts
    subject.take_away("a.mp3")
    assert not subject.inbox.unchanged(part)
    assert not subject.inbox.remove(part)
    with pytest.raises(PermanentError, match="file-vanished"):
        subject.inbox.open(part)
    assert subject.settle() == []


def test_listing_takes_nothing_away(subject: Subject) -> None:
    subject.put("a.mp3", b"one")
    assert subject.settle() == subject.settle() != []


@pytest.mark.parametrize(("folder", "document"), [("Jane Doe", ""), ("soap/Jane Doe", "soap")])
def test_the_files_of_a_folder_are_one_item(subject: Subject, folder: str, document: str) -> None:
    subject.put("other.mp3", b"three")
    subject.put(f"{folder}/memo.mp3", b"one")
    subject.put(f"{folder}/page.jpg", b"\xff\xd8\xff\xda\xff\xd9")
    other, item = subject.settle()
    assert (item.untrusted_name, item.document, item.code) == ("Jane Doe", document, "")
    assert item.route == ("folder" if document else "kind-default")
    assert [part.untrusted_name for part in item.parts] == ["memo.mp3", "page.jpg"]
    assert {part.facts for part in subject.inbox.all_files()} == {part.facts for part in (*other.parts, *item.parts)}
    assert all(subject.inbox.remove(part) for part in item.parts)
    assert [item.untrusted_name for item in subject.settle()] == ["other.mp3"]
    assert list(subject.inbox.left_folders()) == []


def test_one_file_in_a_folder_of_no_document_is_left_and_named(subject: Subject) -> None:
    subject.put("Discharge/memo.mp3", b"one")
    assert subject.settle() == []
    (left,) = subject.inbox.left_folders()
    assert (left.untrusted_name, left.code) == ("Discharge", "inbox-folder-unknown")
    assert [part.untrusted_name for part in left.parts] == ["memo.mp3"]
    assert list(subject.inbox.all_files()) == list(left.parts)
    assert list(subject.inbox.left_folders()) == [left]
