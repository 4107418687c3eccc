"""`chartdraft eval drafts`: every way of drafting on this machine, measured against what people wrote."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daemon import __version__
from daemon.cli.context import AsJson, home_of, put, put_json, say
from daemon.model.errors import PermanentError
from daemon.model.visible_text import visible_text

if TYPE_CHECKING:
    from daemon.config import Home
    from daemon.evaluation.draft_measure import Entrant
    from daemon.evaluation.draft_rows import DraftCorpus
    from daemon.evaluation.draft_run import Outcome

_SAY_EVERY_SECONDS = 10.0


def drafts(  # noqa: PLR0913, PLR0917 - each is an option of the command
    context: typer.Context,
    data: Annotated[
        list[Path] | None,
        typer.Option(
            "--data",
            metavar="FILE",
            help="JSON lines as ACI-Bench or MTS-Dialog have them; several are measured apart.",
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=0, help="Only the first N rows of each file.")] = 0,
    models: Annotated[
        str,
        typer.Option(
            "--models",
            metavar="NAME,...",
            help="Only these: installed models, copy, leading, quoting, best-passages, best-quotes.",
        ),
    ] = "",
    manners: Annotated[
        str,
        typer.Option("--manners", metavar="MANNER,...", help="How models write: statement, section; by default both."),
    ] = "statement,section",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Write tables, JSON and plots there; a run that was stopped goes on from there.",
        ),
    ] = None,
    remember: Annotated[
        bool, typer.Option("--remember", help='Keep what was measured of models: drafter = "auto" goes by it.')
    ] = False,
    examples: Annotated[
        bool,
        typer.Option(
            "--examples", help="Write each draft beside what a person wrote too, which quotes the data; with --out."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Draft public dialogues in every way that is installed, and hold the drafts against the notes that people wrote of them.

    A large model takes minutes a row: choose with --limit, --models and --manners. Ctrl-C ends it with what was measured by then.
    """
    if not data:
        raise PermanentError("corpus-missing")
    if examples and out is None:
        raise PermanentError("wrong-use")
    from daemon.cli.eval_report import prepared, written
    from daemon.evaluation.draft_report import as_table
    from daemon.evaluation.draft_rows import read_draft_corpus

    home = home_of(context)
    if remember and not home.state.is_dir():
        raise PermanentError("config-missing")
    corpora = list({one.sha256: one for one in (read_draft_corpus(path, limit) for path in data)}.values())
    chosen = _entrants(home, models, manners)
    prepared(out, examples=examples)
    outcome = _run(home, corpora, chosen, out, examples=examples)
    report = _report(outcome, corpora)
    if out is not None:
        say(f"written to the folder: {', '.join(written(out, report))}")
    if as_json:
        put_json(report)
    else:
        put(as_table(report).rstrip("\n"))
    if remember:  # last: what was measured in hours is told, whatever becomes of it
        _remember(home, outcome)
    if outcome.stopped:
        raise typer.Exit(3)


def _entrants(home: Home, models: str, manners: str) -> list[Entrant]:
    from daemon.wiring.measuring import MANNERS, entrants

    names = {name.strip() for name in models.split(",") if name.strip()}
    asked = {manner.strip() for manner in manners.split(",")}
    if not asked or not asked <= set(MANNERS):
        raise PermanentError("wrong-use")
    found = entrants(home, names, [manner for manner in MANNERS if manner in asked])
    if names - {one.name for one in found} or not found:
        raise PermanentError("model-unknown")
    return found


def _run(home: Home, corpora: list[DraftCorpus], chosen: list[Entrant], out: Path | None, *, examples: bool) -> Outcome:
    from daemon import wiring
    from daemon.benching.peak import PeakMemory
    from daemon.cli.eval_report import example_writer
    from daemon.evaluation.draft_run import Bench, run
    from daemon.evaluation.kept_rows import KeptRows
    from daemon.wiring.measuring import MeasuredWay, circumstances

    bench = Bench(
        way=MeasuredWay(wiring.SystemClock(), PeakMemory),
        soap=wiring.documents(home)["soap"],
        kept=KeptRows(out, circumstances(home)),
        progress=_progress(),
        seen=example_writer(out if examples else None),
    )
    return run(corpora, chosen, bench)


def _progress() -> Callable[[Entrant, DraftCorpus, int], None]:
    import time

    said = [0.0]

    def tell(entrant: Entrant, corpus: DraftCorpus, done: int) -> None:
        now, total = time.monotonic(), len(corpus.rows)
        if done == total or now - said[0] >= _SAY_EVERY_SECONDS:
            said[0] = now
            manner = f" ({entrant.manner})" if entrant.kind == "model" else ""
            say(f"{corpus.name}, {entrant.name}{manner}: {done} of {total} rows")

    return tell


def _report(outcome: Outcome, corpora: list[DraftCorpus]) -> dict[str, Any]:
    from datetime import UTC, datetime

    from daemon.benching.machine import describe
    from daemon.evaluation.draft_report import as_data
    from daemon.wiring.measuring import code_fingerprint

    about = {
        "version": __version__,
        "code": code_fingerprint(),
        "command": visible_text(shlex.join(["chartdraft", *sys.argv[1:]])),
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
    }
    return as_data(outcome, corpora, describe(), about)


def _remember(home: Home, outcome: Outcome) -> None:
    from daemon.wiring.measuring import remember

    whole = [one for one in outcome.entries if one["kind"] == "model" and one["rows"] == one["of_rows"]]
    for entry in whole:
        remember(home, entry)
        say(f"remembered: {entry['name']}, {entry['manner']}, {entry['data']}")
