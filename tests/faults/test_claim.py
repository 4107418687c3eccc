"""Claim when a port refuses or the file changes under it, with real files: nothing is lost, nothing is done twice."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from daemon.adapters.inbox.folder import InboxFolder
from daemon.adapters.keys import Keys, init_keys
from daemon.adapters.vault.age_vault import AgeVault
from daemon.model.errors import RetryableError
from daemon.model.job import InboxPart
from daemon.ports import Sealed
from daemon.steps.claim import ClaimPorts
from tests.fakes.crashing import Refusing
from tests.fakes.office import Calls, Office
from tests.fakes.streams import failing_after

PORTS = ("vault", "board", "queue", "audit", "outbox")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    home = tmp_path_factory.mktemp("home")
    return init_keys(home / "keys", home / "recovery.txt")


@pytest.fixture
def office(tmp_path: Path, keys: Keys) -> Office:
    return Office(tmp_path, keys)


REFUSALS = [
    ("vault", "seal", "disk-full"),
    ("vault", "seal_bytes", "disk-full"),
    ("vault", "open", "state-unwritable"),
    ("board", "get", "state-unwritable"),
    ("board", "find", "state-unwritable"),
    ("board", "add", "disk-full"),
    ("queue", "enqueue", "disk-full"),
    ("audit", "record", "disk-full"),
]


def changed(ports: ClaimPorts, name: str, port: Any) -> ClaimPorts:
    changes: dict[str, Any] = {name: port}
    return replace(ports, **changes)


def test_every_port_of_claim_is_wrapped() -> None:
    assert {field.name for field in fields(ClaimPorts)} == {*PORTS, "clock", "by_kind", "max_bytes"}


@pytest.mark.parametrize(("port", "method", "code"), REFUSALS)
def test_what_refuses_is_waited_for_with_the_original_in_its_place(
    office: Office, port: str, method: str, code: str
) -> None:
    office.put("memo.mp3", b"voice")
    refusing = Refusing(getattr(office.ports, port), method, RetryableError(code))
    ports = changed(office.ports, port, refusing)
    for _ in range(3):
        assert office.claim_all(ports=ports) == [code]
        assert office.originals() == {"memo.mp3": b"voice"}
    refusing.error = None
    assert office.claim_all(ports=ports) == []
    office.holds_one(b"voice")
    assert office.originals() == {}


def test_an_outbox_that_is_away_keeps_the_second_copy(office: Office) -> None:
    office.put("memo.mp3", b"voice")
    office.claim_all()
    office.finish()
    office.put("copy.mp3", b"voice")
    (office.folder / "outbox").rename(office.folder / "away")
    assert office.claim_all() == ["outbox-unwritable"]
    assert office.originals() == {"copy.mp3": b"voice"}
    (office.folder / "away").rename(office.folder / "outbox")
    assert office.claim_all() == []
    assert office.originals() == {}
    assert len(office.notes()) == 1


@pytest.mark.parametrize("room", [0, 10, 1_000, 100_000])
def test_a_disk_that_fills_up_while_sealing(office: Office, room: int) -> None:
    data = os.urandom(300_000)
    office.put("memo.mp3", data)
    full = AgeVault(office.folder / "vault", office.keys, office.clock, opened=failing_after(room, errno.ENOSPC))
    assert office.claim_all(ports=replace(office.ports, vault=full)) == ["disk-full"]
    assert office.originals() == {"memo.mp3": data}
    assert office.ports.board.rows() == []
    assert [path for path in (office.folder / "vault" / "blobs").rglob("*") if path.is_file()] == []
    assert office.claim_all() == []
    office.holds_one(data)


def test_a_file_that_vanished_does_not_keep_the_next(office: Office) -> None:
    gone = office.put("gone.mp3", b"one")
    office.put("memo.mp3", b"two")

    class Hasty(Calls):
        """The first file to be opened is gone by then."""

        def __init__(self, inbox: InboxFolder) -> None:
            super().__init__(inbox)
            self.open = self.open_late

        def open_late(self, part: InboxPart) -> BinaryIO:
            gone.unlink(missing_ok=True)
            return office.inbox.open(part)

    assert office.claim_all(Hasty(office.inbox)) == ["file-vanished"]
    office.holds_one(b"two")
    assert office.originals() == {}


# -- the file is not the same any more ---------------------------------------------------------------------------------


class Meddling:
    """A vault during whose sealing something happens to the file, once."""

    def __init__(self, vault: Any, meddle: Callable[[], object]) -> None:
        self._vault, self._meddle = vault, meddle

    def __getattr__(self, name: str) -> Any:
        return getattr(self._vault, name)

    def seal(self, stream: BinaryIO) -> Sealed:
        first = stream.read(1)
        self._meddle()
        rest = stream.read()
        self._meddle = lambda: None
        sealed: Sealed = self._vault.seal_bytes(first + rest)
        return sealed


def appended(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b" and more")


CHANGES: list[tuple[str, Callable[[Office, Path], object], dict[str, bytes]]] = [
    ("replaced", lambda office, path: office.put(path.name, b"new"), {"memo.mp3": b"new"}),
    ("replaced by as much", lambda office, path: office.put(path.name, b"VOICE"), {"memo.mp3": b"VOICE"}),
    ("grown", lambda office, path: appended(path), {"memo.mp3": b"voice and more"}),
    ("cut", lambda office, path: path.write_bytes(b"v"), {"memo.mp3": b"v"}),
    ("renamed", lambda office, path: path.rename(path.with_name("new.mp3")), {"new.mp3": b"voice"}),
    ("vanished", lambda office, path: path.unlink(), {}),
]


@pytest.mark.parametrize(("change", "left"), [each[1:] for each in CHANGES], ids=[each[0] for each in CHANGES])
def test_a_file_that_changes_while_it_is_sealed_is_taken_in_later_as_it_is_then(
    office: Office, change: Callable[[Office, Path], object], left: dict[str, bytes]
) -> None:
    path = office.put("memo.mp3", b"voice")
    ports = replace(office.ports, vault=Meddling(office.ports.vault, lambda: change(office, path)))
    assert office.claim_all(ports=ports) == ["file-changed"]
    assert office.originals() == left
    assert office.ports.board.rows() == []
    assert office.claim_all() == []
    assert office.originals() == {}
    assert office.contents() == sorted(left.values())


@pytest.mark.parametrize("port", ["queue", "audit"])
def test_a_file_that_comes_while_its_elder_is_claimed_is_never_removed(office: Office, port: str) -> None:
    class Late:
        """Puts another file under the name just before the elder would go."""

        def __init__(self, inner: Any) -> None:
            self._inner = inner

        def __getattr__(self, name: str) -> Any:
            if not office.originals().get("memo.mp3", b"").startswith(b"new"):
                office.put("memo.mp3", b"new voice")
            return getattr(self._inner, name)

    office.put("memo.mp3", b"voice")
    assert office.claim_all(ports=changed(office.ports, port, Late(getattr(office.ports, port)))) == []
    assert office.originals() == {"memo.mp3": b"new voice"}
    office.holds_one(b"voice")
    assert office.claim_all() == []
    assert office.contents() == [b"new voice", b"voice"]
    assert office.originals() == {}
    assert len(office.events("item-claimed")) == 2


def test_what_could_not_be_removed_is_no_second_copy(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        raise PermissionError(errno.EACCES, "denied", path)

    office.put("memo.mp3", b"voice")
    real = os.unlink
    monkeypatch.setattr(os, "unlink", lambda path, **k: refuse(path) if "memo" in str(path) else real(path, **k))
    for _ in range(2):
        assert office.claim_all() == ["inbox-unwritable"]
        office.holds_one(b"voice")
        office.finish()
    monkeypatch.setattr(os, "unlink", real)
    assert office.claim_all() == []
    assert office.originals() == {}
    assert office.notes() == []
    assert office.events("item-duplicate") == []
