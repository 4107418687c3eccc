"""Draws forms with answers printed and written by hand, by which `train_handwriting.py` measures."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import handwriting_data as drawn
import numpy as np
from numpy.typing import NDArray

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Drawn:
    """A drawn form, BGR; its lines with their boxes in pixels, and the boxes of what a pen wrote."""

    image: NDArray[np.uint8]
    lines: list[tuple[str, Box]]
    written: list[Box]


def form(dice: random.Random, files: dict[str, list[Path]], *, held: bool) -> Drawn:
    """A page of labels with answers, printed or written. Four of ten answers stand in one line with their label where the gap is
    narrow, as recognisers find them."""
    on = drawn.page(dice, files, held=held)
    dark = np.zeros((on.size * 44, on.size * 46), np.float32)
    inks = np.zeros((*dark.shape, 3), np.float32)
    lines: list[tuple[str, Box]] = []
    written: list[Box] = []
    y = on.size * 4
    while y < dark.shape[0] - 4 * on.size:
        label = dice.choice([one for one in drawn.LABELS if len(one) < 24]).rstrip("?") + ":"
        hand, gap = dice.random() < 0.45, int(on.size * dice.choice([0.5, 0.8, 1.5, 3]))
        text = " ".join(drawn.some_words(dice).split()[:3])
        first = _put(dark, inks, drawn.set_in_print(label, on.fonts[0], on.size, 0), (on.size * 2, y), on.ink)
        second = _put(
            dark, inks, _answer(dice, on, files, text, hand=hand), (first[2] + gap, y), on.pen if hand else on.ink
        )
        if gap < on.size:
            both = (first[0], min(first[1], second[1]), second[2], max(first[3], second[3]))
            lines.append((f"{label} {text}", both))
        else:
            lines += [(label, first), (text, second)]
        written += [second] if hand else []
        y += int(on.size * dice.uniform(2.6, 3.4))
    return Drawn(_scanned(dark, inks, on), lines, written)


def _answer(
    dice: random.Random, on: drawn.Page, files: dict[str, list[Path]], text: str, *, hand: bool
) -> NDArray[np.float32]:
    if not hand:
        return drawn.set_in_print(text, on.fonts[dice.random() < 0.5], on.size, 0)
    size = int(on.size * dice.uniform(0.9, 1.5))
    return drawn.by_font(dice, on.hand, size, text) if on.hand else drawn.by_pen(dice, files, size, text)


def _put(
    dark: NDArray[np.float32],
    inks: NDArray[np.float32],
    mask: NDArray[np.float32],
    at: tuple[int, int],
    ink: tuple[int, int, int],
) -> Box:
    """Put a line's ink on the page, its middle at a height; where it came to stand."""
    rows, columns = np.flatnonzero((mask > 0.3).any(axis=1)), np.flatnonzero((mask > 0.3).any(axis=0))
    mask = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    left, top = at[0], max(0, at[1] - mask.shape[0] // 2)
    mask = mask[: dark.shape[0] - top, : max(1, dark.shape[1] - left)]
    window = (slice(top, top + mask.shape[0]), slice(left, left + mask.shape[1]))
    dark[window] = np.maximum(dark[window], mask)
    inks[window][mask > 0] = ink
    return left, top, left + mask.shape[1], top + mask.shape[0]


def _scanned(dark: NDArray[np.float32], inks: NDArray[np.float32], on: drawn.Page) -> NDArray[np.uint8]:
    scanner = random.Random(on.seed)
    rng = np.random.default_rng(on.seed)
    paper = np.full(3, scanner.randint(236, 255), np.float32)
    image = paper + dark[..., None].clip(0, 1) * (inks - paper)
    image = cv2.GaussianBlur(image, (0, 0), scanner.uniform(0.3, 0.9))
    image += rng.normal(0, scanner.choice([0, 0.8, 3, 8]), image.shape)
    return image.clip(0, 255).astype(np.uint8)
