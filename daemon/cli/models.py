"""`chartdraft models`: the models on this machine, each pinned by SHA-256."""

from __future__ import annotations

from typing import Annotated

import typer

from daemon.cli.context import AsJson, home_of, put, put_json, say
from daemon.cli.download_bar import download_bar, in_words

app = typer.Typer(help="The models on this machine.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_models(context: typer.Context, as_json: AsJson = False) -> None:
    """List the installed models: what each weighs, the memory it needs where that was measured, its licence."""
    from daemon import wiring

    found = wiring.models(home_of(context, as_owner=False)).installed()
    if as_json:
        put_json(
            [
                {
                    "name": model.name,
                    "kind": model.kind,
                    "files": model.files,
                    "licence": model.licence,
                    "fit_for_drafting": model.fit_for_drafting,
                    "source": model.source,
                    "bytes": model.size_bytes,
                    "memory_bytes": model.memory_bytes,
                }
                for model in found
            ]
        )
        return
    for model in found:
        fit = "fit for drafting" if model.fit_for_drafting else ""
        memory = f"memory {in_words(model.memory_bytes)}" if model.memory_bytes else ""
        facts = f"{in_words(model.size_bytes):>7}  {memory:<14} {model.licence:<12} {model.main_sha256[:12]}"
        put(f"{model.name:<28} {model.kind:<9} {facts}  {fit}".rstrip())


@app.command("install")
def install_model(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A starter model, or OWNER/NAME@COMMIT[:FILE.gguf].")],
    fit: Annotated[
        bool | None, typer.Option("--fit-for-drafting/--not-fit-for-drafting", help="Say so, instead of by size.")
    ] = None,
) -> None:
    """Install a model from a pinned source, and record the SHA-256 of each of its files.

    A download that was interrupted is continued when the command is repeated.
    """
    from daemon import egress, wiring

    with egress.open_for_downloads(), download_bar() as measure:
        model = wiring.models(home_of(context, as_owner=False)).install(
            name, say, measure=measure, fit_for_drafting=fit
        )
    put(f"{model.name}  {model.main_sha256}")


@app.command("verify")
def verify_models(context: typer.Context) -> None:
    """Compute every file's SHA-256 and compare it with what was recorded."""
    from daemon import wiring

    store = wiring.models(home_of(context, as_owner=False))
    for model in store.installed():
        store.verify(model.name)
        put(f"ok  {model.name}")
