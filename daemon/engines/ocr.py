"""Optical character recognition of one page image, whichever way up it was scanned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from daemon.engines.hands import Hand, hands_on
from daemon.engines.ink import unread_ink
from daemon.engines.line import Line
from daemon.engines.page_engines import page_engine
from daemon.engines.page_geometry import sheets
from daemon.engines.ticked_lines import read_with_boxes
from daemon.model.reading_engines import RAPIDOCR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]

# Below this the recogniser is guessing (RapidOCR's own default, `text_score`).
MIN_CONFIDENCE = 0.5
# An upright page of print has a mean of 0.95 and more; the same page upside down has 0.5 to 0.7.
UPRIGHT_CONFIDENCE = 0.85
# On pure white the recogniser loses spaces ("RosaDelgado", 7 of 7 lines of a rendered form); on paper-white it keeps them.
PAPER = 245
# A line of text is wider than high; single characters are not counted.
MIN_LETTERS = 3
# No line of text is lower. A page longer than this many widths is a till's receipt at most.
MIN_PAGE_PIXELS = 16
MAX_PAGE_RATIO = 20
UPSIDE_DOWN = 2


@dataclass(frozen=True, slots=True)
class PageText:
    """What was found on a page, in the frame of the upright page: lines that were read, and places that were not.

    `width` is the upright page's over its height; `quarter_turns` how often the sheet was turned left to be upright; `to_scan`
    leads from fractions of the sheet to fractions of the scan (`page_geometry.Sheet`), None where both are the same. `hands` are
    places that a person has to read themselves.
    """

    lines: list[Line]
    unreadable: list[Line]
    width: float
    quarter_turns: int
    to_scan: NDArray[np.float64] | None = None
    hands: Sequence[Hand] = ()


class Ocr:
    """The OCR engine with models from a local folder; nothing is ever fetched."""

    def __init__(self, directory: Path, threads: int, engine: str = RAPIDOCR) -> None:
        """Raises RetryableError: `model-missing`, `model-altered`, `engine-not-here`."""
        self._engine = page_engine(engine, directory, threads)

    def read_scan(self, image: Image) -> list[PageText]:
        """Read the pages of a scan, of which two may face each other, in reading order. `image` as in `read`.

        Photos are flattened and crooked pages made level before. Boxes refer to each page's sheet, which `to_scan` places.
        """
        if (nothing := _of_no_page(*image.shape[:2])) is not None:
            return [nothing]
        texts = [replace(self.read(sheet.image), to_scan=sheet.to_scan) for sheet in sheets(image)]
        # Of two that stand on their head, the first to be read lies on the right.
        return texts[::-1] if all(text.quarter_turns == UPSIDE_DOWN for text in texts) else texts

    def read(self, image: Image) -> PageText:
        """Read one flat page. `image` is height × width × 3, BGR. Boxes refer to the image as it was given."""
        if (nothing := _of_no_page(*image.shape[:2])) is not None:
            return nothing
        found, turn = self._found(image), 0
        if found and (_mean_confidence(found) < UPRIGHT_CONFIDENCE or _is_sideways(found)):
            for quarter in (1, 3) if _is_sideways(found) else (2,):
                other = self._found(np.ascontiguousarray(np.rot90(image, quarter)))
                if _mean_confidence(other) > _mean_confidence(found) or (turn == 0 and _is_sideways(found)):
                    found, turn = other, quarter
                if turn and not _is_sideways(found) and _mean_confidence(found) >= UPRIGHT_CONFIDENCE:
                    break
        upright = np.ascontiguousarray(np.rot90(image, turn))
        height, width = upright.shape[:2]
        read, unread = _sorted(found)
        unread += unread_ink(upright, [*read, *unread])
        return PageText(read, unread, width / height, turn, hands=hands_on(upright, read, unread))

    def _found(self, image: Image) -> list[Line]:
        return read_with_boxes(np.ascontiguousarray(image), self._lines)

    def _lines(self, image: Image) -> list[Line]:
        height = image.shape[0]
        found = self._engine(np.minimum(image, np.uint8(PAPER)))
        return [_line(one.text, one.confidence, one.corners / height) for one in found]


def _of_no_page(height: int, width: int) -> PageText | None:
    """What is said of an image that is no page; None for one that may be. The engine ends on long strips, and takes 13 s for
    100 × 1 pixels."""
    low, high = sorted((height, width))
    if low < MIN_PAGE_PIXELS:
        return PageText([], [], width / height, 0)
    if high > MAX_PAGE_RATIO * low:
        return PageText([], [Line("", 0.0, 0.0, 0.0, width / height, 1.0)], width / height, 0)
    return None


def _line(text: str, confidence: float, quad: NDArray[np.float64]) -> Line:
    """`quad`: the four corners, clockwise from the top left, in fractions of the image's height."""
    width = float(quad[1][0] - quad[0][0])
    slope = float(quad[1][1] - quad[0][1]) / width if width > 0 else 0.0
    left, top = quad.min(axis=0)
    right, bottom = quad.max(axis=0)
    return Line(normal_text(text), confidence, float(left), float(top), float(right), float(bottom), slope)


def normal_text(text: str) -> str:
    """Tick boxes in one spelling; the wide punctuation of the model's Chinese alphabet as ASCII."""
    wide = str.maketrans("：，；（）？！％＋－【】［］", ":,;()?!%+-[][]")
    text = re.sub(r"(?<=[A-Za-z]{2}):(?=[A-Za-z0-9])", ": ", text.translate(wide))
    for box in ("☐", "□", "口 ", "[]", "[  ]", "[_]"):
        text = text.replace(box, "[ ] " if box == "口 " else "[ ]")
    for box in ("☑", "☒", "✓", "✔", "✗", "✘", "[x]", "[×]", "[✓]", "[*]"):
        text = text.replace(box, "[X]")
    return re.sub(r"(?<=\[[ X?]\])(?=\w)", " ", text)


def _mean_confidence(lines: list[Line]) -> float:
    letters = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / letters if letters else 0.0


def _is_sideways(lines: list[Line]) -> bool:
    long = [line for line in lines if len(line.text) >= MIN_LETTERS]
    tall = sum(1 for line in long if line.height > 1.5 * (line.right - line.left))
    return tall > len(long) / 2


def _sorted(found: list[Line]) -> tuple[list[Line], list[Line]]:
    """What was read, and what was found to be text but not read; the latter without the guess."""
    read = [line for line in found if line.confidence >= MIN_CONFIDENCE and line.text.strip()]
    # Specks and rules are found too: only what has the size of writing is worth naming.
    size = min((line.height for line in read), default=0.0)
    unread = [
        replace(line, text="")
        for line in found
        if line.confidence < MIN_CONFIDENCE and line.height >= 0.5 * size and line.right - line.left >= line.height
    ]
    return read, unread
