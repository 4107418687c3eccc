"""Rings to fill or tick ("○ Male  ○ Female"), found by their shape: round, thin, larger than letters, and alone.

The letter O is a ring too. It is no larger than its line, and mostly stands within a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np

from daemon.engines.tick_frames import LEAST_PIXELS, LEAST_SIDE, MOST_SIDE, TickBox, without_rules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]

# Share of the places around a ring where its line is met; of its diameter that the line is thick; how far it may be from a
# circle, as a share of its area; and how much wider than high.
AROUND, THICK, ROUND, EVEN = 0.9, 0.17, 0.09, 1.15
# In heights of tall letters (of so many percent none is taller), and the free place left and right, in diameters.
LARGER, TALL, FREE = 1.12, 80, 0.3
# Share of the rings of one size that have to be larger: beside some stands what is no letter.
MOSTLY = 0.7
# Share of the rows beside it in which there is ink all the same: the end of a tick.
BESIDE_ROWS = 0.3
MIN_RINGS = 3
PLACES = 72


def find_rings(ink: Image) -> list[TickBox]:
    """The rings of a page's ink (0 or 1), without their states; none where fewer than three are alike."""
    least = max(round(LEAST_SIDE * max(ink.shape)), LEAST_PIXELS)
    most = round(MOST_SIDE * max(ink.shape))
    round_ones = _round_shapes(ink, least, most)
    if len(round_ones) < MIN_RINGS:
        return []
    letters = _letters(ink, round_ones, most)
    alone = [ring for ring in round_ones if _is_alone(ink, ring)]
    larger = [_is_larger(ring, letters) for ring in alone]
    found: list[TickBox] = []
    for ring in alone:
        alike = [
            one
            for other, one in zip(alone, larger, strict=True)
            if abs(ring.side - other.side) <= max(0.1 * ring.side, 2)
        ]
        if len(alike) >= MIN_RINGS and sum(alike) >= MOSTLY * len(alike):
            found.append(ring)
    return found


def _letters(ink: Image, rings: Sequence[TickBox], most: int) -> NDArray[np.int32]:
    """Top and height of what has the size of letters and is none of the round shapes in question."""
    _, _, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    sized = boxes[1:][(boxes[1:, 3] >= LEAST_PIXELS / 2) & (boxes[1:, 3] <= most) & (boxes[1:, 2] <= 2 * most)]
    own = np.zeros(len(sized), bool)
    for ring in rings:
        across, down = sized[:, 0] + sized[:, 2] / 2, sized[:, 1] + sized[:, 3] / 2
        own |= (ring.left <= across) & (across <= ring.right) & (ring.top <= down) & (down <= ring.bottom)
    return np.asarray(sized[~own][:, (1, 3)], np.int32)


def _is_larger(ring: TickBox, letters: NDArray[np.int32]) -> bool:
    """Than the capitals beside it, or where nothing is beside it, of the page."""
    middles = letters[:, 0] + letters[:, 1] / 2
    beside = letters[abs(middles - ring.middle[1]) <= 0.5 * ring.side, 1]
    heights = beside if len(beside) >= MIN_RINGS else letters[:, 1]
    return not len(heights) or ring.side >= LARGER * float(np.percentile(heights, TALL))


def _round_shapes(ink: Image, least: int, most: int) -> list[TickBox]:
    """Shapes of one piece, filled, and freed of what is thinner than a ring, as ticks are."""
    whole = without_rules(ink, 3 * most)
    outlines, levels = cv2.findContours(whole, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (max(round(0.5 * least), 5) | 1,) * 2)
    found: list[TickBox] = []
    for number, outline in enumerate(outlines):
        x, y, wide, high = cv2.boundingRect(outline)
        if levels[0][number][3] >= 0 or min(wide, high) < least or max(wide, high) > 3 * most:
            continue
        shape = np.zeros((high + 2, wide + 2), np.uint8)
        cv2.drawContours(shape, [outline], -1, 1, cv2.FILLED, offset=(1 - x, 1 - y))
        body = cv2.morphologyEx(shape, cv2.MORPH_OPEN, kernel)
        count, _, boxes, _ = cv2.connectedComponentsWithStats(body)
        for left, top, across, down, area in boxes[1:count].tolist():
            sized = least <= min(across, down) and max(across, down) <= most
            even = across <= EVEN * down <= EVEN * EVEN * across
            if sized and even and abs(area / (np.pi / 4 * across * down) - 1) <= ROUND:
                ring = TickBox(x - 1 + left, y - 1 + top, x - 1 + left + across, y - 1 + top + down, 1, ring=True)
                found += _with_line(ink, ring)
    return found


def _with_line(ink: Image, ring: TickBox) -> list[TickBox]:
    """The ring with its line's thickness; nothing where ink does not run all around, or is as thick as a bold letter's."""
    angles = np.arange(PLACES) * (2 * np.pi / PLACES)
    across, down = ring.middle
    depths = np.arange(0, round(0.5 * ring.side))
    rx, ry = (ring.right - ring.left - 1) / 2, (ring.bottom - ring.top - 1) / 2
    x = np.clip(np.round(across - 0.5 + np.cos(angles)[:, None] * (rx - depths)), 0, ink.shape[1] - 1).astype(np.int64)
    y = np.clip(np.round(down - 0.5 + np.sin(angles)[:, None] * (ry - depths)), 0, ink.shape[0] - 1).astype(np.int64)
    met = ink[y, x] > 0
    near = met[:, : max(round(0.12 * ring.side), 2)]
    if float(near.any(axis=1).mean()) < AROUND:
        return []
    first = near.argmax(axis=1)
    gone = np.array([np.argmin(np.append(row[at:], False)) + at for row, at in zip(met, first, strict=True)])
    thick = int(np.percentile(gone, 25))
    filled = thick >= 0.45 * ring.side
    if thick > THICK * ring.side + 2 and not filled:
        return []
    return [
        TickBox(ring.left, ring.top, ring.right, ring.bottom, max(min(thick, round(THICK * ring.side)), 1), ring=True)
    ]


def _is_alone(ink: Image, ring: TickBox) -> bool:
    """Whether there is a gap on both sides, as there is about no letter of a word."""
    gap = max(round(FREE * ring.side), 3)
    rows = ink[ring.top : ring.bottom]
    sides = (rows[:, max(ring.left - gap, 0) : max(ring.left - 1, 0)], rows[:, ring.right + 1 : ring.right + gap])
    return all(not part.size or float(part.any(axis=1).mean()) < BESIDE_ROWS for part in sides)


def told_apart(rings: Sequence[TickBox]) -> list[TickBox]:
    """Rings with their states; none where all seem marked: a number or a letter is printed in each."""
    return [] if all(ring.state != " " for ring in rings) else list(rings)
