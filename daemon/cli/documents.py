"""`chartdraft documents`: what can be drafted, and how each document is declared."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from daemon.cli.context import AsJson, home_of, put, put_json
from daemon.model.errors import PermanentError

if TYPE_CHECKING:
    from daemon.model.document import Document, Expected, SectionSpec, VisitKind

WIDTH = 100
_UNBROKEN = "\u00a0"
_SOURCES = {"recording": "a recording", "scan": "a scan", "text": "a text"}
_FORMS = {
    "note": "a note",
    "summary": "a summary on one page",
    "letter": "a letter",
    "handout": "a handout for patients",
    "email": "an e-mail",
}
_LAYOUTS = {"list": "", "prose": "as a paragraph", "table": "as a table", "line": "each on a line of its own"}

app = typer.Typer(help="What can be drafted.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_documents(context: typer.Context, as_json: AsJson = False) -> None:
    """List the documents: key, title, what they are drafted from, and whose they are."""
    from daemon import wiring

    known = wiring.documents(home_of(context))
    if as_json:
        put_json([asdict(document) for document in known.values()])
        return
    width = max(map(len, known))
    for key, document in known.items():
        put(f"{key:<{width}}  {document.title:<28} from {', '.join(document.accepts):<23} {_origin(document)}".rstrip())


@app.command("show")
def show_document(
    context: typer.Context, key: Annotated[str, typer.Argument(metavar="KEY")], as_json: AsJson = False
) -> None:
    """Show how a document is declared: what a practice needs to write one of its own."""
    from daemon import wiring

    document = wiring.documents(home_of(context)).get(key)
    if document is None:
        raise PermanentError("document-unknown")
    if as_json:
        put_json(asdict(document))
        return
    for line in declaration(document):
        put(line)


def declaration(document: Document) -> Iterator[str]:
    """A document's declaration in lines, under the names that its TOML has."""
    default = f"a {document.default_for} that nothing else is said of" if document.default_for else "nothing by itself"
    yield f"{document.title} ({document.key})"
    yield f"  declared in   {document.file or 'Chartdraft'}"
    yield f"  accepts       {', '.join(_SOURCES[kind] for kind in document.accepts)}"
    yield f"  default_for   {default}"
    yield from _listed("spoken_cues", document.spoken_cues, 2)
    yield f"  form          {_FORMS[document.form]}"
    yield from _told("opening", document.opening, 2)
    yield from _told("closing", document.closing, 2)
    yield from _told("instructions", document.instructions, 2)
    for number, section in enumerate(document.sections, 1):
        yield ""
        yield from _section(number, section)
    if document.visits:
        yield from ["", "Kinds of visit, each known by its cues"]
        yield from (line for visit in document.visits for line in _visit(visit))
    if document.expects:
        yield from ["", "Checklist"]
        yield from (line for expected in document.expects for line in _expected(expected))


def _section(number: int, section: SectionSpec) -> Iterator[str]:
    where = "" if section.audience == "reader" else " (for the office alone, not part of what is sent)"
    yield f"{number}. {section.title} ({section.key}){where}"
    yield from _told("computed", section.computed, 3)
    yield from _told("feeds", section.feeds, 3)
    yield from _told("ask", section.ask, 3)
    yield from _told("layout", _LAYOUTS[section.layout], 3)
    yield from _told("placeholder", section.placeholder, 3)
    yield from _listed("headings", section.headings, 3)
    yield from _listed("cues", section.cues, 3)
    yield from _listed("until", section.until, 3)
    yield from _listed("labels", section.labels, 3)
    yield from _listed("fields", section.fields, 3)
    yield from _listed("rules", section.rules, 3)
    yield from _told("group", section.group, 3)


def _visit(visit: VisitKind) -> Iterator[str]:
    yield f"  - {visit.title} ({visit.key})"
    yield from _listed("cues", visit.cues, 5)


def _expected(expected: Expected) -> Iterator[str]:
    of = f" [{', '.join(expected.visits)}]" if expected.visits else ""
    yield f"  - {expected.item}{of}"
    yield from _told("why", expected.why, 5)
    yield from _listed("cues", expected.cues, 5)
    yield from _listed("labels", expected.labels, 5)
    yield from _told("group", expected.group, 5)


def _listed(name: str, values: Sequence[str], indent: int) -> Iterator[str]:
    # A phrase is not broken at the end of a line: it would be copied so.
    yield from _told(name, ", ".join(f"“{value}”".replace(" ", _UNBROKEN) for value in values), indent)


def _told(name: str, value: str, indent: int) -> Iterator[str]:
    """A name and its value, which goes on below itself; nothing where there is no value."""
    if value:
        head = " " * indent + f"{name:<13} "
        rest = " " * (indent + 14)
        for line in textwrap.wrap(
            value.replace("\n", " ").strip(), WIDTH, initial_indent=head, subsequent_indent=rest, break_on_hyphens=False
        ):
            yield line.replace(_UNBROKEN, " ")


def _origin(document: Document) -> str:
    return f"the practice's: {document.file}" if document.file else ""
