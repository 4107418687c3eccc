"""Rows of a scanned form: what stands side by side on a page, as one text that remembers which passage each piece came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daemon.model.passage import PageAnchor, Passage

GAP = "\t"
"""Between two passages of one row."""


@dataclass(frozen=True, slots=True)
class Row:
    """The passages of one row, left to right; `text` is theirs with `GAP` between. `top` and `bottom` as in `PageAnchor`."""

    text: str
    passages: tuple[Passage, ...]
    source: str
    page: int
    top: float
    bottom: float

    def evidence(self, start: int, end: int) -> tuple[str, ...]:
        """The ids of the passages that text[start:end] comes from."""
        found, at = [], 0
        for passage in self.passages:
            stop = at + len(passage.text)
            if at < end and start < stop:
                found.append(passage.id)
            at = stop + len(GAP)
        return tuple(found)


def form_rows(passages: Iterable[Passage]) -> list[Row]:
    """The rows of all passages that stand on pages, page by page in the given order, top to bottom."""
    pages: dict[tuple[str, int], list[tuple[Passage, PageAnchor]]] = {}
    for passage in passages:
        anchor = passage.anchor
        if isinstance(anchor, PageAnchor):
            pages.setdefault((anchor.source, anchor.page), []).append((passage, anchor))
    return [row for (source, page), placed in pages.items() for row in _page_rows(source, page, placed)]


def _page_rows(source: str, page: int, placed: Sequence[tuple[Passage, PageAnchor]]) -> list[Row]:
    groups: list[list[tuple[Passage, PageAnchor]]] = []
    for piece in sorted(placed, key=lambda piece: _middle(piece[1])):
        fitting = [group for group in groups if _fits(group, piece[1])]
        if fitting:
            min(fitting, key=lambda group: abs(_middle(_nearest(group, piece[1])) - _middle(piece[1]))).append(piece)
        else:
            groups.append([piece])
    rows = []
    for group in groups:
        group.sort(key=lambda piece: piece[1].box[0])
        boxes = [anchor.box for _, anchor in group]
        text = GAP.join(passage.text for passage, _ in group)
        top, bottom = min(box[1] for box in boxes), max(box[3] for box in boxes)
        rows.append(Row(text, tuple(passage for passage, _ in group), source, page, top, bottom))
    return rows


def _fits(group: Sequence[tuple[Passage, PageAnchor]], anchor: PageAnchor) -> bool:
    """Whether a box stands beside those of a row: level with its nearest neighbour, so that a slanted scan is no matter."""
    if any(_overlap(other, anchor) for _, other in group):
        return False
    near = _nearest(group, anchor)
    level, other = _middle(anchor), _middle(near)
    return near.box[1] <= level <= near.box[3] or anchor.box[1] <= other <= anchor.box[3]


def _nearest(group: Sequence[tuple[Passage, PageAnchor]], anchor: PageAnchor) -> PageAnchor:
    def distance(other: PageAnchor) -> float:
        return max(other.box[0] - anchor.box[2], anchor.box[0] - other.box[2])

    return min((other for _, other in group), key=distance)


def _overlap(one: PageAnchor, two: PageAnchor) -> bool:
    """Whether two boxes share more of the page's width than the sloppy edges of text detection explain (a third)."""
    shared = min(one.box[2], two.box[2]) - max(one.box[0], two.box[0])
    return shared > min(one.box[2] - one.box[0], two.box[2] - two.box[0]) / 3


def _middle(anchor: PageAnchor) -> float:
    return (anchor.box[1] + anchor.box[3]) / 2
