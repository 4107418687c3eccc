"""What a pen has drawn a circle around is ticked, where that is plain; where it is not, it is neither yes nor no."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from daemon.engines.line import Line
from daemon.engines.ticked_lines import read_with_boxes

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLE = Path(__file__).parents[2] / "samples" / "intake-form.png"
HEIGHT, ROW = 2200, 500


def read(text: str, starts: list[int], *circles: tuple[int, int], said: str | None = None) -> str:
    """`text`'s words printed from `starts`, read as `said`, with circles from and to places across."""
    page: NDArray[np.uint8] = np.full((HEIGHT, 1700, 3), 248, np.uint8)
    end = 0
    for word, start in zip(text.split(), starts, strict=True):
        end = start + 18 * len(word)
        for x in range(start, end, 18):
            cv2.rectangle(page, (x, ROW + 4), (x + 14, ROW + 26), (20, 20, 20), -1)
    for left, right in circles:
        cv2.ellipse(page, ((left + right) // 2, ROW + 15), ((right - left) // 2, 30), 0, 0, 360, (120, 40, 20), 3)
    line = Line(said or text, 0.95, starts[0] / HEIGHT, ROW / HEIGHT, end / HEIGHT, (ROW + 30) / HEIGHT)
    return read_with_boxes(page, lambda _: [line])[0].text


YES_NO = ("Do you smoke? Yes / No", [100, 160, 240, 400, 520, 580])


def test_the_circled_one_of_yes_and_no_is_ticked() -> None:
    assert read(*YES_NO, (380, 470)) == "Do you smoke? [X] Yes [ ] No"
    assert read(*YES_NO, (565, 630)) == "Do you smoke? [ ] Yes [X] No"


def test_without_a_circle_nothing_is_ticked() -> None:
    assert read(*YES_NO) == "Do you smoke? Yes / No"


@pytest.mark.parametrize("circles", [[(380, 475), (560, 635)], [(385, 630)]])
def test_both_circled_is_not_plain(circles: list[tuple[int, int]]) -> None:
    assert read(*YES_NO, *circles) == "Do you smoke? [?] Yes [?] No"


def test_a_number_of_a_scale_and_a_word_of_a_list() -> None:
    scale = read("Pain: 0 1 2 3 4", [100, 260, 340, 420, 500, 580], (400, 458))
    assert scale == "Pain: [ ] 0 [ ] 1 [X] 2 [ ] 3 [ ] 4"
    listed = read("Severity: Mild Moderate Severe", [100, 320, 460, 680], (440, 625))
    assert listed == "Severity: [ ] Mild [X] Moderate [ ] Severe"


def test_words_that_lost_their_spaces_are_not_placed() -> None:
    said = "Severity: Mild ModerateSevere"
    assert read("Severity: Mild Moderate Severe", [100, 320, 460, 680], (665, 805), said=said) == said


def test_a_circle_in_a_sentence_ticks_nothing() -> None:
    assert read("Take it every day", [100, 200, 260, 380], (185, 250)) == "Take it every day"


def test_print_is_no_circle() -> None:
    page = cv2.imread(str(SAMPLE))
    assert page is not None
    seen: list[NDArray[np.uint8]] = []

    def spy(image: NDArray[np.uint8]) -> list[Line]:
        seen.append(image)
        return []

    read_with_boxes(page.astype(np.uint8), spy)
    assert (seen[0] == page).all()
