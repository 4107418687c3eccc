"""How the outlines of letters turn and run: a printer draws straight strokes and sharp corners, a pen neither."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_TURNS = (0, 6, 14, 25, 45, 80, 181)
_WAYS = (0, 4, 20, 70, 86, 91)
_OUTLINE = 40
_BENT = 9
"""Points of an outline worth following; degrees of a turn that is none."""


def turns(depth: NDArray[np.float32]) -> list[float]:
    """How outlines turn (near and further along), and which way they run where they are straight.

    After the edge-hinge of Bulacu and Schomaker ("Text-independent writer identification", IEEE PAMI 29 (2007) 701).
    """
    large = cv2.resize(depth, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR)
    outlines, _ = cv2.findContours((large > 0.5).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    kept = [outline[:, 0, :].astype(np.float64) for outline in outlines if len(outline) >= _OUTLINE]
    if not kept:
        return [0.0] * 18
    # All outlines at once: where each point's neighbours are, round its own outline.
    lengths = np.array([len(points) for points in kept])
    length, start = np.repeat(lengths, lengths), np.repeat(np.cumsum(lengths) - lengths, lengths)
    place = np.arange(len(length)) - start
    points = np.concatenate(kept)

    def along(steps: int) -> Floats:
        moved: Floats = points[start + (place + steps) % length]
        return moved

    points = (along(-2) + along(-1) + points + along(1) + along(2)) / 5
    turned = _turning(points, along(-11), along(11))
    near = np.histogram(_turning(points, along(-5), along(5)), bins=_TURNS)[0]
    far = np.histogram(turned, bins=_TURNS)[0]
    run = along(11) - along(-11)
    way = np.degrees(np.arctan2(run[:, 1], run[:, 0]))[turned < _BENT] % 180
    ways = np.histogram(np.minimum(way, 180 - way), bins=_WAYS)[0]
    shares = [counts / max(float(counts.sum()), 1.0) for counts in (near, far, ways)]
    return [float(share) for counts in shares for share in counts] + [float(ways.sum() / max(far.sum(), 1.0))]


def _turning(points: Floats, behind: Floats, ahead: Floats) -> Floats:
    """Degrees between where an outline comes from and where it goes, at each of its points."""
    before, after = points - behind, ahead - points
    turned = np.arctan2(after[:, 1], after[:, 0]) - np.arctan2(before[:, 1], before[:, 0])
    degrees: Floats = np.abs(np.degrees((turned + math.pi) % (2 * math.pi) - math.pi))
    return degrees
