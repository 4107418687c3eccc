"""The machine's identity in the Keychain: under exact names, and never anywhere else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import keyring.core
import pytest
from keyring.backends import macOS

from daemon.adapters import age
from daemon.adapters.identity_place import IdentityPlace
from daemon.adapters.keychain import Keychain, macos_backend
from daemon.adapters.keys import init_keys, load_keys
from daemon.model.errors import PermanentError, RetryableError
from tests.fakes.keychain import MemoryKeyring


@pytest.fixture
def ring() -> MemoryKeyring:
    return MemoryKeyring()


@pytest.fixture
def keychain(ring: MemoryKeyring) -> Keychain:
    return Keychain(lambda: ring)


def test_the_identity_lies_in_the_keychain_and_in_no_file(
    tmp_path: Path, ring: MemoryKeyring, keychain: Keychain
) -> None:
    made = init_keys(tmp_path / "keys", tmp_path / "recovery.txt", "keychain", keychain)
    assert ring.entries == {("Chartdraft", made.identity.recipient): made.identity.secret}
    assert (tmp_path / "keys" / "identity.keychain").read_text() == f"{made.identity.recipient}\n"
    assert not any(made.identity.secret.encode() in path.read_bytes() for path in (tmp_path / "keys").iterdir())
    assert load_keys(tmp_path / "keys", "keychain", keychain) == made
    assert init_keys(tmp_path / "keys", tmp_path / "recovery.txt", "keychain", keychain) == made


def test_a_locked_keychain_is_waited_for_and_nothing_is_made_instead(
    tmp_path: Path, ring: MemoryKeyring, keychain: Keychain
) -> None:
    made = init_keys(tmp_path / "keys", tmp_path / "recovery.txt", "keychain", keychain)
    before = {path.name for path in (tmp_path / "keys").iterdir()}
    ring.locked = True
    for use in (load_keys, lambda *given: init_keys(given[0], tmp_path / "recovery.txt", *given[1:])):
        with pytest.raises(RetryableError, match="keychain-locked"):
            use(tmp_path / "keys", "keychain", keychain)
    assert {path.name for path in (tmp_path / "keys").iterdir()} == before
    ring.locked = False
    assert load_keys(tmp_path / "keys", "keychain", keychain) == made


def test_a_locked_keychain_at_the_first_start_leaves_no_identity(
    tmp_path: Path, ring: MemoryKeyring, keychain: Keychain
) -> None:
    ring.locked = True
    with pytest.raises(RetryableError, match="keychain-locked"):
        init_keys(tmp_path / "keys", tmp_path / "recovery.txt", "keychain", keychain)
    assert {path.name for path in (tmp_path / "keys").iterdir()} == {"recovery.pub"}


def test_an_entry_that_is_gone_or_another_ones_is_a_missing_key(
    tmp_path: Path, ring: MemoryKeyring, keychain: Keychain
) -> None:
    made = init_keys(tmp_path / "keys", tmp_path / "recovery.txt", "keychain", keychain)
    for secret in (age.generate_identity().secret, "nonsense", ""):
        ring.entries["Chartdraft", made.identity.recipient] = secret
        with pytest.raises(PermanentError, match="keys-missing"):
            load_keys(tmp_path / "keys", "keychain", keychain)
    ring.entries.clear()
    with pytest.raises(PermanentError, match="keys-missing"):
        load_keys(tmp_path / "keys", "keychain", keychain)


@pytest.mark.parametrize(("made", "asked"), [("file", "keychain"), ("keychain", "file")])
def test_a_setting_that_does_not_say_where_the_key_lies_is_refused(
    tmp_path: Path, keychain: Keychain, made: str, asked: str
) -> None:
    init_keys(tmp_path / "keys", tmp_path / "recovery.txt", made, keychain)  # type: ignore[arg-type]  # one of two
    with pytest.raises(PermanentError, match="keys-elsewhere"):
        load_keys(tmp_path / "keys", asked, keychain)  # type: ignore[arg-type]
    with pytest.raises(PermanentError, match="keys-elsewhere"):
        init_keys(tmp_path / "keys", tmp_path / "recovery.txt", asked, keychain)  # type: ignore[arg-type]


def test_who_comes_second_takes_the_firsts_identity_and_leaves_no_entry(
    tmp_path: Path, ring: MemoryKeyring, keychain: Keychain
) -> None:
    first, second = IdentityPlace(tmp_path, keychain), IdentityPlace(tmp_path, keychain)
    second.found = tuple  # type: ignore[method-assign,assignment]  # it looked before the first one published
    first.make("keychain")
    second.make("keychain")
    assert list(ring.entries) == [("Chartdraft", first.read("keychain").recipient)]


def test_the_backend_is_the_named_one_and_only_where_there_is_a_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PermanentError, match="keychain-missing"):
        macos_backend("linux")
    monkeypatch.delattr(macOS, "api", raising=False)
    with pytest.raises(PermanentError, match="keychain-missing"):
        macos_backend("darwin")
    monkeypatch.setattr(macOS, "api", object(), raising=False)
    assert type(macos_backend("darwin")) is macOS.Keyring


def test_keyring_looks_up_no_backend_by_itself() -> None:
    asked = (
        "import sys, keyring.core\n"
        "from keyring.backends import macOS\n"
        "macOS.api = object()\n"
        "from daemon.adapters.keychain import macos_backend\n"
        "macos_backend('darwin')\n"
        "sys.exit(keyring.core._keyring_backend is not None)"
    )
    assert keyring.core.__name__
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_files_are_used_without_ever_loading_keyring(tmp_path: Path) -> None:
    asked = (
        "import sys; from pathlib import Path\n"
        "from daemon.adapters.keys import init_keys\n"
        f"init_keys(Path({str(tmp_path / 'keys')!r}), Path({str(tmp_path / 'recovery.txt')!r}))\n"
        "sys.exit('keyring' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
