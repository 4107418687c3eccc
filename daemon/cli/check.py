"""`chartdraft check NOTE --source TEXT`: verify any note against any transcript, without a model."""

from __future__ import annotations

import dataclasses
import gc
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daemon.cli.context import AsJson, put, put_json
from daemon.cli.input_text import STANDARD_INPUT, given_text
from daemon.model.errors import PermanentError
from daemon.model.finding import finding_to_dict, omission_to_dict

if TYPE_CHECKING:
    from daemon.faithfulness.checking import CheckedNote, CheckedSection
    from daemon.faithfulness.reading.transcript import Transcript

FINDINGS_EXIT_CODE = 3
_GRAVE = frozenset({"high", "medium"})


def check(
    note: Annotated[
        Path, typer.Argument(metavar="NOTE", help="The note: plain text, or JSON; - reads standard input.")
    ],
    source: Annotated[
        Path | None,
        typer.Option(
            "--source",
            metavar="TEXT",
            help="What it was written from: a transcript, captions, or JSON; - reads standard input. A draft of "
            "Chartdraft brings its own passages.",
        ),
    ] = None,
    show_all: Annotated[
        bool, typer.Option("--all", help="Show the slight doubts too, which are else counted.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check a note's statements against the text it was written from, without a model. Exit code 3: there is something to
    check, of severity high or medium."""
    if source is not None and str(note) == str(source) == STANDARD_INPUT:
        raise PermanentError("wrong-use")
    gc.disable()  # this process ends with its answer; looking for garbage would take a tenth of its time
    report, transcript = checked(given_text(note), None if source is None else given_text(source))
    gc.freeze()  # nor is any looked for when the process ends
    if as_json:
        put_json(report_of(report, transcript))
    else:
        from daemon.cli.check_list import check_list

        for line in check_list(report, transcript, show_all):
            put(line)
    raise typer.Exit(FINDINGS_EXIT_CODE if _is_grave(report) else 0)


def checked(note: str, source: str | None) -> tuple[CheckedNote, Transcript]:
    """The note held against its source, or against the passages that it brings with it.

    What a draft cites counts as cited only where the passages are its own: the same ids of another source are other words.
    """
    from daemon.faithfulness.checking import check_note
    from daemon.faithfulness.reading.note_text import read_note
    from daemon.faithfulness.reading.source_text import read_source, source_of

    sections, data = read_note(note)
    own = source_of(data) if isinstance(data, Mapping) else None
    transcript = own if source is None else read_source(source)
    if transcript is None or not transcript.texts.by_id:
        raise PermanentError("source-needed")
    if own is None or own.texts.by_id != transcript.texts.by_id:
        sections = tuple(dataclasses.replace(section, evidence=()) for section in sections)
    return check_note(sections, transcript.texts), transcript


def report_of(report: CheckedNote, transcript: Transcript) -> dict[str, Any]:
    """The report as JSON, in the shape of DESIGN 8."""
    from daemon.faithfulness.checking import rates_of

    keys: dict[str, int] = {}
    return {
        "schema": "chartdraft.check/1",
        "sections": [_section(section, _key(section.title, keys)) for section in report.sections],
        "omissions": [omission_to_dict(omission) for omission in report.omissions],
        "passages": [_passage(each, transcript) for each in transcript.texts.by_id],
        "rates": rates_of(report),
    }


def _section(section: CheckedSection, key: str) -> dict[str, Any]:
    statements = [
        {"text": one.text, "evidence": list(one.evidence), "findings": [finding_to_dict(f) for f in one.findings]}
        for one in section.statements
    ]
    return {"key": key, "title": section.title, "statements": statements}


def _key(title: str, taken: dict[str, int]) -> str:
    """A name of its own for each section: two headings may be the same."""
    key = "-".join("".join(letter if letter.isalnum() else " " for letter in title.lower()).split()) or "section"
    taken[key] = taken.get(key, 0) + 1
    return key if taken[key] == 1 else f"{key}-{taken[key]}"


def _passage(name: str, transcript: Transcript) -> dict[str, Any]:
    passage: dict[str, Any] = {"id": name, "text": transcript.texts.by_id[name]}
    if name in transcript.times:
        start, end = transcript.times[name]
        passage["anchor"] = {"start": start, "end": end}
    if name in transcript.texts.speakers:
        passage["speaker"] = transcript.texts.speakers[name]
    return passage


def _is_grave(report: CheckedNote) -> bool:
    doubts = (finding for section in report.sections for one in section.statements for finding in one.findings)
    severities = {one.severity for one in doubts} | {one.severity for one in report.omissions}
    return not severities.isdisjoint(_GRAVE)
