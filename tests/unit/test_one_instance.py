"""One daemon a home, whatever becomes of the lock file."""

from __future__ import annotations

from pathlib import Path

import pytest

from daemon.model.errors import RetryableError
from daemon.serving.one_instance import is_running, single_instance


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "daemon.lock"


def begin(lock: Path) -> None:
    with single_instance(lock):
        pass


def test_a_second_one_is_refused_and_a_later_one_is_not(lock: Path) -> None:
    with single_instance(lock):
        assert is_running(lock)
        with pytest.raises(RetryableError, match="already-running"):
            begin(lock)
    assert not is_running(lock)
    begin(lock)


def test_removing_the_lock_file_lets_no_second_one_in(lock: Path) -> None:
    with single_instance(lock):
        lock.unlink()
        assert is_running(lock)
        with pytest.raises(RetryableError, match="already-running"):
            begin(lock)
        assert is_running(lock)
    assert not is_running(lock)


def test_where_there_is_no_state_folder_nothing_runs(tmp_path: Path) -> None:
    assert not is_running(tmp_path / "state" / "daemon.lock")
