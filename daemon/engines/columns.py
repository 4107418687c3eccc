"""Where a page runs in two columns, and where it does not: a table torn into columns pairs one drug with another's dose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from daemon.engines.line import Line

MIN_COLUMN_LINES = 5
COLUMN_FILL = 0.55
FULL_FILL = 0.7
MOST_ASKED = 0.7
"""Share of labels on the left side, and of lines without one on the right, where the right side holds the left one's answers."""
MIN_HEADED_LINES = 3
_SET_IN = 0.05
_HEADING = re.compile(
    r"\W*(?:\d+[.)] *)?(?:(?:your |current |present |past |other |known |drug |food |personal )*"
    r"(?:medications?|medicines|allergies|(?:medical|surgical|family|social|health|dental) history|surger(?:y|ies)|hospitali[sz]ations?|"
    r"immuni[sz]ations|vaccin(?:es|ations)|insurance|emergency contacts?|pharmacy|symptoms|conditions|problems|habits|lifestyle)"
    r"(?: information| list)?)\W*",
    re.IGNORECASE,
)
"""Headings of a form's sections, alone on their line. "Dose", "Reaction" and other names of columns are none."""
SAME_EDGE = 0.012
"""How far apart lines may begin and still begin at the same edge, in page heights."""


def in_bands(rows: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The page as stretches that are read one after the other: two columns become two of them.

    `rows`: lines beside each other, from top to bottom. Columns are sought between rows that reach across the gutter; what is
    not surely in columns is read row by row. Lists below two headings of a form that stand side by side are columns, however short.
    """
    headed = _headed(rows)
    return _in_columns(rows) if headed is None else _around(rows, *headed)


def _around(rows: Sequence[Sequence[Line]], first: int, last: int, gutter: float) -> list[list[Line]]:
    """Two lists side by side, one after the other, and what stands above and below them."""
    lists = _sides([line for row in rows[first:last] for line in row], gutter)
    above, below = (in_bands(part) if part else [] for part in (rows[:first], rows[last:]))
    return [*above, *lists, *below]


def _in_columns(rows: Sequence[Sequence[Line]]) -> list[list[Line]]:
    gutter = _gutter(rows)
    if gutter is None:
        return [[line for row in rows for line in row]]
    bands: list[list[Line]] = []
    for stretch in _stretches(rows, gutter):
        left, right = _sides(stretch, gutter)
        if _are_columns(left, right, gutter, *_edges(rows)):
            bands += [left, right]
        else:
            bands.append(stretch)
    return bands


def _headed(rows: Sequence[Sequence[Line]]) -> tuple[int, int, float] | None:
    """First and last row (excluded) of two lists, and the gutter between them: from a row of two headings down to where a row has more
    than two cells, or one that begins elsewhere. A table has columns of one thing, and no such head."""
    for first, row in enumerate(rows):
        if len(row) != 2 or not all(_HEADING.fullmatch(cell.text) for cell in row):
            continue
        left, right = row[0].left, row[1].left
        gutter = right - 2 * SAME_EDGE
        last = first + 1
        while last < len(rows) and _continues(rows[last], left, right, gutter):
            last += 1
        sides = _sides([line for each in rows[first:last] for line in each], gutter)
        if min(map(len, sides)) >= MIN_HEADED_LINES:
            return first, last, gutter
    return None


def _continues(row: Sequence[Line], left: float, right: float, gutter: float) -> bool:
    """Whether a row's cells belong to the lists that begin at `left` and `right`, set in or not."""
    if len(row) > 2 or any(cell.left < gutter < cell.right for cell in row):
        return False
    return all(0 <= cell.left - (right if cell.left >= gutter else left) + SAME_EDGE <= _SET_IN for cell in row)


def _stretches(rows: Sequence[Sequence[Line]], gutter: float) -> list[list[Line]]:
    """Runs of rows that leave the gutter free, and between them the rows that do not."""
    stretches: list[tuple[bool, list[Line]]] = []
    for row in rows:
        free = not any(line.left < gutter < line.right for line in row)
        if stretches and stretches[-1][0] == free:
            stretches[-1][1].extend(row)
        else:
            stretches.append((free, list(row)))
    return [lines for _, lines in stretches]


def _gutter(rows: Sequence[Sequence[Line]]) -> float | None:
    """Where two columns part, at the place where most lines stand in columns."""
    low, high = _edges(rows)
    best: tuple[int, float] | None = None
    for step in range(30, 71):
        place = low + (high - low) * step / 100
        found = [_sides(stretch, place) for stretch in _stretches(rows, place)]
        columns = [(left, right) for left, right in found if _are_columns(left, right, place, low, high)]
        count = sum(len(left) + len(right) for left, right in columns)
        if columns and (best is None or count > best[0]):
            # Just before the right column begins, so that a heading in the middle of the page is on neither side.
            best = (count, median(x.left for _, right in columns for x in right) - 2 * SAME_EDGE)
    return best[1] if best else None


def _edges(rows: Sequence[Sequence[Line]]) -> tuple[float, float]:
    return min(x.left for row in rows for x in row), max(x.right for row in rows for x in row)


def _sides(stretch: Sequence[Line], gutter: float) -> tuple[list[Line], list[Line]]:
    return [x for x in stretch if x.right <= gutter], [x for x in stretch if x.left >= gutter]


def _are_columns(left: Sequence[Line], right: Sequence[Line], gutter: float, low: float, high: float) -> bool:
    """Prose that fills its column, or fields whose rows do not stand level with the others'."""
    if min(len(left), len(right)) < MIN_COLUMN_LINES:
        return False
    return (_fills(left, low, gutter) and _fills(right, gutter, high)) or (
        _is_apart(left, right) and not _are_answers(left, right)
    )


def _are_answers(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether the left side is labels and the right side has none: it is what was written beside them, a little higher or lower."""
    asked = sum(x.text.rstrip(" _.").endswith((":", "?")) for x in left)
    own = sum(":" in x.text or x.text.startswith("[") for x in right)
    return asked > MOST_ASKED * len(left) and own < (1 - MOST_ASKED) * len(right)


def _is_apart(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether the right side is a column of its own: one left edge, and too few rows level with rows of the left side."""
    first = [x for x in right if not any(abs(x.middle - y.middle) < 0.5 * x.height and y.left < x.left for y in right)]
    edge = median(x.left for x in first)
    in_line = sum(abs(x.left - edge) < 2.5 * SAME_EDGE for x in first)
    level = sum(any(abs(x.middle - y.middle) < 0.3 * x.height for y in left) for x in first)
    return len(first) >= 2 * MIN_COLUMN_LINES and in_line >= 0.7 * len(first) and level <= 0.7 * len(first)


def _fills(column: Sequence[Line], low: float, high: float) -> bool:
    """Whether most lines reach from edge to edge, as prose does and a table's cells do not."""
    shares = sorted((x.right - x.left) / (high - low) for x in column)
    return median(shares) >= COLUMN_FILL and sum(share >= FULL_FILL for share in shares) >= 0.5 * len(shares)
