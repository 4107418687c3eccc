"""`chartdraft seal FILE`: encrypt for the inbox with the public keys alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from daemon.cli.context import home_of, put


def seal(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The memo or scan.")],
    out: Annotated[Path | None, typer.Option("-o", metavar="OUT", help="Where to.", show_default="FILE.age")] = None,
) -> None:
    """Encrypt a file for the inbox; only this machine and the recovery key can open it. FILE stays."""
    from daemon.keeping import upkeep

    target = out or file.with_name(file.name + ".age")
    upkeep.seal_file(home_of(context), file, target)
    put(str(target))
