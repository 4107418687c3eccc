"""`chartdraft eval reading`: what is heard and read, measured against what was said and stands there."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daemon import __version__
from daemon.cli.context import AsJson, home_of, put, put_json, say
from daemon.model.errors import PermanentError
from daemon.model.visible_text import visible_text

if TYPE_CHECKING:
    from daemon.config import Home
    from daemon.evaluation.reading_material import Material
    from daemon.evaluation.reading_run import Outcome

SHIPPED = Path(__file__).resolve().parents[2] / "tests" / "assets" / "reading"
"""In a copy of the repository; an installed program has none."""


def reading(
    context: typer.Context,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", metavar="DIR", help="Recordings and forms with what is in them; by default the repository's."
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=0, help="Only N recordings with speech, N without, and N forms.")
    ] = 0,
    bare: Annotated[bool, typer.Option("--bare/--no-bare", help="Measure the engines as they come beside it.")] = True,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Write tables, JSON and a plot there; a run that was stopped goes on from there.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read recordings and forms of which it is known what is in them, and count what was read right.

    Beside it the same engines as they come. Ctrl-C ends it with what was measured by then.
    """
    _measured(context, data or SHIPPED, limit, out, bare=bare, as_json=as_json)


def _measured(context: typer.Context, folder: Path, limit: int, out: Path | None, *, bare: bool, as_json: bool) -> None:
    from daemon.cli.eval_report import prepared
    from daemon.evaluation.reading_material import read_material
    from daemon.evaluation.reading_report import as_table

    material = read_material(folder, limit)
    prepared(out, examples=False)
    outcome = _run(home_of(context), material, out, bare=bare)
    report = _report(outcome, material)
    if out is not None:
        say(f"written to the folder: {', '.join(_written(out, report))}")
    if as_json:
        put_json(report)
    else:
        put(as_table(report).rstrip("\n"))
    if outcome.stopped:
        raise typer.Exit(3)


def _run(home: Home, material: Material, out: Path | None, *, bare: bool) -> Outcome:
    from daemon.benching.peak import PeakMemory
    from daemon.evaluation.kept_rows import KeptRows
    from daemon.evaluation.reading_run import run
    from daemon.wiring.measuring import circumstances
    from daemon.wiring.measuring_reading import MeasuredReaders

    return run(material, MeasuredReaders(home, PeakMemory, bare=bare), KeptRows(out, circumstances(home)), say)


def _report(outcome: Outcome, material: Material) -> dict[str, Any]:
    from datetime import UTC, datetime

    from daemon.benching.machine import describe
    from daemon.evaluation.reading_report import as_data
    from daemon.wiring.measuring import code_fingerprint

    about = {
        "version": __version__,
        "code": code_fingerprint(),
        "command": visible_text(shlex.join(["chartdraft", *sys.argv[1:]])),
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
    }
    return as_data(outcome, material, describe(), about)


def _written(out: Path, report: dict[str, Any]) -> list[str]:
    from daemon.evaluation.reading_plot import as_svg
    from daemon.evaluation.reading_report import as_markdown

    files = {
        "reading.md": as_markdown(report),
        "reading.json": json.dumps(report, ensure_ascii=False, indent=2) + "\n",
        "reading.svg": as_svg(report),
    }
    try:
        for name, text in files.items():
            (out / name).write_text(text, encoding="utf-8")
    except OSError:
        raise PermanentError("target-unwritable") from None
    return list(files)
