"""An item that stops the whole program: counted over processes, never for an error, a wish to stop, or another step."""

from __future__ import annotations

from pathlib import Path

import pytest

from daemon.adapters.state.stored_tries import StoredTries
from daemon.model.errors import PermanentError
from daemon.model.step_tries import LEAST_SECONDS, MAX_DEATHS, StepTries
from tests.fakes.clock import FakeClock


class PowerCutError(BaseException):
    """As a kill: nothing in the process hears of it."""


CLOCK = FakeClock()


def tries_in(file: Path) -> StoredTries:
    """As the next process has them, half a minute later: a service manager waits."""
    CLOCK.advance(30.0)
    return StoredTries(file, CLOCK)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tries.json"


def die_in(step: str, tries: StepTries) -> None:
    with pytest.raises(PowerCutError), tries.counted(step):
        raise PowerCutError


def test_so_many_deaths_in_one_step_and_it_is_not_begun_again(file: Path) -> None:
    for _ in range(MAX_DEATHS):
        die_in("a-1-read", tries_in(file))
    with pytest.raises(PermanentError, match="item-poison"), tries_in(file).counted("a-1-read"):
        raise AssertionError
    assert tries_in(file).deaths("a-1-read") == 0, "asked for again, it is tried again"


def test_deaths_of_other_steps_and_revisions_do_not_count(file: Path) -> None:
    for number in range(3 * MAX_DEATHS):
        die_in(f"{number}-1-read", tries_in(file))
    with tries_in(file).counted("0-2-read"):
        pass
    assert tries_in(file).deaths("0-2-read") == 0


def test_an_end_or_an_error_clears_what_went_before(file: Path) -> None:
    for end in (None, ValueError, PermanentError):
        for _ in range(MAX_DEATHS - 1):
            die_in("a-1-read", tries_in(file))
        try:
            with tries_in(file).counted("a-1-read"):
                if end is not None:
                    raise end("internal")
        except (ValueError, PermanentError):
            pass
        assert tries_in(file).deaths("a-1-read") == 0


def test_a_stop_that_was_asked_for_does_not_count_and_those_before_it_stay(file: Path) -> None:
    die_in("a-1-read", tries_in(file))
    for _ in range(MAX_DEATHS):
        tries = tries_in(file)
        die_in("a-1-read", tries)
        tries.forgive()
    assert tries_in(file).deaths("a-1-read") == 1


def test_a_begin_is_on_the_disk_before_the_work(file: Path) -> None:
    with tries_in(file).counted("a-1-read"):
        assert tries_in(file).deaths("a-1-read") == 1
    assert not file.exists()


def test_one_process_that_tries_again_counts_once(file: Path) -> None:
    tries = tries_in(file)
    for _ in range(MAX_DEATHS + 2):
        tries.begin("a-1-read")
    assert tries_in(file).deaths("a-1-read") == 1


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"a": "b"}', '{"a": 9}', '{"a": [9]}', '{"a": [null, 3]}', "\x00\xff"]
)
def test_a_damaged_file_counts_nothing(file: Path, text: str) -> None:
    file.write_text(text)
    assert tries_in(file).deaths("a") == 0


def test_what_is_forgotten_elsewhere_does_not_pile_up(file: Path) -> None:
    for number in range(150):
        die_in(f"{number}-1-read", tries_in(file))
    tries = tries_in(file)
    assert (tries.deaths("149-1-read"), tries.deaths("3-1-read")) == (1, 0)


def test_many_deaths_within_a_minute_are_not_the_items(file: Path) -> None:
    clock = FakeClock()
    for _ in range(10 * MAX_DEATHS):
        die_in("a-1-read", StoredTries(file, clock))
    clock.advance(LEAST_SECONDS - 1)
    die_in("a-1-read", StoredTries(file, clock))
    clock.advance(1)
    with pytest.raises(PermanentError, match="item-poison"), StoredTries(file, clock).counted("a-1-read"):
        raise AssertionError


def test_a_clock_that_is_set_back_does_not_save_the_item_for_ever(file: Path) -> None:
    clock = FakeClock()
    for _ in range(MAX_DEATHS):
        die_in("a-1-read", StoredTries(file, clock))
        clock.advance(-86_400)
    with pytest.raises(PermanentError, match="item-poison"), StoredTries(file, clock).counted("a-1-read"):
        raise AssertionError
