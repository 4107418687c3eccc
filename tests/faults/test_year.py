"""A year unattended, simulated: what was saved is drafted once, nothing is lost, nothing grows without bound."""

from __future__ import annotations

import gc
import json
import secrets
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
from daemon.model.step_tries import MAX_DEATHS
from tests.fakes.year import Year
from tests.fakes.year_parts import POISON, UNREADABLE

ITEMS_A_DAY, DAYS = 30, 365
AT_A_TIME = 10
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
    open_before = open_files()
    gc.freeze()  # a year of plans lies in memory: to look through them for garbage again and again takes a tenth of the time
    year.live()
    gc.unfreeze()
    practice.collect_drafts()

    assert year.cuts > DAYS // 7
    assert practice.found == practice.expected
    assert {row.state for row in wiring.board(home).rows()} == {"delivered", "attention"}
    assert not [path.name for path in home.inbox.rglob("*") if path.name.startswith("memo")]
    assert not [path.name for path in home.state.rglob("*.part*")]
    monkeypatch.undo()
    assert upkeep.verify_audit(home, None)["ok"]
    events = events_of(home)
    assert_each_was_claimed_and_ended_once(events, len(practice.expected))
    assert_the_mishaps_were_noticed(events)
    assert year.poisoned == 2 * MAX_DEATHS
    assert_nothing_grew(home, open_files() - open_before)


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
            if day % 100 == 33:
                self.at(morning + timedelta(hours=15), self.somebody_deletes_the_inbox)
            if day % 90 == 40:
                self.at(morning + timedelta(hours=3), self.share_goes)
                self.at(morning + timedelta(hours=6), self.share_comes_back)
        for day in (DAYS // 4, 2 * DAYS // 3):
            self.at(START + timedelta(days=day, hours=2), partial(setattr, self.year, "disk_full", True))
            self.at(START + timedelta(days=day, hours=8), partial(setattr, self.year, "disk_full", False))
        self.at(START + timedelta(days=DAYS // 6, hours=5), partial(self.year.time.set_clock, timedelta(days=2)))
        self.at(START + timedelta(days=DAYS // 6 + 1, hours=5), partial(self.year.time.set_clock, timedelta(days=-2)))

    def plan_memos(self, day: int, morning: datetime) -> None:
        """People save what they have in the pauses of the day: morning, noon, evening."""
        for first in range(0, ITEMS_A_DAY, AT_A_TIME):
            moment = morning + timedelta(hours=1 + first / 3.5, seconds=self.year.luck.uniform(0, 600))
            for number in range(first, first + AT_A_TIME):
                name, words = f"memo {day}-{number}", f"Words of {day}-{number}.".encode()
                kind = self.kind(day, number)
                self.expected[f"{name}: {'note' if kind else 'draft'}"] += 1
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

    def somebody_deletes_the_inbox(self) -> None:
        inbox = self.year.home.inbox
        inbox.rename(inbox.with_name(f"trash-{secrets.token_hex(4)}"))

    def share_goes(self) -> None:
        share = self.year.home.inbox.parent
        share.rename(share.with_name("away"))

    def share_comes_back(self) -> None:
        share = self.year.home.inbox.parent
        share.with_name("away").rename(share)
        self.year.changed()


def events_of(home: Home) -> Counter[tuple[str, str]]:
    """How often each event of the audit trail was recorded, by its job."""
    events: Counter[tuple[str, str]] = Counter()
    with (home.state / "exported.jsonl").open("w+b") as trail:
        assert not upkeep.export_audit(home, trail, "jsonl")
        trail.seek(0)
        for line in trail:
            event = json.loads(line)
            events[event["event"], event["job"]] += 1
    (home.state / "exported.jsonl").unlink()
    return events


def assert_each_was_claimed_and_ended_once(events: Counter[tuple[str, str]], jobs: int) -> None:
    assert not [each for each, times in events.items() if times > 1 and each[1] != "-"]
    assert len([event for event, _ in events if event == "item-claimed"]) == jobs
    assert len([event for event, _ in events if event in {"draft-delivered", "item-failed"}]) == jobs


def assert_the_mishaps_were_noticed(events: Counter[tuple[str, str]]) -> None:
    assert events["inbox-away", "-"] == events["inbox-back", "-"] == len(range(40, DAYS, 90))
    assert events["inbox-made-again", "-"] == len(range(33, DAYS, 100))
    # Each night asleep, and the clock that was set wrong and right again.
    assert len(range(0, DAYS, 5)) <= events["clock-jumped", "-"] <= len(range(0, DAYS, 5)) + 2


def assert_nothing_grew(home: Home, more_open_files: int) -> None:
    """A year's jobs and its trail are some megabytes; all else is as small as on the first day."""
    sizes = {path.name: path.stat().st_size for path in home.state.rglob("*") if path.is_file()}
    grown = {
        kind: sum(sizes.pop(name) for name in list(sizes) if name.startswith(kind))
        for kind in ("jobs", "trail", "index")
    }
    items = ITEMS_A_DAY * DAYS
    assert grown["jobs"] < 1_000 * items
    assert grown["trail"] < 5_000 * items
    assert grown["index"] < 2_000 * items
    assert sum(sizes.values()) < 100_000, sizes
    assert more_open_files <= 8


def open_files() -> int:
    """How many files this process has open, where the system tells; without those of the simulated processes that died."""
    gc.collect()
    descriptors = Path("/proc/self/fd")
    return len(list(descriptors.iterdir())) if descriptors.is_dir() else 0
