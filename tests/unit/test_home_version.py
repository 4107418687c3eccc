"""What is written down of a home's version, and which backups of older ones are kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.state.home_schema import MIGRATIONS
from daemon.model.errors import PermanentError
from daemon.model.home_version import (
    KEPT_BACKUPS,
    SCHEMA,
    UNWRITTEN,
    HomeVersion,
    check_version,
    read_version,
    superfluous_backups,
)

NAMES = st.builds(
    "schema-{}-2026{:02}{:02}T090000Z{}".format,
    st.integers(1, 4),
    st.integers(1, 12),
    st.integers(1, 28),
    st.sampled_from(["", "-1", "-2"]),
)


def test_what_is_written_is_read_and_nothing_written_is_the_first_version() -> None:
    assert read_version(HomeVersion(SCHEMA, "0.1.0").to_bytes()) == SCHEMA
    assert read_version(None) == UNWRITTEN
    check_version(SCHEMA)
    check_version(UNWRITTEN)


@pytest.mark.parametrize(
    "torn",
    [b"", b"{", b"[]", b"3", b'{"schema": "3"}', b'{"schema": true}', b'{"schema": 0}', b'{"schema": 1.5}', b"\xff"],
)
def test_a_number_that_cannot_be_read_is_never_guessed(torn: bytes) -> None:
    with pytest.raises(PermanentError, match="state-damaged"):
        read_version(torn)


def test_a_newer_home_is_refused() -> None:
    with pytest.raises(PermanentError, match="state-newer"):
        check_version(SCHEMA + 1)


def test_each_schema_has_one_migration_in_order() -> None:
    assert [migration.to for migration in MIGRATIONS] == list(range(UNWRITTEN + 1, SCHEMA + 1))
    assert len({migration.name for migration in MIGRATIONS}) == len(MIGRATIONS)


@given(names=st.sets(NAMES, max_size=12))
def test_the_newest_backups_and_the_first_of_the_newest_schema_are_kept(names: set[str]) -> None:
    removed = set(superfluous_backups(names))
    kept = names - removed
    assert removed <= names
    assert min(len(names), KEPT_BACKUPS) <= len(kept) <= KEPT_BACKUPS + 1
    if names:
        newest = max(name.split("-")[1] for name in names)
        first = min((name for name in names if name.split("-")[1] == newest), key=lambda name: name.split("-")[2:])
        assert first in kept
    times = sorted(names, key=lambda name: name.split("-")[2])
    if len({name.split("-")[2] for name in names}) == len(names):
        assert set(times[-KEPT_BACKUPS:]) <= kept


def test_what_is_no_backup_is_left_alone() -> None:
    assert superfluous_backups(["notes", ".coming", "schema-1", "schema-x-20260101T090000Z"]) == []
