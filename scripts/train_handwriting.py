#!/usr/bin/env python3
"""Makes daemon/engines/handwriting_numbers.py: learns from drawn lines, and says how it does on forms drawn in fonts that it has not seen.

Usage: train_handwriting.py [--fonts DIR ...] [--pages N] [--forms N] [--out FILE]

Fonts, installed or unpacked below a --fonts folder: Debian's fonts-dejavu, -liberation2, -freefont-ttf, -urw-base35, -lato,
-open-sans, -crosextra-carlito, -crosextra-caladea, -comic-neue, -dustin, -inconsolata, -ocr-a for print; fonts-breip, -bwht,
-dkg-handwriting, -ecolier-court, -femkeklaver, -klee, -kristi, -rufscript, -seto, -sjfonts, -yozvox-yozfont-standard-kana for hands.
With --forms alone (--pages 0) it measures the numbers that are there. 1,500 pages take ten minutes on one core.
"""

from __future__ import annotations

import argparse
import base64
import random
import sys
import textwrap
from pathlib import Path

import cv2
import handwriting_data as drawn
import handwriting_forms as forms_of
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from daemon.engines.hands import Hand, hands_on  # noqa: E402
from daemon.engines.handwriting import features, reference_of  # noqa: E402 - from the tree that this file lies in
from daemon.engines.line import Line  # noqa: E402

NUMBERS = ROOT / "daemon" / "engines" / "handwriting_numbers.py"
HIDDEN, DECAY, ROUNDS, BATCH, PACE = 32, 3e-3, 40, 128, 3e-3
LINES, HANDS = 10, 4  # of a page, and how many of them a pen wrote
Floats = NDArray[np.float64]


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--fonts", type=Path, nargs="*", default=[])
    args.add_argument("--pages", type=int, default=1500)
    args.add_argument("--forms", type=int, default=60)
    args.add_argument("--out", type=Path, default=NUMBERS)
    options = args.parse_args()
    files = drawn.fonts((*options.fonts, Path("/usr/share/fonts")))
    if options.pages:
        table, truth = learned_from(files, options.pages)
        write(options.out, table, fit(table, truth))
    measure(files, options.forms)


def learned_from(files: dict[str, list[Path]], pages: int) -> tuple[Floats, Floats]:
    """Features of lines beside how far each is from its page's usual, and whether a pen wrote it. Few pages are all of a kind."""
    dice, rows, truth = random.Random(1), [], []
    for _ in range(pages):
        on, wet = drawn.page(dice, files, held=False), dice.random()
        kinds = [(nth < HANDS and wet < 0.85) or wet < 0.05 for nth in range(LINES)]
        found = [(features(drawn.line(dice, on, files, hand=hand)), hand) for hand in kinds]
        kept = [(each, hand) for each, hand in found if each is not None]
        usual = reference_of([each for each, _ in kept])
        rows += [np.r_[each, np.abs(each - (each if usual is None else usual))] for each, _ in kept]
        truth += [float(hand) for _, hand in kept]
    return np.array(rows), np.array(truth)


def fit(table: Floats, truth: Floats) -> list[Floats]:
    """Weights into the hidden units, their bias, weights out, bias: by Adam (Kingma and Ba 2015), with weight decay."""
    dice, (count, wide) = np.random.default_rng(0), table.shape
    seen = ((table - table.mean(0)) / (table.std(0) + 1e-6)).clip(-4, 4)
    parts = [dice.standard_normal((wide, HIDDEN)) / wide**0.5, np.zeros(HIDDEN), dice.standard_normal(HIDDEN) / HIDDEN**0.5, np.zeros(1)]  # fmt: skip
    first, second = [np.zeros_like(part) for part in parts], [np.zeros_like(part) for part in parts]
    step = 0
    for _ in range(ROUNDS):
        order = dice.permutation(count)
        for batch in np.array_split(order, max(1, count // BATCH)):
            step += 1
            for nth, slope in enumerate(_slopes(parts, seen[batch] + dice.standard_normal((len(batch), wide)) * 0.05, truth[batch])):  # fmt: skip
                first[nth] = 0.9 * first[nth] + 0.1 * slope
                second[nth] = 0.999 * second[nth] + 0.001 * slope**2
                even = np.sqrt(second[nth] / (1 - 0.999**step)) + 1e-8
                parts[nth] = parts[nth] - PACE * first[nth] / (1 - 0.9**step) / even
    return parts


def _slopes(parts: list[Floats], seen: Floats, truth: Floats) -> list[Floats]:
    into, bias, out, rest = parts
    hidden = np.tanh(seen @ into + bias)
    off = (1 / (1 + np.exp(-(hidden @ out + rest))) - truth) / len(truth)
    back = np.outer(off, out) * (1 - hidden**2)
    return [seen.T @ back + DECAY * into, back.sum(0), hidden.T @ off + DECAY * out, np.array([off.sum()])]


def write(path: Path, table: Floats, parts: list[Floats]) -> None:
    """The file anew, with its code as it is."""
    numbers = np.concatenate([table.mean(0), 1 / (table.std(0) + 1e-6), *(part.ravel() for part in parts)])
    text = base64.b64encode(numbers.astype("<f2").tobytes()).decode()
    lines = "\n".join(f'    "{line}"' for line in textwrap.wrap(text, 112))
    code = NUMBERS.read_text(encoding="utf-8").partition("_NUMBERS: Final = (")[0]
    path.write_text(f"{code}_NUMBERS: Final = (\n{lines}\n)\n", encoding="utf-8")


def measure(files: dict[str, list[Path]], forms: int) -> None:
    """Answers of a pen that are flagged, and lines with print that is; labels and answers partly in one line."""
    dice = random.Random(11)
    right = written = wrong = lines = 0
    for _ in range(forms):
        form = forms_of.form(dice, files, held=True)
        height = form.image.shape[0]
        read = [
            Line(text, 0.97, *((edge + off) / height for edge, off in zip(box, (-3, -3, 3, 3), strict=True)))
            for text, box in form.lines
        ]
        hands = hands_on(form.image, read, [])
        right += sum(any(_covers(hand, box, height) for hand in hands) for box in form.written)
        wrong += sum(not any(_lies_in(hand, box, height) for box in form.written) for hand in hands)
        written, lines = written + len(form.written), lines + len(read)
    print(f"handwriting flagged: {right} of {written}; print flagged: {wrong} of {lines} lines")


def _covers(hand: Hand, box: forms_of.Box, height: int) -> bool:
    left, top, right, bottom = (edge / height for edge in box)
    across = min(right, hand.box.right) - max(left, hand.box.left)
    return across > 0.5 * (right - left) and hand.box.top < (top + bottom) / 2 < hand.box.bottom


def _lies_in(hand: Hand, box: forms_of.Box, height: int) -> bool:
    left, top, right, bottom = (edge / height for edge in box)
    across = min(right, hand.box.right) - max(left, hand.box.left)
    return across > 0.3 * (hand.box.right - hand.box.left) and top < (hand.box.top + hand.box.bottom) / 2 < bottom


if __name__ == "__main__":
    cv2.setNumThreads(1)
    main()
