"""Measures Chartdraft on this machine: the real daemon, as processes, in throw-away homes; ratios taken in one run."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import bench_asked
import bench_claims
import bench_way
from bench_home import ROOT
from bench_table import Row, as_markdown, machine, note, write_into

PARTS: dict[str, Callable[[argparse.Namespace], list[Row]]] = {
    "way": lambda asked: bench_way.way(few=asked.small),
    "claims": lambda asked: [bench_claims.claims_one_by_one(few=asked.small)],
    "backlog": lambda asked: [bench_claims.backlog(few=asked.small, profile=asked.profile)],
    "tokens": lambda asked: [bench_asked.prompt_tokens()],
    "status": lambda asked: [bench_asked.status()],
}


def main() -> None:
    """Measure what is asked for and print the table. Takes some 12 minutes on two cores, 3 with --small."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"only these of: {', '.join(PARTS)}")
    parser.add_argument("--small", action="store_true", help="fewer files: to see that it runs, not for figures")
    parser.add_argument("--profile", type=Path, help="profile the claims of the backlog into this file (slows them)")
    parser.add_argument("--write-readme", action="store_true", help="put the table into README.md")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))  # so that daemons and homes are cleaned away
    where, rows = machine(), []
    for name, measure in PARTS.items():
        if not asked.parts or name in asked.parts:
            note(f"— {name}")
            rows += measure(asked)
    table = as_markdown(rows, where)
    print(table)
    if asked.write_readme:
        write_into(ROOT / "README.md", table)


if __name__ == "__main__":
    main()
