"""Partial transcripts are found by their recording, and only with the settings they were made with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from daemon.adapters.reading.partial_transcripts import PartialTranscripts
from daemon.adapters.reading.untrusted_reading import window_from
from daemon.model.errors import PermanentError
from daemon.model.limits import Limits
from daemon.model.partial_transcript import Window, window_from_bytes, window_to_bytes
from tests.fakes.vault import FakeVault

MEMO, OTHER = "ab" * 32, "cd" * 32
SETTINGS = ["model", '{"language": "en"}']
FIRST = Window(80_000, ((" Metformin", 0.9, 0.5, 1.0),), ((2.0, 3.0),), ((3.5, 4.5),))
NEXT = Window(150_000, ((" daily.", 0.8, 5.5, 6.0),))


@pytest.fixture
def vault() -> FakeVault:
    return FakeVault()


@pytest.fixture
def partials(vault: FakeVault, tmp_path: Path) -> PartialTranscripts:
    return PartialTranscripts(vault, tmp_path / "partial_transcripts.json")


def there(vault: FakeVault) -> set[str]:
    return set(vault.blobs) - vault.removed


def test_what_was_kept_is_found(partials: PartialTranscripts, vault: FakeVault) -> None:
    assert partials.find(MEMO, SETTINGS) is None
    partials.keep(MEMO, SETTINGS, FIRST)
    partials.keep(MEMO, SETTINGS, FIRST.with_next(NEXT))
    assert partials.find(MEMO, SETTINGS) == FIRST.with_next(NEXT)
    assert len(there(vault)) == 1, "the one before it is gone"


@pytest.mark.parametrize("other", [["another model", SETTINGS[1]], ["model", '{"language": "de"}'], []])
def test_with_other_settings_it_is_not_used_and_goes(
    partials: PartialTranscripts, vault: FakeVault, other: list[str]
) -> None:
    partials.keep(MEMO, SETTINGS, FIRST)
    assert partials.find(MEMO, other) is None
    assert not there(vault)
    assert partials.find(MEMO, SETTINGS) is None


def test_of_another_recording_it_is_not_used(partials: PartialTranscripts) -> None:
    partials.keep(MEMO, SETTINGS, FIRST)
    assert partials.find(OTHER, SETTINGS) is None
    partials.forget([OTHER])
    assert partials.find(MEMO, SETTINGS) == FIRST


def test_forgetting_may_be_repeated(partials: PartialTranscripts, vault: FakeVault) -> None:
    partials.keep(MEMO, SETTINGS, FIRST)
    partials.keep(OTHER, SETTINGS, NEXT)
    partials.forget([MEMO, OTHER])
    partials.forget([MEMO, OTHER])
    assert not there(vault)
    assert json.loads(partials.index.read_bytes()) == {}


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"a": 1}', b"\xff", b'{"a": ["b", "c"]}'])
def test_a_damaged_index_costs_the_work_and_nothing_else(partials: PartialTranscripts, damage: bytes) -> None:
    partials.keep(MEMO, SETTINGS, FIRST)
    partials.index.write_bytes(damage)
    assert partials.find(MEMO, SETTINGS) is None
    partials.keep(MEMO, SETTINGS, FIRST)
    assert partials.find(MEMO, SETTINGS) == FIRST


def test_a_blob_that_is_gone_costs_the_work_and_nothing_else(partials: PartialTranscripts, vault: FakeVault) -> None:
    partials.keep(MEMO, SETTINGS, FIRST)
    vault.blobs.clear()
    assert partials.find(MEMO, SETTINGS) is None


def test_the_index_tells_nothing(partials: PartialTranscripts) -> None:
    partials.keep(MEMO, SETTINGS, FIRST)
    said = partials.index.read_bytes()
    assert b"Metformin" not in said
    assert MEMO.encode() not in said


def test_a_window_is_the_same_after_sealing() -> None:
    assert window_from_bytes(window_to_bytes(FIRST)) == FIRST
    with pytest.raises(PermanentError, match="vault-unreadable"):
        window_from_bytes(b'{"until": 1}')


def test_a_window_that_does_not_go_on_is_refused() -> None:
    with pytest.raises(PermanentError, match="engine-protocol"):
        NEXT.with_next(FIRST)


@pytest.mark.parametrize(
    "change",
    [
        {"until": 0},
        {"until": 2**60},
        {"until": True},
        {"words": [[" a", 2.0, 0.0, 1.0]]},
        {"words": [[" a", 0.5, 1.0, 0.5]]},
        {"words": [[" a" * 5_000, 0.5, 0.0, 1.0]]},
        {"words": [[1, 0.5, 0.0, 1.0]]},
        {"words": None},
        {"foreign": [[0.0]]},
        {"unreadable": [[0.0, float("nan")]]},
    ],
)
def test_what_a_child_says_of_a_window_is_checked(change: dict[str, object]) -> None:
    assert window_from(FIRST.to_json(), Limits()) == FIRST
    with pytest.raises(PermanentError, match="engine-protocol"):
        window_from(FIRST.to_json() | change, Limits())
