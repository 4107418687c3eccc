"""`chartdraft check NOTE --source TEXT`: verify any note against any transcript, without a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from daemon.cli.context import AsJson, put, put_json
from daemon.model.errors import PermanentError

FINDINGS_EXIT_CODE = 3


def check(
    note: Annotated[Path, typer.Argument(metavar="NOTE", help="The note, as plain text.")],
    source: Annotated[Path, typer.Option("--source", metavar="TEXT", help="The transcript, as plain text.")],
    as_json: AsJson = False,
) -> None:
    """Check a note's statements against the text it was written from. Exit code 3: there are findings."""
    report = checked(_text(note), _text(source))
    if as_json:
        put_json(report)
    else:
        _show(report)
    found = any(s["findings"] for section in report["sections"] for s in section["statements"])
    raise typer.Exit(FINDINGS_EXIT_CODE if found else 0)


def checked(note: str, source: str) -> dict[str, Any]:
    """The report, in the shape of DESIGN 8."""
    from daemon.faithfulness.evidence import PassageIndex
    from daemon.faithfulness.rules import verify_statement
    from daemon.faithfulness.sentences import note_sections, sentences

    spans = sentences(source)
    passages = {f"p{number}": source[start:end] for number, (start, end) in enumerate(spans, 1)}
    index = PassageIndex.of(passages)
    sections = []
    for section in note_sections(note):
        statements: list[dict[str, Any]] = []
        for text in section.statements:
            evidence = index.cite(text)
            found = verify_statement(text, evidence, passages)
            statements.append(
                {
                    "text": text,
                    "evidence": list(evidence),
                    "findings": [{"code": f.code, "severity": f.severity, "detail": f.detail} for f in found],
                }
            )
        sections.append(
            {"key": "-".join(section.title.lower().split()), "title": section.title, "statements": statements}
        )
    return {
        "schema": "chartdraft.check/1",
        "sections": sections,
        "omissions": [],
        "passages": [{"id": each, "text": text} for each, text in passages.items()],
    }


def _show(report: dict[str, Any]) -> None:
    for section in report["sections"]:
        for statement in section["statements"]:
            for finding in statement["findings"]:
                put(f"{finding['severity']:<6} {finding['code']:<22} {finding['detail']}")
                put(f"       {section['title']}: {statement['text']}")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise PermanentError("file-missing") from None
