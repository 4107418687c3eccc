"""`chartdraft draft FILE…`: one item, now, through the very same workflow."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from daemon.cli.context import home_of, put, say


def draft(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="The files of one encounter.", show_default=False)
    ],
    document: Annotated[
        str, typer.Option("--as", metavar="KEY", help="The document to draft.", show_default="by kind")
    ] = "",
    to: Annotated[Path | None, typer.Option(metavar="DIR", help="Deliver into DIR.", show_default="the outbox")] = None,
) -> None:
    """Draft one item now. The files stay where they are."""
    from daemon import handover, upkeep
    from daemon.cli.progress import live_progress

    home = home_of(context)
    upkeep.refuse_unsafe(home)
    with live_progress(wanted=True) as progress:
        done = handover.draft_files(home, files, document=document, folder=to, progress=progress)
    if done.duplicate:
        say(f"These files were drafted before, as job {done.row.id}; `chartdraft retry` makes another draft.")
    for path in done.files:
        put(str(path))
    raise typer.Exit(0 if done.row.state == "delivered" else 3)
