"""Places where ink stands that was not recognised as text: a smudge over a dose has to be named, not passed over."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING

import cv2
import numpy as np

from daemon.engines.line import Line

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Sizes in heights of the page's lines of text: smaller is a speck or a tick, larger a picture.
MIN_WIDTH, MIN_HEIGHT, MAX_HEIGHT, MAX_WIDTH = 1.2, 0.45, 2.2, 40.0
RULE_HEIGHTS = 3.0
MIN_INK_SHARE, MAX_INK_SHARE = 0.12, 0.97
# Grey levels below the paper around it; print and pen are 80 and more, shadows and shaded headings less than 40.
INK_DEPTH = 60
MIN_LINES = 5
MAX_PLACES = 20
# Behind a label a single stroke is an answer ("1"). So far, in heights of a line, its rule is looked along.
MIN_STROKE, ANSWER_REACH = 0.06, 14.0


def unread_ink(image: NDArray[np.uint8], lines: Sequence[Line]) -> list[Line]:
    """Blots of the size of writing that no line covers, as lines without text. `image`: BGR; as `Line`, in page heights.

    With fewer than five lines to take the size of writing from, or with more than twenty such places (a drawing, a photo),
    it says nothing.
    """
    if len(lines) < MIN_LINES:
        return []
    height = image.shape[0]
    size = median(line.height for line in lines) * height
    ink = _without_rules(_ink(image, size), size)
    for line in lines:
        top, bottom, left, right = (round(edge * height) for edge in (line.top, line.bottom, line.left, line.right))
        margin = round(0.5 * size)
        ink[max(top - margin, 0) : bottom + margin, max(left - margin, 0) : right + margin] = 0
    joined = cv2.morphologyEx(
        ink, cv2.MORPH_CLOSE, np.ones((max(round(size / 4), 1), max(round(size / 2), 1)), np.uint8)
    )
    count, _, boxes, _ = cv2.connectedComponentsWithStats(joined)
    places = [_place(boxes[index], ink, size, height) for index in range(1, count)]
    found = [place for place in places if place]
    answers = _unread_answers(ink, lines, size)
    return [*(found if len(found) <= MAX_PLACES else []), *(x for x in answers if not any(_meet(x, y) for y in found))]


def _unread_answers(ink: NDArray[np.uint8], lines: Sequence[Line], size: float) -> list[Line]:
    """Strokes on the rules behind labels that seem to have no answer: without them "Living children: 1" is left blank."""
    height = ink.shape[0]
    reach = ANSWER_REACH * size / height
    found: list[Line] = []
    for label in lines:
        if not label.text.rstrip(" _.").endswith((":", "?")):
            continue
        row = [x for x in lines if x.left > label.left and x.top < label.bottom and x.bottom > label.top]
        end = min([x.left for x in row if x is not label], default=label.right + reach)
        if end <= label.right + reach / 4:
            continue
        top, left = round((label.top - 0.25 * label.height) * height), round(label.right * height)
        patch = ink[max(top, 0) : round(label.bottom * height), left : round(min(end, label.right + reach) * height)]
        stroke = _stroke(patch, size)
        if stroke is not None:
            x, y, across, up = (value / height for value in stroke)
            x, y = x + left / height, y + max(top, 0) / height
            found.append(Line("", 0.0, x, y, x + across, y + up))
    return found if len(found) <= MAX_PLACES else []


def _stroke(patch: NDArray[np.uint8], size: float) -> tuple[int, int, int, int] | None:
    """The first mark of the size of a digit."""
    if not patch.size:
        return None
    count, _, boxes, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(patch))
    for left, top, across, up, area in sorted(tuple(int(v) for v in box) for box in boxes[1:count]):
        if MIN_HEIGHT * size <= up and MIN_STROKE * size <= across <= 2 * size and area >= MIN_STROKE * up * size:
            return left, top, across, up
    return None


def _meet(one: Line, other: Line) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


def _ink(image: NDArray[np.uint8], size: float) -> NDArray[np.uint8]:
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    reach = max(3, int(2 * size)) | 1
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    ink: NDArray[np.uint8] = ((paper.astype(np.int16) - grey) > INK_DEPTH).astype(np.uint8)
    return ink


def _without_rules(ink: NDArray[np.uint8], size: float) -> NDArray[np.uint8]:
    """Without the lines of tables and fields: whatever is thin and longer than any letter."""
    length = max(round(RULE_HEIGHTS * size), 3)
    thick = np.ones((3, 3), np.uint8)
    rules = np.zeros_like(ink)
    for shape in ((1, length), (length, 1)):
        straight = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        blots = cv2.morphologyEx(straight, cv2.MORPH_OPEN, np.ones((max(round(size / 4), 2),) * 2, np.uint8))
        rules |= np.asarray(cv2.dilate(cv2.subtract(straight, blots), thick), dtype=np.uint8)
    kept: NDArray[np.uint8] = ink & (1 - rules)
    return kept


def _place(box: NDArray[np.int32], ink: NDArray[np.uint8], size: float, height: int) -> Line | None:
    left, top, across, up = (int(value) for value in box[:4])
    if not (MIN_HEIGHT * size <= up <= MAX_HEIGHT * size and MIN_WIDTH * size <= across <= MAX_WIDTH * size):
        return None
    share = float(ink[top : top + up, left : left + across].mean())
    if not MIN_INK_SHARE <= share <= MAX_INK_SHARE:
        return None
    return Line("", 0.0, left / height, top / height, (left + across) / height, (top + up) / height)
