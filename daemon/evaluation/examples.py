"""What the rules missed and what they flagged without an error, sentence by sentence. This quotes the data that was measured on."""

from __future__ import annotations

from collections.abc import Iterator

from daemon.evaluation.faithfulness_figures import Figures
from daemon.evaluation.report import words_for
from daemon.evaluation.twins import KINDS


def as_examples(figures: Figures) -> str:
    """Lists in Markdown: errors missed by kind, findings without an error by code, what stands nowhere, deletions not found."""
    return "\n".join(_lines(figures)) + "\n"


def _lines(figures: Figures) -> Iterator[str]:
    yield "# Errors missed, and findings without an error"
    for kind in KINDS:
        missed = [(encounter, twin) for encounter, twin in figures.missed if twin.kind == kind]
        yield from ["", f"## Missed: {words_for(kind)} ({len(missed)} of {figures.twins[kind]})", ""]
        for encounter, twin in missed:
            yield f"- {encounter}: {_line(twin.text)}" + (f" (was: {_line(twin.original)})" if twin.original else "")
    for code in sorted({finding.code for _, _, finding in figures.alarms}):
        yield from ["", f"## Flagged: {code}", ""]
        for encounter, text, finding in figures.alarms:
            if finding.code == code:
                yield f"- {encounter}, {finding.severity}, “{_line(finding.detail)}”: {_line(text)}"
    yield from ["", "## Stands nowhere in the source", ""]
    for encounter, text, missing in figures.nowhere:
        yield f"- {encounter}: {', '.join(missing)}: {_line(text)}"
    yield from ["", "## Taken out of the note, and not found as an omission", ""]
    for encounter, deletion in figures.deletions:
        if not deletion.found:
            yield f"- {encounter}: {deletion.kind} “{_line(deletion.text)}”"


def _line(text: str) -> str:
    return " ".join(text.split())
