"""Boxes in columns are named by the headings above them; without these, what is ticked is not plain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from daemon.engines.layout import in_reading_order
from daemon.engines.line import Line
from daemon.engines.tick_boxes import find_boxes
from daemon.engines.ticked_lines import read_with_boxes

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEIGHT, SIDE, ROWS = 2200, 28, (400, 470, 540)
ASKED = ("Asthma", "Stroke", "Do you smoke?")


def page(columns: tuple[int, ...], ticked: dict[int, int], *, shade: bool = False) -> NDArray[np.uint8]:
    """Three rows of boxes; of a row the box with a number is crossed."""
    drawn: NDArray[np.uint8] = np.full((HEIGHT, 1700, 3), 248, np.uint8)
    for row, top in enumerate(ROWS):
        if shade and row % 2:
            cv2.rectangle(drawn, (100, top - 15), (1600, top + 45), (205, 205, 205), -1)
        for at, left in enumerate(columns):
            cv2.rectangle(drawn, (left, top), (left + SIDE, top + SIDE), (20, 20, 20), 2)
            if ticked.get(row) == at:
                cv2.line(drawn, (left + 4, top + 4), (left + 24, top + 24), (120, 40, 20), 4)
                cv2.line(drawn, (left + 24, top + 4), (left + 4, top + 24), (120, 40, 20), 4)
    return drawn


def words(text: str, left: int, top: int) -> Line:
    return Line(text, 0.95, left / HEIGHT, top / HEIGHT, (left + 14 * len(text)) / HEIGHT, (top + 30) / HEIGHT)


def read(columns: tuple[int, ...], ticked: dict[int, int], heads: list[Line], asked_at: int) -> list[str]:
    lines = [*heads, *(words(text, asked_at, top) for text, top in zip(ASKED, ROWS, strict=True))]
    return [line.text for line in in_reading_order(read_with_boxes(page(columns, ticked), lambda _: lines))]


@pytest.mark.parametrize("asked_at", [200, 1100])
def test_boxes_are_named_by_their_columns(asked_at: int) -> None:
    columns = (800, 900)
    heads = [words("Yes", 793, 350), words("No", 900, 350)]
    found = read(columns, {0: 1, 1: 0}, heads, asked_at)
    assert found == ["Asthma: [ ] Yes [X] No", "Stroke: [X] Yes [ ] No", "Do you smoke? [ ] Yes [ ] No"]


def test_a_heading_may_have_two_lines_and_what_stands_over_it_is_none() -> None:
    columns = (600, 800, 1000)
    heads = [words("Name: Rosa", 560, 250), words("Several", 770, 320), words("days", 785, 352)]
    heads += [words("Never", 580, 352), words("Daily", 980, 352)]
    found = read(columns, {0: 2, 2: 1}, heads, 150)
    assert found[0] == "Name: Rosa"
    assert found[1:] == [
        "Asthma: [ ] Never [ ] Several days [X] Daily",
        "Stroke: [ ] Never [ ] Several days [ ] Daily",
        "Do you smoke? [ ] Never [X] Several days [ ] Daily",
    ]


def test_without_headings_what_is_ticked_is_unclear() -> None:
    found = read((800, 900), {0: 1}, [], 1100)
    assert found == ["Asthma: [?]", "Stroke: [ ]", "Do you smoke? [ ]"]


def test_boxes_of_shaded_rows_are_found() -> None:
    assert [box.state for box in find_boxes(page((800, 900), {1: 0}, shade=True))] == [" ", " ", "X", " ", " ", " "]
