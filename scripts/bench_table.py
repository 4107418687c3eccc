"""The table: what was measured, what is to be reached, on which machine."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

BEGIN, END = "<!-- bench -->", "<!-- /bench -->"
BUSY_LOAD = 0.5


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement."""

    what: str
    reach: str
    measured: str
    reached: bool
    how: str


def note(text: str) -> None:
    """Progress: stderr, so that stdout stays the table's."""
    print(text, file=sys.stderr, flush=True)


def machine() -> str:
    """Where and when, in one line; to be asked before anything is measured, for the load."""
    load = os.getloadavg()[0]
    if load > BUSY_LOAD:
        note(
            f"Warning: something else is busy on this machine (load average {load:.1f}); the figures will be too high."
        )
    memory = psutil.virtual_memory().total / 1e9
    return (
        f"{os.cpu_count()} cores ({platform.machine()}, {platform.system()}), {memory:.0f} GB, "
        f"Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}; load average before: {load:.1f}"
    )


def as_markdown(rows: list[Row], where: str) -> str:
    """The table, and below it the machine."""
    lines = ["| what | reach | measured | |", "|---|---|---|---|"]
    for row in rows:
        measured = row.measured if row.reached else f"**{row.measured}** (not reached)"
        lines.append(f"| {row.what} | {row.reach} | {measured} | {row.how} |")
    return "\n".join([*lines, "", f"Measured by `scripts/bench` on {where}."])


def write_into(readme: Path, table: str) -> None:
    """Replace what stands between the two marks."""
    text = readme.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{readme.name} has no {BEGIN} … {END} to write the table between.")
    readme.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
