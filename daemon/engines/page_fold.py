"""Two facing pages in one scan: where the fold is.

Wrongly parted, a wide table would be read as two halves. So nothing is parted unless the page is wide, nothing that is
written or ruled reaches across the place, and a fold's shadow lies there: a gap may part a table's columns as well.
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
# Of the width: what is free of ink around a fold, and how wide its shadow is at least (a ruled line is a tenth of that).
FREE, MIN_SHADOW = 0.025, 0.008
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
    if shadow is None:
        return None
    # The fold's own darkness is no writing; a word or a rule that crosses it is also beside it.
    written = ink.copy()
    written[:, shadow[0] : shadow[1] + 1] = False
    free = np.asarray(written.sum(axis=0) <= max(2, 0.004 * ink.shape[0]))
    first, last = _run_around(free, shadow)
    room = (last - first) / ink.shape[1]
    if room < FREE or not _both_sides(written, (first, last)):
        return None
    return float(sum(shadow) / 2 / ink.shape[1])


def _small(image: Image) -> NDArray[np.uint8]:
    scale = SMALL_WIDTH / image.shape[1]
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def _shadow(grey: NDArray[np.uint8]) -> tuple[int, int] | None:
    """First and last column of the middle part that are darker than the paper beside them, nearly from top to bottom."""
    width = grey.shape[1]
    reach = max(round(0.025 * width), 3)
    smooth = cv2.GaussianBlur(grey, (3, 31), 0).astype(np.int16)
    first, last = round(FIRST * width), round(LAST * width)
    beside = np.minimum(smooth[:, first - reach : last - reach], smooth[:, first + reach : last + reach])
    deep = (beside - smooth[:, first:last] > SHADOW_DEPTH).mean(axis=0)
    columns = np.flatnonzero(deep >= FOLD_SHARE)
    if len(columns) < MIN_SHADOW * width:
        return None
    return first + int(columns[0]), first + int(columns[-1])


def _run_around(free: Mask, shadow: tuple[int, int]) -> tuple[int, int]:
    """The run of free columns that the shadow lies in: its first column, and the one behind its last."""
    before, behind = np.flatnonzero(~free[: shadow[0]]), np.flatnonzero(~free[shadow[1] :])
    first = int(before[-1]) + 1 if len(before) else 0
    return first, shadow[1] + int(behind[0]) if len(behind) else len(free)


def _both_sides(written: Mask, span: tuple[int, int]) -> bool:
    total = int(written.sum())
    sides = (int(written[:, : span[0]].sum()), int(written[:, span[1] :].sum()))
    return total > 0 and min(sides) >= MIN_SIDE_INK * total
