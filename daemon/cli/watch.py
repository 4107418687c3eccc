"""`chartdraft status --watch`: a live table on a terminal; elsewhere a line for each change."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType
from typing import TYPE_CHECKING, Any

from daemon.cli.context import put
from daemon.cli.look import Look, as_data, look_again, look_at, progress_text, queue_line
from daemon.model.job import STATES

if TYPE_CHECKING:
    from daemon.config import Home

WATCH_SECONDS = 1.0
ROWS = 200


def watch(home: Home, *, as_json: bool) -> None:
    """Show until Ctrl-C or SIGTERM. `config-missing` before there is a home; one that goes away later may come back."""
    with _until_ended():
        look_at(home, 1)
        if as_json:
            _lines(lambda: look_again(home), _json_line)
        elif sys.stdout.isatty() and os.environ.get("TERM", "dumb") not in {"dumb", "unknown", ""}:
            _live(home)
        else:
            _lines(lambda: look_again(home, ROWS), _plain_line)


@contextmanager
def _until_ended() -> Iterator[None]:
    """An end on purpose is no error, and leaves the terminal as it was."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


def _lines(see: Callable[[], Look], line_of: Callable[[Look], tuple[Any, str]]) -> None:
    """A line at once, and then whenever something changed."""
    said = None
    while True:
        news, line = line_of(see())
        if news != said:
            put(line)
            sys.stdout.flush()
            said = news
        time.sleep(WATCH_SECONDS)


def _json_line(look: Look) -> tuple[Any, str]:
    """One document a line. That time passes is no change."""
    data: dict[str, Any] = {"error": look.trouble.code} if look.trouble else as_data(look)
    work = [(each["job"], each["state"], each["done"]) for each in data.get("work", ())]
    news = {**data, "work": work, "expected_seconds": None}
    return news, json.dumps(data, ensure_ascii=False)


def _plain_line(look: Look) -> tuple[Any, str]:
    """For a pipe or a terminal that only prints: a tenth of a step is a change."""
    clock = time.strftime("%H:%M:%S")
    if look.trouble:
        return look.trouble.code, f"{clock}  {look.trouble}"
    counts = [f"{state} {look.counts[state]}" for state in STATES if look.counts.get(state)]
    work = [f"{each.job[:8]} {each.state} {progress_text(each)}".rstrip() for each in look.work]
    news = (look.running, counts, [(each.job, each.state, int((each.done or 0) * 10)) for each in look.work])
    return news, f"{clock}  " + " · ".join([queue_line(look), *counts, *work])


def _live(home: Home) -> None:
    from rich.console import Console
    from rich.live import Live

    from daemon.cli.live_table import table_of

    console = Console(highlight=False)
    seen = look_again(home, ROWS)
    try:
        with Live(table_of(seen, datetime.now(UTC)), console=console, screen=True, auto_refresh=False) as live:
            while True:
                time.sleep(WATCH_SECONDS)
                seen = look_again(home, ROWS)
                live.update(table_of(seen, datetime.now(UTC)), refresh=True)
    finally:
        console.print(table_of(seen, datetime.now(UTC)))  # the other screen is gone with all that it showed
