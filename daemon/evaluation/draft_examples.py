"""Drafts beside what people wrote, row by row, with their findings. This quotes the data that was measured on."""

from __future__ import annotations

from collections.abc import Iterator

from daemon.evaluation.draft_measure import Entrant
from daemon.evaluation.draft_rows import GoldRow
from daemon.model.draft import Draft, Statement


def as_example(entrant: Entrant, row: GoldRow, draft: Draft) -> str:
    """One row in Markdown."""
    return "\n".join(_lines(entrant, row, draft)) + "\n"


def _lines(entrant: Entrant, row: GoldRow, draft: Draft) -> Iterator[str]:
    manner = f", {entrant.manner}" if entrant.manner else ""
    yield from [f"## {row.id}: {entrant.name}{manner}", "", "A person wrote:", ""]
    yield from (f"> {line}" for line in row.gold.splitlines())
    yield from ["", "The draft:", ""]
    for section in draft.sections:
        if section.statements:
            yield f"*{section.title}*"
            yield ""
            yield from map(_statement, section.statements)
            yield ""
    for omission in draft.omissions:
        yield f"- left out, {omission.severity}: {omission.kind}, “{_line(omission.text)}” ({', '.join(omission.evidence)})"
    yield ""


def _statement(one: Statement) -> str:
    doubts = "; ".join(f"{each.severity} {each.code} “{_line(each.detail)}”" for each in one.findings)
    return f"- {_line(one.text)} [{one.manner}, {', '.join(one.evidence)}]" + (f" **{doubts}**" if doubts else "")


def _line(text: str) -> str:
    return " ".join(text.split())
