"""Works a real daemon (real engines, the starter models) hard, kills it, fills its disk, and says what became of every item.

Of the minutes given, after the speed was measured with a few items:

| part | what happens |
|---|---|
| the first 45 % | items come at twice the rate they can be done, one in ten of them hostile (three in the short form); then what has piled up is worked off |
| the first 30 %, "deaths" | the daemon is killed (SIGKILL) again and again, and begun again a second later |
| from then on, "a life" | the daemon is not killed, so that its memory can be compared; its children are killed, as all along |
| twice, for a twentieth | the disk is full (root on Linux; elsewhere it is said that it was not) |

At the end it may take as long again, or ten minutes, until the last item is done. In the short form at least twenty items come, whatever
the rate. The rules, each of which must hold for exit status 0:

- lost 0: every item that was put into the inbox has a draft or a note in the outbox; doubled 0: none has two drafts;
- memory: of the daemon's process alone (its children come and go with the work), in the one long life, from when a recording, a scan
  and a text were delivered in it, so that all that is imported for them is there: the median of the last third of the samples, one a second, is at most
  1.05 times the median of the first third;
- descriptors: the same medians, at most 3 more;
- the audit trail verifies, and the daemon stops in order.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench_home import CHARTDRAFT
from soak_daemon import Daemon, Sample
from soak_disk import Disk, disk
from soak_items import GOOD, Dropped, items

from daemon.config import load_home
from daemon.keeping import upkeep

SETTINGS = """settle_seconds = 0.5
give_up_seconds = 3.0
rescan_seconds = 2.0
accept_unencrypted_disk = true
notifications = "off"
drafter = "{drafter}"
"""
ARRIVALS, DEATHS = 0.45, 0.30
FULL_AT, FULL_FOR = (0.15, 0.55), 0.05
TIMES_THE_RATE = 2.0
HOSTILE_SHARE = 0.1
MEMORY_RATIO, MORE_DESCRIPTORS = 1.05, 3
WARM_KINDS = {".m4a", ".png", ".txt"}
FEWEST_ITEMS, LONGEST_END_SECONDS = 20, 600.0


@dataclass
class Soak:
    """One run."""

    root: Path
    disk: Disk
    chance: random.Random
    seconds: float
    items: Iterator[Dropped]
    put: list[Dropped] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    kills: int = 0
    child_kills: int = 0
    full_seconds: float = 0.0
    done_before: set[str] | None = None

    def __post_init__(self) -> None:
        self.daemon = Daemon(self.root)
        self._begun = time.monotonic()
        self._is_full = False

    def measure(self, count: int) -> float:
        """Seconds an item takes, with a daemon that has warmed up: the pace that the arrivals are set by."""
        self._drop_all([self._good() for _ in GOOD])
        self._until_done(300)
        begun = time.monotonic()
        self._drop_all([self._good() for _ in range(count)])
        self._until_done(300)
        return (time.monotonic() - begun) / count

    def run(self, seconds_an_item: float) -> None:
        """All the parts, to the last item."""
        self._begun = time.monotonic()
        arrivals = self._moments(self.interval(seconds_an_item), ARRIVALS)
        pace = min(45.0, self.seconds / 40)
        deaths, child_deaths = self._moments(pace, DEATHS), self._moments(pace * 1.5, 0.9)
        end = self.seconds + max(self.seconds, LONGEST_END_SECONDS)
        while self._share() < 1.0 or (self._seconds() < end and self.undone()):
            self._see_to_the_disk()
            if _due(arrivals, self._seconds()):
                self._drop(next(self.items))
            if _due(deaths, self._seconds()):
                self.kills += self.daemon.kill()
            if _due(child_deaths, self._seconds()):
                self.child_kills += self.daemon.kill_child(self.chance.random())
            self.daemon.keep()
            self._look()
            time.sleep(0.25)
        self.disk.empty()

    def interval(self, seconds_an_item: float) -> float:
        """Seconds between two arrivals."""
        return min(seconds_an_item / TIMES_THE_RATE, self.seconds * ARRIVALS / FEWEST_ITEMS)

    def undone(self) -> list[Dropped]:
        """What has neither draft nor note yet."""
        files = [path.name for path in (self.root / "outbox").iterdir()]
        told = {name.split(" - ")[0] for name in files if name.endswith((".docx", ".txt")) and not name.startswith(".")}
        return [item for item in self.put if item.stem not in told]

    def _good(self) -> Dropped:
        return next(item for item in self.items if not item.hostile)

    def _drop_all(self, dropped: list[Dropped]) -> None:
        for each in dropped:
            self._drop(each)

    def _drop(self, item: Dropped) -> None:
        """Whole at once, as a scanner's share does; what finds no room is not put there, and counts for nothing."""
        temp = self.root / "beside"
        try:
            temp.write_bytes(item.data)
        except OSError:
            temp.unlink(missing_ok=True)
            return
        folder = self.root / "inbox" / ("soap" if item.suffix == ".txt" else "")
        temp.rename(folder / f"{item.stem}{item.suffix}")
        self.put.append(item)

    def _until_done(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while self.undone():
            self.daemon.keep()
            if time.monotonic() > deadline:
                raise SystemExit(f"The first items were not done in {seconds:.0f} s.")
            time.sleep(0.1)

    def _moments(self, mean: float, until: float) -> list[float]:
        """Seconds from the start, at random, so far apart on average, the next one last."""
        spans = (self.chance.uniform(0.3 * mean, 1.7 * mean) for _ in itertools.count())
        moments = itertools.takewhile(lambda moment: moment < until * self.seconds, itertools.accumulate(spans))
        return sorted(moments, reverse=True)

    def _seconds(self) -> float:
        return time.monotonic() - self._begun

    def _share(self) -> float:
        return self._seconds() / self.seconds

    def _see_to_the_disk(self) -> None:
        full = self.disk.can_fill and any(at <= self._share() < at + FULL_FOR for at in FULL_AT)
        if full and not self._is_full:
            self.disk.fill()
            self._full_since = time.monotonic()
        elif self._is_full and not full:
            self.disk.empty()
            self.full_seconds += time.monotonic() - self._full_since
        self._is_full = full

    def _look(self) -> None:
        """A sample a second, of the long life, once it has done a few items. While the disk is full the work stands still."""
        if self._share() < DEATHS or self._is_full:
            return
        undone = {item.stem for item in self.undone()}
        done = {item.stem for item in self.put} - undone
        if self.done_before is None:
            self.done_before = done
        in_this_life = {item.suffix for item in self.put if item.stem in done - self.done_before and not item.hostile}
        if not in_this_life >= WARM_KINDS:
            return
        sample = self.daemon.sample()
        if sample is not None and (not self.samples or sample.at - self.samples[-1].at >= 1.0):
            self.samples.append(sample)


def _due(moments: list[float], now: float) -> bool:
    """Whether the last of them has come; it is taken away then."""
    return bool(moments) and moments[-1] <= now and moments.pop() is not None


def third(samples: list[Sample], which: int) -> list[Sample]:
    """The first (0) or the last (2) third."""
    size = len(samples) // 3
    return samples[which * size : (which + 1) * size]


def report(soak: Soak, code: int | None, seconds_an_item: float) -> bool:
    """Prints everything; whether all rules hold."""
    files = [path.name for path in (soak.root / "outbox").iterdir() if " - " in path.name]
    drafts = [name.split(" - ")[0] for name in files if name.endswith(".docx")]
    notes = {name.split(" - ")[0] for name in files if name.endswith(".txt")}
    lost, stems = soak.undone(), {item.stem for item in soak.put}
    doubled = sorted(stem for stem in set(drafts) if drafts.count(stem) > 1)
    good_noted = sorted(notes - set(drafts) - {item.stem for item in soak.put if item.hostile})
    first, last = third(soak.samples, 0), third(soak.samples, 2)
    verified = subprocess.run(
        [str(CHARTDRAFT), "--home", str(soak.root), "audit", "verify"], capture_output=True, check=False
    ).returncode
    print(
        f"items in               {len(soak.put)} ({sum(item.hostile for item in soak.put)} hostile), one each {soak.interval(seconds_an_item):.2f} s; one takes {seconds_an_item:.2f} s"
    )
    print(f"delivered              {len(set(drafts) & stems)}")
    print(f"noted                  {len(notes & stems)} ({len(good_noted)} of them were not hostile)")
    print(f"lost                   {len(lost)} {[item.stem + item.suffix for item in lost[:10]]}")
    print(f"doubled                {len(doubled)} {doubled[:10]}")
    print(
        f"deaths                 {soak.kills} of the daemon, {soak.child_kills} of a child; {soak.daemon.lives} lives, {soak.daemon.refused} ended by themselves"
    )
    print(
        f"disk full              {soak.full_seconds:.0f} s"
        if soak.disk.can_fill
        else "disk full              not tried: it needs Linux and root"
    )
    holds = [not lost, not doubled, verified == 0, code == 0, bool(soak.put)]
    if first and last:
        holds += _flatness(first, last, len(soak.samples))
    else:
        print("memory                 no samples: the run was too short")
        holds.append(False)
    print(f"audit trail            {'verified' if verified == 0 else f'NOT VERIFIED ({verified})'}")
    print(f"stopped                {code}")
    print("all rules hold" if all(holds) else "NOT ALL RULES HOLD")
    return all(holds)


def _flatness(first: list[Sample], last: list[Sample], count: int) -> list[bool]:
    resident = [statistics.median(each.resident for each in part) for part in (first, last)]
    descriptors = [statistics.median(each.descriptors for each in part) for part in (first, last)]
    ratio = resident[1] / resident[0]
    print(
        f"memory, last / first   {ratio:.3f} ({resident[0] / 1e6:.1f} → {resident[1] / 1e6:.1f} MB, {count} samples; children at most {max(each.children for each in first + last) / 1e6:.0f} MB)"
    )
    print(f"descriptors            {descriptors[0]:.0f} → {descriptors[1]:.0f}")
    return [ratio <= MEMORY_RATIO, descriptors[1] <= descriptors[0] + MORE_DESCRIPTORS]


def more_hostile(folder: Path) -> list[tuple[str, bytes]]:
    """The hostile files of the tests, without those that only take long."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from tests.fakes.hostile_files import CHOSEN, TIME_BOMBS, hostile_files

    canary = folder / "canary.txt"
    canary.write_text("somebody else's")
    return [
        (Path(each.name).suffix, each.data) for each in hostile_files(canary, 9) if each.name in CHOSEN - TIME_BOMBS
    ]


def main() -> int:
    """Exit status 1 if a rule does not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--form", choices=("long", "short"), default="long", help="short: 60 seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--drafter", choices=("auto", "llm", "quoting"), help="quoting in the short form, else auto")
    asked = parser.parse_args()
    short = asked.form == "short"
    seconds, chance = 60.0 if short else asked.minutes * 60, random.Random(asked.seed)
    with disk() as place:
        root = place.folder / "home"
        root.mkdir()
        (root / "config.toml").write_text(SETTINGS.format(drafter=asked.drafter or ("quoting" if short else "auto")))
        with contextlib.redirect_stdout(sys.stderr):
            upkeep.set_up(load_home(root, None), place.folder / "recovery.txt")
        hostile = [] if short else more_hostile(place.folder)
        share = 3 * HOSTILE_SHARE if short else HOSTILE_SHARE
        soak = Soak(root, place, chance, seconds, items(chance, share, hostile))
        code: int | None = None
        try:
            seconds_an_item = soak.measure(3 if short else 9)
            print(f"seed {asked.seed}, {seconds:.0f} s; an item takes {seconds_an_item:.2f} s", flush=True)
            soak.run(seconds_an_item)
        finally:
            code = soak.daemon.stop()
        return 0 if report(soak, code, seconds_an_item) else 1


if __name__ == "__main__":
    sys.exit(main())
