"""Stories of homes whose daemon dies at named places, again and again, and then lives: one for each place, and any number by chance."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import zip_longest
from pathlib import Path

from daemon import wiring
from daemon.model.checkpoint_copy import CheckpointCopy, key_of
from daemon.model.crash_point import CRASH_POINTS
from daemon.model.home_version import UNWRITTEN, HomeVersion
from tests.faults.crash_home import Place, all_of, copy_home, make_home, warm_up
from tests.faults.crash_lives import Life, live
from tests.faults.crash_load import Item, load

OF_OTHER_COMMANDS = ("rekey-", "purge-", "vault-day-end", "vault-blob-removing", "claim-anew", "ask-")
"""Places of a change of keys, of retention and of `draft FILE`: test_rekey.py, the tests of purge and test_asked_deaths.py die there."""
OURS = tuple(name for name in CRASH_POINTS if not name.startswith(OF_OTHER_COMMANDS))
DIED, DAYS = -signal.SIGKILL, 40
LEFT_PART = ".chartdraft-0123456789abcdef.part"


@dataclass
class Story:
    """What happened: the places of the deaths, in order, and what was wrong in the end."""

    deaths: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    lives: int = 0


class Stage:
    """A folder for homes that are made once and copied; a fast one (a memory disk) where there is one."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._made = folder, 0
        (folder / "fresh").mkdir(parents=True)
        self.fresh = make_home(folder / "fresh")
        warm_up(self.fresh, folder / "warm")
        self.worked = all_of(few(), self.home(self.fresh))
        """A home in which everything that was saved has ended."""
        live(self.worked.root, Life(light=True))

    def home(self, like: Place) -> Place:
        """A copy, with what was dropped into it."""
        self._made += 1
        place = copy_home(like, self._folder / f"home-{self._made}")
        place.dropped = list(like.dropped)
        return place

    def remove(self, place: Place) -> None:
        """It is not needed any more."""
        shutil.rmtree(place.root)


# -- a story for some places ------------------------------------------------------------------------------------------
FROM_THE_START = ("vault-day-key", "item-left-noted")
"""Places that are come to only where nothing was taken in before."""
AFTERWARDS = ("retry-", "derive-", "migration-", "tidy-")
"""Places that are come to when everything has ended, in a home of their own."""


def stories() -> list[tuple[str, ...]]:
    """All places, in stories of one home each: those of a claim go first there, for what is claimed is not claimed again."""
    alone = [(point,) for point in OURS if point.startswith((*AFTERWARDS, *FROM_THE_START))]
    others = [point for point in OURS if (point,) not in alone]
    third = -(-len(others) // 3)
    together = zip_longest(others[:third], others[third : 2 * third], others[2 * third :])
    return [tuple(filter(None, points)) for points in together] + alone


def story_of(points: Sequence[str], stage: Stage) -> Story:
    """Die at each of these, having made ready what leads there; then live to the end, once."""
    place = stage.home(stage.worked) if points[0].startswith(AFTERWARDS) else stage.home(stage.fresh)
    if place.dropped == []:
        all_of(few(*(NEEDS.get(point, "") for point in points)), place)
    story, last = Story(), Life(light=True)
    for point in points:
        if point in BEFORE:
            place.next_cut = 1 if point == "audit-completed" else 3
            _live(place, Life(dies_at=BEFORE[point], light=True), story)
        last = _prepared(point, place)
        _live(place, last, story)
    _finish(place, Life(days=last.days, light=True), story)
    stage.remove(place)
    return story


BEFORE = {
    "leftover-removed": "claim-remembered",
    "leftover-forgotten": "claim-remembered",
    "pick-up-queued": "claim-on-board",
    "audit-cut-off": "audit-written",
    "audit-completed": "audit-written",
}
"""A death that has to go before."""
NEEDS = {"read-routed": "letter", "step-waits": "busy", "folder-left-noted": "several", "item-left-noted": "locked"}
"""What of the load alone leads there, beside what is always in it."""


def few(*needed: str) -> list[Item]:
    """A memo, the same again, a packet and a cut recording; and what is needed besides."""
    usual = ("the first visit", "the same again", "the packet", "half a recording")
    return [item for item in load() if any(part in item.stem for part in (*usual, *needed) if part)]


def _prepared(point: str, place: Place) -> Life:
    """A life that can come to this place, in this home."""
    life = Life(dies_at=point, light=True)
    if point.startswith(("retry-", "derive-")):
        return _asked(point, place)
    if point.startswith("migration-"):
        (place.home.state / "schema.json").write_bytes(HomeVersion(UNWRITTEN, "0").to_bytes())
    elif point.startswith("tidy-"):
        _leave_free_pages(place)
        return replace(life, days=DAYS)
    elif point == "part-swept":
        (place.home.outbox / LEFT_PART).write_bytes(b"a page")
    elif point == "name-reserved":
        return replace(life, bare=True)
    elif point == "item-left-noted":
        return replace(life, shut=True)
    elif point == "copy-removed":
        _put_old_copies(place)
    return life


def _asked(point: str, place: Place) -> Life:
    """A person asks for more of a job that has ended; a start like any other where none has."""
    ended = sorted(row.id for row in place.rows() if row.state == "delivered" and row.document == "soap")
    asks = point.partition("-")[0] if ended else "run"
    return Life(asks=asks, dies_at=point, job=ended[0] if ended else "", light=True)


def _leave_free_pages(place: Place) -> None:
    with closing(sqlite3.connect(place.home.workflow_store)) as db:
        db.executescript("CREATE TABLE spare (bytes); INSERT INTO spare VALUES (zeroblob(400000)); DROP TABLE spare;")


def _put_old_copies(place: Place) -> None:
    key = key_of(wiring.keys(place.home).verifier.name)
    day = date(2020, 1, 1)
    for lines in (1, 2, 3):
        (place.root / "copies" / CheckpointCopy(day, lines, key).name).write_text("old")


def _live(place: Place, life: Life, story: Story) -> None:
    code = live(place.root, life)
    story.lives += 1
    if code == DIED:
        story.deaths.append(life.dies_at.partition(":")[0])
    elif code == -signal.SIGTERM:
        story.faults.append("lost: a life came to no end")
    if code == DIED and life.dies_at.startswith("audit-written"):
        # Nobody was told that this line was written, and a power cut may leave any beginning of it.
        place.tear()
    story.faults += place.faults_now()


def _finish(place: Place, last: Life, story: Story) -> None:
    code = live(place.root, last)
    story.lives += 1
    if code not in {0, 3}:
        story.faults.append(f"lost: the last life ended with {code}")
    story.faults += place.faults_at_the_end()


# -- stories by chance ------------------------------------------------------------------------------------------------
def story_by_chance(seed: int, stage: Stage) -> Story:
    """Some of the load in some order, up to six deaths in one home, each at some pass of some place; then a life to the end."""
    chance, story = random.Random(seed), Story()
    place = stage.home(stage.fresh)
    coming = _some(chance)
    days, deaths = 0, chance.randint(1, 6)
    for left in range(deaths, 0, -1):
        for _ in range(-(-len(coming) // left)):
            place.drop(coming.pop())
        place.next_cut = chance.choice((1, 1, 3, 40, 400))
        life = _by_chance(chance, place)
        days = max(days, life.days)
        _live(place, replace(life, days=days, light=True), story)
    all_of(coming, place)
    _finish(place, Life(days=days, light=True), story)
    stage.remove(place)
    return story


def _some(chance: random.Random) -> list[Item]:
    everything = load()
    chosen = chance.sample(everything, chance.randint(2, 5))
    if any(item.ends == "duplicate" for item in chosen) and everything[0] not in chosen:
        chosen.append(everything[0])
    return chosen


def _by_chance(chance: random.Random, place: Place) -> Life:
    point = chance.choice(OURS)
    times = chance.choice((1, 1, 1, 1, 2, 3, 5))
    if point in BEFORE and chance.random() < 0.6:
        point = BEFORE[point]
    life = replace(_prepared(point, place), dies_at=f"{point}:{times}")
    if life.asks == "run" and chance.random() < 0.2:
        asked = _asked("retry-", place)
        life = replace(life, asks=asked.asks, job=asked.job)
    return replace(life, bare=life.bare or chance.random() < 0.1, shut=life.shut or chance.random() < 0.1)
