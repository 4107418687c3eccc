"""`chartdraft retry JOB`: again, from the step that failed, or as another document."""

from __future__ import annotations

from typing import Annotated

import typer

from daemon.cli.context import home_of, leave, put


def retry(
    context: typer.Context,
    job: Annotated[str, typer.Argument(metavar="JOB", help="A job's id, or its first characters.")],
    document: Annotated[
        str, typer.Option("--as", metavar="KEY", help="Draft this document instead.", show_default=False)
    ] = "",
) -> None:
    """Try a job again, or draft another document from the same sources."""
    from daemon.cli.progress import live_progress
    from daemon.keeping import handover, readiness

    home = home_of(context)
    readiness.refuse_unsafe(home)
    with live_progress(home, wanted=True) as progress:
        done = handover.retry(home, job, document=document, progress=progress)
    for path in done.files:
        put(str(path))
    leave(done.row)
