"""Keys are changed as a whole: a death at any instant is made good, and in the end the old keys open nothing at all."""

from __future__ import annotations

import io
import os
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from daemon import wiring
from daemon.adapters import age
from daemon.adapters.audit.reader import verify_trail
from daemon.adapters.key_change import KeyChange
from daemon.adapters.keychain import Keychain
from daemon.adapters.keys import Keys, load_keys
from daemon.adapters.vault.age_vault import AgeVault
from daemon.adapters.vault.day_keys import DayKeys
from daemon.adapters.vault.names import Names
from daemon.adapters.vault.rekeying import Rekeying
from daemon.config import Home, load_home
from daemon.keeping import upkeep
from daemon.keeping.rekeying import Rekeyed, Wish, rekey
from daemon.model.crash_point import CRASH_POINTS, die_at
from daemon.model.errors import ChartdraftError, PermanentError, RetryableError
from daemon.serving.one_instance import single_instance
from tests.fakes.clock import FakeClock
from tests.fakes.keychain import MemoryKeyring

KEEP = Wish(keep_recovery=True)
POINTS = [name for name in CRASH_POINTS if name.startswith("rekey-")]
OFTEN = ["rekey-day-key", "rekey-blob-sealed", "rekey-blob", "rekey-day-key-named"]


@dataclass
class Sealed:
    """A home with something sealed in every way that there is, and the identities that open it."""

    home: Home
    content: dict[str, bytes] = field(default_factory=dict)
    machine: list[age.Identity] = field(default_factory=list)
    recovery: list[age.Identity] = field(default_factory=list)

    def opens(self) -> None:
        """All that was sealed is there, under the same references."""
        vault = wiring.vault(self.home)
        assert {blob: vault.open(blob) for blob in self.content} == self.content


def sealed_directly(home: Home, keys: Keys, data: bytes) -> str:
    """As a version without day keys did."""
    import hashlib

    blob = Names(keys.content_id_key).of_blob(hashlib.sha256(data).digest())
    (home.vault / "blobs" / blob[:2]).mkdir(exist_ok=True, parents=True)
    with (home.vault / "blobs" / blob[:2] / f"{blob}.age").open("wb") as file:
        age.encrypt(io.BytesIO(data), file, keys.recipients)
    return blob


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    home = load_home(tmp_path, None)
    upkeep.set_up(home, tmp_path / "recovery.txt")
    keys, clock, made = load_keys(home.keys), FakeClock(), Sealed(home)
    vault = AgeVault(home.vault, keys, clock)
    for day in range(3):
        for data in (b"memo %d" % day, os.urandom(200_000)):
            made.content[vault.seal(io.BytesIO(data)).blob] = data
        made.content[vault.seal_bytes(b"draft %d" % day).blob] = b"draft %d" % day
        clock.advance(24 * 3600)
    vault.seal(io.BytesIO(b"ended"))
    vault.destroy(vault.days()[-1])
    for data in (b"older", b""):
        made.content[sealed_directly(home, keys, data)] = data
    made.machine += [keys.identity, *(DayKeys(home.vault / "days", keys).read(day) for day in vault.days())]
    recovery = age.parse_identity((tmp_path / "recovery.txt").read_text())
    assert recovery is not None
    made.recovery.append(recovery)
    return made


def files_of(home: Home) -> list[Path]:
    return [path for path in home.state.rglob("*") if path.is_file()]


def opened_by(identity: age.Identity, home: Home) -> list[Path]:
    return [path for path in files_of(home) if age.is_for(io.BytesIO(path.read_bytes()), identity)]


def events(home: Home) -> list[str]:
    return [line for line in (home.audit / "trail.jsonl").read_text().splitlines() if '"event":"keys-changed"' in line]


def dies_at(place: str, act: Callable[[], object]) -> bool:
    """Whether it came to that place, in a process of its own."""
    if (child := os.fork()) == 0:
        code = 1
        try:
            die_at(place)
            act()
            code = 0
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    assert status in {0, signal.SIGKILL}
    return status == signal.SIGKILL


def test_everything_opens_under_the_same_names_and_the_old_keys_open_nothing(sealed: Sealed, tmp_path: Path) -> None:
    home = sealed.home
    assert all(opened_by(identity, home) for identity in sealed.machine + sealed.recovery)
    before = {path: path.read_bytes() for path in files_of(home)}
    done = rekey(home, Wish(recovery_out=tmp_path / "new-recovery.txt"))
    assert done == Rekeyed(len(sealed.content), 0)
    sealed.opens()
    assert not any(opened_by(identity, home) for identity in sealed.machine + sealed.recovery)
    assert not any(path.suffix == ".age" and path.read_bytes() == before.get(path) for path in files_of(home))
    secrets = [identity.secret.encode() for identity in sealed.machine + sealed.recovery]
    assert not any(secret in path.read_bytes() for path in files_of(home) for secret in secrets)
    assert not [path for path in home.keys.iterdir() if "next" in path.name]


@pytest.mark.needs("age")
def test_ages_own_program_opens_nothing_with_the_old_keys_and_all_with_the_new(sealed: Sealed, tmp_path: Path) -> None:
    home = sealed.home
    (tmp_path / "old.txt").write_text("".join(f"{each.secret}\n" for each in sealed.machine + sealed.recovery))
    files = [path for path in files_of(home) if path.suffix == ".age"]

    def opens(path: Path, identity: Path | str, given: bytes | None = None) -> bytes | None:
        command = ["age", "-d", "-i", str(identity), str(path)]
        done = subprocess.run(command, input=given, capture_output=True, check=False)
        return done.stdout if done.returncode == 0 else None

    assert all(opens(path, tmp_path / "old.txt") is not None for path in files)
    rekey(home, Wish(recovery_out=tmp_path / "new.txt"))
    assert [opens(path, tmp_path / "old.txt") for path in files] == [None] * len(files)
    days = {path.stem: opens(path, tmp_path / "new.txt") for path in (home.vault / "days").glob("*.age")}
    for path in (home.vault / "blobs").rglob("*.age"):
        key = days.get(path.parent.name)
        content = opens(path, "-", key) if key else opens(path, tmp_path / "new.txt")
        assert content in sealed.content.values()


def test_the_recovery_key_is_kept_if_that_is_asked(sealed: Sealed) -> None:
    rekey(sealed.home, KEEP)
    assert not any(opened_by(identity, sealed.home) for identity in sealed.machine)
    (recovery,) = sealed.recovery
    days = {path for path in files_of(sealed.home) if path.parent.name == "days" and path.suffix == ".age"}
    assert days < set(opened_by(recovery, sealed.home))


def test_senders_and_the_trail_are_told_once(sealed: Sealed) -> None:
    home = sealed.home
    rekey(home, KEEP)
    keys = load_keys(home.keys)
    assert (home.inbox / "RECIPIENT.txt").read_text() == keys.recipients_text()
    (event,) = events(home)
    assert f'"blobs":{len(sealed.content)},"by":"' in event
    assert verify_trail(home.audit, keys.verifier, None).ok
    assert keys.content_id_key == (home.keys / "content-id.key").read_bytes()


@pytest.mark.parametrize("place", [*POINTS, *(f"{name}:3" for name in OFTEN)])
def test_a_death_at_any_place_is_made_good_by_running_it_again(sealed: Sealed, tmp_path: Path, place: str) -> None:
    home = sealed.home
    out = None if ":" in place else tmp_path / "new-recovery.txt"
    wish = Wish(recovery_out=out, keep_recovery=out is None)
    assert dies_at(place, lambda: rekey(home, wish))
    if KeyChange(home.keys, Keychain()).is_begun():
        with pytest.raises(PermanentError, match="rekey-unfinished"):
            wiring.vault(home)
        rekey(home, Wish())  # what becomes of the recovery key was said when it was begun
    else:
        assert place == "rekey-recovery-next"
        rekey(home, wish)
    sealed.opens()
    old = sealed.machine + (sealed.recovery if out else [])
    assert not any(opened_by(identity, home) for identity in old)
    assert len(events(home)) == 1
    assert verify_trail(home.audit, load_keys(home.keys).verifier, None).ok
    assert not [path for path in files_of(home) if "next" in path.name or path.name.endswith(".part")]
    if out:
        identity = age.parse_identity(out.read_text())
        assert identity is not None
        assert load_keys(home.keys).recovery == identity.recipient


def test_nothing_else_works_meanwhile(sealed: Sealed) -> None:
    with single_instance(sealed.home.lock), pytest.raises(RetryableError, match="already-running"):
        rekey(sealed.home, KEEP)
    sealed.opens()


@pytest.mark.parametrize("name", ["memo.m4a.age", "packet/memo.AGE"])
def test_what_only_the_old_key_opens_is_taken_in_first(sealed: Sealed, name: str) -> None:
    waiting = sealed.home.inbox / name
    waiting.parent.mkdir(exist_ok=True)
    waiting.write_bytes(b"sealed")
    with pytest.raises(PermanentError, match="rekey-inbox"):
        rekey(sealed.home, KEEP)
    sealed.opens()
    waiting.unlink()
    rekey(sealed.home, KEEP)
    sealed.opens()


@pytest.mark.parametrize("both", [True, False])
def test_what_becomes_of_the_recovery_key_must_be_said(sealed: Sealed, tmp_path: Path, *, both: bool) -> None:
    wish = Wish(recovery_out=tmp_path / "new.txt", keep_recovery=True) if both else Wish()
    with pytest.raises(PermanentError, match="wrong-use"):
        rekey(sealed.home, wish)
    assert not (tmp_path / "new.txt").exists()
    sealed.opens()


def test_the_recovery_key_that_is_to_be_changed_is_not_taken_for_the_new_one(sealed: Sealed, tmp_path: Path) -> None:
    with pytest.raises(PermanentError, match="recovery-unusable"):
        rekey(sealed.home, Wish(recovery_out=tmp_path / "recovery.txt"))
    sealed.opens()


def test_an_inbox_that_is_away_is_waited_for(sealed: Sealed) -> None:
    sealed.home.inbox.rename(sealed.home.inbox.with_name("away"))
    with pytest.raises(RetryableError, match="inbox-away"):
        rekey(sealed.home, KEEP)
    sealed.opens()


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def test_a_file_that_no_key_opens_keeps_the_old_key_until_it_is_said_to_go(sealed: Sealed) -> None:
    home = sealed.home
    blobs = sorted((home.vault / "blobs").rglob("*.age"))
    flip(blobs[0])
    with pytest.raises(PermanentError, match="rekey-unreadable"):
        rekey(home, KEEP)
    assert (home.keys / "identity.txt").read_text().splitlines()[-1] == sealed.machine[0].secret
    assert rekey(home, Wish(remove_unreadable=True)) == Rekeyed(len(sealed.content) - 1, 1)
    assert not blobs[0].exists()
    assert not any(opened_by(identity, home) for identity in sealed.machine)


def test_a_days_key_that_nobody_opens_ends_with_the_old_key(sealed: Sealed) -> None:
    home = sealed.home
    flip(home.vault / "days" / "2026-11-21.original.age")
    with pytest.raises(PermanentError, match="rekey-unreadable"):
        rekey(home, KEEP)
    assert rekey(home, Wish(remove_unreadable=True)) == Rekeyed(len(sealed.content) - 2, 2)
    assert not any(opened_by(identity, home) for identity in sealed.machine)


def test_a_blob_that_another_made_is_found_before_the_old_key_goes(sealed: Sealed) -> None:
    """Whoever knows the recipients can make an age file; not one of this name."""
    home = sealed.home
    (blob,) = [blob for blob, data in sealed.content.items() if data == b"older"]
    with (home.vault / "blobs" / blob[:2] / f"{blob}.age").open("wb") as file:
        age.encrypt(io.BytesIO(b"another"), file, load_keys(home.keys).recipients)
    with pytest.raises(PermanentError, match="rekey-unreadable"):
        rekey(home, KEEP)


def test_a_full_disk_half_way_is_gone_on_with(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    home = sealed.home
    with monkeypatch.context() as full:

        def fail(*_: object) -> None:
            raise RetryableError("disk-full")

        full.setattr(Rekeying, "settle", fail)
        with pytest.raises(RetryableError, match="disk-full"):
            rekey(home, KEEP)
    rekey(home, Wish())
    sealed.opens()


@pytest.mark.parametrize("place", [None, "rekey-begun", "rekey-blob", "rekey-ending"])
def test_the_key_moves_into_the_keychain_and_back(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch, place: str | None
) -> None:
    home, ring = sealed.home, MemoryKeyring()
    monkeypatch.setattr(Keychain.__init__, "__defaults__", (lambda: ring,))
    for kept_in, other in (("keychain", "identity.txt"), ("keychain", "identity.txt"), ("file", "identity.keychain")):
        home = home.model_copy(update={"settings": home.settings.model_copy(update={"keys_in": kept_in})})
        old = list(ring.entries)
        if place:
            with monkeypatch.context() as dying:
                dying.setattr("daemon.adapters.key_change.crash_point", _raising(place))
                dying.setattr("daemon.adapters.vault.rekeying.crash_point", _raising(place))
                with pytest.raises(_DiedError):
                    rekey(home, KEEP)
        rekey(home, KEEP if not place else Wish())
        assert len(ring.entries) == (kept_in == "keychain")
        assert not set(old) & set(ring.entries)
        assert not (home.keys / other).exists()
        vault = wiring.vault(home)
        assert {blob: vault.open(blob) for blob in sealed.content} == sealed.content


class _DiedError(Exception):
    """In the place of a death, where what is in memory must be kept: the Keychain's stand-in."""


def _raising(place: str) -> Callable[[str], None]:
    def crash_point(name: str) -> None:
        if name == place:
            raise _DiedError

    return crash_point


def test_a_start_without_a_recovery_recipient_is_refused(sealed: Sealed) -> None:
    (sealed.home.keys / "recovery.pub").write_text("nobody\n")
    with pytest.raises(ChartdraftError, match="keys-missing"):
        wiring.vault(sealed.home)
