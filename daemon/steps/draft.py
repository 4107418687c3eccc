"""Draft: from what was read to a document's sections, with those that code writes and no drafter may."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from daemon.documents.form import Entry, read_form
from daemon.model.document import Document, SectionSpec
from daemon.model.draft import Draft, Section, Statement
from daemon.model.errors import PermanentError
from daemon.model.passage import Anchor, PageAnchor, Reading
from daemon.ports import Clock, Drafter

DrafterSetting = Literal["auto", "llm", "quoting"]


def choose_drafter(setting: DrafterSetting, *, fit: bool) -> Literal["llm", "quoting"]:
    """Which drafter a setting means, given whether the installed language model is marked fit for drafting."""
    if setting == "auto":
        return "llm" if fit else "quoting"
    return setting


def draft(job: str, document: Document, reading: Reading, drafter: Drafter, clock: Clock) -> Draft:
    """The draft of one job. `document-unsuitable` if a source is of a kind that the document does not accept."""
    if any(source.kind not in document.accepts for source in reading.sources):
        raise PermanentError("document-unsuitable")
    written = {section.key: section.statements for section in drafter.draft(document, reading.passages)}
    entries = read_form(document, reading.passages)
    return Draft(
        job=job,
        document=document.key,
        title=document.title,
        sections=tuple(
            Section(
                spec.key,
                spec.title,
                tuple(_computed(spec, entries, reading)) if spec.computed else tuple(written.get(spec.key, ())),
            )
            for spec in document.sections
        ),
        passages=reading.passages,
        sources=reading.sources,
        engines=tuple(sorted((*reading.engines, drafter.engine), key=lambda engine: engine[0])),
        drafted_at=clock.now(),
        unreadable=reading.unreadable,
    )


def _computed(spec: SectionSpec, entries: Sequence[Entry], reading: Reading) -> Iterator[Statement]:
    if spec.computed == "blank-fields":
        for entry in entries:
            if entry.kind == "blank":
                yield Statement(entry.text, entry.evidence, "quoted")
        return
    for anchor in reading.unreadable:
        yield Statement(_unreadable(anchor), (), "written")
    for entry in entries:
        if entry.kind == "unsure":
            yield Statement(f"Whether this is ticked could not be read: {entry.text}", entry.evidence, "written")


def _unreadable(anchor: Anchor) -> str:
    if not isinstance(anchor, PageAnchor):
        return f"A part of the recording, from {_clock(anchor.start)} to {_clock(anchor.end)}, could not be understood."
    left, top, right, bottom = anchor.box
    rows = ("upper", "middle", "lower")[min(int((top + bottom) / 2 * 3), 2)]
    columns = ("left", "centre", "right")[min(int((left + right) / 2 * 3), 2)]
    place = "centre" if (rows, columns) == ("middle", "centre") else f"{rows} {columns}"
    return f"A part of page {anchor.page}, {place}, could not be read."


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"
