"""Forms that print their labels below the rule one writes on: "Rosa Delgado" above "Name"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from daemon.documents.form_entries import Entry, Row
from daemon.documents.form_lines import GAP, LABEL_END
from daemon.documents.form_words import BOX, FieldIndex

_NEAR = 1.3  # heights of a line between an answer and the caption below it
_INDENT = 0.06  # of the page's width: how far an answer may be moved against its caption
MIN_PAIRS = 2


def captioned(rows: Sequence[Row], index: FieldIndex) -> tuple[list[Entry], set[str]]:
    """Entries of all rows of captions with what stands above them, and the ids of the passages that they take up.

    Nothing is paired unless a whole row of captions is recognised, at least two have an answer above, and the answers are
    nearer than whatever stands below: it might be the head of a table.
    """
    entries: list[Entry] = []
    taken: set[str] = set()
    lines = list(_lines(rows))
    for number in range(1, len(lines)):
        above, captions = lines[number - 1], lines[number]
        below = lines[number + 1] if number + 1 < len(lines) else []
        if len(captions) < MIN_PAIRS or not all(_is_caption(row, index) for row in captions):
            continue
        pairs = [(caption, _answer(caption, above)) for caption in captions]
        found = [row for _, row in pairs if row is not None]
        if len({row.id for row in found}) != len(found) or len(found) < MIN_PAIRS or _heads(captions, above, below):
            continue
        if any(LABEL_END.search(row.text) or GAP in row.text or BOX.search(row.text) for row in found):
            continue
        entries += [_entry(caption, row, index) for caption, row in pairs]
        taken |= {row.id for row in (*captions, *found)}
    return entries, taken


def _lines(rows: Sequence[Row]) -> Iterator[list[Row]]:
    line: list[Row] = []
    for row in rows:
        if line and not row.is_beside(line[-1]):
            yield line
            line = []
        line.append(row)
    if line:
        yield line


def _is_caption(row: Row, index: FieldIndex) -> bool:
    return index.whole(row.text) is not None and not LABEL_END.search(row.text)


def _answer(caption: Row, above: Sequence[Row]) -> Row | None:
    near = [
        row
        for row in above
        if row.page == caption.page
        and caption.box[1] - row.box[3] <= _NEAR * row.height
        and -_INDENT / 2 <= row.box[0] - caption.box[0] <= _INDENT
    ]
    return near[0] if len(near) == 1 else None


def _heads(captions: Sequence[Row], above: Sequence[Row], below: Sequence[Row]) -> bool:
    """Whether something stands below the captions as near as their answers do above."""
    if not below or below[0].page != captions[0].page:
        return False
    down = min(row.box[1] for row in below) - max(row.box[3] for row in captions)
    up = min(row.box[1] for row in captions) - max(row.box[3] for row in above)
    return down <= 1.5 * max(up, 0.0)


def _entry(caption: Row, answer: Row | None, index: FieldIndex) -> Entry:
    match = index.whole(caption.text)
    section = match.section if match else None
    if answer is None:
        return Entry(caption.text, (caption.id,), section, "blank")
    return Entry(f"{caption.text} {answer.text}", (caption.id, answer.id), section, label=len(caption.text))
