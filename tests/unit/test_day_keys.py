"""A day's key is the one that we made, the first of two, and gone for everybody once it is destroyed."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from daemon.adapters import age
from daemon.adapters.keys import Keys, init_keys
from daemon.adapters.vault.age_vault import AgeVault
from daemon.adapters.vault.day_keys import DayKeys
from daemon.model.errors import PermanentError
from tests.fakes.clock import FakeClock

CLOCK = FakeClock()


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return init_keys(tmp_path / "keys", tmp_path / "recovery.txt")


def plant(folder: Path, keys: Keys, identity: age.Identity, *notes: str) -> None:
    """As somebody could who knows the two public recipients and may write into the vault."""
    with (folder / "days" / "2026-11-21.made.age").open("wb") as file:
        age.encrypt(io.BytesIO(age.identity_text(identity, CLOCK.now(), *notes)), file, keys.recipients)


@pytest.mark.parametrize("copied", [False, True])
def test_a_key_of_somebody_elses_making_seals_nothing(tmp_path: Path, keys: Keys, *, copied: bool) -> None:
    vault, theirs = AgeVault(tmp_path, keys, CLOCK), age.generate_identity()
    sealed = vault.seal_bytes(b"before")
    note = ""
    if copied:  # with what vouches for another key
        whole = io.BytesIO()
        with (tmp_path / "days" / "2026-11-21.made.age").open("rb") as file:
            age.decrypt(file, whole, keys.identity, unreadable="vault-unreadable")
        note = next(line for line in whole.getvalue().decode().splitlines() if "chartdraft" in line)
    plant(tmp_path, keys, theirs, *([note] if note else []))
    later = AgeVault(tmp_path, keys, CLOCK).seal_bytes(b"after")
    assert later.blob.startswith("m20261122-")
    assert not [path for path in tmp_path.rglob("*.age") if age.is_for(io.BytesIO(path.read_bytes()), theirs)]
    with pytest.raises(PermanentError, match="vault-unreadable"):
        vault.open(sealed.blob)


def test_of_two_that_make_a_days_key_at_once_the_first_ones_is_it(tmp_path: Path, keys: Keys) -> None:
    vault = AgeVault(tmp_path, keys, CLOCK)
    blob = vault.seal_bytes(b"data").blob
    (day,) = vault.days()
    other = DayKeys(tmp_path / "days", keys)
    first = other.to_open(day)
    other.publish(day, age.generate_identity(), CLOCK.now())
    assert DayKeys(tmp_path / "days", keys).to_open(day) == first
    assert AgeVault(tmp_path, keys, CLOCK).open(blob) == b"data"


def test_a_destroyed_key_opens_nothing_in_a_process_that_held_it(tmp_path: Path, keys: Keys) -> None:
    holding, other = AgeVault(tmp_path, keys, CLOCK), AgeVault(tmp_path, keys, CLOCK)
    blob = holding.seal_bytes(b"data").blob
    assert holding.open(blob) == b"data"
    other.destroy(other.days()[0])
    with pytest.raises(PermanentError, match="vault-purged"):
        holding.open(blob)


def test_what_a_death_left_of_an_ended_day_is_swept(tmp_path: Path, keys: Keys) -> None:
    vault = AgeVault(tmp_path, keys, CLOCK)
    vault.seal_bytes(b"data")
    DayKeys(tmp_path / "days", keys).destroy(vault.days()[0])
    assert vault.sweep() == 1
    assert list((tmp_path / "blobs").iterdir()) == []
