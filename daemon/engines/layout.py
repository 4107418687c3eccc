"""From boxes on a page to lines in reading order: rows, columns, table rows, and labels with their values.

Pure geometry. Coordinates are fractions of the page's height (both axes, so that a page's aspect does not distort
distances) with the origin at the top left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

UNREADABLE = "[unreadable]"
_TICKS = ("[ ]", "[X]")
_TICK = re.compile(r"\[[ X]\]")
_WIDE_GAP = re.compile(r" {3,}")
_YES_NO = re.compile(r"\[[ X]\] *(yes|no|y|n)\b|\b(yes|no) *\[[ X]\]", re.IGNORECASE)
# A gap within a phrase is below one line height; between a label and what is written on its rule it reaches about three.
JOIN_GAP_HEIGHTS = 1.2
LABEL_GAP_HEIGHTS = 4.0
MIN_COLUMN_LINES = 5
COLUMN_FILL = 0.55
SAME_EDGE = 0.012


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text and its box. `slope` is its baseline's, so that a crooked scan still has rows."""

    text: str
    confidence: float
    left: float
    top: float
    right: float
    bottom: float
    slope: float = 0.0

    @property
    def height(self) -> float:
        """The box's height."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The height of the middle of the line above the page's slope: rows share it."""
        return (self.top + self.bottom) / 2 - self.slope * (self.left + self.right) / 2


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """Lines from top to bottom and left to right, column by column where text runs in columns; neighbours joined.

    A line without text is a place that could not be read: it becomes `UNREADABLE` beside a label or in a table's row, where
    leaving it out would move one cell's words to another, and nothing anywhere else.
    """
    if not any(line.text for line in lines):
        return []
    slope = median(line.slope for line in lines)
    level = [replace(piece, slope=slope) for line in lines for piece in split_line(line)]
    rows: list[list[Line]] = []
    for band in _bands(level):
        rows += _rows(band)
    tables = _table_rows(rows)
    ordered: list[Line] = []
    for index, row in enumerate(rows):
        named = [cell if cell.text else replace(cell, text=UNREADABLE) for cell in row]
        ordered += [_joined(named, " | ")] if index in tables else _with_labels(named)
    return [line for line in ordered if line.text != UNREADABLE]


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
        if not ticks or _YES_NO.search(field.text):
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
    return [_close_joined(sorted(row, key=lambda x: x.left)) for row in rows]


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
    return not (before.text.endswith(":") and after.text.endswith(":"))


def _with_labels(row: list[Line]) -> list[Line]:
    """A label goes with the value right of it ("Name:  ____"), a tick box with what it ticks."""
    joined = [row[0]]
    for line in row[1:]:
        before = joined[-1]
        gap = (line.left - before.right) / max(min(line.height, before.height), 1e-6)
        label = before.text.rstrip().endswith((":", "?", "#")) or _is_tick(before.text)
        if (
            label
            and gap < LABEL_GAP_HEIGHTS
            and not line.text.rstrip().endswith(":")
            and not _begins_with_tick(line.text)
        ):
            joined[-1] = _joined([before, line], " ")
        else:
            joined.append(line)
    return joined


def _begins_with_tick(text: str) -> bool:
    return text.lstrip().startswith(_TICKS)


def _is_tick(text: str) -> bool:
    return text.strip() in _TICKS


def _table_rows(rows: Sequence[Sequence[Line]]) -> set[int]:
    """Rows of a table: three or more in a row whose cells begin at the same places, and that hold no field of a form."""
    found: set[int] = set()
    run: list[int] = []
    for index, row in enumerate(rows):
        if not _may_be_table(row):
            run = []
        elif run and not _aligned(rows[run[0]], row):
            run = [index]
        else:
            run.append(index)
        if len(run) >= 3:
            found.update(run)
    return found


def _may_be_table(row: Sequence[Line]) -> bool:
    return len(row) >= 2 and not any(":" in cell.text[-2:] or _begins_with_tick(cell.text) for cell in row)


def _aligned(header: Sequence[Line], row: Sequence[Line]) -> bool:
    return all(any(abs(cell.left - other.left) < SAME_EDGE for other in header) for cell in row)


def _bands(lines: Sequence[Line]) -> list[list[Line]]:
    """The page as stretches that are read one after the other: two columns of prose become two of them."""
    gutter = _gutter(lines)
    if gutter is None:
        return [list(lines)]
    crossing = sorted((x for x in lines if x.left < gutter < x.right), key=lambda x: x.middle)
    bands: list[list[Line]] = []
    rest = [x for x in lines if not x.left < gutter < x.right]
    for wide in [*crossing, None]:
        above = [x for x in rest if wide is None or x.middle < wide.middle]
        rest = [x for x in rest if x not in above]
        bands += [[x for x in above if x.right <= gutter], [x for x in above if x.left >= gutter]]
        bands.append([wide] if wide else [])
    return [band for band in bands if band]


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where two columns part: prose that fills its column, or fields whose rows do not stand level with the others'."""
    low, high = min(x.left for x in lines), max(x.right for x in lines)
    best: tuple[int, float] | None = None
    for step in range(30, 71):
        place = low + (high - low) * step / 100
        left = [x for x in lines if x.right <= place]
        right = [x for x in lines if x.left >= place]
        crossing = len(lines) - len(left) - len(right)
        if min(len(left), len(right)) < MIN_COLUMN_LINES or crossing > 0.35 * len(lines):
            continue
        prose = _fills(left, low, place) and _fills(right, place, high)
        if (prose or _is_apart(left, right)) and (best is None or crossing < best[0]):
            # Just before the right column begins, so that a heading in the middle of the page is on neither side.
            best = (crossing, median(x.left for x in right) - 2 * SAME_EDGE)
    return best[1] if best else None


def _is_apart(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether the right side is a column of its own: one left edge, and too few rows level with rows of the left side."""
    first = [x for x in right if not any(abs(x.middle - y.middle) < 0.5 * x.height and y.left < x.left for y in right)]
    edge = median(x.left for x in first)
    in_line = sum(abs(x.left - edge) < 2.5 * SAME_EDGE for x in first)
    level = sum(any(abs(x.middle - y.middle) < 0.3 * x.height for y in left) for x in first)
    return len(first) >= 2 * MIN_COLUMN_LINES and in_line >= 0.7 * len(first) and level <= 0.7 * len(first)


def _fills(column: Sequence[Line], low: float, high: float) -> bool:
    return median(x.right - x.left for x in column) >= COLUMN_FILL * (high - low)


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
