"""One line of a form: where its labels end, which of its boxes are ticked, and whether it is a table's head."""

from __future__ import annotations

import re
from collections.abc import Sequence

from daemon.documents.form_entries import Entry, Row
from daemon.documents.form_words import BOX, COLUMNS, RELATIVE, FieldIndex, plain_label

GAP = " | "
"""Between the cells of a table's row, as the reader joins them."""
LABEL_END = re.compile(r"[:：](?!\d\d\b|//)|\?(?=\s|$|[^\W\d_])|_{3,}|\.{4,}")
CHOICE_OPEN = re.compile(
    r"(?:^|[:?])\s*(?:(?:yes|y)\W{1,5}(?:no|n)|(?:no|n)\W{1,5}(?:yes|y)|(?:yes|no) \[unreadable\]|\[unreadable\] (?:yes|no))\W*$|"
    r"(?:^|\D)(?:\d{1,2} ){4,}\d{1,2}\W*$",
    re.IGNORECASE,
)
"""A printed choice: "YES NO", "0 1 2 3 4 5". Which of it is circled no text can tell."""
CHOICE = re.compile(r"\W*(?:yes|no|y|n|never|former|current|quit|not sure|unknown|n/a)\b", re.IGNORECASE)
CHOICE_ALONE = re.compile(r"\W*(?:yes|no|y|n)\W*", re.IGNORECASE)
CHOICES_ALONE = re.compile(r"(?:\W*\[[ xX]?\]\W*(?:yes|no|y|n)\b)+\W*", re.IGNORECASE)
"""What stands at the boxes of a question; boxes that have lost theirs."""
OF_BOXES = re.compile(r"\b(?:following|these|apply|check|mark|tick|circle)\b", re.IGNORECASE)
"""A question whose answers are ticks."""
SAID = re.compile(r"[^\W_]")
"""Anything that could be an answer."""
_LABEL_WORDS = 5  # a line's first label may begin with words that no field has ("Living children:")


def is_table_head(text: str) -> bool:
    """Whether a line names the columns of a table."""
    words = plain_label(text).split()
    heads = 2 <= len(words) <= 14 and all(word in COLUMNS for word in words)
    return heads and ":" not in text and (GAP in text or len(words) > 2)


def label_places(index: FieldIndex, text: str) -> list[tuple[int, int]]:
    """Where labels begin and their values do. The first may be unknown; a relative stays with its family's label."""
    labels: list[tuple[int, int]] = []
    open_section: str | None = None
    for found in LABEL_END.finditer(text):
        at = labels[-1][1] if labels else 0
        known = index.ends_in(text[at : found.start()])
        if (known is None and labels) or not SAID.search(text[at : found.start()]):
            continue
        whole_line = not labels and (found[0] == "?" or len(text[: found.start()].split()) <= _LABEL_WORDS)
        begin = 0 if whole_line else at + (known or 0)
        match = index.whole(text[begin : found.start()])
        if match and labels and match.section == open_section and RELATIVE.search(text[begin : found.start()]):
            continue
        if match and labels and match.section == open_section and _is_listed(text, labels[-1][1], begin, found):
            continue
        open_section = match.section if match else None
        labels.append((begin, found.end()))
    return labels


def _is_listed(text: str, value: int, begin: int, found: re.Match[str]) -> bool:
    """Whether what seems a label is the first of what is listed behind the one before it: "Allergies: Sulfa: rash". Not a column's name."""
    words = plain_label(text[begin : found.start()]).split()
    alone = not SAID.search(text[value:begin]) and SAID.search(text[found.end() :])
    return bool(alone) and not any(word in COLUMNS for word in words)


def is_box_item(index: FieldIndex, text: str) -> bool:
    """A condition or a choice that should have a box of its own."""
    match = index.whole(text)
    return match is not None and not match.strong and LABEL_END.search(text) is None


def box_items(text: str, *, behind: bool) -> tuple[str, list[str], list[str], list[str]]:
    """What stands before the first box, what stands at each, what of that is ticked, and of what that is not plain.

    `behind`: boxes follow their items.
    """
    boxes = list(BOX.finditer(text))
    edges = [0, *(edge for box in boxes for edge in box.span()), len(text)]
    pieces = [text[start:end].strip() for start, end in zip(edges[::2], edges[1::2], strict=True)]
    lead, items = ("", pieces[:-1]) if behind else (pieces[0], pieces[1:])
    ticked = [item for item, box in zip(items, boxes, strict=True) if _is_ticked(box)]
    return lead, items, ticked, [item for item, box in zip(items, boxes, strict=True) if box["unclear"]]


def unclear_entries(row: Row, asked: Entry | None, items: Sequence[str]) -> list[Entry]:
    """Boxes of which it is not plain whether they are ticked, with what they are choices for: neither yes nor no."""
    question = asked or Entry("", (), None)
    evidence = tuple(dict.fromkeys((*question.evidence, row.id)))
    texts = [f"{question.text} {item}".strip() if SAID.search(item) else row.text for item in items]
    return [Entry(text, evidence, None, "unsure") for text in texts]


def boxes_stand_behind(lines: Sequence[str]) -> bool:
    """Whether a form prints its boxes behind what they tick ("Diabetes [ ]"), by counting."""
    behind = before = 0
    for line in lines:
        boxes = list(BOX.finditer(line))
        if boxes and SAID.search(BOX.sub(" ", line)):
            trailing = line[boxes[-1].end() :].strip()
            before += boxes[0].start() == 0 or bool(trailing)
            behind += boxes[0].start() > 0 and not trailing
    return behind > before


def _is_ticked(box: re.Match[str]) -> bool:
    return bool(box["ticked"] or box["line"] or box["square"])
