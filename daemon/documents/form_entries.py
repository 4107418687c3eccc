"""What is found on a form, and the rows it stands on, as a reader of the page sees them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Literal

from daemon.model.passage import PageAnchor, Passage

EntryKind = Literal["answer", "blank", "unsure"]
Box = tuple[float, float, float, float]
_NEXT_LINE = 2.5  # heights of a line: as far below its label as an answer begins
_LEAST_HEIGHT = 0.005


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on a form. `section` None: no printed label says where it belongs.

    An `answer` is what was filled in; `blank` a label with nothing filled in; `unsure` a box or its label of which only
    one could be read, or a choice that was not. `text` is that of the cited passages, piece by piece in order, with single
    spaces. Where its label was read apart from the answer, or has no colon, it is the first `label` characters.
    """

    text: str
    evidence: tuple[str, ...]
    section: str | None
    kind: EntryKind = "answer"
    label: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One passage: a line, a label with its answer, or a row of a table. `box` is upright, whichever way the page lay.

    Where a label and its answer were read apart, the row is both: `id` is the label's, `parts` are all ids, and the label is the first
    `label` characters of the text.
    """

    text: str
    id: str
    source: str
    page: int
    box: Box
    parts: tuple[str, ...] = ()
    label: int = 0

    @property
    def height(self) -> float:
        """The height of the line, never nothing."""
        return max(self.box[3] - self.box[1], _LEAST_HEIGHT)

    def is_beside(self, other: Row) -> bool:
        """Whether both stand on one line of the page."""
        return self.page == other.page and self._shared(other) > 0.4 * min(self.height, other.height)

    def is_below(self, other: Row) -> bool:
        """Whether it stands where the line after the other one is."""
        over = self.box[0] < other.box[2] and other.box[0] < self.box[2]
        return over and self.is_on_next_line(other) and self.box[1] - other.box[3] >= -0.4 * other.height

    def is_on_next_line(self, other: Row) -> bool:
        """Whether it stands beside the other one, or anywhere on the line after it."""
        gap = self.box[1] - other.box[3]
        near = -0.4 * other.height <= gap <= _NEXT_LINE * other.height
        return self.is_beside(other) or (near and self.page == other.page)

    def _shared(self, other: Row) -> float:
        return min(self.box[3], other.box[3]) - max(self.box[1], other.box[1])


def rows_of(passages: Sequence[Passage]) -> list[Row]:
    """The rows of all passages that stand on pages, in reading order."""
    rows = [
        Row(" ".join(p.text.split()), p.id, p.anchor.source, p.anchor.page, p.anchor.box)
        for p in passages
        if isinstance(p.anchor, PageAnchor)
    ]
    upright: list[Row] = []
    for place in dict.fromkeys((row.source, row.page) for row in rows):
        upright += _upright([row for row in rows if (row.source, row.page) == place])
    return upright


def _upright(rows: Sequence[Row]) -> list[Row]:
    """Boxes as they are when one reads: lines are wider than high, and the first read are at the top."""
    if len(rows) < 3:
        return list(rows)
    lies = median((row.box[2] - row.box[0]) - (row.box[3] - row.box[1]) for row in rows) < 0
    turns: tuple[Callable[[Box], Box], ...] = (_left, _right) if lies else (_same, _over)
    best = max(turns, key=lambda turn: sum(turn(b.box)[1] > turn(a.box)[1] for a, b in pairwise(rows)))
    return [replace(row, box=best(row.box)) for row in rows]


def _same(box: Box) -> Box:
    return box


def _over(box: Box) -> Box:
    return 1 - box[2], 1 - box[3], 1 - box[0], 1 - box[1]


def _left(box: Box) -> Box:
    return box[1], 1 - box[2], box[3], 1 - box[0]


def _right(box: Box) -> Box:
    return 1 - box[3], box[0], 1 - box[1], box[2]
