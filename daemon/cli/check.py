"""`chartdraft check NOTE --source TEXT`: verify any note against any transcript, without a model."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daemon.cli.context import AsJson, put, put_json
from daemon.model.errors import PermanentError

if TYPE_CHECKING:
    from daemon.faithfulness.checking import CheckedSection

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
    from daemon.faithfulness.checking import check_note
    from daemon.faithfulness.sentences import note_sections
    from daemon.faithfulness.transcript import read_transcript

    report = check_note(note_sections(note), read_transcript(source))
    return {
        "schema": "chartdraft.check/1",
        "sections": [_section(section) for section in report.sections],
        "omissions": [dataclasses.asdict(omission) for omission in report.omissions],
        "passages": [
            {"id": each, "text": text} | ({"speaker": speaker} if (speaker := report.source.speakers.get(each)) else {})
            for each, text in report.source.by_id.items()
        ],
    }


def _section(section: CheckedSection) -> dict[str, Any]:
    from daemon.model.codec import finding_to_dict

    statements = [
        {"text": one.text, "evidence": list(one.evidence), "findings": [finding_to_dict(f) for f in one.findings]}
        for one in section.statements
    ]
    return {"key": "-".join(section.title.lower().split()), "title": section.title, "statements": statements}


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
