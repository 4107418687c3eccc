"""How fast files leave the inbox: one by one, and as a backlog. The real daemon, with fake engines behind its ports."""

from __future__ import annotations

import random
import statistics
import sys
import time
from pathlib import Path

import psutil
from bench_home import ROOT, drop, drop_all, memos_in, running, throw_away, wait_for
from bench_table import Row

from daemon.config import Home

SLOWEST_SECONDS = 480.0
READING_SECONDS = 3.0
"""What a file keeps a real engine busy for (28 s of speech); meanwhile the daemon waits."""
MEAN_PAUSE_SECONDS = 0.3


def claims_one_by_one(*, few: bool) -> Row:
    """Files dropped at random moments while others are being drafted."""
    count, chance = (20 if few else 100), random.Random(1)
    dropped: dict[Path, float] = {}
    waited: list[float] = []
    with throw_away() as home, running(home, _fakes(home, 0.0)):
        settle, next_drop = home.settings.settle_seconds, time.monotonic() + 1
        deadline = time.monotonic() + SLOWEST_SECONDS
        while len(waited) < count and time.monotonic() < deadline:
            if len(waited) + len(dropped) < count and time.monotonic() >= next_drop:
                name = f"memo {len(waited) + len(dropped)}.mp3"
                dropped[home.inbox / name] = drop(home, name, chance.randbytes(2_000))
                next_drop += chance.expovariate(1 / MEAN_PAUSE_SECONDS)
            gone = [path for path in dropped if not path.exists()]
            waited += [time.monotonic() - dropped.pop(path) - settle for path in gone]
            time.sleep(0.005)
    if len(waited) < count:
        raise SystemExit("Not all files were claimed.")
    reached = statistics.quantiles(waited, n=20)[-1]
    return Row(
        f"file settled → claimed, p95 of {count} files",
        "≤ 0.5 s",
        f"{reached:.2f} s",
        reached <= 0.5,
        f"median {statistics.median(waited):.2f} s, worst {max(waited):.2f} s; fake engines that end at once, so that "
        "a draft is being rendered and delivered at most moments",
    )


def backlog(*, few: bool, profile: Path | None = None) -> Row:
    """Thousands of files come at once, to a daemon that has drafted one file, so that all its libraries are loaded."""
    count = 1_000 if few else 10_000
    with throw_away() as home, running(home, _fakes(home, READING_SECONDS, profile)) as daemon:
        time.sleep(3)
        fresh = daemon.memory_info().rss
        drop(home, "first.mp3", b"first" * 50)
        if not wait_for(lambda: any(home.outbox.glob("first - *.html")), 60):
            raise SystemExit("The first file was not delivered.")
        time.sleep(1)
        start = daemon.memory_info().rss
        drop_all(home, {f"memo {number}.mp3": b"%09d" % number * 20 for number in range(count)})
        peak, seconds = _drain(home, daemon, count)
        end = daemon.memory_info().rss
    rate, growth = count / seconds, end / start
    return Row(
        f"backlog of {count:,} files: resident memory at the end over at the start; claims per second",
        "≤ 1.2; ≥ 50",
        f"{growth:.2f}; {rate:.0f}",
        growth <= 1.2 and rate >= 50,
        f"{fresh / 1e6:.0f} MB as started, {start / 1e6:.0f} MB after one draft (the start), {end / 1e6:.0f} MB when the inbox "
        f"was empty, at most {peak / 1e6:.0f} MB; meanwhile a fake engine took {READING_SECONDS:.0f} s for each file",
    )


def _drain(home: Home, daemon: psutil.Process, count: int) -> tuple[int, float]:
    """Resident bytes at most, and the seconds from when all files have settled until the inbox is empty."""
    began, peak, left = time.monotonic() + home.settings.settle_seconds, 0, count
    while left and time.monotonic() < began + SLOWEST_SECONDS:
        time.sleep(0.2)
        if not daemon.is_running() or daemon.status() == psutil.STATUS_ZOMBIE:
            raise SystemExit("The daemon ended.")
        peak, left = max(peak, daemon.memory_info().rss), memos_in(home.inbox)
    if left:
        raise SystemExit(f"{left} files were left in the inbox after {SLOWEST_SECONDS:.0f} s.")
    return peak, time.monotonic() - began


def _fakes(home: Home, reading_seconds: float, profile: Path | None = None) -> list[str]:
    script = ROOT / "scripts" / "bench_daemon.py"
    return [
        sys.executable,
        str(script),
        str(home.config.parent),
        str(reading_seconds),
        *([str(profile)] if profile else []),
    ]
