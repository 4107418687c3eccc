"""`chartdraft status`: where each job is."""

from __future__ import annotations

from typing import Annotated

import typer

from daemon.cli.context import AsJson, home_of, put, put_json


def status(
    context: typer.Context,
    as_json: AsJson = False,
    watch: Annotated[
        bool,
        typer.Option(
            "--watch", help="Keep showing it until Ctrl-C; not on a terminal, or with --json, a line for each change."
        ),
    ] = False,
) -> None:
    """Show where each job is, how far, and how long the queue may take: ids, states and codes, never what a document says."""
    from daemon.cli.look import as_data, as_text, look_at

    home = home_of(context)
    if watch:
        from daemon.cli.watch import watch as keep_watching

        keep_watching(home, as_json=as_json)
        return
    look = look_at(home)
    if as_json:
        put_json(as_data(look))
    else:
        put(as_text(look))
