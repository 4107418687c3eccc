"""Puts boxes that were found on a page to the words they tick: "[X] Asthma", "[ ] No", "[?] Stroke" where nobody can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from daemon.engines.line import Line
from daemon.engines.tick_boxes import FRAME_DEPTH, MARK_DEPTH, erased, find_boxes, ink_depth
from daemon.engines.tick_circles import find_circles, with_circled, without_circles
from daemon.engines.tick_frames import TickBox
from daemon.engines.tick_tables import with_headings

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Image = NDArray[np.uint8]

# So far may a box stand from its words, in heights of their line; and so large is a mark beside a box, in its sides.
REACH, MARK = 3.0, 0.35
_NO_MARK = frozenset("yn0123456789")
"""Single characters beside a box that are print: "Y [ ] N [ ]"."""


def read_with_boxes(image: Image, read: Callable[[Image], list[Line]]) -> list[Line]:
    """What `read` finds on a page without its boxes, and the boxes put in where they stood."""
    boxes = find_boxes(image)
    clean = erased(image, boxes)
    circles = find_circles((ink_depth(clean) > FRAME_DEPTH).astype(np.uint8))
    if not boxes and not circles:
        return read(image)
    clean = without_circles(clean, circles)
    ink = (ink_depth(clean) > MARK_DEPTH).astype(np.uint8)
    lines = with_circled(read(clean), circles, ink)
    boxes, lines = _marked_beside(boxes, lines, ink)
    pieces = [piece for line in lines for piece in _cut(line, boxes, ink)]
    pieces, boxes, rows = with_headings(pieces, boxes, ink)
    return [*_attached(pieces, boxes, image.shape[0]), *rows]


def _marked_beside(boxes: Sequence[TickBox], lines: Sequence[Line], ink: Image) -> tuple[list[TickBox], list[Line]]:
    """Empty boxes with a pen's mark left of them are unclear; what the reader made of the mark is left out."""
    height = ink.shape[0]
    found: list[TickBox] = []
    marks: list[Line] = []
    for box in boxes:
        stroke = _stroke_beside(box, ink) if box.state == " " else None
        if stroke is None:
            found.append(box)
            continue
        x, y = stroke[0] / height, stroke[1] / height
        over = [line for line in lines if line.left <= x <= line.right and line.top <= y <= line.bottom]
        printed = any(len(line.text.strip()) > 1 or line.text.strip().lower() in _NO_MARK for line in over)
        found.append(box if printed else replace(box, state="?"))
        marks += [] if printed else over
    return found, [line for line in lines if line not in marks]


def _stroke_beside(box: TickBox, ink: Image) -> tuple[float, float] | None:
    """The middle of a mark of a pen that stands alone left of a box, in pixels."""
    side = box.side
    left, right = round(box.left - 1.7 * side), box.left - 2
    top, bottom = round(box.top - 0.5 * side), round(box.bottom + 0.5 * side)
    if left < 0 or top < 0:
        return None
    count, _, boxes, centres = cv2.connectedComponentsWithStats(np.ascontiguousarray(ink[top:bottom, left:right]))
    large = [n for n in range(1, count) if boxes[n][3] >= MARK * side and boxes[n][2] >= MARK * side]
    if len(large) != 1 or boxes[large[0]][0] == 0 or int(boxes[1:count, 4].sum()) > 1.5 * int(boxes[large[0]][4]):
        return None
    across, down = centres[large[0]]
    return left + float(across), top + float(down)


def _cut(line: Line, boxes: Sequence[TickBox], ink: Image) -> list[Line]:
    """A line in pieces where boxes stood in it, between its words."""
    height = ink.shape[0]
    places = sorted(
        box.middle[0]
        for box in boxes
        if line.left * height < box.middle[0] < line.right * height
        and line.top * height - 0.1 * box.side < box.middle[1] < line.bottom * height + 0.1 * box.side
    )
    if not places:
        return [line]
    columns = np.asarray(ink[round(line.top * height) : round(line.bottom * height)].max(axis=0))
    left, right = round(line.left * height), round(line.right * height)
    words = line.text.split()
    if not words:
        return [line]
    ends = np.cumsum([len(word) for word in words]) / sum(len(word) for word in words)
    total = max(int(columns[left:right].sum()), 1)
    cuts = [0]
    for place in places:
        share = int(columns[left : round(place)].sum()) / total
        cuts.append(min(range(len(words) + 1), key=lambda n: abs(share - (float(ends[n - 1]) if n else 0.0))))
    edges = [left, *(round(place) for place in places), right]
    pieces = []
    for (start, stop), (low, high) in zip(pairwise([*cuts, len(words)]), pairwise(edges), strict=True):
        inked = np.nonzero(columns[low:high])[0]
        if stop > start and inked.size:
            begin, end = (low + int(inked[0])) / height, (low + int(inked[-1]) + 1) / height
            pieces.append(replace(line, text=" ".join(words[start:stop]), left=begin, right=end))
    return pieces


def _attached(lines: Sequence[Line], boxes: Sequence[TickBox], height: int) -> list[Line]:
    """Lines with their boxes before them, or behind them on pages where boxes stand nearer to the words before them."""
    pairs = [
        (_nearest(box, lines, boxes, height, after=True), _nearest(box, lines, boxes, height, after=False))
        for box in boxes
    ]
    before = sum(after is not None and (ahead is None or after[0] <= ahead[0]) for after, ahead in pairs)
    behind = sum(ahead is not None and (after is None or ahead[0] < after[0]) for after, ahead in pairs)
    found = list(lines)
    for box, (after, ahead) in zip(boxes, pairs, strict=True):
        token = f"[{box.state}]"
        chosen = after if before >= behind else ahead
        edges = box.left / height, box.right / height
        if after is ahead is None and (alone := _alone_in_row(box, found, boxes, height)) is not None:
            line = found[alone]
            behind_it = line.right <= edges[0]
            text = f"{line.text} {token}" if behind_it else f"{token} {line.text}"
            found[alone] = replace(line, text=text, left=min(line.left, edges[0]), right=max(line.right, edges[1]))
            continue
        if chosen is None or found[chosen[1]].text.startswith("[") or found[chosen[1]].text.endswith("]"):
            found.append(Line(token, 0.99, edges[0], box.top / height, edges[1], box.bottom / height))
            continue
        line = found[chosen[1]]
        if before >= behind:
            found[chosen[1]] = replace(line, text=f"{token} {line.text}", left=edges[0])
        else:
            found[chosen[1]] = replace(line, text=f"{line.text} {token}", right=edges[1])
    return found


def _alone_in_row(box: TickBox, lines: Sequence[Line], boxes: Sequence[TickBox], height: int) -> int | None:
    """The only words in a row whose only box stands far from them, as at the ends of dotted lines."""
    y = box.middle[1] / height
    level = [n for n, line in enumerate(lines) if line.top - 0.2 * line.height <= y <= line.bottom + 0.2 * line.height]
    others = any(other is not box and abs(other.middle[1] - box.middle[1]) < box.side for other in boxes)
    if others or len(level) != 1 or not lines[level[0]].text or "[" in lines[level[0]].text:
        return None
    return level[0]


def _nearest(
    box: TickBox, lines: Sequence[Line], boxes: Sequence[TickBox], height: int, *, after: bool
) -> tuple[float, int] | None:
    """How far the next words on one side are, in heights of their line, and which line they are; None if another box is nearer."""
    x, y = (value / height for value in box.middle)
    best: tuple[float, int] | None = None
    for number, line in enumerate(lines):
        if not line.text or not line.top - 0.2 * line.height <= y <= line.bottom + 0.2 * line.height:
            continue
        gap = (line.left - box.right / height if after else box.left / height - line.right) / max(line.height, 1e-6)
        if -0.5 <= gap <= REACH and (best is None or gap < best[0]):
            best = (gap, number)
    if best is None:
        return None
    edge = lines[best[1]].left if after else lines[best[1]].right
    between = any(
        other is not box
        and abs(other.middle[1] - box.middle[1]) < 0.5 * box.side
        and min(x, edge) < other.middle[0] / height < max(x, edge)
        for other in boxes
    )
    return None if between else best
