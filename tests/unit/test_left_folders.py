"""The word about a folder that nothing is taken from: once for each state of it, and what it says."""

from __future__ import annotations

from typing import Any, cast

import pytest

from daemon.adapters.outbox.notes import left_note
from daemon.model.error_catalog import CATALOG
from daemon.model.errors import RetryableError
from daemon.running import Running
from tests.fakes.practice import Practice

TITLES = {"soap": "SOAP note", "prior-auth": "Prior authorization"}


@pytest.fixture
def office() -> Practice:
    return Practice()


def running(office: Practice) -> Running:
    """All that telling needs of a home."""
    unused = cast("Any", None)
    return Running(
        board=cast("Any", office.board),
        audit=cast("Any", office.audit),
        outbox=cast("Any", office.outbox),
        inbox=cast("Any", office.inbox),
        ports=office.ports,
        reader=unused,
        chosen=unused,
    )


def test_it_is_told_once_and_again_when_the_folder_is_another(office: Practice) -> None:
    made = running(office)
    office.inbox.put("Discharge/memo.mp3", b"voice")
    for _ in range(3):
        made.tell_of_folders()
    assert office.outbox.names() == {"Discharge - NOT TAKEN IN.txt"}
    assert office.audit.codes == ["folder-left"]
    office.outbox.files.clear()  # a person has read it and removed it
    made.tell_of_folders()
    assert office.outbox.names() == set()
    office.inbox.put("Discharge/memo.mp3", b"another")
    made.tell_of_folders()
    assert office.outbox.names() == {"Discharge - NOT TAKEN IN.txt"}


def test_a_folder_that_went_is_forgotten_and_told_of_again_when_it_is_back(office: Practice) -> None:
    made = running(office)
    part = office.inbox.put("Discharge/memo.mp3", b"voice")
    made.tell_of_folders()
    office.inbox.files.clear()
    made.tell_of_folders()
    assert made.told == {}
    office.inbox.files["Discharge/memo.mp3"] = (part, b"voice")
    made.tell_of_folders()
    assert list(made.told) == ["Discharge"]


def test_an_outbox_that_is_away_is_told_later(office: Practice) -> None:
    made = running(office)
    office.inbox.put("Discharge/memo.mp3", b"voice")
    office.outbox.failures.append(RetryableError("outbox-unwritable"))
    with pytest.raises(RetryableError, match="outbox-unwritable"):
        made.tell_of_folders()
    assert made.told == {}
    made.tell_of_folders()
    assert office.outbox.names() == {"Discharge - NOT TAKEN IN.txt"}


def test_the_rest_of_a_packet_that_is_going_is_not_spoken_of(office: Practice) -> None:
    made = running(office)
    part = office.inbox.put("Jane Doe/memo.mp3", b"voice")
    office.board.remember_originals("job", [part.facts])
    made.tell_of_folders()
    assert (office.outbox.names(), made.told) == (set(), {})
    made.finish_removals()  # its job is lost: it is a file like any other
    made.tell_of_folders()
    assert office.outbox.names() == {"Jane Doe - NOT TAKEN IN.txt"}


def test_no_name_is_in_the_trail(office: Practice) -> None:
    office.inbox.put("Zebulon/memo.mp3", b"voice")
    running(office).tell_of_folders()
    assert "Zebulon" not in repr(office.audit.events)


def text(code: str, near: str = "") -> str:
    return left_note(code, stem="Jane\u202e Doe", near=near, titles=TITLES).decode("utf-8-sig")


@pytest.mark.parametrize("code", sorted(code for code in CATALOG if code.startswith("inbox-folder-")))
def test_each_reason_says_what_happened_what_to_do_and_which_folders_there_are(code: str) -> None:
    note = text(code)
    happened, _, todo = CATALOG[code].sentence.partition("; ")
    assert happened in note
    assert todo[1:].rstrip(".") in note
    assert "prior-auth (Prior authorization), soap (SOAP note)" in note
    assert "one visit of one patient" in note
    assert "deleted" in note
    assert "\u202e" not in note


def test_the_document_that_may_be_meant_is_named() -> None:
    assert "put the files into the folder “prior-auth” of the inbox" in text("inbox-folder-unknown", "prior-auth")
    assert "folder “prior-auth”" not in text("inbox-folder-unknown")
