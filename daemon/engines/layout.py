"""From boxes on a page to lines in reading order: rows, columns, table rows, and labels with their values.

Pure geometry, in the coordinates of `Line`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from daemon.engines.columns import SAME_EDGE, in_bands
from daemon.engines.line import Line

__all__ = ["UNREADABLE", "Line", "in_reading_order", "page_box", "split_line"]

UNREADABLE = "[unreadable]"
_TICKS = ("[ ]", "[X]", "[?]")
_TICK = re.compile(r"\[[ X?]\]")
_WIDE_GAP = re.compile(r" {3,}")
_YES_NO = re.compile(r"\[[ X?]\] *(yes|no|y|n)\b|\b(yes|no) *\[[ X?]\]", re.IGNORECASE)
_PAIR_END = re.compile(r"\[[ X?]\] *(?:no?|yes|y)(?![\w']) *(?=[^\W_])", re.IGNORECASE)
_YES_NO_BOX = re.compile(r"\[[ X?]\] *(?:yes|no|y|n|γ)?[ ./|,]*", re.IGNORECASE)
# A gap within a phrase is below one line height; between a label and what is written on its rule it reaches about three.
JOIN_GAP_HEIGHTS = 1.2
LABEL_GAP_HEIGHTS = 4.0
# What could not be read is told from nothing by its place alone: as far as strokes are looked for behind a label (`ink`).
UNREAD_GAP_HEIGHTS = 14.0
_LABELLED = re.compile(r"[^\W\d][^:]{0,40}:(?!\d)")
_SCALE_NUMBER = re.compile(r"(\d{1,2})(?:\W+\d{1,2})*\W*")
_CIRCLED = re.compile(r"\W*(?:yes\W+no|no\W+yes|(?:yes|no) \?|\? (?:yes|no))\W*", re.IGNORECASE)
MIN_SCALE = 4


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """Lines from top to bottom and left to right, column by column where text runs in columns; neighbours joined.

    A line without text is a place that could not be read: it becomes `UNREADABLE` beside a label or in a table's row, where
    leaving it out would move one cell's words to another, and nothing anywhere else.
    """
    if not any(line.text for line in lines):
        return []
    slope = _slope(lines)
    level = [replace(piece, slope=slope) for line in lines for piece in split_line(line)]
    rows = [_close_joined(row) for band in in_bands(_rows(level)) for row in _rows(band)]
    tables = _table_rows(rows)
    ordered: list[Line] = []
    for index, row in enumerate(rows):
        named = [cell if cell.text else replace(cell, text=UNREADABLE) for cell in row]
        ordered += [_table_row(named, tables[index])] if index in tables else _with_labels(named)
    return [line for line in ordered if line.text != UNREADABLE]


def _slope(lines: Sequence[Line]) -> float:
    """The page's: the median of the lines' by their lengths, since a short line's box hardly shows any."""
    known = sorted((line.slope, line.right - line.left) for line in lines if line.text)
    half = sum(width for _, width in known) / 2
    for slope, width in known:
        half -= width
        if half <= 0:
            return slope
    return 0.0


def split_line(line: Line) -> list[Line]:
    """Cut where a wide gap parts fields, and before each box to tick, so that a tick stands with what it ticks alone.

    Boxes of "yes" and "no" stay with their question. Where boxes follow their words, the cut is behind them.
    """
    pieces: list[Line] = []
    if not line.text:
        return [line]
    for field in _cut(line, [gap.end() for gap in _WIDE_GAP.finditer(line.text.rstrip())]):
        ticks = [tick.span() for tick in _TICK.finditer(field.text)]
        behind = bool(ticks) and ticks[0][0] > 0 and field.text.rstrip().endswith("]")
        if ticks and _YES_NO.search(field.text):
            pieces += _cut(field, [pair.end() for pair in _PAIR_END.finditer(field.text)])
        elif not ticks:
            pieces.append(field)
        else:
            pieces += _cut(field, [end if behind else start for start, end in ticks])
    return pieces


def _cut(line: Line, places: Sequence[int]) -> list[Line]:
    """A line in pieces; where each stands is estimated from its share of the characters."""
    edges = [0, *(place for place in places if 0 < place < len(line.text)), len(line.text)]
    scale = (line.right - line.left) / max(len(line.text), 1)
    pieces = [
        replace(
            line,
            text=line.text[start:end].strip(),
            left=line.left + scale * start,
            right=line.left + scale * (start + len(line.text[start:end].rstrip())),
        )
        for start, end in pairwise(edges)
    ]
    return [piece for piece in pieces if piece.text]


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that stand beside each other, from left to right; rows from top to bottom."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda x: x.middle):
        if rows and abs(line.middle - _mean_middle(rows[-1])) < 0.5 * min(line.height, _mean_height(rows[-1])):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda x: x.left) for row in rows]


def _close_joined(row: list[Line]) -> list[Line]:
    joined = [row[0]]
    for line in row[1:]:
        gap = line.left - joined[-1].right
        if gap < JOIN_GAP_HEIGHTS * min(line.height, joined[-1].height) and _may_join(joined[-1], line):
            joined[-1] = _joined([joined[-1], line], " ")
        else:
            joined.append(line)
    return joined


def _may_join(before: Line, after: Line) -> bool:
    """Not across a box to tick, from label to label, or with what could not be read."""
    if not before.text or not after.text or _begins_with_tick(after.text):
        return False
    if before.text.endswith(_TICKS) and not _is_tick(before.text):
        return False
    if _ends_in_yes_no(before.text):
        return False
    return not (before.text.endswith(":") and after.text.endswith(":"))


def _with_labels(row: list[Line]) -> list[Line]:
    """A label goes with the value right of it ("Name:  ____"), a tick box with what it ticks, a question with its choices."""
    if _is_scale(row) or _is_choice(row):
        return [_joined(row, " ")]
    joined = [row[0]]
    for line in row[1:]:
        before = joined[-1]
        if _is_yes_no(line.text) and (not _begins_with_tick(before.text) or _is_yes_no(before.text)):
            joined[-1] = _joined([before, line], " ")
            continue
        gap = (line.left - before.right) / max(min(line.height, before.height), 1e-6)
        label = before.text.rstrip().endswith((":", "?", "#")) or _is_tick(before.text)
        if (
            label
            and gap < (UNREAD_GAP_HEIGHTS if line.text == UNREADABLE else LABEL_GAP_HEIGHTS)
            and not line.text.rstrip().endswith(":")
            and not _begins_with_tick(line.text)
        ):
            joined[-1] = _joined([before, line], " ")
        else:
            joined.append(line)
    return joined


def _is_scale(row: Sequence[Line]) -> bool:
    """Numbers to choose from ("0 1 2 … 10", one of them circled): the first is no answer to the label before it."""
    numbers = [found for cell in row if (found := _SCALE_NUMBER.fullmatch(cell.text))]
    firsts = [int(found[1]) for found in numbers]
    count = sum(len(re.findall(r"\d+", found[0])) for found in numbers)
    return count >= MIN_SCALE and len(row) - len(numbers) <= 1 and firsts == sorted(set(firsts))


def _is_choice(row: Sequence[Line]) -> bool:
    """A question, and behind it nothing but boxes to tick or the printed words "yes" and "no", of which one is circled."""
    asked, *choices = row
    if not choices or _begins_with_tick(asked.text) or not asked.text.rstrip().endswith((":", "?")):
        return False
    boxes = all(_begins_with_tick(cell.text) for cell in choices)
    printed = " ".join(cell.text.replace(UNREADABLE, "?") for cell in choices)
    return boxes or _CIRCLED.fullmatch(printed) is not None


def _ends_in_yes_no(text: str) -> bool:
    """Whether it ends in a box of "yes" or "no": what follows is something else."""
    last = text.rfind("[")
    return last >= 0 and _YES_NO.search(text) is not None and _YES_NO_BOX.fullmatch(text[last:]) is not None


def _is_yes_no(text: str) -> bool:
    """Whether it is nothing but boxes of "yes" and "no", which belong to the words before them."""
    return _YES_NO.search(text) is not None and not _YES_NO_BOX.sub("", text).strip()


def _begins_with_tick(text: str) -> bool:
    return text.lstrip().startswith(_TICKS)


def _is_tick(text: str) -> bool:
    return text.strip() in _TICKS


def _table_rows(rows: Sequence[Sequence[Line]]) -> dict[int, list[float]]:
    """Rows of tables, with the left edges of the table's columns.

    A table is three or more rows, one after the other, whose cells begin at the same places and hold no field of a form.
    """
    found: dict[int, list[float]] = {}
    run: list[int] = []
    for index, row in enumerate(rows):
        if not _may_be_table(row):
            run = []
        elif run and not _aligned(rows[run[0]], row):
            run = [index]
        else:
            run.append(index)
        if len(run) >= 3:
            edges = [cell.left for cell in rows[run[0]]]
            found.update((number, edges) for number in run)
            if run[0] and _heads(rows[run[0] - 1], edges):
                found[run[0] - 1] = edges
    return found


def _heads(row: Sequence[Line], edges: Sequence[float]) -> bool:
    """Whether a row names a table's columns: one cell in each, often set in the middle, where cells below begin at the left."""
    if len(row) != len(edges) or not _may_be_table(row):
        return False
    ends = [*edges[1:], float("inf")]
    return all(edge - SAME_EDGE <= cell.left < end for cell, edge, end in zip(row, edges, ends, strict=True))


def _may_be_table(row: Sequence[Line]) -> bool:
    fields = sum(_LABELLED.match(cell.text) is not None for cell in row)
    marked = any(":" in cell.text[-2:] or _begins_with_tick(cell.text) for cell in row)
    return len(row) >= 2 and not marked and 2 * fields < len(row)


def _aligned(header: Sequence[Line], row: Sequence[Line]) -> bool:
    return all(any(abs(cell.left - other.left) < SAME_EDGE for other in header) for cell in row)


def _table_row(row: Sequence[Line], columns: Sequence[float]) -> Line:
    """Cells with bars between them; an empty cell between others keeps its place, or the next would seem to stand there."""
    cells: list[str] = []
    for cell in row:
        column = min(range(len(columns)), key=lambda number: abs(columns[number] - cell.left))
        cells += [""] * (column - len(cells))
        cells.append(cell.text)
    return replace(_joined(row, " "), text=" | ".join(cells).replace("  ", " "))


def page_box(line: Line, width: float, quarter_turns: int) -> tuple[float, float, float, float]:
    """A line's box as fractions of the page as it was scanned: left, top, right, bottom.

    `width` is that of the upright page over its height; `quarter_turns` how often the scan was turned to the left to make
    it upright.
    """
    corners = [(line.left / width, line.top), (line.right / width, line.bottom)]
    for _ in range(quarter_turns):
        corners = [(1.0 - v, u) for u, v in corners]
    across, down = zip(*corners, strict=True)
    left, top, right, bottom = (min(max(edge, 0.0), 1.0) for edge in (min(across), min(down), max(across), max(down)))
    return left, top, right, bottom


def _joined(parts: Sequence[Line], between: str) -> Line:
    weight = sum(len(x.text) for x in parts) or 1
    return Line(
        between.join(x.text for x in parts),
        sum(x.confidence * len(x.text) for x in parts) / weight,
        min(x.left for x in parts),
        min(x.top for x in parts),
        max(x.right for x in parts),
        max(x.bottom for x in parts),
        parts[0].slope,
    )


def _mean_middle(row: Sequence[Line]) -> float:
    return sum(x.middle for x in row) / len(row)


def _mean_height(row: Sequence[Line]) -> float:
    return sum(x.height for x in row) / len(row)
