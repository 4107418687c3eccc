"""Starts targets, each in a process of its own with limits on time and memory, and says what they found."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS_AN_INPUT, MEGABYTES = 5, 1_500


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """How often a target was run, and where the input lies that broke it; None: nothing was found."""

    runs: int
    reproducer: Path | None
    said: str


def fuzz(name: str, seconds: int, folder: Path) -> Fuzzed:
    """Run a target for so many seconds. What it learns and finds goes into `folder`."""
    from tests.fuzz.targets import seeds

    corpus, found = folder / "corpus", folder / "found"
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(exist_ok=True)
    seeds(name, corpus)
    limits = [
        f"-max_total_time={seconds}",
        f"-timeout={SECONDS_AN_INPUT}",
        f"-rss_limit_mb={MEGABYTES}",
        "-max_len=20001",
    ]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.fuzz.run",
            name,
            str(corpus),
            *limits,
            f"-artifact_prefix={found}/",
            "-print_final_stats=1",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds + 120,
        check=False,
    )
    runs = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    broken = next(iter(found.iterdir()), None) or (found if done.returncode else None)
    return Fuzzed(int(runs[1]) if runs else 0, broken, (done.stdout + done.stderr)[-3_000:])
