"""Boxes in columns under headings ("Yes  No", "Not at all  Several days"): each is named by its column, and its row by what is asked.

A box under "No" that is put to the words beside it alone would say the opposite of what was ticked. Where the headings are not
known, a row of which something is ticked is left unclear.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from daemon.engines.line import Line
from daemon.engines.tick_circles import placed_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from daemon.engines.tick_frames import TickBox

    Image = NDArray[np.uint8]

# Boxes of one row and of one column differ so little in place, in sides. So far above a column its heading may stand, in sides.
LEVEL, SAME_COLUMN, HEADING_ABOVE = 0.5, 0.7, 3.0
# The lines of one heading stand so far apart at most, in heights of a line.
LINES_APART = 0.5
MIN_RUNS = 2

Run = list["TickBox"]


@dataclass(slots=True)
class _Table:
    """Rows of boxes below each other, from top to bottom, and what their columns are headed; nothing where that is not known."""

    runs: list[Run]
    heads: tuple[str, ...] = ()


def with_headings(
    lines: Sequence[Line], boxes: Sequence[TickBox], ink: Image
) -> tuple[list[Line], list[TickBox], list[Line]]:
    """Lines and boxes that belong to no table, and the rows of tables as lines ("Asthma: [ ] Yes [X] No").

    `lines` are cut where boxes stood in them; `ink` (0 or 1) is without boxes.
    """
    height = ink.shape[0]
    tables = _tables(_runs(boxes, lines, height))
    free, taken, made = list(lines), set[int](), list[Line]()
    for table in tables:
        table.heads, used = _headings(table.runs[0], free, ink)
        for run in table.runs:
            asked = _asked(run, free, height)
            taken |= {id(box) for box in run}
            made.append(_row(run, asked, table.heads, height))
            free = [line for line in free if line is not asked]
        rests = {id(line): rest for line, rest in used}
        free = [replace(line, text=rests.get(id(line), line.text)) for line in free if rests.get(id(line)) != ""]
    return free, [box for box in boxes if id(box) not in taken], made


def _runs(boxes: Sequence[TickBox], lines: Sequence[Line], height: int) -> list[Run]:
    """Boxes of one row that have no words between them, two and more."""
    rows: list[Run] = []
    for box in sorted(boxes, key=lambda one: one.middle[1]):
        if rows and abs(rows[-1][-1].middle[1] - box.middle[1]) <= LEVEL * box.side:
            rows[-1].append(box)
        else:
            rows.append([box])
    runs: list[Run] = []
    for row in rows:
        row.sort(key=lambda one: one.left)
        run = [row[0]]
        for box in row[1:]:
            if _words_between(run[-1], box, lines, height):
                runs.append(run)
                run = []
            run.append(box)
        runs.append(run)
    return [run for run in runs if len(run) >= 2]


def _words_between(one: TickBox, other: TickBox, lines: Sequence[Line], height: int) -> bool:
    y = one.middle[1] / height
    return any(
        line.top <= y <= line.bottom and line.right * height > one.right and line.left * height < other.left
        for line in lines
    )


def _tables(runs: Sequence[Run]) -> list[_Table]:
    """Runs whose boxes stand below each other. A single run is none: its headings would be a guess."""
    tables: list[_Table] = []
    for run in runs:
        for table in tables:
            if _same_columns(table.runs[0], run):
                table.runs.append(run)
                break
        else:
            tables.append(_Table([run]))
    return [table for table in tables if len(table.runs) >= MIN_RUNS]


def _same_columns(one: Run, other: Run) -> bool:
    return len(one) == len(other) and all(
        abs(a.middle[0] - b.middle[0]) <= SAME_COLUMN * a.side for a, b in zip(one, other, strict=True)
    )


def _headings(run: Run, lines: Sequence[Line], ink: Image) -> tuple[tuple[str, ...], list[tuple[Line, str]]]:
    """What stands above each box of a table's first row, and the lines it is taken from with what else stands in them; nothing
    unless every column has its own."""
    middles = [box.middle[0] for box in run]
    half = min(b - a for a, b in pairwise(middles)) / 2
    heads: list[list[str]] = [[] for _ in run]
    used: list[tuple[Line, str]] = []
    for line in _above(run, half, lines, ink.shape[0]):
        rest: list[str] = []
        for word in placed_words(line, ink):
            middle = (word.left + word.right) / 2
            column = min(range(len(run)), key=lambda at: abs(middles[at] - middle))
            (heads[column] if abs(middles[column] - middle) <= half else rest).append(word.text.strip("|/,"))
        used.append((line, " ".join(rest)))
    named = tuple(" ".join(words).strip() for words in heads)
    if not all(named) or len({name.lower() for name in named}) < len(named):
        return (), []
    return named, used


def _above(run: Run, half: float, lines: Sequence[Line], height: int) -> list[Line]:
    """The lines right above a row of boxes, close to each other, from top to bottom."""
    left, right = (run[0].middle[0] - half) / height, (run[-1].middle[0] + half) / height
    top, lowest = (run[0].top + LEVEL * run[0].side) / height, HEADING_ABOVE * run[0].side / height
    over = [line for line in lines if line.text and line.bottom <= top and line.right > left and line.left < right]
    found: list[Line] = []
    for line in sorted(over, key=lambda one: -one.bottom):
        gap = lowest if not found else LINES_APART * line.height
        if ":" in line.text or min([top, *(one.top for one in found)]) - line.bottom > gap:
            break
        found.append(line)
    return sorted(found, key=lambda one: one.top)


def _asked(run: Run, lines: Sequence[Line], height: int) -> Line | None:
    """What a row asks: the nearest words left of its boxes, or right of them where there are none."""
    y, left, right = run[0].middle[1] / height, run[0].left / height, run[-1].right / height
    level = [line for line in lines if line.text and line.top <= y <= line.bottom]
    before = [line for line in level if line.right <= left + 0.5 * line.height]
    after = [line for line in level if line.left >= right - 0.5 * line.height]
    near_left = max(before, key=lambda line: line.right, default=None)
    near_right = min(after, key=lambda line: line.left, default=None)
    if near_left is None or near_right is None:
        return near_left or near_right
    # Between two columns of questions the nearer one is asked.
    return near_left if left - near_left.right <= 3 * (near_right.left - right) else near_right


def _row(run: Run, asked: Line | None, heads: Sequence[str], height: int) -> Line:
    """A row as one line. Without headings nobody can tell what is ticked."""
    states = [box.state for box in run]
    if heads:
        choices = " ".join(f"[{state}] {head}" for state, head in zip(states, heads, strict=True))
    else:
        choices = "[?]" if any(state != " " for state in states) else "[ ]"
    edges = run[0].left / height, run[0].top / height, run[-1].right / height, run[-1].bottom / height
    if asked is None:
        return Line(choices, 0.99, *edges)
    text = asked.text if asked.text.rstrip().endswith((":", "?")) else f"{asked.text}:"
    return replace(asked, text=f"{text} {choices}", left=min(asked.left, edges[0]), right=max(asked.right, edges[2]))
