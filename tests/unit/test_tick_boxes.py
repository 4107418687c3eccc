"""Boxes to tick are found by their frames and read by what stands in them; what is not plain is neither yes nor no."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from daemon.engines.layout import in_reading_order
from daemon.engines.line import Line
from daemon.engines.tick_boxes import erased, find_boxes
from daemon.engines.ticked_lines import read_with_boxes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Page = NDArray[np.uint8]

PEN = (120, 40, 20)
SIDE = 28
SAMPLE = Path(__file__).parents[2] / "samples" / "intake-form.png"
LEFT, TOPS = 200, (300, 380, 460)


def paper() -> Page:
    noise = np.random.default_rng(7).normal(248, 4, (2200, 1700, 1))
    return np.repeat(np.clip(noise, 0, 255), 3, axis=2).astype(np.uint8)


def frame(page: Page, left: int, top: int, *, thick: int = 2) -> None:
    cv2.rectangle(page, (left, top), (left + SIDE, top + SIDE), (20, 20, 20), thick)


def stroke(page: Page, left: int, top: int, *points: tuple[float, float], colour: tuple[int, int, int] = PEN) -> None:
    places = [(round(left + x * SIDE), round(top + y * SIDE)) for x, y in points]
    for one, other in pairwise(places):
        cv2.line(page, one, other, colour, 4, cv2.LINE_AA)


def mark(page: Page, kind: str, left: int, top: int) -> None:
    tick = ((0.15, 0.5), (0.42, 0.85), (0.95, 0.05))
    if kind == "cross":
        stroke(page, left, top, (0.15, 0.15), (0.85, 0.85))
        stroke(page, left, top, (0.85, 0.15), (0.15, 0.85))
    elif kind == "large cross":
        stroke(page, left, top, (-0.25, -0.25), (1.2, 1.2))
        stroke(page, left, top, (1.2, -0.2), (-0.2, 1.2))
    elif kind == "tick":
        stroke(page, left, top, *tick)
    elif kind == "large tick":
        stroke(page, left, top, (0.1, 0.4), (0.45, 0.9), (1.2, -0.45))
    elif kind == "filled":
        cv2.rectangle(page, (left + 4, top + 4), (left + SIDE - 4, top + SIDE - 4), PEN, -1)
    elif kind == "faint":
        stroke(page, left, top, *tick, colour=(203, 203, 203))
    elif kind == "scribbled out":
        zigzag = [(-0.3 + 1.6 * (n % 2), -0.3 + 0.1 * n) for n in range(17)]
        stroke(page, left, top, *tick)
        stroke(page, left, top, *zigzag)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("none", " "),
        ("cross", "X"),
        ("large cross", "X"),
        ("tick", "X"),
        ("large tick", "X"),
        ("filled", "X"),
        ("faint", "?"),
    ],
)
def test_what_stands_in_a_box(kind: str, state: str) -> None:
    page = paper()
    for top in TOPS:
        frame(page, LEFT, top)
    mark(page, kind, LEFT, TOPS[1])
    assert [box.state for box in find_boxes(page)] == [" ", state, " "]


def test_a_mark_that_was_scribbled_out_is_not_plain() -> None:
    page = paper()
    for top in (*TOPS, 540):
        frame(page, LEFT, top)
    mark(page, "scribbled out", LEFT, TOPS[1])
    assert [box.state for box in find_boxes(page)] == [" ", "?", " ", " "]


@pytest.mark.parametrize("thick", [1, 2, 4])
def test_frames_of_any_thickness_are_found(thick: int) -> None:
    page = paper()
    for top in TOPS:
        frame(page, LEFT, top, thick=thick)
    assert [round(box.middle[1] / 10) for box in find_boxes(page)] == [round((top + SIDE / 2) / 10) for top in TOPS]


def test_words_tables_combs_and_bullets_are_no_boxes() -> None:
    page = paper()
    for row, text in enumerate(("DOB 08/06/1980 OBGYN", "Do you go on board a boat", "GOOD FOOD 0 O D B 8")):
        cv2.putText(page, text, (150, 200 + 80 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (10, 10, 10), 3, cv2.LINE_AA)
    for column in range(8):  # a comb for a date, and a table of small cells
        frame(page, 200 + SIDE * column, 500)
        frame(page, 200 + SIDE * column, 500 + SIDE)
    for row in range(4):
        cv2.rectangle(page, (200, 700 + 60 * row), (218, 718 + 60 * row), (0, 0, 0), -1)
    assert find_boxes(page) == []


def test_what_is_erased_leaves_the_words() -> None:
    page = paper()
    for top in TOPS:
        frame(page, LEFT, top)
    mark(page, "large tick", LEFT, TOPS[0])
    cv2.putText(page, "Asthma", (LEFT + 50, TOPS[0] + SIDE), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (10, 10, 10), 2)
    clean = erased(page, find_boxes(page))
    assert int(clean[TOPS[0] - 20 : TOPS[0] + 40, LEFT - 10 : LEFT + 44].min()) > 200
    assert (clean[:, LEFT + 48 :] == page[:, LEFT + 48 :]).all()


@pytest.mark.parametrize("size", [17, 24, 33, 60])
@pytest.mark.parametrize("spread", ["", " "])
@pytest.mark.parametrize("degrees", [0.0, 2.0])
def test_print_has_no_boxes(size: int, spread: str, degrees: float) -> None:
    font = ImageFont.load_default(size)
    page = Image.fromarray(paper())
    for row in range(1, 12):
        text = spread.join("Reaction BOARD R D B P 0 O 8 Q boden NAME Dose")
        ImageDraw.Draw(page).text((150, 160 * row), text, font=font, fill=(20, 20, 20), stroke_width=row % 3)
    assert find_boxes(np.asarray(page.rotate(degrees, fillcolor=(248, 248, 248)))) == []


def test_a_form_whose_boxes_are_brackets_has_no_frames() -> None:
    page = cv2.imread(str(SAMPLE))
    assert page is not None
    assert find_boxes(page.astype(np.uint8)) == []


def test_the_cells_of_a_table_are_no_boxes_but_boxes_in_it_are() -> None:
    page = paper()
    for edge in range(5):
        cv2.line(page, (150, 280 + 60 * edge), (600, 280 + 60 * edge), (40, 40, 40), 2)
        cv2.line(page, (150 + 112 * edge, 280), (150 + 112 * edge, 520), (40, 40, 40), 2)
    assert find_boxes(page) == []
    for row in range(4):
        frame(page, 300, 296 + 60 * row)
    stroke(page, 300, 356, (0.15, 0.5), (0.42, 0.85), (1.2, -0.65))  # reaches over the table's rule
    assert [box.state for box in find_boxes(page)] == [" ", "X", " ", " "]


def words(*found: tuple[str, int, int, int]) -> list[Line]:
    """Text, left, right and top in pixels of a page of 2200."""
    return [
        Line(text, 0.95, left / 2200, top / 2200, right / 2200, (top + 34) / 2200) for text, left, right, top in found
    ]


def test_boxes_go_to_the_words_behind_them() -> None:
    page = paper()
    for top in TOPS:
        frame(page, LEFT, top)
    mark(page, "cross", LEFT, TOPS[0])
    mark(page, "faint", LEFT, TOPS[2])
    lines = words(*((text, 245, 400, top - 3) for text, top in zip(("Asthma", "Stroke", "Gout"), TOPS, strict=True)))
    read = in_reading_order(read_with_boxes(page, lambda _: lines))
    assert [line.text for line in read] == ["[X] Asthma", "[ ] Stroke", "[?] Gout"]


def test_boxes_go_to_the_words_before_them_where_these_are_nearer() -> None:
    page = paper()
    for top in TOPS:
        frame(page, 420, top)
        frame(page, 820, top)
    mark(page, "tick", 420, TOPS[1])
    lines = words(
        *((text, left, left + 200, top - 3) for top in TOPS for text, left in (("Asthma", 210), ("Stroke", 610)))
    )
    assert [line.text for line in read_with_boxes(page, lambda _: lines)][2:4] == ["Asthma [X]", "Stroke [ ]"]


def test_a_box_far_behind_the_only_words_of_its_row_is_theirs() -> None:
    page = paper()
    for top in TOPS:
        frame(page, 1200, top)
    mark(page, "tick", 1200, TOPS[1])
    lines = words(*((text, 210, 410, top - 3) for text, top in zip(("Asthma", "Stroke", "Gout"), TOPS, strict=True)))
    lines += words(("Dentures", 600, 800, TOPS[2] - 3))
    read = [line.text for line in read_with_boxes(page, lambda _: lines)]
    assert read == ["Asthma [ ]", "Stroke [X]", "Gout", "Dentures", "[ ]"]


def test_words_read_as_one_line_are_cut_where_a_box_stood() -> None:
    page = paper()
    for left, top in ((500, TOPS[0]), (650, TOPS[0]), (500, TOPS[2])):
        frame(page, left, top)
    mark(page, "large tick", 650, TOPS[0])
    for left, right in ((200, 460), (540, 590), (690, 725)):
        cv2.rectangle(page, (left, TOPS[0] + 2), (right, TOPS[0] + 26), (20, 20, 20), -1)
    lines = words(("Do you smoke? Yes No", 200, 725, TOPS[0] - 3))
    read = in_reading_order(read_with_boxes(page, lambda _: lines))
    assert [line.text for line in read][:1] == ["Do you smoke? [ ] Yes [X] No"]


def test_a_mark_beside_a_box_makes_it_unclear() -> None:
    page = paper()
    for top in TOPS:
        frame(page, LEFT, top)
    stroke(page, LEFT - 40, TOPS[1], (0.0, 0.5), (0.3, 0.9), (0.8, 0.1))
    lines = words(*(("Asthma", 245, 400, top - 3) for top in TOPS), ("V", LEFT - 42, LEFT - 16, TOPS[1] - 3))
    assert [line.text[:3] for line in read_with_boxes(page, lambda _: lines)] == ["[ ]", "[?]", "[ ]"]


def written(page: Page, left: int, top: int, text: str = "I agree to telehealth visits") -> None:
    cv2.putText(page, text, (left, top), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (20, 20, 20), 2, cv2.LINE_AA)


@pytest.mark.parametrize(("kind", "state"), [("none", " "), ("tick", "X"), ("large cross", "X")])
def test_a_single_box_counts_where_words_stand_beside_it(kind: str, state: str) -> None:
    page = paper()
    frame(page, LEFT, TOPS[0])
    mark(page, kind, LEFT, TOPS[0])
    assert find_boxes(page) == []
    written(page, LEFT + 50, TOPS[0] + 26)
    assert [box.state for box in find_boxes(page)] == [state]


def test_of_two_boxes_one_may_be_filled() -> None:
    page = paper()
    for top in TOPS[:2]:
        frame(page, LEFT, top)
        written(page, LEFT + 50, top + 26)
    mark(page, "filled", LEFT, TOPS[0])
    assert [box.state for box in find_boxes(page)] == ["X", " "]


def test_a_square_that_touches_print_or_is_bold_is_no_single_box() -> None:
    page = paper()
    frame(page, LEFT, TOPS[0], thick=7)
    written(page, LEFT + 50, TOPS[0] + 26)
    frame(page, LEFT, TOPS[2])
    written(page, LEFT + 30, TOPS[2] + 26)
    cv2.line(page, (LEFT, TOPS[2] + SIDE + 4), (LEFT + 400, TOPS[2] + SIDE + 4), (20, 20, 20), 2)
    cv2.line(page, (LEFT, TOPS[2] - 4), (LEFT + 400, TOPS[2] - 4), (20, 20, 20), 2)
    assert find_boxes(page) == []
