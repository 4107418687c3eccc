"""Pages out of scans: what is flattened, turned and parted, what is left alone, and where boxes lie in the scan."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from daemon.engines.page_angle import line_angle
from daemon.engines.page_geometry import Sheet, sheets

Image = NDArray[np.uint8]
WORDS = (
    "pain",
    "left",
    "shoulder",
    "began",
    "after",
    "lifting",
    "boxes",
    "at",
    "work",
    "grows",
    "worse",
    "night",
    "rest",
)


def _page(width: int = 1240, height: int = 1754, *, cells: tuple[float, ...] = ()) -> Image:
    """A page of print with a red mark, or a table whose cells begin at these shares of the width."""
    page = np.full((height, width, 3), 255, np.uint8)
    for row, top in enumerate(range(150, height - 150, 48)):
        turned = " ".join(WORDS[(row * 5 + step) % len(WORDS)] for step in range(11))
        texts = [(share, turned.split()[index]) for index, share in enumerate(cells)] or [(0.08, turned[:40])]
        for share, text in texts:
            cv2.putText(page, text, (round(share * width), top), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (0, 0, 0), 2)
    page[700:724, 300:330] = (0, 0, 255)
    return page


def _crooked(page: Image, degrees: float) -> Image:
    height, width = page.shape[:2]
    around = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.75)
    return np.asarray(cv2.warpAffine(page, around, (width, height), borderValue=(255, 255, 255)), dtype=np.uint8)


def _spread(page: Image) -> Image:
    both = np.hstack([page, page]).astype(np.float32)
    distance = np.abs(np.arange(both.shape[1]) - page.shape[1])
    return np.asarray(both * (1 - 0.45 * np.exp(-distance / 35))[None, :, None], dtype=np.uint8)


def _red(image: Image) -> tuple[float, float, float, float]:
    height, width = image.shape[:2]
    down, across = np.nonzero((image[:, :, 2] > 150) & (image[:, :, 1] < 90))
    return across.min() / width, down.min() / height, (across.max() + 1) / width, (down.max() + 1) / height


def test_a_level_page_is_read_as_it_was_scanned() -> None:
    page = _page()
    (sheet,) = sheets(page)
    assert sheet.image is page
    assert sheet.to_scan is None


@pytest.mark.parametrize("degrees", [-14.0, -4.0, 2.0, 9.0])
@pytest.mark.parametrize("turns", [0, 1])
def test_a_crooked_page_becomes_level_and_its_boxes_stay_in_the_scan(degrees: float, turns: int) -> None:
    scan = np.ascontiguousarray(np.rot90(_crooked(_page(), degrees), turns))
    (sheet,) = sheets(scan)
    angle = line_angle(sheet.image)
    assert angle is not None
    assert abs(angle.degrees) < 0.5
    assert not angle.sideways
    for further in range(4):
        upright = sheet.turned(further)
        assert upright.on_scan(_red(upright.image)) == pytest.approx(_red(scan), abs=0.004)


def test_a_photo_is_flattened_and_evenly_lit() -> None:
    page, (width, height) = _page(), (1600, 2100)
    corners = np.array([[190, 160], [1420, 230], [1380, 1930], [240, 1850]], np.float32)
    to_photo = cv2.getPerspectiveTransform(np.array([[0, 0], [1240, 0], [1240, 1754], [0, 1754]], np.float32), corners)
    photo = cv2.warpPerspective(page, to_photo, (width, height), borderValue=(60, 80, 70)).astype(np.float32)
    shade = 1 - 0.5 / (1 + np.exp(-(np.linspace(0, 1, width) - 0.55) * 16))
    scan = np.asarray(photo * shade[None, :, None], dtype=np.uint8)
    (sheet,) = sheets(scan)
    paper = np.percentile(sheet.image[:, :, 1].reshape(-1), 15), np.percentile(sheet.image[:, :, 1].reshape(-1), 95)
    assert paper[0] > 0.85 * paper[1]
    across, down = sheet.image.shape[1], sheet.image.shape[0]
    assert across / down == pytest.approx(1240 / 1754, abs=0.05)
    placed = cv2.perspectiveTransform(np.array([[[300, 700], [330, 724]]], np.float32), to_photo)[0] / (width, height)
    red = sheet.on_scan((300 / 1240, 700 / 1754, 330 / 1240, 724 / 1754))
    assert red == pytest.approx((*placed[0], *placed[1]), abs=0.02)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_facing_pages_are_parted_at_the_fold(turns: int) -> None:
    spread = _spread(_page())
    found = sheets(np.ascontiguousarray(np.rot90(spread, turns)))
    assert len(found) == 2
    for sheet in found:
        assert sheet.image.shape[1] / spread.shape[1] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("ruled", [False, True])
def test_a_wide_table_is_not_parted(ruled: bool) -> None:
    """Neither at a gap, nor at a line down its middle: the drug would be on one page and its dose on the other."""
    table = _page(2200, 1600, cells=(0.05, 0.25, 0.58, 0.8))
    if ruled:
        cv2.line(table, (1100, 20), (1100, 1580), (0, 0, 0), 4)
    assert len(sheets(table)) == 1


@pytest.mark.parametrize("size", [(1, 1), (16, 320), (299, 299), (300, 6000), (2000, 40_000), (1700, 1300)])
def test_what_is_no_page_is_left_alone(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    for image in (noise, np.zeros_like(noise), np.full_like(noise, 255)):
        (sheet,) = sheets(image)
        assert sheet.image is image


def test_a_box_is_kept_within_the_scan() -> None:
    beyond = Sheet(_page(), np.array([[2.0, 0.0, -0.5], [0.0, 2.0, -0.5], [0.0, 0.0, 1.0]]))
    assert beyond.on_scan((0.0, 0.0, 1.0, 1.0)) == (0.0, 0.0, 1.0, 1.0)
