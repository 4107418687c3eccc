"""From a scan to its pages: each flat, level and evenly lit, and with a way back to where it lay in the scan.

A photo's sheet is found by its edges and flattened, two facing pages are parted at the fold, and crooked lines are made level.
What is none of these is left exactly as it was scanned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from daemon.engines.page_angle import line_angle
from daemon.engines.page_fold import fold
from daemon.engines.page_sheet import even_light, sheet_corners

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]
    Matrix = NDArray[np.float64]

Box = tuple[float, float, float, float]

# Below this nothing is readable (8-pixel print on a card), and a geometry of it would be a guess.
MIN_SIDE = 300
# Level enough: recognition cuts lines out along their slope, and rows are found along it (`layout`). In degrees.
LEVEL = 0.8
# A page that was warped needs no more: the recogniser itself works on 2000 pixels (RapidOCR's `max_side_len`).
MOST_PIXELS = 16_000_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a scan as it is read. `to_scan` leads from fractions of `image` to fractions of the scan (a homography,
    3 × 3); None where both are the same."""

    image: Image
    to_scan: Matrix | None = None

    def turned(self, quarter_turns: int) -> Sheet:
        """The sheet turned so often to the left, as `numpy.rot90` turns."""
        sheet = self
        for _ in range(quarter_turns % 4):
            back = _QUARTER if sheet.to_scan is None else sheet.to_scan @ _QUARTER
            sheet = Sheet(np.rot90(sheet.image), back)
        return Sheet(np.ascontiguousarray(sheet.image), sheet.to_scan)

    def on_scan(self, box: Box) -> Box:
        """A box (left, top, right, bottom, as fractions of this image) as fractions of the scan."""
        return on_scan(box, self.to_scan)


# A point of a page turned once to the left, in the page as it was: (u, v) was (1 - v, u).
_QUARTER = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])


def on_scan(box: Box, to_scan: Matrix | None) -> Box:
    """The upright box around a box that was led back to the scan, within the scan."""
    if to_scan is None:
        return box
    left, top, right, bottom = box
    corners = np.array([[left, top, 1.0], [right, top, 1.0], [right, bottom, 1.0], [left, bottom, 1.0]])
    led = corners @ to_scan.T
    across, down = np.clip(led[:, :2] / led[:, 2:], 0.0, 1.0).T
    return float(across.min()), float(down.min()), float(across.max()), float(down.max())


def sheets(scan: Image) -> list[Sheet]:
    """The pages of a scan (height × width × 3, BGR) in the order in which they are read: one, or two that face each other.

    Lines of text are level in them, but they may still stand on their head, or on their side where that is not sure.
    """
    whole = Sheet(scan)
    if min(scan.shape[:2]) < MIN_SIDE:
        return [whole]
    corners = sheet_corners(scan)
    if corners is not None:
        whole = _flattened(whole, corners)
    light = even_light(whole.image, photo=corners is not None)
    if light is not None:
        whole = Sheet(light, whole.to_scan)
    angle = line_angle(whole.image)
    if angle is not None and angle.sideways:
        whole = whole.turned(1)
    place = fold(whole.image)
    if place is None:
        return [_level(whole, None if angle is None else angle.degrees)]
    parts = [_part(whole, 0.0, place), _part(whole, place, 1.0)]
    return [_level(part, _degrees(part)) for part in parts]


def _degrees(sheet: Sheet) -> float | None:
    angle = line_angle(sheet.image)
    return None if angle is None or angle.sideways else angle.degrees


def _level(sheet: Sheet, degrees: float | None) -> Sheet:
    """The sheet turned about its middle so that its lines, which sink by so many degrees, are level; nothing is cut off."""
    if degrees is None or abs(degrees) < LEVEL:
        return sheet
    height, width = sheet.image.shape[:2]
    turn = np.radians(degrees)
    cos, sin = float(np.cos(turn)), float(np.sin(turn))
    new_width, new_height = width * cos + height * abs(sin), height * cos + width * abs(sin)
    half, new_half = np.array([width, height]) / 2, np.array([new_width, new_height]) / 2
    points = np.array([[0, 0], [new_width, 0], [new_width, new_height], [0, new_height]]) - new_half
    source = points @ np.array([[cos, sin], [-sin, cos]]) + half
    return _flattened(sheet, source / (width, height), (new_width, new_height))


def _part(sheet: Sheet, left: float, right: float) -> Sheet:
    """The part of a sheet between two places across it, as fractions."""
    width = sheet.image.shape[1]
    first, last = round(left * width), round(right * width)
    back = np.array([[(last - first) / width, 0.0, first / width], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    image = np.ascontiguousarray(sheet.image[:, first:last])
    return Sheet(image, back if sheet.to_scan is None else sheet.to_scan @ back)


def _flattened(sheet: Sheet, corners: Matrix, size: tuple[float, float] | None = None) -> Sheet:
    """What lies between four corners (fractions, clockwise from the top left), as a rectangle.

    `size`: its width and height in the sheet's pixels; the longer of the sides that face each other where it is not given.
    """
    image = sheet.image
    height, width = image.shape[:2]
    if size is None:
        sides = np.linalg.norm((np.roll(corners, -1, axis=0) - corners) * (width, height), axis=1)
        size = float(max(sides[0], sides[2])), float(max(sides[1], sides[3]))
    scale = min(1.0, float(np.sqrt(MOST_PIXELS / max(size[0] * size[1], width * height))))
    if scale < 1.0:
        image = np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        height, width = image.shape[:2]
    new_width, new_height = max(round(size[0] * scale), 1), max(round(size[1] * scale), 1)
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float32)
    back = np.asarray(cv2.getPerspectiveTransform(unit, corners.astype(np.float32)), dtype=np.float64)
    # In pixels, from the new image to the old one: what `warpPerspective` samples by.
    pixels = np.diag([width, height, 1.0]) @ back @ np.diag([1 / new_width, 1 / new_height, 1.0])
    flat = cv2.warpPerspective(
        image,
        pixels,
        (new_width, new_height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderValue=(255, 255, 255),
    )
    return Sheet(np.asarray(flat, dtype=np.uint8), back if sheet.to_scan is None else sheet.to_scan @ back)
