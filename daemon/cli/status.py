"""`chartdraft status`: where each job is."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daemon.cli.context import AsJson, home_of, put, put_json

if TYPE_CHECKING:
    from daemon.model.job import JobRow

WATCH_SECONDS = 2.0
SHOWN = 40


def status(
    context: typer.Context,
    as_json: AsJson = False,
    watch: Annotated[bool, typer.Option("--watch", help="Keep showing it, every two seconds.")] = False,
) -> None:
    """Show where each job is: ids, states and codes, never what a document says."""
    from daemon import wiring

    board = wiring.board(home_of(context))
    while True:
        rows = list(board.rows())
        if as_json:
            put_json(as_data(rows))
        else:
            _show(rows, clear=watch)
        if not watch:
            return
        time.sleep(WATCH_SECONDS)


def as_data(rows: list[JobRow]) -> dict[str, Any]:
    """The contract of DESIGN 7."""
    from daemon.model.job import STATES

    counts = Counter(row.state for row in rows)
    return {
        "counts": {state: counts[state] for state in STATES},
        "jobs": [
            {
                "id": row.id,
                "state": row.state,
                "document": row.document,
                "sources": list(row.sources),
                "attempts": row.attempts,
                "code": row.code,
                "updated_at": row.updated_at.isoformat().replace("+00:00", "Z"),
            }
            for row in rows
        ],
    }


def _show(rows: list[JobRow], *, clear: bool) -> None:
    from daemon.model.job import STATES

    counts = Counter(row.state for row in rows)
    lines = ["  ".join(f"{state} {counts[state]}" for state in STATES), ""]
    for row in rows[:SHOWN]:
        when = row.updated_at.astimezone().strftime("%Y-%m-%d %H:%M")
        lines.append(f"{row.id[:8]}  {row.state:<10} {row.document:<12} {when}  {row.code}".rstrip())
    if len(rows) > SHOWN:
        lines.append(f"… and {len(rows) - SHOWN} more (--json shows all)")
    put(("\x1b[2J\x1b[H" if clear else "") + "\n".join(lines))
