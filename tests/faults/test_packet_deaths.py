"""Claim of several files in a process that dies at any call: never does the rest of a packet become an item of its own."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from daemon.adapters.inbox import folder as inbox_folder
from daemon.adapters.keys import Keys, init_keys
from daemon.model.errors import RetryableError
from daemon.steps.claim import ClaimPorts
from tests.fakes.crashing import Died, Fuse, Refusing
from tests.fakes.office import PACKET_SETTLE, Calls, Office

PORTS = ("vault", "board", "queue", "audit", "outbox")
PACKET = {"memo.mp3": b"voice", "page 2.tif": b"page two", "page 10.tif": b"page ten"}
CONTENTS = sorted(PACKET.values())


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    home = tmp_path_factory.mktemp("home")
    return init_keys(home / "keys", home / "recovery.txt")


@pytest.fixture
def office(tmp_path: Path, keys: Keys) -> Office:
    return Office(tmp_path, keys)


def wrapped(ports: ClaimPorts, fuse: Fuse) -> ClaimPorts:
    return replace(ports, **{name: fuse.wrap(getattr(ports, name)) for name in PORTS})


def dying(tmp_path: Path, keys: Keys, folder: str, *, after: bool) -> Iterator[tuple[Office, bool]]:
    """A new office for each call at which claiming one packet may die; whether it died. Ends with the claim that did not."""
    for calls in range(1, 200):
        home = tmp_path / str(calls)
        (home / "inbox" / folder).parent.mkdir(parents=True)
        office = Office(home, keys)
        office.put_folder(folder, PACKET)
        fuse = Fuse(calls, after=after)
        try:
            office.claim_all(fuse.wrap(Calls(office.inbox)), wrapped(office.ports, fuse))
        except Died:
            office.start()
            yield office, True
        else:
            yield office, False
            return
    pytest.fail("it never ends")


def holds_the_packet(office: Office) -> None:
    (row,) = office.ports.board.rows()
    assert office.contents() == CONTENTS
    assert office.queue.jobs == {(row.id, 1): row.manifest}
    assert len(office.events("item-claimed")) == 1
    assert office.events("item-duplicate") == []
    assert office.originals() == {}
    assert office.notes() == []


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("folder", ["Jane Doe", "soap/Jane Doe"])
def test_a_death_at_any_call_leads_to_one_job_of_all_files(
    tmp_path: Path, keys: Keys, folder: str, *, after: bool
) -> None:
    deaths = 0
    for office, died in dying(tmp_path, keys, folder, after=after):
        deaths += died
        gone = office.originals() == {}
        assert office.claim_all() == []
        assert office.inbox.left_folders() == []
        holds_the_packet(office)
        assert office.ports.board.originals() == {} or gone
    assert deaths >= 20


def test_what_is_left_of_a_packet_is_no_item_even_if_nothing_removed_it_before(tmp_path: Path, keys: Keys) -> None:
    """As the claim itself sees it: the packet's rest comes as an item, and is refused."""
    from daemon.steps import claim as step

    partial = 0
    for office, died in dying(tmp_path, keys, "soap/Jane Doe", after=True):
        if not died or len(office.originals()) in {0, len(PACKET)}:
            continue
        partial += 1
        list(office.inbox.settled())
        office.clock.advance(PACKET_SETTLE)
        (item,) = office.inbox.settled()
        with pytest.raises(RetryableError, match="file-changed"):
            step.claim(item, office.inbox, office.ports)
        holds_the_packet(office)
        # Those that went before the death are not seen here, and may lie elsewhere for all that this claim knows.
        assert not {part.facts for part in item.parts} & set(office.ports.board.originals())
    assert partial >= len(PACKET) - 1


def test_a_file_that_came_into_the_folder_after_the_death_is_an_item_of_its_own(tmp_path: Path, keys: Keys) -> None:
    for office, died in dying(tmp_path, keys, "soap/Jane Doe", after=True):
        if not died or len(office.originals()) in {0, len(PACKET)}:
            continue
        office.put("soap/Jane Doe/late.mp3", b"late")
        assert office.claim_all() == []
        assert office.contents() == CONTENTS
        assert office.claim_all() == []
        assert sorted(office.contents()) == sorted([*CONTENTS, b"late"])
        assert len(office.ports.board.rows()) == 2
        assert office.originals() == {}


def test_a_death_at_any_call_keeps_a_second_copy_of_a_packet_together(tmp_path: Path, keys: Keys) -> None:
    for calls in range(1, 200):
        home = tmp_path / str(calls)
        home.mkdir()
        office = Office(home, keys)
        office.put_folder("Jane Doe", PACKET)
        assert office.claim_all() == []
        office.finish()
        office.put_folder("Jane again", PACKET)
        fuse = Fuse(calls, after=True)
        try:
            office.claim_all(fuse.wrap(Calls(office.inbox)), wrapped(office.ports, fuse))
        except Died:
            office.start()
            assert office.claim_all() == []
        assert len(office.ports.board.rows()) == 1
        assert office.originals() == {}
        assert len(office.notes()) == len(office.events("item-duplicate")) == 1
        if fuse.left > 0:
            return
    pytest.fail("it never ends")


def test_a_remembered_file_with_another_content_is_not_removed(office: Office) -> None:
    """An inode, a size and a time may come back: what is not in the vault is an item."""
    office.put_folder("Jane Doe", PACKET)
    assert office.claim_all() == []
    (row,) = office.ports.board.rows()
    stranger = office.put("new.mp3", b"other")
    (part,) = office.inbox.all_files()
    office.ports.board.remember_originals(row.id, [part.facts])
    assert office.claim_all() == []
    assert not stranger.exists()
    assert sorted(office.contents()) == sorted([*CONTENTS, b"other"])
    assert office.ports.board.originals() == {}


def test_a_file_remembered_of_a_job_that_is_lost_is_an_item(office: Office) -> None:
    office.put("memo.mp3", b"voice")
    (part,) = office.inbox.all_files()
    office.ports.board.remember_originals("gone", [part.facts])
    assert office.claim_all() == []
    assert office.contents() == [b"voice"]


def test_what_cannot_be_removed_is_neither_drafted_again_nor_called_an_unknown_folder(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.unlink

    def refuse(path: str, **options: int) -> None:
        if "page" in str(path):
            raise PermissionError(errno.EACCES, "denied", path)
        real(path, **options)

    office.put_folder("Jane Doe", PACKET)
    monkeypatch.setattr(os, "unlink", refuse)
    assert office.claim_all() == ["inbox-unwritable"]
    for _ in range(2):
        with pytest.raises(RetryableError, match="inbox-unwritable"):
            office.claim_all()
    assert len(office.ports.board.rows()) == 1
    assert sorted(office.originals()) == ["Jane Doe/page 10.tif", "Jane Doe/page 2.tif"]
    monkeypatch.setattr(os, "unlink", real)
    assert office.claim_all() == []
    holds_the_packet(office)


def test_a_board_that_cannot_remember_keeps_every_original(office: Office) -> None:
    folder = office.put_folder("Jane Doe", PACKET)
    board = Refusing(office.ports.board, "remember_originals", RetryableError("disk-full"))
    changed: dict[str, Any] = {"board": board}
    for _ in range(2):
        assert office.claim_all(ports=replace(office.ports, **changed)) == ["disk-full"]
        assert len(list(folder.iterdir())) == len(PACKET)
    assert office.claim_all() == []
    holds_the_packet(office)


def test_a_board_that_cannot_forget_does_no_harm(office: Office) -> None:
    office.put_folder("Jane Doe", PACKET)
    board = Refusing(office.ports.board, "forget_originals", RetryableError("disk-full"))
    changed: dict[str, Any] = {"board": board}
    assert office.claim_all(ports=replace(office.ports, **changed)) == ["disk-full"]
    assert office.claim_all() == []
    holds_the_packet(office)


def test_an_inbox_that_is_away_is_no_reason_to_forget(tmp_path: Path, keys: Keys) -> None:
    for office, died in dying(tmp_path, keys, "soap/Jane Doe", after=True):
        if not died or len(office.originals()) in {0, len(PACKET)}:
            continue
        (office.folder / "inbox").rename(office.folder / "away")
        (office.folder / "inbox").mkdir()
        assert office.claim_all() == []
        (office.folder / "inbox").rmdir()
        (office.folder / "away").rename(office.folder / "inbox")
        assert office.claim_all() == []
        holds_the_packet(office)


def test_a_death_before_the_empty_folder_goes_leaves_nothing_to_tell(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise Died

    folder = office.put_folder("Jane Doe", PACKET)
    with monkeypatch.context() as dying_there:
        dying_there.setattr(inbox_folder, "remove_emptied", _after(len(PACKET), die))
        with pytest.raises(Died):
            office.claim_all()
    office.start()
    assert office.claim_all() == []
    office.clock.advance(1_000)
    assert list(office.inbox.settled()) == []
    assert office.inbox.left_folders() == []
    assert office.inbox.unknown_folders() == 0
    assert list(folder.iterdir()) == []
    assert office.contents() == CONTENTS


def _after(calls: int, then: Callable[..., None]) -> Callable[..., None]:
    """Nothing, until the call of that number."""
    counted = iter(range(calls - 1))
    return lambda *arguments: then() if next(counted, None) is None else None
