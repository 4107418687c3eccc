"""Kills the daemon at its crash points in homes made by chance: what is lost, doubled or broken, in a table.

A seed chooses what is saved and in which order, and up to six deaths in one home: the place and how often it is passed before. The
next life goes on with what it finds, and dies too; the last one ends. Workflow engine, vault, trail, board, inbox and outbox are
the real ones, in a memory disk; the two engines are fakes, and the Word files hold their properties alone.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.faults.crash_stories import OURS, Stage, Story, stories, story_by_chance, story_of

KINDS = ("lost", "doubled", "chain", "part", "plaintext")
MEMORY_DISK = Path("/dev/shm")


class Table:
    """What is counted for each crash point. A fault counts against every place at which its home died."""

    def __init__(self) -> None:
        self.deaths: Counter[str] = Counter()
        self.faults: dict[str, Counter[str]] = defaultdict(Counter)
        self.bad: list[tuple[str, list[str]]] = []
        self.lives = self.stories = 0

    def add(self, name: str, story: Story) -> None:
        """One home's story."""
        self.stories += 1
        self.lives += story.lives
        self.deaths.update(story.deaths)
        for kind in {fault.partition(":")[0] for fault in story.faults}:
            for point in {*story.deaths} or {"(none)"}:
                self.faults[point][kind] += 1
        if story.faults:
            self.bad.append((name, story.faults))
            print(f"{name}: {'; '.join(story.faults)} (died at {', '.join(story.deaths)})", flush=True)

    def print(self, seconds: float) -> None:
        """The table, and a line below it."""
        print(f"| {'crash point':24} | deaths | {' | '.join(KINDS)} |")
        print(f"|{'-' * 26}|--------|{'|'.join('-' * (len(kind) + 2) for kind in KINDS)}|")
        for point in sorted({*OURS, *self.faults}):
            counts = (f"{self.faults[point][kind]:{len(kind)}}" for kind in KINDS)
            print(f"| {point:24} | {self.deaths[point]:6} | {' | '.join(counts)} |")
        print(
            f"\n{self.stories} homes, {self.lives} lives, {self.deaths.total()} deaths by SIGKILL at "
            f"{len(self.deaths)} of {len(OURS)} places in {seconds:.0f} s: {len(self.bad)} homes with faults."
        )


def main() -> int:
    """Run what is asked for; 1 if anything was wrong, or a place was never died at."""
    parser = argparse.ArgumentParser(prog="scripts/crash-points", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, metavar="N", help="homes by chance (1000)")
    parser.add_argument("--from", type=int, default=0, metavar="K", dest="first", help="the first seed (0)")
    parser.add_argument(
        "--without-places", action="store_true", help="leave out the story of each place, to repeat a seed"
    )
    asked = parser.parse_args()
    table, began = Table(), time.monotonic()
    with tempfile.TemporaryDirectory(dir=MEMORY_DISK if MEMORY_DISK.is_dir() else None) as folder:
        stage = Stage(Path(folder) / "stage")
        for points in () if asked.without_places else stories():
            table.add("+".join(points), story_of(points, stage))
        for seed in range(asked.first, asked.first + asked.seeds):
            table.add(f"seed {seed}", story_by_chance(seed, stage))
    table.print(time.monotonic() - began)
    for name, _ in table.bad:
        if name.startswith("seed "):
            print(f"Repeat it: scripts/crash-points --without-places --seeds 1 --from {name.removeprefix('seed ')}")
    missed = set() if asked.without_places else set(OURS) - set(table.deaths)
    if missed:
        print(f"Never died at: {', '.join(sorted(missed))}")
    return 1 if table.bad or missed else 0


if __name__ == "__main__":
    sys.exit(main())
