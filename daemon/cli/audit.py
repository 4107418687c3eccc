"""`chartdraft audit`: who did what, when, and the proof that it was not edited."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from daemon.cli.context import AsJson, home_of, put, put_json, say

app = typer.Typer(help="The audit trail.", no_args_is_help=True, rich_markup_mode=None)
INTEGRITY_EXIT_CODE = 4


@app.command("verify")
def verify(
    context: typer.Context,
    against: Annotated[
        Path | None, typer.Option(metavar="CHECKPOINT", help="A checkpoint that was kept elsewhere.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check every line, the chain and the signed checkpoint; names the first line that does not hold."""
    from daemon.keeping import upkeep

    report = upkeep.verify_audit(home_of(context), against)
    if as_json:
        put_json(report)
    elif report["ok"]:
        put(f"ok: {report['lines']} events, {report['checkpoint_lines']} of them under a signed checkpoint")
    else:
        put(": ".join(filter(None, [report["file"], report["line"] and f"line {report['line']}", report["code"]])))
    raise typer.Exit(0 if report["ok"] else INTEGRITY_EXIT_CODE)


@app.command("show")
def show(
    context: typer.Context, last: Annotated[int, typer.Option(help="How many of the last events.", min=1)] = 50
) -> None:
    """Show the last events."""
    from daemon.keeping import upkeep

    for line in upkeep.last_events(home_of(context), last):
        put(line.decode(errors="replace"))


@app.command("export")
def export(
    context: typer.Context,
    format_: Annotated[Literal["jsonl"], typer.Option("--format", help="The form of the export.")] = "jsonl",
) -> None:
    """Write the whole trail to stdout."""
    from daemon.keeping import upkeep

    untold = upkeep.export_audit(home_of(context), sys.stdout.buffer, format_)
    if untold:
        say(f"chartdraft: this export is not in the trail itself ({untold})")


@app.command("checkpoint")
def checkpoint(context: typer.Context) -> None:
    """Sign the trail as it is now and print the checkpoint: keep it somewhere else."""
    from daemon.keeping import upkeep

    put(upkeep.sign_checkpoint(home_of(context)).rstrip("\n"))
