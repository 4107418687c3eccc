"""`chartdraft models`: the models on this machine, each pinned by SHA-256."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from daemon.cli.context import AsJson, home_of, put, put_json, say
from daemon.cli.download_bar import download_bar, in_words
from daemon.model.drafting_fitness import IN_WORDS

if TYPE_CHECKING:
    from daemon.model.drafting_fitness import Fitness
    from daemon.wiring.engines import InstalledModel

app = typer.Typer(help="The models on this machine.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_models(context: typer.Context, as_json: AsJson = False) -> None:
    """List the installed models: size, memory where that was measured, licence; whether a language model may write drafts, and why."""
    from daemon import wiring

    home = home_of(context, as_owner=False)
    found = [
        (model, wiring.fitness(home, model) if model.kind == "language" else None)
        for model in wiring.models(home).installed()
    ]
    if as_json:
        put_json([_as_json(model, fitness) for model, fitness in found])
        return
    for model, fitness in found:
        memory = f"memory {in_words(model.memory_bytes)}" if model.memory_bytes else ""
        facts = f"{in_words(model.size_bytes):>7}  {memory:<14} {model.licence:<12} {model.main_sha256[:12]}"
        put(f"{model.name:<28} {model.kind:<9} {facts}")
        for line in _of_drafting(model, fitness):
            put(f"  {line}")
    for line in wiring.engines_in_use(home):
        put(line)


def _of_drafting(model: InstalledModel, fitness: Fitness | None) -> list[str]:
    if fitness is None:
        return []
    adapter = model.adapter
    trained = [f"with the adapter {adapter.name} {adapter.sha256[:12]}"] if adapter else []
    return [
        *trained,
        f"{'fit' if fitness.fit else 'not fit'} for drafting ({IN_WORDS[fitness.manner]}): {fitness.reason}",
    ]


def _as_json(model: InstalledModel, fitness: Fitness | None) -> dict[str, Any]:
    adapter = model.adapter
    return {
        "name": model.name,
        "kind": model.kind,
        "files": model.files,
        "licence": model.licence,
        "fit_for_drafting": fitness is not None and fitness.fit,
        "source": model.source,
        "bytes": model.size_bytes,
        "memory_bytes": model.memory_bytes,
        "fit": fitness.fit if fitness else None,
        "manner": fitness.manner if fitness else None,
        "reason": fitness.reason if fitness else "",
        "adapter": {"name": adapter.name, "sha256": adapter.sha256} if adapter else None,
    }


@app.command("install")
def install_model(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A starter model, OWNER/NAME@COMMIT[:FILE.gguf], a folder on this machine, or NAME-mlx: an installed speech model for MLX.",
        ),
    ],
    fit: Annotated[
        bool | None, typer.Option("--fit-for-drafting/--not-fit-for-drafting", help="Say so, whatever was measured.")
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
    """Compute the SHA-256 of every file, adapters' too, and compare it with what was recorded."""
    from daemon import wiring

    store = wiring.models(home_of(context, as_owner=False))
    for model in store.installed():
        store.verify(model.name)
        put(f"ok  {model.name}" + (f" with the adapter {model.adapter.name}" if model.adapter else ""))
