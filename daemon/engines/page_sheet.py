"""A photo of a page: where the sheet lies on the table, and the light that falls on it unevenly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]
    Grey = NDArray[np.uint8]
    Corners = NDArray[np.float64]

SMALL_SIDE = 500
# Shares of the photo that a sheet may take up.
LEAST_AREA, MOST_AREA = 0.25, 0.985
# A sheet's outline fills its four corners so far; a blot or a shadow's edge does not.
FILLED = 0.93
# Grey levels from the table up to the sheet, and the share of a side's length along which they are found.
EDGE_DEPTH, EDGE_SHARE = 18, 0.75
# Share of what is written that may lie outside the sheet: the table's own grain.
OUTSIDE_INK = 0.04
# The sides that face each other may differ so much in length, and corners so much from right angles (cosine).
MOST_UNEQUAL, MOST_OBLIQUE = 0.6, 0.5
# Paper that is darker than the page's brightest by this factor lies in a shadow; of so large a share of the page.
SHADED, SHADED_SHARE, MOST_GAIN = 0.82, 0.08, 3.0


def sheet_corners(image: Image) -> Corners | None:
    """The corners of the one sheet in a photo (BGR), clockwise from the top left, as fractions; None where paper fills it."""
    scale = min(1.0, SMALL_SIDE / max(image.shape[:2]))
    small = np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    paper = _paper(grey)
    if not _has_background(paper):
        return None
    height, width = grey.shape
    found = [quad for mask in _bright(paper) if (quad := _quad(mask)) is not None and _is_sheet(quad, paper, grey)]
    if not found:
        return None
    best = max(found, key=lambda quad: float(cv2.contourArea(quad.astype(np.float32))))
    return np.clip(best / (width, height), 0.0, 1.0)


def even_light(image: Image, *, photo: bool) -> Image | None:
    """The page with its paper equally bright everywhere; None where it is already. `photo`: a little shade counts too."""
    scale = min(1.0, 300 / max(image.shape[:2]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    paper = cv2.medianBlur(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((13, 13), np.uint8)), 13)
    bright = float(np.percentile(paper, 95))
    shaded = float((paper < SHADED * bright).mean())
    if bright < 60 or shaded < (0.0 if photo else SHADED_SHARE) or shaded == 0.0:
        return None
    gain = np.clip(bright / np.maximum(cv2.GaussianBlur(paper, (0, 0), 4).astype(np.float32), 1.0), 1.0, MOST_GAIN)
    height, width = image.shape[:2]
    lit = np.empty_like(image)
    # In strips: the whole page in floats would be four times the page.
    wide = cv2.resize(gain, (width, gain.shape[0]), interpolation=cv2.INTER_LINEAR)
    for top in range(0, height, 256):
        rows = np.clip(
            (np.arange(top, min(top + 256, height)) + 0.5) * gain.shape[0] / height - 0.5, 0, gain.shape[0] - 1
        )
        low = rows.astype(np.int64)
        high = np.minimum(low + 1, gain.shape[0] - 1)
        part = (rows - low)[:, None].astype(np.float32)
        strip = wide[low] * (1 - part) + wide[high] * part
        lit[top : top + 256] = np.minimum(image[top : top + 256] * strip[:, :, None], 255.0).astype(np.uint8)
    return lit


def _paper(grey: Grey) -> Grey:
    """The page without what is written on it."""
    return np.asarray(
        cv2.medianBlur(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), 5), dtype=np.uint8
    )


def _has_background(paper: Grey) -> bool:
    """Whether the rim is not simply paper: a scan's is, and most scans are done with here."""
    rim = np.concatenate([paper[:4].ravel(), paper[-4:].ravel(), paper[:, :4].ravel(), paper[:, -4:].ravel()])
    bright = float(np.percentile(paper, 90))
    return float((rim < bright - 2 * EDGE_DEPTH).mean()) > 0.1


def _bright(paper: Grey) -> Iterator[Grey]:
    """What may be the sheet: all that is brighter than one of several thresholds, since a shadow lies on part of it."""
    parting, _ = cv2.threshold(paper, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    for factor in (1.15, 1.0, 0.85, 0.7, 0.55):
        mask = (paper > parting * factor).astype(np.uint8)
        yield np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8)), dtype=np.uint8)


def _quad(mask: Grey) -> Corners | None:
    """Four corners around the largest bright piece, if it has four."""
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea))
    area = cv2.contourArea(hull)
    if not LEAST_AREA * mask.size <= area <= MOST_AREA * mask.size:
        return None
    around = cv2.arcLength(hull, closed=True)
    for tolerance in (0.01, 0.02, 0.03, 0.05):
        corners = cv2.approxPolyDP(hull, tolerance * around, closed=True)[:, 0].astype(np.float64)
        if len(corners) == 4:
            share = area / max(cv2.contourArea(corners.astype(np.float32)), 1.0)
            return _clockwise(corners) if FILLED <= share <= 1 / FILLED else None
    return None


def _clockwise(corners: Corners) -> Corners:
    """From the corner nearest to the top left."""
    middle = corners.mean(axis=0)
    order = np.argsort(np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0]))
    turned = corners[order]
    return np.roll(turned, -int(turned.sum(axis=1).argmin()), axis=0)


def _is_sheet(quad: Corners, paper: Grey, grey: Grey) -> bool:
    sides = np.roll(quad, -1, axis=0) - quad
    lengths = np.linalg.norm(sides, axis=1)
    if lengths.min() < 1 or any(
        min(lengths[i], lengths[i + 2]) < MOST_UNEQUAL * max(lengths[i], lengths[i + 2]) for i in (0, 1)
    ):
        return False
    units = sides / lengths[:, None]
    if max(abs(float(units[i] @ units[(i + 1) % 4])) for i in range(4)) > MOST_OBLIQUE:
        return False
    return all(_is_edge(quad[i], quad[(i + 1) % 4], paper) for i in range(4)) and _holds_the_writing(quad, grey)


def _is_edge(start: Corners, end: Corners, paper: Grey) -> bool:
    """Whether it is brighter right of the way from one corner to the next (inside), or the photo ends there."""
    height, width = paper.shape
    along = (end - start) / np.linalg.norm(end - start)
    inward = np.array([-along[1], along[0]])
    places = start + np.linspace(0.05, 0.95, 40)[:, None] * (end - start)
    inner, outer = places + 8 * inward, places - 8 * inward
    beyond = (outer < 0).any(axis=1) | (outer[:, 0] >= width) | (outer[:, 1] >= height)
    x, y = np.clip(inner, 0, (width - 1, height - 1)).astype(np.int64).T
    u, v = np.clip(outer, 0, (width - 1, height - 1)).astype(np.int64).T
    drop = paper[y, x].astype(np.int16) - paper[v, u] >= EDGE_DEPTH
    return float((drop | beyond).mean()) >= EDGE_SHARE


def _holds_the_writing(quad: Corners, grey: Grey) -> bool:
    """Whether next to nothing is written outside: a sheet that is cut short would be a page without its end."""
    ink = np.asarray(cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((9, 9), np.uint8)) > 40)
    inside = cv2.fillConvexPoly(np.zeros(grey.shape, np.uint8), np.round(quad).astype(np.int32), 1)
    outside = np.asarray(cv2.dilate(inside, np.ones((7, 7), np.uint8)) == 0)
    return int((ink & outside).sum()) <= OUTSIDE_INK * max(int(ink.sum()), 1)
