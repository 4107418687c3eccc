"""`chartdraft bench`: what the installed models cost on this machine."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daemon.cli.context import AsJson, home_of, put, put_json, say
from daemon.model.errors import PermanentError
from daemon.model.visible_text import visible_text

if TYPE_CHECKING:
    from daemon.benching.figures import Bench

_TOO_LARGE = "too-large"  # said of a model that was not tried; no error

_Models = Annotated[
    str, typer.Option("--models", metavar="NAME,...", help="Only these; without it, all that are installed.")
]
_Report = Annotated[
    Path | None,
    typer.Option("--report", metavar="FILE.html", help="Write a page with plots, and the figures as JSON beside it."),
]
_Compare = Annotated[
    Path | None, typer.Option("--compare", metavar="FILE.json", help="Say what changed since an earlier report.")
]
_QualityOf = Annotated[
    Path | None,
    typer.Option(
        "--quality", metavar="FILE.json", help="Show seconds against quality, as `eval drafts --json` gave it."
    ),
]
_Quick = Annotated[bool, typer.Option("--quick", help="A few seconds a model: to see that it works.")]


def bench(
    context: typer.Context,
    models: _Models = "",
    report: _Report = None,
    compare: _Compare = None,
    quality: _QualityOf = None,
    quick: _Quick = False,
    as_json: AsJson = False,
) -> None:
    """Measure speed and memory of the installed models on this machine.

    Takes some minutes. Every model reads or writes an invented visit that comes with Chartdraft (words, a recording, a
    form), alone and beside another busy program. Nothing of your patients is touched, and nothing is sent.
    """
    from daemon.benching import files
    from daemon.benching.figures import Plan
    from daemon.benching.run import bench as measure
    from daemon.serving.one_instance import is_running

    home = home_of(context, as_owner=False)
    files.check_target(report)  # what cannot be written is told before the minutes that it takes
    before = files.read_bench(compare) if compare else None
    known = files.read_quality(home, quality)
    at_work = is_running(home.lock)
    if at_work:
        say(
            "Chartdraft is at work in the background: the figures suffer from it. `chartdraft service uninstall` ends it."
        )
    names = [name for name in models.split(",") if name]
    done = measure(home, Plan(quick), names=names, command=_typed(), say=say, daemon_running=at_work, quality=known)
    _show(done, before, report, as_json=as_json)
    broken = [each.failed for each in done.models if each.failed not in ("", _TOO_LARGE)]
    if len(broken) == len(done.models):
        raise PermanentError(broken[0])


def _show(done: Bench, before: dict[str, Any] | None, report: Path | None, *, as_json: bool) -> None:
    from daemon.benching import files
    from daemon.benching.table import lines

    data = done.as_data()
    if report is not None:
        files.write_report(report, data, before)
        say(f"written: {report} and {report.with_suffix('.json').name} beside it")
    if as_json:
        put_json(data)
        return
    for line in lines(data, before):
        put(line)


def _typed() -> str:
    return visible_text(shlex.join(["chartdraft", *sys.argv[1:]]))
