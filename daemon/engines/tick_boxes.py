"""Boxes to tick on a page's image, found by their frames and not by what a text recogniser makes of them ("口", "D", "O").

A frame is four straight sides of one length; what stands inside is measured. Crossed, ticked and filled is yes, empty is
no. A mark beside a box, one that was scribbled out and one too faint to be meant for sure are neither: a person has to look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from daemon.engines.tick_frames import State, TickBox, find_frames, meet
from daemon.engines.tick_rings import find_rings, told_apart

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]
    Depth = NDArray[np.int16]

# Grey levels below the paper: of a frame (thin lines are paled by scanning), of a mark that is meant, and of one that is faint.
FRAME_DEPTH, MARK_DEPTH, FAINT_DEPTH = 28, 70, 26
# Shares of the inside that are ink: up to the first it is empty (dust, the frame's edge), from the second it is marked.
EMPTY_INK, MARKED_INK = 0.025, 0.06
FAINT_INK = 0.05
# Shares of ink just outside and inside a box that only scribbling leaves; the strokes of a large cross leave less.
SCRIBBLED_OUT, SCRIBBLED_IN = 0.3, 0.45
# On one side alone this much: of a box under a blot the frame is not found where it is.
SCRIBBLED_OVER = 0.6
MAX_BOXES = 400
# Grey levels that a table's shading is darker than the page at most; and a stroke's thickness at most, in fours of pixels.
MOST_SHADE, STROKE = 90, 5


def find_boxes(image: Image) -> list[TickBox]:
    """The boxes of an upright page, BGR, from top to bottom, with their states."""
    depth = ink_depth(image)
    ink = (cv2.blur(depth, (3, 3)) > FRAME_DEPTH).astype(np.uint8)
    squares = _read(depth, find_frames(ink))
    # Solid squares and nothing else are a list's bullets.
    if all(_is_solid(depth, box) for box in squares):
        squares = []
    rings = told_apart(_read(depth, [ring for ring in find_rings(ink) if not any(meet(ring, box) for box in squares)]))
    read = [*squares, *rings]
    if len(read) > MAX_BOXES:
        return []
    return sorted(read, key=lambda box: (box.top, box.left))


def _read(depth: Depth, found: Sequence[TickBox]) -> list[TickBox]:
    frame = sorted(box.frame for box in found)[len(found) // 4] if found else 0
    return [replace(box, state=_state(depth, box, min(frame, box.frame + 1))) for box in found]


def ink_depth(image: Image) -> Depth:
    """How many grey levels each pixel is darker than the paper around it."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    height, width = grey.shape
    small = cv2.resize(grey, (max(width // 4, 1), max(height // 4, 1)), interpolation=cv2.INTER_AREA)
    reach = max(5, int(0.05 * small.shape[0])) | 1
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    # A shaded row or column of a table is paper too. Strokes are closed before, or a rule would be shade.
    bare = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((STROKE, STROKE), np.uint8))
    along = [cv2.morphologyEx(bare, cv2.MORPH_CLOSE, np.ones(shape, np.uint8)) for shape in ((1, reach), (reach, 1))]
    shaded = cv2.min(along[0], along[1])
    paper = np.where(cv2.subtract(paper, shaded) <= MOST_SHADE, shaded, paper)
    paper = cv2.resize(cv2.blur(paper, (9, 9)), (width, height), interpolation=cv2.INTER_LINEAR)
    return paper.astype(np.int16) - grey.astype(np.int16)


def erased(image: Image, boxes: Sequence[TickBox]) -> Image:
    """The page without the boxes and the marks in them, so that a recogniser of text is not led to read them as letters."""
    if not boxes:
        return image
    clean = image.copy()
    ink = (ink_depth(image) > FRAME_DEPTH).astype(np.uint8)
    for box in boxes:
        paper = _paper(image, box)
        clean[max(box.top - 2, 0) : box.bottom + 2, max(box.left - 2, 0) : box.right + 2] = paper
        top, left, tail = _tail(ink, box)
        window = clean[top : top + tail.shape[0], left : left + tail.shape[1]]
        window[cv2.dilate(tail, np.ones((5, 5), np.uint8)) > 0] = paper
    return clean


# -- what stands inside ------------------------------------------------------------------------------------------------
def _state(depth: Depth, box: TickBox, frame: int) -> State:
    inside = _inside(depth, box, frame)
    if not inside.size:
        return "?"
    ink = (depth > FRAME_DEPTH).astype(np.uint8)
    dark, pale = float((inside > MARK_DEPTH).mean()), float((inside > FAINT_DEPTH).mean())
    _, _, tail = _tail(ink, box)
    outside = float(tail.sum()) / box.side**2
    if dark >= SCRIBBLED_IN and _is_blotted(depth, box):
        return "?"
    if dark >= MARKED_INK:
        return "X"
    if dark > EMPTY_INK or pale >= FAINT_INK or outside > 0.1:
        return "?"
    return " "


def _is_blotted(depth: Depth, box: TickBox) -> bool:
    """Whether a mark covers what is around its box too, on two of the sides where no words stand: scribbled out, not ticked."""
    near, far = max(round(0.06 * box.side), 1), round(0.32 * box.side)
    top, left = max(box.top - far, 0), max(box.left - far, 0)
    parts = (
        depth[top : box.top - near, box.left : box.right],
        depth[box.bottom + near : box.bottom + far, box.left : box.right],
        depth[box.top : box.bottom, left : box.left - near],
    )
    shares = [float((part > MARK_DEPTH).mean()) for part in parts if part.size]
    return sum(share >= SCRIBBLED_OUT for share in shares) >= 2 or max(shares, default=0.0) >= SCRIBBLED_OVER


def _inside(depth: Depth, box: TickBox, frame: int) -> Depth:
    # A square within a ring begins where the diagonal meets it.
    inset = frame + 1 + round(0.146 * box.side) if box.ring else max(frame + 2, round(0.14 * box.side))
    return depth[box.top + inset : box.bottom - inset, box.left + inset : box.right - inset]


def _is_solid(depth: Depth, box: TickBox) -> bool:
    inside = _inside(depth, box, 1)
    return inside.size > 0 and float((inside > MARK_DEPTH).mean()) > 0.95


def _tail(ink: Image, box: TickBox) -> tuple[int, int, Image]:
    """Ink around a box that hangs together with it: top and left of a window, and a mask in it. Words that it touches stay."""
    reach = round(0.7 * box.side)
    top, left = max(box.top - reach, 0), max(box.left - reach, 0)
    window = ink[top : box.bottom + reach, left : box.right + reach].copy()
    y0, x0 = box.top - top, box.left - left
    y1, x1 = box.bottom - top, box.right - left
    window[max(y0 - 1, 0) : y1 + 1, max(x0 - 1, 0) : x1 + 1] = 0
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(window), connectivity=8)
    near = np.zeros(labels.shape, bool)
    near[max(y0 - 3, 0) : y1 + 3, max(x0 - 3, 0) : x1 + 3] = True
    mask = np.zeros_like(window)
    for label in np.unique(labels[near]):
        across, down = int(boxes[label][0]), int(boxes[label][1])
        far = across + int(boxes[label][2]) >= window.shape[1] or down + int(boxes[label][3]) >= window.shape[0]
        if label and not far and across > 0 and down > 0:
            mask[labels == label] = 1
    return top, left, mask


def _paper(image: Image, box: TickBox) -> NDArray[np.uint8]:
    """The colour of the paper about a box."""
    reach = round(0.6 * box.side)
    window = image[max(box.top - reach, 0) : box.bottom + reach, max(box.left - reach, 0) : box.right + reach]
    colour: NDArray[np.uint8] = np.percentile(window.reshape(-1, 3), 80, axis=0).astype(np.uint8)
    return colour
