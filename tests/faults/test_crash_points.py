"""SIGKILL at every place at which a step is durable, with things to do: nothing is lost, doubled, torn or left in the clear."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import daemon
from daemon.model.crash_point import CRASH_AT, CRASH_POINTS
from tests.faults import test_asked_deaths, test_purge_deaths, test_rekey
from tests.faults.crash_stories import OURS, Stage, stories, story_by_chance, story_of

SEEDS = range(6)
"""A share; `scripts/crash-points --seeds 1000` tells more."""
MEMORY_DISK = Path("/dev/shm")  # nothing here tests what a disk keeps, and waiting for one takes most of the time


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(dir=MEMORY_DISK if MEMORY_DISK.is_dir() else None) as folder:
        yield Stage(Path(folder) / "stage")


def test_every_place_bears_a_name_of_its_own_and_is_listed() -> None:
    called = Counter(name for path in Path(daemon.__path__[0]).rglob("*.py") for name in places_in(path))

    assert set(called) == set(CRASH_POINTS)
    assert set(called.values()) == {1}
    assert len(CRASH_POINTS) == len(set(CRASH_POINTS))


def places_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "crash_point":
            assert len(node.args) == 1, path
            assert isinstance(node.args[0], ast.Constant), path
            yield str(node.args[0].value)


def test_every_place_has_its_story() -> None:
    assert Counter(point for points in stories() for point in points) == Counter(OURS)


def test_every_other_place_is_died_at_elsewhere() -> None:
    elsewhere = {*test_rekey.POINTS, *test_purge_deaths.PLACES, *test_purge_deaths.CLAIMED_ANEW, test_asked_deaths.SAID}
    assert {*CRASH_POINTS} <= {*OURS} | elsewhere


@pytest.mark.parametrize("points", stories(), ids="+".join)
def test_deaths_lose_and_double_nothing(stage: Stage, points: tuple[str, ...]) -> None:
    story = story_of(points, stage)

    assert set(points) <= set(story.deaths)
    assert story.faults == []


@pytest.mark.parametrize("seed", SEEDS)
def test_deaths_by_chance_lose_and_double_nothing(stage: Stage, seed: int) -> None:
    assert story_by_chance(seed, stage).faults == []


@pytest.mark.parametrize(("place", "died"), [("claim-sealed:3", True), ("claim-sealed:4", False), ("", False)])
def test_the_environment_says_where_to_die(place: str, *, died: bool) -> None:
    passes = "from daemon.model.crash_point import crash_point\nfor _ in range(3): crash_point('claim-sealed')"
    ended = subprocess.run([sys.executable, "-c", passes], env={**os.environ, CRASH_AT: place}, timeout=60, check=False)

    assert ended.returncode == (-signal.SIGKILL if died else 0)
