"""Rings are boxes too, letters are none, and rings with something printed in each say nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from daemon.engines.tick_boxes import find_boxes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Page = NDArray[np.uint8]

PLACES = (200, 500, 800, 1100)
TOP, SIDE = 500, 30


def page(*, words: bool = True) -> Page:
    drawn = Image.new("RGB", (1700, 2200), (248, 248, 248))
    for left in PLACES if words else ():
        ImageDraw.Draw(drawn).text((left + 45, TOP), "Golden oboe", font=ImageFont.load_default(26), fill=(20, 20, 20))
    return np.array(drawn)


def ring(drawn: Page, left: int, *, thick: int = 2) -> None:
    cv2.circle(drawn, (left + SIDE // 2, TOP + SIDE // 2), SIDE // 2, (20, 20, 20), thick, cv2.LINE_AA)


def mark(drawn: Page, left: int, kind: str) -> None:
    def stroke(*points: tuple[float, float]) -> None:
        places = np.array([(left + SIDE * x, TOP + SIDE * y) for x, y in points], np.int32)
        cv2.polylines(drawn, [places], False, (120, 40, 20), 4, cv2.LINE_AA)

    if kind == "filled":
        cv2.circle(drawn, (left + SIDE // 2, TOP + SIDE // 2), 10, (120, 40, 20), -1)
    elif kind == "ticked":
        stroke((0.2, 0.5), (0.45, 0.8), (1.2, -0.4))
    elif kind == "crossed":
        stroke((0.1, 0.1), (0.9, 0.9))
        stroke((0.9, 0.1), (0.1, 0.9))


@pytest.mark.parametrize("kind", ["filled", "ticked", "crossed"])
@pytest.mark.parametrize("thick", [2, 4])
def test_a_marked_ring_is_told_from_empty_ones(kind: str, thick: int) -> None:
    drawn = page()
    for left in PLACES:
        ring(drawn, left, thick=thick)
    mark(drawn, PLACES[1], kind)
    found = sorted(find_boxes(drawn), key=lambda box: box.left)
    assert [round(box.left / 100) for box in found] == [2, 5, 8, 11]
    assert [box.state for box in found] == [" ", "X", " ", " "]


def test_two_rings_are_not_believed_nor_rings_that_all_hold_something() -> None:
    drawn = page()
    for left in PLACES[:2]:
        ring(drawn, left)
    assert find_boxes(drawn) == []
    drawn = page()
    for left in PLACES:
        ring(drawn, left)
        cv2.putText(drawn, "7", (left + 9, TOP + 23), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (20, 20, 20), 2)
    assert find_boxes(drawn) == []


@pytest.mark.parametrize("size", [24, 33, 44])
def test_letters_that_stand_alone_are_no_rings(size: int) -> None:
    drawn = Image.new("RGB", (1700, 2200), (248, 248, 248))
    for row in range(1, 12):
        for at, text in enumerate(("O", "0", "Q", "o", "D", "8", "O", "C")):
            ImageDraw.Draw(drawn).text(
                (150 + 180 * at, 160 * row), text, font=ImageFont.load_default(size), fill=(20, 20, 20)
            )
    assert not any(box.ring for box in find_boxes(np.array(drawn)))
