"""Power cuts for as many seeds as wanted: what `scripts/power-cuts` runs."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.fakes.forgetful_disk.mounted import ForgetfulDisk
from tests.faults.power import CUTS_A_SEED, PoweredOffice


def say(words: str) -> None:
    """A line, at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> int:
    """Try the seeds one after the other; 1 if something was wrong with any."""
    asked = argparse.ArgumentParser(prog="scripts/power-cuts", description=__doc__)
    asked.add_argument("--seeds", type=int, default=20, help="how many")
    asked.add_argument("--first", type=int, default=0, help="the first of them")
    asked.add_argument("--words", action="store_true", help="say where each cut struck")
    wanted = asked.parse_args()
    began, wrong = time.monotonic(), 0
    with tempfile.TemporaryDirectory() as folder, ForgetfulDisk(Path(folder) / "disk") as disk:
        office = PoweredOffice(disk, Path(folder))
        for seed in range(wanted.first, wanted.first + wanted.seeds):
            found = office.try_seed(seed, say if wanted.words else lambda _: None)
            wrong += bool(found)
            say(f"seed {seed}: {'; '.join(found) or 'nothing lost, nothing doubled'}")
    minutes = (time.monotonic() - began) / 60
    say(f"{wanted.seeds} seeds, {wanted.seeds * CUTS_A_SEED} power cuts, {wrong} wrong, {minutes:.1f} minutes")
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except pytest.skip.Exception as reason:
        sys.exit(f"Not tried: {reason}")
