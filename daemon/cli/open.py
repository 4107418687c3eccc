"""`chartdraft open JOB`: decrypt and print; audited."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from daemon.cli.context import AsJson, home_of, put, put_json
from daemon.model.errors import PermanentError

if TYPE_CHECKING:
    from daemon.model.draft import Draft
    from daemon.model.passage import Passage, Reading


def open_job(
    context: typer.Context,
    job: Annotated[str, typer.Argument(metavar="JOB", help="A job's id, or its first characters.")],
    as_json: AsJson = False,
    transcript: Annotated[bool, typer.Option("--transcript", help="What was read, with times or pages.")] = False,
    source: Annotated[bool, typer.Option("--source", help="The sealed original, as bytes.")] = False,
    number: Annotated[int, typer.Option(help="Which original, where there are several.", min=1)] = 1,
) -> None:
    """Decrypt a job's draft (or what was read, or an original) and print it. Each opening is in the audit trail."""
    if as_json + transcript + source > 1:
        raise PermanentError("wrong-use")
    from daemon.keeping import handover

    home = home_of(context)
    if source:
        handover.pour_source(home, job, number, sys.stdout.buffer)
    elif transcript:
        _put_transcript(handover.open_reading(home, job))
    else:
        draft = handover.open_draft(home, job)
        if as_json:
            from daemon.model.codec import draft_to_json

            put_json(draft_to_json(draft))
        else:
            put(draft_text(draft))


def draft_text(draft: Draft) -> str:
    """A draft as plain text, marked at both ends."""
    passages = {passage.id: passage for passage in draft.passages}
    lines = [f"{draft.title} · {draft.status}: a machine's draft, not reviewed by a clinician"]
    for section in draft.sections:
        lines += ["", section.title.upper()]
        lines += ["  Not documented"] if not section.statements else []
        for statement in section.statements:
            where = ", ".join(dict.fromkeys(place(passages[each]) for each in statement.evidence if each in passages))
            lines.append(f"  - {statement.text}" + (f"  [{where}]" if where else ""))
            lines += [f"      ! {finding.code}: {finding.detail}" for finding in statement.findings]
    return "\n".join([*lines, "", draft.status])


def place(passage: Passage) -> str:
    """Where a passage stands: minutes and seconds, or the page."""
    from daemon.model.passage import PageAnchor, TimeAnchor

    anchor = passage.anchor
    if isinstance(anchor, TimeAnchor):
        return f"{int(anchor.start) // 60}:{int(anchor.start) % 60:02d}"
    return f"page {anchor.page}" if isinstance(anchor, PageAnchor) else f"line {anchor.line}"


def _put_transcript(reading: Reading) -> None:
    for passage in reading.passages:
        put(f"{passage.id:>5}  {place(passage):>8}  {passage.text}")
