"""A reference is read strictly: it may come from a store that somebody wrote to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.model.audit_chain import AuditEvent
from daemon.model.blob_reference import BlobReference, VaultDay, day_to_seal, parse_day, parse_reference

NOW = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
DAYS = st.builds(VaultDay, st.dates(min_value=date(1000, 1, 1)), st.sampled_from(["original", "made"]))
REFERENCES = st.builds(
    BlobReference, st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26), st.none() | DAYS
)


@given(REFERENCES)
def test_a_reference_reads_back_and_may_stand_in_the_audit_trail(reference: BlobReference) -> None:
    text = str(reference)
    assert parse_reference(text) == reference
    AuditEvent("vault", key=text, time=NOW, facts={"blob": text})


@given(DAYS)
def test_a_day_reads_back(day: VaultDay) -> None:
    assert parse_day(str(day)) == day


@given(st.text() | st.from_regex(r"[om][0-9]{8}-[a-z2-7]{26}"))
def test_what_is_read_is_written_the_same(untrusted: str) -> None:
    parsed = parse_reference(untrusted)
    assert parsed is None or str(parsed) == untrusted


@pytest.mark.parametrize(
    "untrusted",
    [
        *("", "a" * 25, "a" * 27, "A" * 26, "a" * 26 + "\n", "../" + "a" * 23, "a" * 25 + "1", "-" + "a" * 26),
        *("o20261131-" + "a" * 26, "o2026112-" + "a" * 26, "x20261122-" + "a" * 26, "O20261122-" + "a" * 26),
        *("o00001122-" + "a" * 26, "o٢0261122-" + "a" * 26, "o20261122" + "a" * 26, "o20261122-" + "a" * 26 + "/.."),
    ],
)
def test_what_is_no_reference(untrusted: str) -> None:
    assert parse_reference(untrusted) is None


@pytest.mark.parametrize(
    "untrusted", ["", "2026-11-22", "2026-11-31.made", "2026-11-22.made.age", "2026-11-22.o", "x.made"]
)
def test_what_is_no_day(untrusted: str) -> None:
    assert parse_day(untrusted) is None


def test_what_comes_is_sealed_to_today_or_to_the_next_day_that_takes_it() -> None:
    today = VaultDay(NOW.date(), "made")
    assert day_to_seal(NOW, "made", lambda day: True) == today
    assert day_to_seal(NOW, "made", lambda day: day.date > today.date + timedelta(days=2)).date == date(2026, 11, 25)
