"""What a pen wrote is told from print: on drawn forms whose lines are where the recogniser found them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from daemon.engines.hand_lines import MAX_PICTURES, Pictures
from daemon.engines.hands import MAX_PICTURE_BYTES, Hand, hands_on
from daemon.engines.layout import in_reading_order
from daemon.engines.line import Line
from daemon.model.passage import HAND_CONFIDENCE
from tests.fakes.cutouts import png

FORMS = Path(__file__).parents[1] / "assets" / "reading"
# form-sleep.jpg turned upright by 0.8 degrees, as it was read: text, left, top, right, bottom.
SLEEP = [
    ("SLEEP STUDY HISTORY", 0.105, 0.0831, 0.5098, 0.1254), ("Patient: Wilma Stratton", 0.0959, 0.1427, 0.494, 0.213),
    ("Height: 5 ft 4 in", 0.1035, 0.2251, 0.364, 0.2591), ("weight: 188 pounds", 0.0952, 0.2674, 0.4131, 0.3263),
    ("Bedtime: 10:30 PM", 0.1027, 0.3421, 0.361, 0.3769), ("zolpidem: 5 mg at night", 0.0982, 0.392, 0.4826, 0.4426),
    ("Naps: 2 a week", 0.1005, 0.4607, 0.3165, 0.4947), ("Partner reports: Loud snoring", 0.0989, 0.5189, 0.5317, 0.5582),
    ("In the last month", 0.0967, 0.6065, 0.3701, 0.6435), ("Snoring", 0.1095, 0.6715, 0.2666, 0.7153),
    ("Gasping", 0.4864, 0.6699, 0.645, 0.7221), ("Restless legs", 0.9063, 0.6866, 1.1065, 0.7236),
    ("sleepwalking", 0.1133, 0.7432, 0.3361, 0.7817), ("Headaches", 0.4879, 0.7455, 0.6715, 0.7855), ("Nightmares", 0.8973, 0.7553, 1.0619, 0.7893),
]  # fmt: skip


@pytest.fixture(scope="module")
def sheet() -> tuple[np.ndarray, list[Line]]:
    from daemon.engines.page_geometry import sheets

    image = cv2.imread(str(FORMS / "form-sleep.jpg"))
    assert image is not None
    (found,) = sheets(np.asarray(image, dtype=np.uint8))
    return found.image, [Line(text, 0.98, *box) for text, *box in SLEEP]


def test_the_answers_that_a_pen_wrote_are_found_and_no_print_is(sheet: tuple[np.ndarray, list[Line]]) -> None:
    image, lines = sheet
    hands = hands_on(image, lines, [])
    assert [hand.box.text for hand in hands] == ["Wilma Stratton", "188 pounds", "5 mg at night"]
    for hand in hands:
        assert hand.sure
        assert hand.picture.startswith(b"\x89PNG")
        assert len(hand.picture) <= MAX_PICTURE_BYTES


def test_only_the_answer_of_a_line_is_doubted_not_its_printed_label(sheet: tuple[np.ndarray, list[Line]]) -> None:
    image, lines = sheet
    ordered = in_reading_order(lines)
    keys = Pictures().of(ordered, hands_on(image, lines, []))
    said = {line.text: key for line, key in zip(ordered, keys, strict=True)}
    assert {text for text, key in said.items() if key} == {
        "Patient: Wilma Stratton",
        "weight: 188 pounds",
        "zolpidem: 5 mg at night",
    }
    assert said["zolpidem: 5 mg at night"]["words"] == [
        ["zolpidem:", 0.98],
        *([word, HAND_CONFIDENCE] for word in ("5", "mg", "at", "night")),
    ]


def test_a_scrawl_that_nobody_read_has_a_picture_beside_its_label() -> None:
    image = np.full((400, 800, 3), 250, np.uint8)
    ways = np.linspace(0, 1, 300)
    points = np.stack([300 + 250 * ways + 12 * np.sin(60 * ways), 200 - 30 * np.sin(38 * ways)], 1).astype(np.int32)
    cv2.polylines(image, [points], False, (90, 40, 30), 4, cv2.LINE_AA)
    label, scrawl = Line("Signature:", 0.99, 0.2, 0.43, 0.6, 0.55), Line("", 0.0, 0.7, 0.4, 1.45, 0.6)
    (hand,) = hands_on(image, [label], [scrawl])
    (line,) = in_reading_order([label, scrawl])
    ((key),) = Pictures().of([line], [hand])
    assert line.text == "Signature: [unreadable]"
    assert key["cutout"]


def test_boxes_and_blank_rules_are_not_handwriting() -> None:
    image = np.full((600, 900, 3), 250, np.uint8)
    lines = []
    for row in range(5):
        top = 60 + 100 * row
        cv2.rectangle(image, (40, top), (70, top + 30), (30, 30, 30), 2)
        cv2.line(image, (40, top), (70, top + 30), (30, 30, 30), 3)
        cv2.line(image, (300, top + 32), (800, top + 32), (90, 90, 90), 2)
        lines.append(Line("[X] ______", 0.9, 40 / 600, top / 600, 800 / 600, (top + 36) / 600))
    assert not hands_on(image, lines, [])


def test_a_document_has_no_more_pictures_than_it_may_and_all_its_flags() -> None:
    lines = [Line(f"Dose {nth}", 0.9, 0.1, nth / 100, 0.4, nth / 100 + 0.008) for nth in range(MAX_PICTURES + 5)]
    keys = Pictures().of(lines, [Hand(line, True, png()) for line in lines])
    assert sum("cutout" in key for key in keys) == MAX_PICTURES
    assert all(key["hand"] == "handwritten" for key in keys)


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (5, 900), (900, 5), (40, 40)])
def test_an_empty_page_holds_nothing(size: tuple[int, int]) -> None:
    image = np.full((max(size[0], 1), max(size[1], 1), 3), 255, np.uint8)
    assert not hands_on(image, [Line("Name: x", 0.9, 0.0, 0.0, 1.0, 1.0)], [])
