"""Where on a page somebody wrote by hand, with a picture of each place: what a person has to read themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from daemon.engines.handwriting import chance, features, ink_of, reference_of, unlike
from daemon.engines.line import Line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from daemon.engines.handwriting import Floats

    Image = NDArray[np.uint8]

# Chances from which on it is handwriting, by where it stands: labels are printed, and what stands behind them seldom is.
# Chosen on drawn forms (`scripts/train_handwriting.py`).
LABEL_CHANCE: Final = 0.95
ALONE_CHANCE: Final = 0.65
ANSWER_CHANCE: Final = 0.42
# Where the recogniser was unsure, and beside other handwriting that it is like, less is enough: print is rarely misread.
DOUBTED_CHANCE: Final = 0.3
DOUBTED_CONFIDENCE: Final = 0.85
LIKENESS: Final = 0.8
# How coloured ink is (the last feature): black print, a blue pen, one of the same colour.
BLACK, COLOURED, SAME_INK, INK_CHANCE = 0.12, 0.25, 0.7, 0.12
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
    judged = _judged(image, read)
    pens = _middle([one for one in judged if one.chance >= one.least])
    print_ = _middle([one for one in judged if one.chance < DOUBTED_CHANCE])
    places = [Hand(one.piece, True, _picture(image, one.piece)) for one in judged if _is_hand(one, pens, print_)]
    for place in unread:
        found = features(_cut_out(image, place))
        sure = found is not None and chance(found, print_) >= DOUBTED_CHANCE
        places.append(Hand(place, sure, _picture(image, place)))
    return sorted(places, key=lambda place: place.box.top)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A piece of a line: how likely a pen wrote it, and from which chance on it is believed."""

    piece: Line
    found: Floats
    chance: float
    least: float


def _judged(image: Image, read: Sequence[Line]) -> list[_Judged]:
    pieces = [(piece, answers) for line in read for piece, answers in _placed(image, line, read)]
    measured = [(piece, answers, features(_cut_out(image, piece))) for piece, answers in pieces]
    usual = reference_of([found for _, _, found in measured if found is not None])
    return [
        _Judged(piece, found, chance(found, usual), _least(piece, answers=answers))
        for piece, answers, found in measured
        # A single sign that answers no label is a tick, or what was made of one.
        if found is not None and (answers or len(piece.text) > 1 or piece.text.isdigit())
    ]


def _placed(image: Image, line: Line, read: Sequence[Line]) -> Iterator[tuple[Line, bool]]:
    """Its pieces, and whether each answers a label: before it in its line, or left of it in its row."""
    left = [
        x for x in read if x.right <= line.left + 0.5 * line.height and x.top < (line.top + line.bottom) / 2 < x.bottom
    ]
    before = max(left, key=lambda x: x.right).text if left else ""
    for piece in _pieces(image, line):
        yield piece, _is_label(before)
        before = piece.text


def _is_label(text: str) -> bool:
    return text.rstrip(" _.").endswith((":", "?", "#"))


def _least(piece: Line, *, answers: bool) -> float:
    if piece.confidence < DOUBTED_CONFIDENCE:
        return DOUBTED_CHANCE
    return LABEL_CHANCE if _is_label(piece.text) else ANSWER_CHANCE if answers else ALONE_CHANCE


def _middle(some: Sequence[_Judged]) -> Floats | None:
    return np.median(np.array([one.found for one in some]), axis=0) if some else None


def _is_hand(one: _Judged, pens: Floats | None, print_: Floats | None) -> bool:
    """By itself, or because it looks more like what a pen wrote on this page than like what was printed there."""
    if one.chance >= one.least or pens is None or print_ is None:
        return one.chance >= one.least
    # A page that is printed in black and written on in blue.
    if print_[-1] < BLACK and min(pens[-1], one.found[-1] / SAME_INK) > COLOURED:
        return one.chance >= INK_CHANCE
    like = unlike(one.found, pens) < LIKENESS * unlike(one.found, print_)
    return like and one.chance >= DOUBTED_CHANCE and not _is_label(one.piece.text)


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
    top, bottom = (
        round(min(max(edge * height + off, 0), height)) for edge, off in ((line.top, -more), (line.bottom, more))
    )
    left, right = (
        round(min(max(edge * height + off, 0), width)) for edge, off in ((line.left, -more), (line.right, more))
    )
    top, left = min(top, height - 1), min(left, width - 1)
    return np.ascontiguousarray(image[top : max(bottom, top + 1), left : max(right, left + 1)])


def _picture(image: Image, place: Line) -> bytes:
    """A grey PNG of the place with a little margin, made smaller until it fits; nothing where it never does."""
    grey = cv2.cvtColor(_cut_out(image, place, 0.35), cv2.COLOR_BGR2GRAY)
    scale = min(1.0, MAX_PICTURE_EDGE / max(grey.shape))
    while min(grey.shape) * scale >= 8:
        smaller = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        # Sixteen greys show all that a pen does, and take half the room.
        done, packed = cv2.imencode(".png", (smaller // 17) * 17, [cv2.IMWRITE_PNG_COMPRESSION, 6])
        if done and packed.size <= MAX_PICTURE_BYTES:
            return packed.tobytes()
        scale *= 0.7
    return b""
