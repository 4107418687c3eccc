"""Progress on a terminal, on stderr; nothing where nobody looks."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from daemon.model.job import STATES, JobRow

Progress = Callable[[Sequence[JobRow]], None]


@contextmanager
def live_progress(*, wanted: bool) -> Iterator[Progress | None]:
    """A line that says how many jobs are in which state, kept up to date; None where stderr is no terminal."""
    if not wanted or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("looking into the inbox …") as line:

        def show(rows: Sequence[JobRow]) -> None:
            counts = Counter(row.state for row in rows)
            line.update(" · ".join(f"{counts[state]} {state}" for state in STATES if counts[state]) or "nothing yet")

        yield show
