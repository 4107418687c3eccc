"""By how much a page's lines of text are crooked, and whether they run down the page.

Letters are projected along every angle in question; along the lines they fall together, and the profile is steepest. After
W. Postl, "Detection of linear oblique structures and skew scan in digitized documents", 8th ICPR, 1986.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]

# The longer side of the small image on which angles are looked for: print is 5 pixels high on it.
SMALL_SIDE = 1000
# Grey levels below the paper; sizes of letters, in pixels of the small image. What is larger is a rule, a frame or a picture.
INK_DEPTH = 35
LEAST_LETTER, MOST_LETTER = 3, 45
MIN_LETTERS = 60
MOST_POINTS = 30_000
# In degrees.
REACH, STEP, FINE_STEP = 16.0, 0.5, 0.1
# How much steeper the profile along the lines has to be than along most other angles.
MIN_PEAK = 1.6
# Letters stand closer to the next one of their line than to the next line: the share that does, in lines that run across a page
# and in lines that run down it. Between both nothing is said. So many are asked, among so many others.
LEVEL_SHARE, UPRIGHT_SHARE = 0.6, 0.3
MOST_ASKED, MOST_OTHERS = 300, 5000


@dataclass(frozen=True, slots=True)
class LineAngle:
    """How many degrees lines sink towards the right, once a page whose lines run down it (`sideways`) was turned to the left."""

    degrees: float
    sideways: bool


def line_angle(image: Image) -> LineAngle | None:
    """The angle of a page's lines (BGR), up to 15 degrees from level or upright; None where letters show none."""
    labels, boxes = _letters(image)
    if len(boxes) - 1 < MIN_LETTERS or not boxes[:, 4].any():
        return None
    beside = _beside(boxes[boxes[:, 4] > 0])
    if beside is None or UPRIGHT_SHARE < beside < LEVEL_SHARE:
        return None
    sideways = beside <= UPRIGHT_SHARE
    rows, columns = np.nonzero(boxes[:, 4].astype(np.bool_)[labels])
    if len(rows) > MOST_POINTS:
        chosen = np.random.default_rng(0).choice(len(rows), MOST_POINTS, replace=False)
        rows, columns = rows[chosen], columns[chosen]
    across, down = columns.astype(np.float64), rows.astype(np.float64)
    # Turned to the left, a point (x, y) lies at (y, -x).
    degrees, peak = _steepest(down, -across) if sideways else _steepest(across, down)
    return LineAngle(degrees, sideways) if peak >= MIN_PEAK else None


def _letters(image: Image) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The blots of ink on the small image: their numbers pixel by pixel, and a row for each (left, top, width, height, and 1
    where it has the size of a letter)."""
    scale = min(1.0, SMALL_SIDE / max(image.shape[:2]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    ink = np.asarray(cv2.subtract(paper, grey) > INK_DEPTH, dtype=np.uint8)
    _, labels, found, _ = cv2.connectedComponentsWithStats(ink)
    boxes = np.asarray(found, dtype=np.int32)
    larger, smaller = boxes[:, 2:4].max(axis=1), boxes[:, 2:4].min(axis=1)
    boxes[:, 4] = (larger >= LEAST_LETTER) & (larger <= MOST_LETTER) & (smaller >= 2)
    boxes[0, 4] = 0
    return np.asarray(labels, dtype=np.int32), boxes


def _beside(boxes: NDArray[np.int32]) -> float | None:
    """The share of letters whose nearest neighbour is beside them, not above or below."""
    if len(boxes) < MIN_LETTERS:
        return None
    random = np.random.default_rng(0)
    some = boxes[random.choice(len(boxes), min(len(boxes), MOST_ASKED), replace=False)].astype(np.float32)
    others = boxes[random.choice(len(boxes), MOST_OTHERS, replace=False)] if len(boxes) > MOST_OTHERS else boxes
    gaps = [
        np.maximum(
            np.abs((some[:, None, i] + some[:, None, i + 2] / 2) - (others[None, :, i] + others[None, :, i + 2] / 2))
            - (some[:, None, i + 2] + others[None, :, i + 2]) / 2,
            0,
        )
        for i in (0, 1)
    ]
    distance = gaps[0] ** 2 + gaps[1] ** 2
    # Itself, and what overlaps it (the dot of an i), is no neighbour.
    distance[distance < 0.5] = np.inf
    nearest = distance.argmin(axis=1)
    each = np.arange(len(some))
    near = np.isfinite(distance[each, nearest])
    if int(near.sum()) < MIN_LETTERS / 2:
        return None
    return float((gaps[0][each, nearest] > gaps[1][each, nearest])[near].mean())


def _steepest(across: NDArray[np.float64], down: NDArray[np.float64]) -> tuple[float, float]:
    """The angle along which letters fall together most, and how much steeper the profile is there than along most others."""
    coarse = np.arange(-REACH, REACH + STEP / 2, STEP)
    steep = np.array([_steepness(across, down, angle) for angle in coarse])
    middle = float(coarse[int(steep.argmax())])
    fine = middle + np.arange(-STEP, STEP + FINE_STEP / 2, FINE_STEP)
    finer = np.array([_steepness(across, down, angle) for angle in fine])
    best = float(fine[int(finer.argmax())])
    return best, float(finer.max() / max(np.median(steep), 1e-9))


def _steepness(across: NDArray[np.float64], down: NDArray[np.float64], degrees: float) -> float:
    turn = np.radians(degrees)
    place = down * np.cos(turn) - across * np.sin(turn)
    profile = np.bincount((place - place.min()).astype(np.int64))
    return float((np.diff(profile).astype(np.float64) ** 2).sum())
