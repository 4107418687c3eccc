"""`chartdraft draft FILE…`: one item, now, through the very same workflow; or another document of what a job has read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from daemon.cli.context import home_of, leave, put, say
from daemon.model.errors import PermanentError


def draft(
    context: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE…", help="The files of one encounter.", show_default=False)
    ] = None,
    document: Annotated[
        str, typer.Option("--as", metavar="KEY", help="The document to draft.", show_default="by kind")
    ] = "",
    origin: Annotated[
        str,
        typer.Option(
            "--from", metavar="JOB", help="Draft from what this job has read, instead of files.", show_default=False
        ),
    ] = "",
    to: Annotated[Path | None, typer.Option(metavar="DIR", help="Deliver into DIR.", show_default="the outbox")] = None,
) -> None:
    """Draft one item now. The files stay where they are. With --from and --as: another document of a job's own sources."""
    _check_use(files, document, origin)
    from daemon.cli.progress import live_progress
    from daemon.keeping import handover, readiness

    home = home_of(context)
    readiness.refuse_unsafe(home)
    with live_progress(home, wanted=True) as progress:
        if origin:
            done = handover.draft_from_job(home, origin, document=document, folder=to, progress=progress)
        else:
            done = handover.draft_files(home, files or [], document=document, folder=to, progress=progress)
    if done.duplicate:
        what = "This document was" if origin else "These files were"
        if done.row.state == "delivered":
            say(f"{what} drafted before, as job {done.row.id}; `chartdraft retry` makes another draft.")
        else:
            say(f"{what} tried before, as job {done.row.id}; `chartdraft retry` tries again.")
    for path in done.files:
        put(str(path))
    leave(done.row)


def _check_use(files: list[Path] | None, document: str, origin: str) -> None:
    """Files or a job, not both; and of a job, which document."""
    if bool(files) == bool(origin):
        say("Name the files to draft from, or a job with --from, and not both.")
        raise PermanentError("wrong-use")
    if origin and not document:
        say("Say with --as which document to draft from this job.")
        raise PermanentError("wrong-use")
