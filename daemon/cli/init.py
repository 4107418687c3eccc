"""`chartdraft init`: folders, keys and settings. Safe to repeat."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from daemon.cli.context import home_of, put, say


def init(
    context: typer.Context,
    recovery_out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the recovery identity to FILE, once; a USB stick is a good place."),
    ] = None,
) -> None:
    """Make the folders, the keys and the settings. Safe to repeat."""
    from daemon.keeping import upkeep

    home = home_of(context, as_owner=False)
    chosen = (recovery_out or home.inbox.parent / "recovery.txt").absolute()
    made = upkeep.set_up(home, chosen)
    put(f"inbox     {home.inbox}")
    put(f"outbox    {home.outbox}")
    put(f"state     {home.state}")
    put(f"settings  {home.config}")
    if made:
        put(f"recovery  {chosen}")
        say(
            "Move the recovery file off this machine (a USB stick in a safe): it opens everything if this machine is lost."
        )
