"""Printed choices with a pen's circle around one ("Yes / No", "0 1 2 3 4 5", "Mild  Moderate  Severe"), as boxes in the line's text.

A circle that takes in one choice ticks it; one that takes in parts of two, or both of "yes" and "no", leaves them unclear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from daemon.engines.line import Line

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]

# Heights and widths of circles in lengths of the page; the share of its box that a filled ellipse covers (pi / 4, by hand), of its
# stroke, and of other ink inside.
LEAST, MOST_HIGH, MOST_WIDE = 0.014, 0.06, 0.16
FULL, STROKE, INNER = (0.62, 0.9), 0.36, 0.02
# Shares of a word's width within a circle: taken in, and touched. And the gap that parts choices, in heights of their line.
TAKEN, TOUCHED, CHOICE_GAP = 0.7, 0.2, 0.6
MAX_CIRCLES = 60
# How wide a word's letters may be beside those of the others.
WIDE = (0.6, 1.6)
_YES_NO = re.compile(r"\W*(?:yes|no)\W*", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,2}")
_LABEL = re.compile(r"[:?]$")
MIN_SCALE = 4


@dataclass(frozen=True, slots=True)
class Circle:
    """A drawn circle in pixels, and where its stroke is."""

    left: int
    top: int
    right: int
    bottom: int
    stroke: Image


@dataclass(slots=True)
class _Word:
    text: str
    left: float
    right: float
    line: int


def find_circles(ink: Image) -> list[Circle]:
    """Closed or nearly closed strokes about other ink on a page's ink (0 or 1)."""
    length = max(ink.shape)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    found: list[Circle] = []
    for number in range(1, count):
        left, top, wide, high, area = (int(value) for value in boxes[number])
        sized = LEAST * length <= high <= MOST_HIGH * length and 0.8 * high <= wide <= MOST_WIDE * length
        if not sized or area > STROKE * wide * high:
            continue
        own = (labels[top : top + high, left : left + wide] == number).astype(np.uint8)
        filled = _filled(own)
        inner = filled & ink[top : top + high, left : left + wide] & (1 - own)
        if FULL[0] <= float(filled.mean()) <= FULL[1] and float(inner.mean()) >= INNER and _is_round(filled):
            band = 1 - cv2.erode(filled, np.ones((5, 5), np.uint8), borderValue=0)
            stroke = own & np.asarray(cv2.dilate(band, np.ones((5, 5), np.uint8)), np.uint8)
            found.append(Circle(left, top, left + wide, top + high, stroke))
    return found if len(found) <= MAX_CIRCLES else []


def _filled(own: Image) -> Image:
    reach = max(own.shape[0] // 5, 2)
    wide = cv2.copyMakeBorder(own, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    closed = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    shape = np.zeros_like(wide)
    cv2.drawContours(shape, outlines, -1, 1, cv2.FILLED)
    return np.asarray(shape[reach:-reach, reach:-reach], np.uint8)


def _is_round(filled: Image) -> bool:
    """Whether its four corners are empty and its middle is full, as no frame's and no word's are."""
    high, wide = filled.shape
    y, x = max(round(0.12 * high), 1), max(round(0.1 * wide), 1)
    corners = (filled[:y, :x], filled[:y, -x:], filled[-y:, :x], filled[-y:, -x:])
    middle = filled[high // 3 : -(high // 3), wide // 4 : -(wide // 4)]
    return sum(float(corner.mean()) < 0.25 for corner in corners) >= 3 and float(middle.mean()) > 0.95


def without_circles(image: Image, circles: Sequence[Circle]) -> Image:
    """The page without the strokes, which make letters of what they touch."""
    clean = image.copy()
    for circle in circles:
        window = clean[circle.top : circle.bottom, circle.left : circle.right]
        paper = np.percentile(window.reshape(-1, 3), 75, axis=0).astype(np.uint8)
        window[cv2.dilate(circle.stroke, np.ones((3, 3), np.uint8)) > 0] = paper
    return clean


def with_circled(lines: Sequence[Line], circles: Sequence[Circle], ink: Image) -> list[Line]:
    """Lines with a box before each choice of a row of which one is circled. `ink`: without the circles."""
    read = list(lines)
    height = ink.shape[0]
    rows: dict[tuple[int, ...], list[Circle]] = {}
    for circle in circles:
        y = (circle.top + circle.bottom) / 2 / height
        row = tuple(n for n, line in enumerate(read) if line.text and line.top < y < line.bottom)
        if row:
            rows.setdefault(row, []).append(circle)
    for row, drawn in rows.items():
        words = sorted((word for n in row for word in _words(read[n], n, ink)), key=lambda word: word.left)
        choices = _choices(words, [(read[n].bottom - read[n].top) * height for n in row])
        states = _states(choices, drawn)
        if any(state != " " for state in states):
            for choice, state in zip(choices, states, strict=True):
                choice[0].text = f"[{state}] {choice[0].text.lstrip('/|,')}"
            for n in row:
                texts = [word.text for word in words if word.line == n and word.text.strip("/|,")]
                read[n] = replace(read[n], text=" ".join(text.rstrip("/|") for text in texts))
    return read


def placed_words(line: Line, ink: Image) -> list[_Word]:
    """A line's words and where they stand on a page's ink (0 or 1); one word where that can't be told."""
    height = ink.shape[0]
    return _words(line, 0, ink) or [_Word(line.text, line.left * height, line.right * height, 0)]


def _words(line: Line, number: int, ink: Image) -> list[_Word]:
    """A line's words and where they stand: parted at the widest gaps of its ink."""
    texts = re.sub(r"([?:])(?=\w)", r"\1 ", line.text.replace("/", " / ")).split()
    height = ink.shape[0]
    top, bottom, left, right = (round(edge * height) for edge in (line.top, line.bottom, line.left, line.right))
    inked = np.nonzero(ink[max(top, 0) : bottom, max(left, 0) : right].any(axis=0))[0]
    if len(inked) <= len(texts):
        return []
    gaps = np.diff(inked)
    cuts = sorted(np.argsort(-gaps, kind="stable")[: len(texts) - 1].tolist())
    if any(gaps[cut] < 2 for cut in cuts):
        return []
    begins, ends = [0, *(cut + 1 for cut in cuts)], [*cuts, len(inked) - 1]
    places = zip(texts, begins, ends, strict=True)
    words = [_Word(text, left + float(inked[a]), left + float(inked[b]) + 1, number) for text, a, b in places]
    return words if _is_plausible(words) else []


def _is_plausible(words: Sequence[_Word]) -> bool:
    """Whether each word is as wide as its letters are many. The reader of text loses spaces, and then all would be shifted."""
    widths = [(word.right - word.left) / len(word.text) for word in words if len(word.text) > 1]
    usual = sorted(widths)[len(widths) // 2] if widths else 0.0
    return all(WIDE[0] * usual <= width <= WIDE[1] * usual for width in widths)


def _choices(words: Sequence[_Word], heights: Sequence[float]) -> list[list[_Word]]:
    """What a row leaves to choose from: "yes" and "no", four numbers or more in order, or words parted by gaps or strokes."""
    yes_no = [word for word in words if _YES_NO.fullmatch(word.text)]
    if len(yes_no) == 2 and yes_no[0].text.lower().strip("/|,") != yes_no[1].text.lower().strip("/|,"):
        return [[word] for word in yes_no]
    numbers = [word for word in words if _NUMBER.fullmatch(word.text)]
    values = [int(word.text) for word in numbers]
    if len(numbers) >= MIN_SCALE and values == list(range(values[0], values[0] + len(values))):
        return [[word] for word in numbers]
    start = max((n + 1 for n, word in enumerate(words) if _LABEL.search(word.text)), default=len(words))
    parts: list[list[_Word]] = [[]]
    for word in words[start:]:
        gap = parts[-1] and word.left - parts[-1][-1].right >= CHOICE_GAP * max(heights)
        if word.text in {"/", "|"} or gap:
            parts.append([])
        if word.text not in {"/", "|"}:
            parts[-1].append(word)
    parts = [part for part in parts if part]
    return parts if len(parts) >= 2 else []


def _states(choices: Sequence[Sequence[_Word]], circles: Sequence[Circle]) -> list[str]:
    states = [" "] * len(choices)
    for circle in circles:
        shares = [
            max(min(part[-1].right, circle.right) - max(part[0].left, circle.left), 0.0)
            / max(part[-1].right - part[0].left, 1.0)
            for part in choices
        ]
        touched = [n for n, share in enumerate(shares) if share >= TOUCHED]
        plain = len(touched) == 1 and shares[touched[0]] >= TAKEN
        for n in touched:
            states[n] = "X" if plain and states[n] == " " else "?"
    exclusive = all(
        len(part) == 1 and (_YES_NO.fullmatch(part[0].text) or _NUMBER.fullmatch(part[0].text)) for part in choices
    )
    if exclusive and states.count("X") + states.count("?") > 1:
        states = ["?" if state != " " else state for state in states]
    return states
