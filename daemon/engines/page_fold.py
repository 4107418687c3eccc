"""Two facing pages in one scan: where the fold is.

Wrongly parted, a wide table would be read as two halves. So nothing is parted unless the page is wide, nothing that is
written or ruled reaches across the place, and there is a fold's shadow or the room of two margins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]
    Mask = NDArray[np.bool_]

SMALL_WIDTH = 1000
# Two A pages side by side are 1.41 times as wide as high, two letter pages 1.55.
MIN_WIDTH, MOST_WIDTH = 1.2, 1.9
# The middle part of the width where a fold may be.
FIRST, LAST = 0.42, 0.58
# Grey levels below the paper: of ink, and of the shadow or line of a fold against what is beside it.
INK_DEPTH, SHADOW_DEPTH = 45, 8
# Of the width, free of ink: around a fold that shows, and where none does (two margins of half an inch and more each).
FREE, FREE_WITHOUT_FOLD = 0.025, 0.075
# Share of the height over which a fold shows.
FOLD_SHARE = 0.85
# Share of all the page's ink that each side has to hold, at least.
MIN_SIDE_INK = 0.15


def fold(image: Image) -> float | None:
    """Where two facing pages part, as a fraction of the width; None for anything else. `image`: BGR, lines of text level."""
    height, width = image.shape[:2]
    if not MIN_WIDTH <= width / height <= MOST_WIDTH:
        return None
    grey = _small(image)
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((21, 21), np.uint8))
    ink = np.asarray(cv2.subtract(paper, grey) > INK_DEPTH, dtype=np.bool_)
    shadow = _shadow(grey)
    # A fold's line is ink only to the eye of this rule: dark over the whole height.
    dark = np.asarray(ink.mean(axis=0) > FOLD_SHARE)
    written = ink & ~dark[None, :]
    free = np.asarray(written.sum(axis=0) <= max(2, 0.004 * ink.shape[0]))
    span = _widest(free)
    if span is None or not _both_sides(written, span):
        return None
    first, last = span
    room = (last - first) / ink.shape[1]
    if room >= FREE and shadow is not None and first <= shadow < last:
        return float(shadow / ink.shape[1])
    return float((first + last) / 2 / ink.shape[1]) if room >= FREE_WITHOUT_FOLD else None


def _small(image: Image) -> NDArray[np.uint8]:
    scale = SMALL_WIDTH / image.shape[1]
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def _shadow(grey: NDArray[np.uint8]) -> int | None:
    """The column of the middle part that is darker than the paper beside it, nearly from top to bottom."""
    width = grey.shape[1]
    reach = max(round(0.025 * width), 3)
    smooth = cv2.GaussianBlur(grey, (3, 31), 0).astype(np.int16)
    first, last = round(FIRST * width), round(LAST * width)
    beside = np.minimum(smooth[:, first - reach : last - reach], smooth[:, first + reach : last + reach])
    deep = (beside - smooth[:, first:last] > SHADOW_DEPTH).mean(axis=0)
    best = int(deep.argmax())
    return first + best if deep[best] >= FOLD_SHARE else None


def _widest(free: Mask) -> tuple[int, int] | None:
    """The widest run of free columns that meets the middle part."""
    width = len(free)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], free, [False]]).astype(np.int8)))
    runs = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    middle = [(a, b) for a, b in runs if FIRST * width <= (a + b) / 2 <= LAST * width]
    return max(middle, key=lambda run: run[1] - run[0], default=None)


def _both_sides(written: Mask, span: tuple[int, int]) -> bool:
    total = int(written.sum())
    sides = (int(written[:, : span[0]].sum()), int(written[:, span[1] :].sum()))
    return total > 0 and min(sides) >= MIN_SIDE_INK * total
