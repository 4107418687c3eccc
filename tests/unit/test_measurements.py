"""What was measured is remembered whole, for this account alone, and a file in which anything is wrong counts for nothing."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.adapters.models.measurements import Known, Measurements
from daemon.model.drafting_fitness import Measured

ONE = Measured("a" * 64, "b" * 64, "statement", "one", 100, 612, 0.004, 0.991, 0.995, 0.986, 0)
TWO = replace(ONE, corpus="two")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "measured.json"


@pytest.fixture
def measurements(own: Path, tmp_path: Path) -> Measurements:
    return Measurements(own, tmp_path / "shipped.json")


def test_where_nothing_was_measured_nothing_is_known(measurements: Measurements) -> None:
    assert measurements.known() == Known()


def test_what_is_remembered_is_there_the_next_time(measurements: Measurements, own: Path) -> None:
    measurements.remember(ONE)
    measurements.remember(TWO)
    measurements.remember(better := replace(ONE, high_rate=0.0, numbers=1.0))
    assert set(measurements.known().measured) == {TWO, better}
    assert stat.S_IMODE(own.stat().st_mode) == 0o600
    assert [path.name for path in own.parent.iterdir()] == [own.name]


def test_a_practices_own_measurement_counts_before_the_shipped_one(measurements: Measurements, tmp_path: Path) -> None:
    Measurements(tmp_path / "shipped.json", tmp_path / "none").remember(ONE)
    assert measurements.known().measured == (ONE,)
    measurements.remember(mine := replace(ONE, high_rate=0.5))
    assert measurements.known().measured == (mine,)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("0.004", "NaN"), ("0.004", "1.5"), ("0.004", "-0.1"), ("0.004", '"0.004"'), ("612", "612.5"), ("612", "-1"), ("612", "true"),
        ('"way"', '"why"'), ('"rows": 100,', ""), ('"rows"', '"more": 1, "rows"'), ('"statement"', '"verse"'),
        ("measured/1", "measured/2"), ('"schema"', '"more": 1, "schema"'), ("}", ""), ("{", "["),
    ],
)  # fmt: skip
def test_a_file_in_which_anything_is_wrong_counts_for_nothing(
    measurements: Measurements, own: Path, was: str, becomes: str
) -> None:
    measurements.remember(TWO)
    measurements.remember(ONE)
    text = own.read_text()
    assert was in text
    own.write_text(text.replace(was, becomes, 1))
    assert measurements.known() == Known(broken=(own,))
    measurements.remember(TWO)
    assert measurements.known() == Known((TWO,)), "the next measurement mends it"


@pytest.mark.parametrize("what", ["folder", "huge", "link", "deep"])
def test_no_file_keeps_from_looking(measurements: Measurements, own: Path, tmp_path: Path, what: str) -> None:
    if what == "folder":
        own.mkdir()
    elif what == "link":
        Measurements(tmp_path / "else.json").remember(ONE)
        own.symlink_to(tmp_path / "else.json")
    else:
        own.write_text("[" * 200_000 if what == "deep" else " " * 1_000_001)
    assert measurements.known() == Known(broken=(own,))


def test_what_can_be_no_measurement_is_not_remembered(measurements: Measurements, own: Path) -> None:
    for odd in (replace(ONE, drugs=1.01), replace(ONE, high_rate=float("nan")), replace(ONE, rows=-1)):
        with pytest.raises(ValueError, match="shares"):
            measurements.remember(odd)
    assert not own.exists()
