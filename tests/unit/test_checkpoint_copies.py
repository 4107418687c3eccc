"""Signed checkpoints in a second folder: caught up on when it is back, never waited for, thinned with the years."""

from __future__ import annotations

import os
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon import wiring
from daemon.adapters.audit.checkpoint_copies import CheckpointCopies, list_copies
from daemon.adapters.audit.log import AuditLog
from daemon.adapters.audit.reader import verify_trail
from daemon.adapters.keys import Keys, init_keys
from daemon.config import load_home
from daemon.keeping import upkeep
from daemon.model.checkpoint_copy import (
    KEPT_DAYS,
    KEPT_TODAY,
    CheckpointCopy,
    key_of,
    parse_copy,
    superfluous_copies,
)
from tests.fakes.clock import FakeClock

TODAY = date(2026, 11, 22)
COPIES = st.builds(
    CheckpointCopy,
    st.dates(date(2025, 10, 1), TODAY + timedelta(days=3)),
    st.integers(0, 2_000),
    st.just("0123abcd"),
)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    home = tmp_path_factory.mktemp("home")
    return init_keys(home / "keys", home / "recovery.txt")


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def copies_of(folder: Path, keys: Keys) -> CheckpointCopies:
    return CheckpointCopies(folder / "audit", folder / "stick", keys.verifier, FakeClock())


def sign(folder: Path, keys: Keys, first: int, last: int, **options: int) -> None:
    log = AuditLog(folder / "audit", keys, FakeClock(), **options)  # type: ignore[arg-type]
    for n in range(first, last):
        log.record("read", key=f"read:{n}")
    log.close()


def lines_on(stick: Path, keys: Keys) -> list[int]:
    return sorted(copy.lines for copy in list_copies(stick, keys.verifier))


# -- names and thinning -----------------------------------------------------------------------------------------------
@given(copy=COPIES)
def test_a_name_tells_what_it_is_the_copy_of(copy: CheckpointCopy) -> None:
    assert parse_copy(copy.name) == copy


@pytest.mark.parametrize(
    "name", ["checkpoint.txt", "chartdraft-checkpoint-0123abcd-2026-13-01-000000001.txt", "chartdraft-checkpoint.txt"]
)
def test_other_files_are_no_copies(name: str) -> None:
    assert parse_copy(name) is None


@given(copies=st.sets(COPIES, max_size=80))
def test_thinning_keeps_each_month_and_the_first_and_last_of_each_late_day(copies: set[CheckpointCopy]) -> None:
    kept = copies - set(superfluous_copies(copies, TODAY))
    assert {(c.day.year, c.day.month) for c in kept} == {(c.day.year, c.day.month) for c in copies}
    late = {c for c in copies if c.day > TODAY - timedelta(days=KEPT_DAYS)}
    for day in {c.day for c in late}:
        of_day = sorted(c for c in late if c.day == day)
        assert {of_day[0], of_day[-1]} <= kept
    assert not copies or max(copies) in kept
    assert not set(superfluous_copies(kept, TODAY))


def test_a_program_that_starts_again_and_again_fills_no_stick() -> None:
    copies = {CheckpointCopy(TODAY - timedelta(days=n // 500), 100_000 - n, "0123abcd") for n in range(400 * 500)}
    kept = copies - set(superfluous_copies(copies, TODAY))
    assert len(kept) <= 1 + KEPT_TODAY + 2 * KEPT_DAYS + 14


# -- copying ----------------------------------------------------------------------------------------------------------
def test_what_was_signed_is_copied_and_verifies_against(tmp_path: Path, stick: Path, keys: Keys) -> None:
    sign(tmp_path, keys, 0, 3)
    copies_of(tmp_path, keys).copy_now()
    sign(tmp_path, keys, 3, 5)
    copies_of(tmp_path, keys).copy_now()
    copies_of(tmp_path, keys).copy_now()
    assert lines_on(stick, keys) == [3, 5]
    for copy in list_copies(stick, keys.verifier):
        note = (stick / copy.name).read_text()
        assert verify_trail(tmp_path / "audit", keys.verifier, note).checkpoint_lines == copy.lines


def test_a_stick_that_was_away_catches_up_on_every_closed_file(tmp_path: Path, stick: Path, keys: Keys) -> None:
    stick.rmdir()
    sign(tmp_path, keys, 0, 20, archive_bytes=2_000)
    copies_of(tmp_path, keys).copy_now()
    assert not stick.exists()  # an empty mount point is not filled
    stick.mkdir()
    copies_of(tmp_path, keys).copy_now()
    assert len(lines_on(stick, keys)) == len(list((tmp_path / "audit").glob("trail-*.jsonl"))) + 1
    assert lines_on(stick, keys)[-1] == 20


def test_what_this_key_did_not_sign_is_not_copied(tmp_path: Path, stick: Path, keys: Keys) -> None:
    sign(tmp_path, keys, 0, 3)
    note = tmp_path / "audit" / "checkpoint.txt"
    note.write_text(note.read_text().replace("\n3\n", "\n2\n"))
    copies_of(tmp_path, keys).copy_now()
    assert list(stick.iterdir()) == []


def test_the_copies_of_others_and_what_is_no_copy_stay(tmp_path: Path, stick: Path, keys: Keys) -> None:
    others = [CheckpointCopy(date(2020, 1, n), n, "ffffffff").name for n in (1, 2, 3)]
    for name in [*others, "letter.docx"]:
        (stick / name).write_text("x")
    mine = [CheckpointCopy(date(2020, 1, n), n, key_of(keys.verifier.name)).name for n in (1, 2, 3)]
    for name in mine:
        (stick / name).write_text("x")
    copies_of(tmp_path, keys).copy_now()
    assert sorted(path.name for path in stick.iterdir()) == sorted([*others, "letter.docx", mine[-1]])


def test_a_folder_that_hangs_keeps_nobody_waiting(tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    hangs, entered, calls = threading.Event(), threading.Event(), []

    def copy_now(copies: CheckpointCopies) -> None:
        calls.append(1)
        entered.set()
        hangs.wait(60)

    monkeypatch.setattr(CheckpointCopies, "copy_now", copy_now)
    copies = copies_of(tmp_path, keys)
    log = AuditLog(tmp_path / "audit", keys, FakeClock(), checkpoint_every=1, published=copies.soon)
    log.record("read", key="read:0")
    assert entered.wait(60)
    for n in range(1, 5):
        log.record("read", key=f"read:{n}")
    assert len(calls) == 1  # and those that were signed meanwhile are remembered:
    hangs.set()
    copies.wait(60)
    assert len(calls) == 2


def test_the_setting_leads_to_copies_of_what_a_command_signs(tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    (tmp_path / "config.toml").write_text('[upkeep]\ncheckpoint_dir = "stick"\n')
    home = load_home(tmp_path, None)
    upkeep.set_up(home, tmp_path / "recovery.txt")
    note = upkeep.sign_checkpoint(home)
    [copy] = list_copies(tmp_path / "stick", wiring.keys(home).verifier)
    assert (tmp_path / "stick" / copy.name).read_text() == note
    assert upkeep.verify_audit(home, tmp_path / "stick" / copy.name)["ok"]
    assert copy.day == datetime.now(UTC).date()


def test_a_copy_bears_the_day_on_which_it_was_signed(tmp_path: Path, stick: Path, keys: Keys) -> None:
    sign(tmp_path, keys, 0, 3)
    signed = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()
    os.utime(tmp_path / "audit" / "checkpoint.txt", (signed, signed))
    copies_of(tmp_path, keys).copy_now()
    assert [copy.day for copy in list_copies(stick, keys.verifier)] == [date(2026, 11, 20)]
