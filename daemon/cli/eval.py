"""`chartdraft eval`: how well it does on public data, measured the same way every time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daemon.cli.context import AsJson, put, put_json, say
from daemon.cli.eval_drafts import drafts
from daemon.cli.eval_reading import reading
from daemon.model.errors import PermanentError

if TYPE_CHECKING:
    from collections.abc import Mapping

app = typer.Typer(help="Quality, measured on public data.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def group() -> None:
    """Quality, measured on public data."""


@app.command("faithfulness")
def faithfulness(
    corpus: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="JSON lines with a dialogue and its note (ACI-Bench), or its text (MTS-Dialog)."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write the table (Markdown, JSON) and a plot (SVG) there."),
    ] = None,
    examples: Annotated[
        bool,
        typer.Option(
            "--examples", help="Write the errors missed and the false alarms too, which quote the data; with --out."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put errors into notes that people wrote and count which are found; count what is found without an error."""
    if examples and out is None:
        raise PermanentError("wrong-use")
    from daemon.evaluation.corpus import read_corpus
    from daemon.evaluation.faithfulness_figures import measure
    from daemon.evaluation.report import as_data, as_markdown

    encounters = read_corpus(corpus)
    if out is not None:
        _write(out, {})  # a folder that cannot be is told before the minutes that it takes
    figures = measure(encounters, _progress, omissions=True)
    data = as_data(figures)
    table = as_markdown(data)
    if out is not None:
        from daemon.evaluation.examples import as_examples

        _write(out, _files(table, data) | ({"examples.md": as_examples(figures)} if examples else {}))
    if as_json:
        put_json(data)
    elif out is None:
        put(table.rstrip("\n"))


app.command("drafts")(drafts)
app.command("reading")(reading)


def _files(table: str, data: dict[str, Any]) -> dict[str, str]:
    import json

    from daemon.evaluation.plot import as_svg

    whole = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    return {"faithfulness.md": table, "faithfulness.svg": as_svg(data), "faithfulness.json": whole}


def _progress(done: int, total: int) -> None:
    if done == total or done % 5 == 0:
        say(f"measured {done} of {total} encounters")


def _write(folder: Path, files: Mapping[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError:
        raise PermanentError("target-unwritable") from None
    if files:
        say(f"written to the folder: {', '.join(files)}")
