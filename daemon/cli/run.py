"""`chartdraft run`: the daemon in the foreground."""

from __future__ import annotations

from typing import Annotated

import typer

from daemon.cli.context import home_of


def run(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Work until inbox and queue are empty, then exit.")] = False,
) -> None:
    """Watch the inbox and draft what arrives, until stopped."""
    from daemon.cli.progress import live_progress
    from daemon.keeping import readiness
    from daemon.service import Service
    from daemon.serving.logs import keep_log

    home = home_of(context)
    risks = readiness.refuse_to_run(home)
    keep_log(home)
    with live_progress(home, wanted=once) as progress:
        code = Service(home, progress, risks=risks).run(once=once)
    raise typer.Exit(code)
