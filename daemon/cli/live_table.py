"""What `status --watch` shows on a terminal, the most important first: a low window shows the top of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from daemon.cli.look import Look, counts_line, duration, queue_line, roughly
from daemon.model.error_catalog import CATALOG
from daemon.model.job import JobRow
from daemon.model.work import WorkNow

UNDER_WAY = ("reading", "drafting", "checking")
BAR = 24
MOST = 8


def table_of(look: Look, moment: datetime) -> RenderableType:
    """The whole picture, as of this moment."""
    head = Text(f"{moment.astimezone():%H:%M:%S}  ", style="dim")
    if look.trouble:
        return Group(head + Text(str(look.trouble), style="red"))
    head += Text(queue_line(look), style="bold" if look.running else "bold red")
    return Group(head, Text(counts_line(look)), *_parts(look, moment))


def _parts(look: Look, moment: datetime) -> Iterator[RenderableType]:
    under_way = [row for row in look.rows if row.state in UNDER_WAY]
    if under_way:
        yield _under_way(look, under_way, moment)
    failed = [row for row in look.rows if row.state == "attention"]
    if failed:
        yield _failed(failed, look.counts.get("attention", 0))
    done = [row for row in look.rows if row.state == "delivered"]
    if done:
        yield _delivered(done)


def _under_way(look: Look, rows: list[JobRow], moment: datetime) -> RenderableType:
    table = Table(box=None, padding=(0, 2, 0, 0), title="\nUnder way", title_justify="left", title_style="bold")
    for name in ("job", "document", "state", "done", "", "for", "left"):
        table.add_column(name, no_wrap=True)
    for row in rows[:MOST]:
        work = look.of(row.id)
        table.add_row(row.id[:8], Text(row.document), row.state, *_progress(work, moment))
        if row.code:
            table.add_row("", "", "waits", Text(row.code))
    return table


def _progress(work: WorkNow | None, moment: datetime) -> tuple[RenderableType, ...]:
    """Bar, share, elapsed, left."""
    if work is None:
        return "", "", "", ""
    bar = ProgressBar(total=1.0, completed=work.done or 0.0, width=BAR)
    share = "" if work.done is None else f"{round(work.done * 100):3d} %"
    left = "" if work.seconds_left is None else f"about {roughly(work.seconds_left)}"
    return bar, share, duration((moment - work.since).total_seconds()), left


def _failed(rows: list[JobRow], all_of_them: int) -> RenderableType:
    table = Table(
        box=None, padding=(0, 2, 0, 0), title="\nNeeds attention", title_justify="left", title_style="bold red"
    )
    table.add_column("job", no_wrap=True)
    table.add_column("since", no_wrap=True)
    table.add_column("what happened, and what to do")
    for row in rows[:MOST]:
        text = CATALOG.get(row.code)
        table.add_row(row.id[:8], _when(row), Text(f"{text.sentence} ({row.code})" if text else row.code))
    if all_of_them > MOST:
        table.add_row("", "", f"… and {all_of_them - MOST} more")
    return table


def _delivered(rows: list[JobRow]) -> RenderableType:
    table = Table(box=None, padding=(0, 2, 0, 0), title="\nDelivered last", title_justify="left", title_style="bold")
    for name in ("job", "when", "document"):
        table.add_column(name, no_wrap=True)
    for row in rows[:MOST]:
        table.add_row(row.id[:8], _when(row), Text(row.document))
    return table


def _when(row: JobRow) -> str:
    return row.updated_at.astimezone().strftime("%m-%d %H:%M")
