"""How far a download is, on stderr: a bar on a terminal, a plain line for every tenth elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from daemon.cli.context import say

Measure = Callable[[str, int, int], None]
_STEPS = 10


@contextmanager
def download_bar() -> Iterator[Measure]:
    """Yields what is to be told a file's name, the bytes that are here and the bytes in all."""
    if not sys.stderr.isatty():
        yield tenths(say)
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        tasks = {}

        def measure(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=total)
            bar.update(tasks[name], completed=done)

        yield measure


def tenths(put: Callable[[str], None]) -> Measure:
    """A measure that puts a line when a further tenth is here, and not for every block."""
    told: dict[str, int] = {}

    def measure(name: str, done: int, total: int) -> None:
        tenth = done * _STEPS // total if total else _STEPS
        if tenth > told.get(name, 0):
            told[name] = tenth
            put(f"  {name}: {tenth * 100 // _STEPS} % of {in_words(total)}")

    return measure


def in_words(size: int) -> str:
    """Bytes as MB or GB, decimal, as disks and downloads are sold."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
