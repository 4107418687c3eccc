"""What a form leaves open: fields left blank, and what could not be read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from daemon.computed.material import Computed, Material
from daemon.documents.form_lines import LABEL_END
from daemon.documents.form_words import DRAWING
from daemon.model.document import SectionSpec
from daemon.model.draft import Statement
from daemon.model.passage import Anchor, LineAnchor, TimeAnchor

SCALE = re.compile(r"(?:\b\d{1,2}\b[\s./|-]+){4,}\d{1,2}\b")
"""A row of printed numbers, one of which is circled: "0 1 2 3 4 5"."""
CHOICES = re.compile(
    r"\b(?:yes|y)\b\W{1,5}(?:no|n)\b|\b(?:no|n)\b\W{1,5}(?:yes|y)\b|\b(?:never|none)\b.*\b(?:always|often|daily|severe)\b",
    re.IGNORECASE,
)
"""Printed answers, one of which is circled."""


def blank_fields(material: Material, spec: SectionSpec) -> Computed:
    """The printed labels that nobody wrote anything behind, each once, without the marks at their ends."""
    blank: dict[str, tuple[str, ...]] = {}
    for entry in material.entries:
        label = entry.text.rstrip(" :_.")
        if entry.kind == "blank" and label:
            blank[label] = tuple(dict.fromkeys((*blank.get(label, ()), *entry.evidence)))
    return Computed(tuple(Statement(label, evidence, "printed") for label, evidence in blank.items()))


def unreadable(material: Material, spec: SectionSpec) -> Computed:
    """The places where something stands that could not be read, and boxes and choices of which it is not plain what was marked."""
    return Computed(tuple(_unreadable(material)))


def _unreadable(material: Material) -> Iterator[Statement]:
    for anchor in material.reading.unreadable:
        yield Statement(_place(anchor), (), "printed")
    for entry in material.entries:
        if entry.kind == "unsure":
            yield Statement(f"{_doubt(entry.text)}: {entry.text}", entry.evidence, "printed")


def _doubt(text: str) -> str:
    """What could not be read: where marks go on a drawing, which of several choices is marked, or whether a box is ticked."""
    if DRAWING.search(text):
        return "What is marked on the drawing could not be read"
    if SCALE.search(text):
        return "Which number is marked could not be read"
    if CHOICES.search(text):
        return "Which answer is marked could not be read"
    if LABEL_END.search(text.rstrip()[-1:]):
        return "What is answered here could not be told"
    return "Whether this is ticked could not be read"


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
