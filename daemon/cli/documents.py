"""`chartdraft documents`: what can be drafted."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from daemon.cli.context import AsJson, home_of, put, put_json
from daemon.model.errors import PermanentError

app = typer.Typer(help="What can be drafted.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_documents(context: typer.Context, as_json: AsJson = False) -> None:
    """List the documents: key, title, and what they are drafted from."""
    from daemon import wiring

    known = wiring.documents(home_of(context))
    if as_json:
        put_json([asdict(document) for document in known.values()])
        return
    for key, document in known.items():
        put(f"{key:<14} {document.title:<28} from {', '.join(document.accepts)}")


@app.command("show")
def show_document(
    context: typer.Context, key: Annotated[str, typer.Argument(metavar="KEY")], as_json: AsJson = False
) -> None:
    """Show a document's sections and what each asks for."""
    from daemon import wiring

    document = wiring.documents(home_of(context)).get(key)
    if document is None:
        raise PermanentError("document-unknown")
    if as_json:
        put_json(asdict(document))
        return
    put(f"{document.title} ({document.key}), from {', '.join(document.accepts)}")
    for section in document.sections:
        put(f"\n{section.title}\n  {section.ask or section.computed}")
