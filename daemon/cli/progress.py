"""Progress on a terminal, on stderr; nothing where nobody looks."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from daemon.cli.look import progress_text
from daemon.model.job import STATES, JobRow
from daemon.model.work import WorkNow

if TYPE_CHECKING:
    from daemon.config import Home

Progress = Callable[[Sequence[JobRow]], None]


def progress_line(rows: Sequence[JobRow], work: Sequence[WorkNow]) -> str:
    """How many jobs are in which state, and how far those under way are."""
    counts = Counter(row.state for row in rows)
    parts = [f"{counts[state]} {state}" for state in STATES if counts[state]]
    told = [f"{each.state} {progress_text(each)}" for each in work if progress_text(each)]
    return " · ".join(parts + told) or "nothing yet"


@contextmanager
def live_progress(home: Home, *, wanted: bool) -> Iterator[Progress | None]:
    """A line that says how many jobs are in which state and how far the one under way is; None where stderr is no terminal."""
    if not wanted or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    from daemon import wiring

    log = wiring.work_log(home)
    console = Console(stderr=True)
    with console.status("looking into the inbox …") as line:

        def show(rows: Sequence[JobRow]) -> None:
            line.update(progress_line(rows, log.now()))

        yield show
