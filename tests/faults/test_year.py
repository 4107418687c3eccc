"""A year unattended, simulated: what was saved is drafted once, nothing is lost, nothing grows without bound."""

from __future__ import annotations

import json
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from daemon import wiring
from daemon.config import Home, load_home
from daemon.keeping import upkeep
from tests.fakes.year import POISON, UNREADABLE, Year

ITEMS_A_DAY, DAYS = 30, 30
ZONE = "America/New_York"  # the clocks change on 2027-03-14 and 2027-11-07
START = datetime(2027, 1, 4, 7, 0, tzinfo=ZoneInfo(ZONE))
SETTINGS = """
drafter = "quoting"
notifications = "off"
keep_awake = false
rescan_seconds = 3600.0
inbox_dir = "share/inbox"
documents_dir = "documents"
"""
# What a document's sections hold is of no matter here, and all that code computes for the packaged ones takes its time.
NOTE = """
key = "soap"
title = "SOAP note"
accepts = ["recording"]
default_for = "recording"

[[section]]
key = "said"
title = "Said"
ask = "Write what was said."
"""


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """In memory where that can be had: what a power cut leaves of a disk's cache is another test's matter."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="year-", dir=memory if memory.is_dir() else None))
    (folder / "config.toml").write_text(SETTINGS)
    (folder / "documents").mkdir()
    (folder / "documents" / "soap.toml").write_text(NOTE)
    monkeypatch.setenv("TZ", ZONE)
    time.tzset()
    home = load_home(folder, None)
    upkeep.set_up(home, folder / "recovery.txt")
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield home
    for number, handler in handlers.items():
        signal.signal(number, handler)
    monkeypatch.undo()
    time.tzset()
    shutil.rmtree(folder)


@pytest.mark.timeout(600)
def test_a_year_loses_and_repeats_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    year = Year(home, START.astimezone(UTC), seed=2027)
    year.take_over(monkeypatch)
    practice = Practice(year)
    practice.plan()
    year.live()
    practice.collect_drafts()

    assert year.cuts > DAYS // 7
    assert practice.found == practice.expected
    assert {row.state for row in wiring.board(home).rows()} == {"delivered", "attention"}
    assert not [path.name for path in home.inbox.rglob("*") if path.name.startswith("memo")]
    assert not [path.name for path in home.state.rglob("*.part*")]
    monkeypatch.undo()
    assert upkeep.verify_audit(home, None)["ok"]
    assert_each_was_claimed_and_ended_once(home, len(practice.expected))


class Practice:
    """The people: they save memos, collect drafts in the evening, and have their mishaps. Counts of what is found in the outbox."""

    def __init__(self, year: Year) -> None:
        self.year = year
        self.expected: Counter[str] = Counter()
        self.found: Counter[str] = Counter()

    def plan(self) -> None:
        for day in range(DAYS):
            morning = START + timedelta(days=day)  # local time: the hour stays when the clocks change
            self.plan_memos(day, morning)
            self.at(morning + timedelta(hours=14), self.collect_drafts)
            if day % 6 == 2:
                self.at(morning + timedelta(hours=self.year.luck.uniform(1, 10)), self.year.cut_power_soon)
            if day % 5 == 0:
                self.at(morning + timedelta(hours=16), partial(self.year.time.sleep, 6 * 3600.0))
            if day % 90 == 40:
                self.at(morning + timedelta(hours=3), self.share_goes)
                self.at(morning + timedelta(hours=6), self.share_comes_back)
        for day in (DAYS // 4, 2 * DAYS // 3):
            self.at(START + timedelta(days=day, hours=2), partial(setattr, self.year, "disk_full", True))
            self.at(START + timedelta(days=day, hours=8), partial(setattr, self.year, "disk_full", False))
        self.at(START + timedelta(days=DAYS // 6, hours=5), partial(self.year.time.set_clock, timedelta(days=2)))
        self.at(START + timedelta(days=DAYS // 6 + 1, hours=5), partial(self.year.time.set_clock, timedelta(days=-2)))

    def plan_memos(self, day: int, morning: datetime) -> None:
        for number in range(ITEMS_A_DAY):
            name, words = f"memo {day}-{number}", f"Words of {day}-{number}.".encode()
            kind = self.kind(day, number)
            self.expected[f"{name}: {'note' if kind else 'draft'}"] += 1
            moment = morning + timedelta(hours=1 + number / 3.5, seconds=self.year.luck.uniform(0, 600))
            self.at(moment, partial(self.year.put, f"{name}.mp3", kind + words))

    def kind(self, day: int, number: int) -> bytes:
        if (day, number) in {(20, 7), (200, 3)}:
            return POISON
        return UNREADABLE if number == 13 and day % 7 == 0 else b""

    def at(self, moment: datetime, happen: Callable[[], None]) -> None:
        self.year.time.plan(moment.astimezone(UTC), happen)

    def collect_drafts(self) -> None:
        for path in self.year.home.outbox.iterdir():
            if path.suffix == ".docx":
                self.found[f"{path.name.split(' - ')[0]}: draft"] += 1
            elif path.name.endswith(".txt") and path.name.startswith("memo"):
                self.found[f"{path.name.split(' - ')[0]}: note"] += 1
            elif path.suffix != ".html" or path.name == "Status.html":
                continue
            path.unlink()

    def share_goes(self) -> None:
        share = self.year.home.inbox.parent
        share.rename(share.with_name("away"))

    def share_comes_back(self) -> None:
        share = self.year.home.inbox.parent
        share.with_name("away").rename(share)
        self.year.changed()


def assert_each_was_claimed_and_ended_once(home: Home, jobs: int) -> None:
    events: Counter[tuple[str, str]] = Counter()
    with (home.state / "exported.jsonl").open("w+b") as trail:
        upkeep.export_audit(home, trail)
        trail.seek(0)
        for line in trail:
            event = json.loads(line)
            events[event["event"], event["job"]] += 1
    assert set(events.values()) == {1} or not [each for each in events.items() if each[1] > 1 and each[0][1] != "-"]
    assert len([event for event, _ in events if event == "item-claimed"]) == jobs
    assert len([event for event, _ in events if event in {"draft-delivered", "item-failed"}]) == jobs
