"""What a form leaves open: fields left blank, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator

from daemon.computed.material import Computed, Material
from daemon.model.document import SectionSpec
from daemon.model.draft import Statement
from daemon.model.passage import Anchor, LineAnchor, TimeAnchor


def blank_fields(material: Material, spec: SectionSpec) -> Computed:
    """The printed labels that nobody wrote anything behind."""
    return Computed(
        tuple(Statement(entry.text, entry.evidence, "quoted") for entry in material.entries if entry.kind == "blank")
    )


def unreadable(material: Material, spec: SectionSpec) -> Computed:
    """The places where something stands that could not be read, and boxes of which it is not plain whether they are ticked."""
    return Computed(tuple(_unreadable(material)))


def _unreadable(material: Material) -> Iterator[Statement]:
    for anchor in material.reading.unreadable:
        yield Statement(_place(anchor), (), "printed")
    for entry in material.entries:
        if entry.kind == "unsure":
            yield Statement(f"Whether this is ticked could not be read: {entry.text}", entry.evidence, "printed")


def _place(anchor: Anchor) -> str:
    if isinstance(anchor, LineAnchor):
        return f"A part of the text, from line {anchor.line}, could not be read."
    if isinstance(anchor, TimeAnchor):
        return f"A part of the recording, from {_clock(anchor.start)} to {_clock(anchor.end)}, could not be understood."
    left, top, right, bottom = anchor.box
    rows = ("upper", "middle", "lower")[min(int((top + bottom) / 2 * 3), 2)]
    columns = ("left", "centre", "right")[min(int((left + right) / 2 * 3), 2)]
    place = "centre" if (rows, columns) == ("middle", "centre") else f"{rows} {columns}"
    return f"A part of page {anchor.page}, {place}, could not be read."


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"
