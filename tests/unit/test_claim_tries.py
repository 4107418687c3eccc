"""What cannot be taken in: pauses that grow, and when a person must hear of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from daemon.model.claim_tries import LASTING_SECONDS, LEFT_SECONDS, Failing, failed_again


def failing_since(why: str, seconds: float) -> Failing:
    first = failed_again(None, why, 0.0, 30.0)
    return failed_again(first, why, seconds, 30.0)


def test_a_files_own_trouble_is_told_after_ten_minutes() -> None:
    for why in ("file-locked", "file-changed", "vault-missing", "ValueError"):
        assert not failing_since(why, 1.0).is_left(LEFT_SECONDS - 1)
        assert failing_since(why, 1.0).is_left(LEFT_SECONDS)
        assert not failing_since(why, 1.0).is_everybodys(LEFT_SECONDS)


def test_the_trouble_of_disk_and_folders_is_no_files() -> None:
    for why in ("disk-full", "state-unwritable", "audit-broken", "outbox-unwritable", "inbox-unwritable"):
        assert not failing_since(why, 1.0).is_left(10 * LEFT_SECONDS)
        assert failing_since(why, 1.0).is_everybodys(LASTING_SECONDS)
        assert not failing_since(why, 1.0).is_everybodys(LASTING_SECONDS - 1)


def test_what_nobody_foresaw_has_a_code_too() -> None:
    assert failing_since("ValueError", 1.0).code == "internal"
    assert failing_since("file-locked", 1.0).code == "file-locked"


@given(st.integers(1, 2000), st.floats(0.1, 900))
def test_pauses_grow_to_the_longest_and_never_beyond(times: int, longest: float) -> None:
    failing, now, before = failed_again(None, "file-locked", 0.0, longest), 0.0, 0.0
    for _ in range(times):
        pause = failing.again_at - now
        assert before - 1e-6 <= pause <= longest + 1e-6
        before, now = pause, failing.again_at
        failing = failed_again(failing, "file-locked", now, longest)
    assert (failing.times, failing.since) == (times + 1, 0.0)
