"""Tells what was written by hand from what was printed, by the shape of its strokes: a person reads handwriting themselves.

Print repeats itself: strokes of one width or of two, feet on one line, heads on one or two, edges upright or at one slant. A pen
does none of this exactly. No recogniser's confidence says so much: a neat hand is read with 0.99, and a wrong dose in it too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from daemon.engines import handwriting_numbers as numbers
from daemon.engines.outlines import turns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Grey = NDArray[np.uint8]
    Floats = NDArray[np.float64]

# All is measured at one size, so that a scan's resolution is no feature: the letters' usual height in pixels.
MIN_LINES: Final = 4
LETTER_PIXELS: Final = 28
MAX_PIXELS: Final = 2600
# Grey levels below the paper; less is the paper's own grain.
LEAST_DEPTH: Final = 28
_SPECK = 0.18  # of the letters' height; a part this low is a dot or a speck
_ANGLES = 18


def features(patch: NDArray[np.uint8]) -> Floats | None:
    """Measures of a stretch of writing, each near 0 to 1; None where there is too little ink. `patch`: BGR, one line high."""
    found = ink_of(patch)
    if found is None:
        return None
    depth, colour = found
    parts = _parts(depth)
    if parts is None:
        return None
    height = _letter_height(parts)
    scale = LETTER_PIXELS / height
    if depth.shape[1] * scale > MAX_PIXELS:
        depth = depth[:, : int(MAX_PIXELS / scale)]
    size = (max(8, round(depth.shape[1] * scale)), max(8, round(depth.shape[0] * scale)))
    even = cv2.resize(depth, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC).clip(0, 1)
    mask = (even > 0.5).astype(np.uint8)
    parts = _parts(even)
    if parts is None:
        return None
    return np.array(
        [
            *_strokes(mask),
            *_levels(parts),
            *_spread(parts, mask),
            *_edges(even, parts),
            *_straight(mask),
            *turns(even),
            colour,
        ],
        dtype=np.float64,
    )


def chance(found: Floats, usual: Floats | None = None) -> float:
    """How likely it is handwriting, 0 to 1. `found`: features; `usual`: `reference_of` the page."""
    apart = np.abs(found - usual) if usual is not None else np.zeros_like(found)
    return float(numbers.chance(np.concatenate([found, apart])))


def unlike(one: Floats, other: Floats) -> float:
    """How far two stretches are apart, by their features."""
    return numbers.distance(one, other)


def reference_of(page: Sequence[Floats]) -> Floats | None:
    """What is usual on a page: the middle of its lines' features. None where there are too few to say."""
    return np.median(np.array(page), axis=0) if len(page) >= MIN_LINES else None


def ink_of(patch: NDArray[np.uint8]) -> tuple[NDArray[np.float32], float] | None:
    """How dark each place is (0 paper, 1 ink), without rules; and how coloured the ink is (0 to 1)."""
    grey = cv2.cvtColor(patch, cv2.COLOR_BGR2GRAY).astype(np.float32)
    if min(grey.shape) < 6:
        return None
    paper = float(np.percentile(grey, 85))
    ink = float(np.percentile(grey, 2))
    if paper - ink < LEAST_DEPTH:
        return None
    depth = ((paper - grey) / (paper - ink)).clip(0, 1).astype(np.float32)
    depth = _without_rules(depth)
    dark = depth > 0.6
    if dark.sum() < 12:
        return None
    pixels = patch[dark].astype(np.float32)
    colour = float(np.median(pixels.max(axis=1) - pixels.min(axis=1))) / 128
    return depth, min(colour, 1.0)


def _without_rules(depth: NDArray[np.float32]) -> NDArray[np.float32]:
    mask = (depth > 0.35).astype(np.uint8)
    height, width = mask.shape
    long = max(round(1.6 * height), 12)
    shapes = [(1, long)] if width > long else []
    shapes += [(max(round(0.97 * height), 10), 1)] if height > 12 else []
    kept = depth.copy()
    for shape in shapes:
        rules = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        kept[cv2.dilate(rules, np.ones((3, 3), np.uint8)) > 0] = 0
    return kept


def _parts(depth: NDArray[np.float32]) -> NDArray[np.int32] | None:
    """Connected parts as left, top, width, height, area; without specks."""
    mask = (depth > 0.5).astype(np.uint8)
    count, _, found, _ = cv2.connectedComponentsWithStats(mask)
    boxes = np.asarray(found[1:count], dtype=np.int32)
    boxes = boxes[boxes[:, 4] >= 6]
    if not len(boxes):
        return None
    kept: NDArray[np.int32] = boxes[boxes[:, 3] >= max(3.0, _SPECK * float(np.percentile(boxes[:, 3], 90)))]
    return kept if len(kept) else None


def _letter_height(parts: NDArray[np.int32]) -> float:
    heights = parts[:, 3].astype(np.float64)
    tall = heights[heights >= 0.45 * heights.max()]
    return max(4.0, float(np.median(tall)))


def _strokes(mask: NDArray[np.uint8]) -> list[float]:
    """Width of the strokes, and how much it varies: over all, and between its thin and its thick ends."""
    inside = cv2.distanceTransform(cv2.copyMakeBorder(mask, 2, 2, 2, 2, cv2.BORDER_CONSTANT), cv2.DIST_L2, 5)
    ridge = (inside >= cv2.dilate(inside, np.ones((3, 3), np.uint8))) & (inside > 0.9)
    widths = 2 * inside[ridge].astype(np.float64)
    if len(widths) < 4:
        return [0.5, 0.1, 0.3, 1.0, 0.5]
    low, middle, high = np.percentile(widths, [10, 50, 90])
    kept = cv2.morphologyEx(mask, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3)))
    usual = np.abs(widths[:400, None] - widths[None, :400]) < 0.12 * middle
    return [
        float(usual.mean(axis=0).max()),
        middle / LETTER_PIXELS,
        float(widths.std() / widths.mean()),
        float((high - low) / middle),
        float(kept.sum() / max(int(mask.sum()), 1)),
    ]


def _levels(parts: NDArray[np.int32]) -> list[float]:
    """Whether feet stand on one line, and heads end at one or two."""
    heights = parts[:, 3]
    big = parts[heights >= 0.45 * LETTER_PIXELS]
    if len(big) < 3:
        return [0.8, 0.9, 0.05, 0.8, 0.05]
    middles = big[:, 0] + big[:, 2] / 2
    feet, heads = (big[:, 1] + big[:, 3]).astype(np.float64), big[:, 1].astype(np.float64)
    slope = _slope(middles, feet)
    feet, heads = feet - slope * middles, heads - slope * middles
    one, two, rest = _gathered(feet)
    _, both, off = _gathered(heads)
    return [one, two, rest, both, off]


def _slope(across: Floats, down: Floats) -> float:
    """The line through most feet (Theil and Sen's median of slopes), so that letters that reach below it do not tilt it."""
    if len(across) < 4:
        return 0.0
    gaps = across[None, :] - across[:, None]
    far = gaps > 2 * LETTER_PIXELS
    if not far.any():
        return 0.0
    slopes = (down[None, :] - down[:, None])[far] / gaps[far]
    found = float(np.median(slopes))
    return found if abs(found) < 0.12 else 0.0


def _gathered(places: Floats) -> tuple[float, float, float]:
    """Share at the commonest place, share at the two commonest, and how far the others are from them (in letters' heights)."""
    near = 0.055 * LETTER_PIXELS
    rest, shares, centres = places, [], []
    for _ in range(2):
        if not len(rest):
            break
        close = np.abs(rest[None, :] - rest[:, None]) <= near
        best = int(close.sum(axis=1).argmax())
        shares.append(close[best].sum() / len(places))
        centres.append(float(rest[close[best]].mean()))
        rest = rest[~close[best]]
    apart = np.min([np.abs(places - centre) for centre in centres], axis=0)
    return float(shares[0]), float(sum(shares)), float(min(apart.mean() / LETTER_PIXELS, 1.0))


def _spread(parts: NDArray[np.int32], mask: NDArray[np.uint8]) -> list[float]:
    """How unlike each other the parts are in height, width and in the gaps between them; how many there are, and how joined."""
    heights, widths = parts[:, 3] / LETTER_PIXELS, parts[:, 2] / LETTER_PIXELS
    order = parts[np.argsort(parts[:, 0])]
    gaps = (order[1:, 0] - (order[:-1, 0] + order[:-1, 2])) / LETTER_PIXELS
    inner = gaps[gaps < 0.6]
    across = (order[-1, 0] + order[-1, 2] - order[0, 0]) / LETTER_PIXELS
    return [
        float(heights.std()),
        float(min(widths.std(), 2.0)),
        float(inner.std()) if len(inner) > 2 else 0.1,
        float(np.mean(inner < 0)) if len(inner) > 2 else 0.1,
        min(len(parts) / max(across, 0.5), 3.0) / 3,
        min(float(np.percentile(widths, 90)), 4.0) / 4,
        math.log1p(len(parts)) / 4,
        float(mask.sum()) / max(float((parts[:, 2] * parts[:, 3]).sum()), 1.0),
    ]


def _edges(depth: NDArray[np.float32], parts: NDArray[np.int32]) -> list[float]:
    """Which ways edges run: print has most of them upright (or at one slant) and level; how that differs from letter to letter."""
    soft = cv2.GaussianBlur(depth, (0, 0), 0.8)
    across, down = (np.asarray(cv2.Sobel(soft, cv2.CV_32F, *way), dtype=np.float32) for way in ((1, 0), (0, 1)))
    strength = np.hypot(across, down)
    angle = np.degrees(np.arctan2(down, across)) % 180
    weights, _ = np.histogram(angle, bins=_ANGLES * 2, range=(0, 180), weights=strength)
    total = float(weights.sum()) or 1.0
    shares = weights / total
    # The gradient of an upright stroke runs level: bins near 0 and 180 degrees; a slant of up to 35 degrees is one of the pen's or an italic's.
    upright = np.concatenate([shares[-7:], shares[:7]])
    best = int(np.convolve(upright, np.ones(2), "valid").argmax())
    peak = float(upright[best : best + 2].sum())
    level = float(np.convolve(shares[15:21], np.ones(2), "valid").max())
    entropy = float(-(shares[shares > 0] * np.log(shares[shares > 0])).sum() / math.log(_ANGLES * 2))
    return [
        peak,
        float(upright.sum()),
        level,
        entropy,
        abs(best - 6) / 6,
        *_slants(strength, angle, parts),
    ]


def _slants(
    strength: NDArray[np.float32],
    angle: NDArray[np.float32],
    parts: NDArray[np.int32],
) -> list[float]:
    """How much the upright strokes' slant differs between letters, and within one (in quarter turns)."""
    slants, spreads = [], []
    leaning = np.where(angle > 90, angle - 180, angle)
    near = (np.abs(leaning) < 32) & (strength > 0.3 * float(strength.max()))
    for left, top, wide, high, _ in parts:
        if high < 0.6 * LETTER_PIXELS:
            continue
        window = (slice(top, top + high), slice(left, left + wide))
        chosen = near[window]
        if chosen.sum() < 12:
            continue
        degrees = leaning[window][chosen]
        middle = float(np.median(degrees))
        slants.append(middle)
        spreads.append(float(np.abs(degrees - middle).mean()))
    if len(slants) < 2:
        return [0.05, (spreads[0] / 20) if spreads else 0.4]
    return [min(float(np.std(slants)) / 15, 1.5), float(np.mean(spreads)) / 20]


def _straight(mask: NDArray[np.uint8]) -> list[float]:
    """How much ink lies in straight strokes, upright or level."""
    total = max(int(mask.sum()), 1)
    shares = []
    for shape in ((round(0.55 * LETTER_PIXELS), 1), (1, round(0.35 * LETTER_PIXELS))):
        kept = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        shares.append(float(kept.sum()) / total)
    return shares
