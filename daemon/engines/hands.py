"""Where on a page somebody wrote by hand, with a picture of each place: what a person has to read themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from daemon.engines.handwriting import chance, features, ink_of, reference_of
from daemon.engines.line import Line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from daemon.engines.handwriting import Floats

    Image = NDArray[np.uint8]

# Chances that it is handwriting, fitted so that one line of print in a hundred is called so (`scripts/train_handwriting.py`).
LEAST_CHANCE: Final = 0.75
# Where the recogniser was unsure, and of what it could not read, less is enough: print is rarely misread.
DOUBTED_CHANCE: Final = 0.4
DOUBTED_CONFIDENCE: Final = 0.85
MAX_PICTURE_BYTES: Final = 40_000
MAX_PICTURE_EDGE: Final = 1000
_LABEL_END = re.compile(r"(?<=[^\W\d]):(?!//|\d\d\b)|(?<=\w)\)?\?(?=\s|[^\W\d_])|(?<=[^\W\d]):(?=\s)|#(?=\s)")
_TICKS = re.compile(r"\[[ X?]\]")
_BLANKS = re.compile(r"[_.\s]*")


@dataclass(frozen=True, slots=True)
class Hand:
    """A place with something written by hand, or with something that could not be read (`sure` False where it may not be a pen's).

    `box` as in `Line`: what was read there is its text, nothing where nobody could read it. `picture`: a grey PNG, or nothing.
    """

    box: Line
    sure: bool
    picture: bytes


def hands_on(image: Image, read: Sequence[Line], unread: Sequence[Line]) -> list[Hand]:
    """The places of a page, from top to bottom. `image`: the upright page, BGR; lines in page heights."""
    pieces = [piece for line in read for piece in _pieces(image, line)]
    measured = [(piece, features(_cut_out(image, piece))) for piece in pieces]
    usual = reference_of([found for _, found in measured if found is not None])
    places = [Hand(piece, True, _picture(image, piece)) for piece, found in measured if found is not None and _is_hand(piece, found, usual)]  # fmt: skip
    for place in unread:
        found = features(_cut_out(image, place))
        sure = found is not None and chance(found, usual) >= DOUBTED_CHANCE
        places.append(Hand(place, sure, _picture(image, place)))
    return sorted(places, key=lambda place: place.box.top)


def _is_hand(piece: Line, found: Floats, usual: Floats | None) -> bool:
    doubted = piece.confidence < DOUBTED_CONFIDENCE
    return chance(found, usual) >= (DOUBTED_CHANCE if doubted else LEAST_CHANCE)


def _pieces(image: Image, line: Line) -> Iterator[Line]:
    """A line as it is judged: its label and what stands behind it apart, without boxes to tick."""
    places = [found.end() for found in _LABEL_END.finditer(line.text)]
    places += [edge for found in _TICKS.finditer(line.text) for edge in found.span()]
    edges = [0, *sorted({place for place in places if 0 < place < len(line.text)}), len(line.text)]
    gaps = _gaps(image, line) if len(edges) > 2 else []
    cuts = [line.left, *(_nearest(gaps, line, place) for place in edges[1:-1]), line.right]
    for (start, end), (left, right) in zip(pairwise(edges), pairwise(cuts), strict=True):
        text = line.text[start:end].strip()
        if text and right > left and not _TICKS.fullmatch(text) and not _BLANKS.fullmatch(text):
            yield replace(line, text=text, left=left, right=right)


def _gaps(image: Image, line: Line) -> list[tuple[float, float]]:
    """Where columns of a line are free of ink: middles and widths, in page heights."""
    found = ink_of(_cut_out(image, line))
    if found is None:
        return []
    height = image.shape[0]
    inked = (found[0] > 0.4).any(axis=0)
    edges = np.flatnonzero(np.diff(np.r_[False, ~inked, False].astype(np.int8)))
    spans = zip(edges[::2], edges[1::2], strict=True)
    return [
        (line.left + (start + end) / 2 / height, (end - start) / height)
        for start, end in spans
        if end - start >= 0.12 * inked.shape[0]
    ]


def _nearest(gaps: Sequence[tuple[float, float]], line: Line, place: int) -> float:
    """The gap that parts a label from its answer: wide, and near to where its share of the letters ends."""
    guess = line.left + (line.right - line.left) * place / max(len(line.text), 1)
    reach = max(0.2 * (line.right - line.left), line.height)
    near = [(width / line.height - 2 * abs(middle - guess) / reach, middle) for middle, width in gaps if abs(middle - guess) < reach]  # fmt: skip
    return max(near)[1] if near else guess


def _cut_out(image: Image, line: Line, margin: float = 0.0) -> Image:
    height, width = image.shape[:2]
    more = margin * line.height * height
    top, bottom = max(0, int(line.top * height - more)), min(height, round(line.bottom * height + more))
    left, right = max(0, int(line.left * height - more)), min(width, round(line.right * height + more))
    return np.ascontiguousarray(image[top : max(bottom, top + 1), left : max(right, left + 1)])


def _picture(image: Image, place: Line) -> bytes:
    """A grey PNG of the place with a little margin, made smaller until it fits; nothing where it never does."""
    grey = cv2.cvtColor(_cut_out(image, place, 0.35), cv2.COLOR_BGR2GRAY)
    scale = min(1.0, MAX_PICTURE_EDGE / max(grey.shape))
    while min(grey.shape) * scale >= 8:
        smaller = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        # Sixteen greys show all that a pen does, and take half the room.
        done, packed = cv2.imencode(".png", (smaller // 17) * 17, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        if done and packed.size <= MAX_PICTURE_BYTES:
            return packed.tobytes()
        scale *= 0.7
    return b""
