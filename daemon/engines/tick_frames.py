"""The frames of boxes to tick on a page's ink: four straight sides of one length that stand apart from words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]

State = Literal["X", " ", "?"]

# Sides of boxes in lengths of the page: 6.3 to 21 points on a letter page. Below so many pixels nothing inside can be told.
LEAST_SIDE, MOST_SIDE, LEAST_PIXELS = 0.008, 0.027, 16
# Share of a side that must be ink, under a blot less; of its own square that a filled frame covers; of a box's area that a blot over it has.
SIDE_INK, HIDDEN_INK, SQUARE, BLOT = 0.9, 0.75, 0.9, 0.8
# Share of a box's rows in which ink may stand right beside it.
BESIDE_ROWS = 0.4
# The side in pixels below which a frame thicker than this share of it is a letter, and above only if it is a hole's, so white; blurring adds two pixels to thickness.
LETTER_SIDE, BOLD, HOLE_INK = 22, 0.3, 0.25
# How far a rounded corner may lie from where it would be, in sides.
CORNER = 0.12
MIN_BOXES = 3
# The next letter of a word stands nearer than this, in sides; so high is a letter at least; and so far, in sides, a letter's stem
# goes on beyond its bowl (R, P, b), or a table's rule beyond its cell.
LETTER_GAP, LETTER_HIGH, LETTER_MOST, STEM = 0.24, 0.5, 1.9, 0.28
# Share of ink inside that a mark leaves at least; and how long a table's rule is, in sides of the largest box.
MARKED_INSIDE, RULE = 0.08, 2.2
# A box that stands alone on its page: its frame's thickness and how far from square it may be, in sides; share of ink on each side; how far
# nothing but its mark stands about it, and how far from it words stand; the share of ink that print leaves there.
PLAIN_FRAME, PLAIN_SKEW, PLAIN_INK, PLAIN_GAP, PLAIN_REACH, WORDS = 0.21, 0.09, 0.96, 0.25, 8.0, (0.03, 0.5)
# Share of the squares of one size that are letters by their place: from here on all of them are.
LETTERS = 0.34


@dataclass(frozen=True, slots=True)
class TickBox:
    """A box's frame in pixels (outer edges) and what stands in it. `tail` is ink outside that belongs to its mark."""

    left: int
    top: int
    right: int
    bottom: int
    frame: int
    state: State = " "
    ring: bool = False

    @property
    def side(self) -> float:
        """The mean of width and height."""
        return (self.right - self.left + self.bottom - self.top) / 2

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre, across and down."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


def find_frames(ink: Image) -> list[TickBox]:
    """The square boxes on a page's ink (0 or 1), without their states."""
    squares = _distinct(_frames(ink))
    letters = [box for box in squares if _has_stem(ink, box) or _is_in_word(ink, box)]
    alone = [box for box in squares if box not in letters and _stands_alone(ink, box)]
    likely = [box for box in alone if not _is_print(box, squares, letters)]
    found = _of_usual_size(likely) or _like_plain(ink, likely)
    if all(box.frame > HOLE_INK * box.side for box in found):
        return []  # bold capitals and their counters: of a page's boxes one has a frame that can be told from its mark
    return [*found, *_scribbled(ink, found)]


def _frames(ink: Image) -> list[TickBox]:
    """Shapes of one piece, filled, and freed of what is thinner than a box, as ticks are."""
    least, most = max(round(LEAST_SIDE * max(ink.shape)), LEAST_PIXELS), round(MOST_SIDE * max(ink.shape))
    whole = cv2.morphologyEx(without_rules(ink, round(RULE * most)), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    outlines, levels = cv2.findContours(whole, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    squares: list[TickBox] = []
    for number, outline in enumerate(outlines):
        if levels[0][number][3] >= 0:
            continue
        x, y, wide, high = cv2.boundingRect(outline)
        if min(wide, high) < least or max(wide, high) > 3 * most:
            continue
        shape = np.zeros((high + 2, wide + 2), np.uint8)
        cv2.drawContours(shape, [outline], -1, 1, cv2.FILLED, offset=(1 - x, 1 - y))
        kernel = max(round(0.6 * least), 6) | 1
        body = cv2.morphologyEx(shape, cv2.MORPH_OPEN, np.ones((kernel, kernel), np.uint8))
        count, _, boxes, _ = cv2.connectedComponentsWithStats(body)
        for left, top, across, down, area in boxes[1:count].tolist():
            if not (least <= min(across, down) and max(across, down) <= most and across <= 1.2 * down <= 1.44 * across):
                continue
            box = TickBox(x - 1 + left, y - 1 + top, x - 1 + left + across, y - 1 + top + down, 1)
            box = replace(box, frame=_thickness(ink, box))
            part = np.asarray(body[top : top + down, left : left + across], np.uint8)
            if (
                area >= SQUARE * across * down
                and _has_corners(part)
                and _is_framed(ink, box)
                and not _is_bold(ink, box)
            ):
                squares.append(box)
    return squares


def without_rules(ink: Image, length: int) -> Image:
    """Without the lines of tables, which a tick may touch."""
    rules = np.zeros_like(ink)
    for shape in ((1, length), (length, 1)):
        rules |= np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8)), np.uint8)
    return np.asarray(ink & (1 - rules), np.uint8)


def _is_framed(ink: Image, box: TickBox, least: float = SIDE_INK) -> bool:
    """Whether ink runs along all four sides. Shapes that only seem square when filled have a side that bulges."""
    patch = ink[box.top : box.bottom, box.left : box.right]
    inset = round(0.16 * box.side)
    for turn in range(4):
        rows = np.rot90(patch, turn)[: max(round(0.2 * box.side), 3), inset:-inset]
        if float(rows.mean(axis=1).max()) < least:
            return False
    return True


def _has_corners(shape: Image) -> bool:
    """Whether three of its corners are filled at least: those of a ring, a "D" or an "o" are not."""
    reach = max(round(CORNER * sum(shape.shape) / 2), 2)
    corners = (shape[:reach, :reach], shape[:reach, -reach:], shape[-reach:, :reach], shape[-reach:, -reach:])
    return sum(bool(corner.any()) for corner in corners) >= 4


def _thickness(ink: Image, box: TickBox) -> int:
    """Of the thinnest side, in pixels."""
    patch = ink[box.top : box.bottom, box.left : box.right]
    inset = round(0.2 * box.side)
    least = int(patch.shape[0])
    for turn in range(4):
        share = np.rot90(patch, turn)[: patch.shape[0] // 2, inset:-inset].mean(axis=1)
        inked = np.nonzero(share >= 0.5)[0]
        first = int(inked[0]) if inked.size else 0
        thick: int = next((n for n, one in enumerate(share[first:]) if one < 0.5), len(share) - first)
        least = min(least, first + thick)
    return max(least, 1)


def _scribbled(ink: Image, known: Sequence[TickBox]) -> list[TickBox]:
    """Boxes below or above others whose mark hides them: a blot over the place where the column has its boxes."""
    found: list[TickBox] = []
    count, _, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    blots = boxes[1:count]
    side = median(box.side for box in known)
    large = blots[(blots[:, 2] >= side) & (blots[:, 3] >= side) & (blots[:, 2] <= 3 * side) & (blots[:, 3] <= 3 * side)]
    for left, top, across, down, area in large.tolist():
        place = TickBox(left, top, left + across, top + down, 1)
        if area < BLOT * side * side or any(meet(box, place) for box in (*known, *found)):
            continue
        column = [box for box in known if left - 3 <= box.left and box.right <= left + across + 3]
        if column:
            like, size = column[0], column[0].bottom - column[0].top
            tops = range(max(top - 2, 0), min(top + down - size + 3, ink.shape[0] - size))
            places = [replace(like, top=at, bottom=at + size) for at in tops]
            hidden = [one for one in places if _is_framed(ink, one, HIDDEN_INK)][:1]
            found += [one for one in hidden if not _is_in_word(ink, place)]
    # Bold capitals are blots too, and then there are many.
    return found if len(found) <= len(known) else []


def _stands_alone(ink: Image, box: TickBox) -> bool:
    """Whether there is a gap on both sides, as there is not about a letter within a word. What ticks leave there is no letter."""
    near, far = max(round(0.2 * box.side), 2), round(0.55 * box.side)
    rows = ink[box.top : box.bottom]

    def free(gap: int, *, left: bool) -> bool:
        part = (
            rows[:, max(box.left - gap, 0) : max(box.left - 1, 0)] if left else rows[:, box.right + 1 : box.right + gap]
        )
        return not part.size or float(part.any(axis=1).mean()) < BESIDE_ROWS

    return any(free(far, left=left) and free(near, left=not left) for left in (True, False))


def _has_stem(ink: Image, box: TickBox) -> bool:
    """Whether one of its sides goes on beyond a corner, as a letter's stem and a table's rule do, and no box's frame."""
    inset = box.frame + 2
    inside = ink[box.top + inset : box.bottom - inset, box.left + inset : box.right - inset]
    if inside.size and float(inside.mean()) > MARKED_INSIDE:
        return False  # the strokes of a mark leave a box at its corners
    far = max(round(STEM * box.side), 3)
    y0, x0 = box.top - far - 2, box.left - far - 2
    patch = np.pad(ink, far + 2)[y0 + far + 2 : box.bottom + 2 * far + 4, x0 + far + 2 : box.right + 2 * far + 4]
    width = max(box.frame, 2)
    for turn in range(4):
        sides = np.rot90(patch, turn)
        for face in (sides, sides[:, ::-1]):
            beyond = face[1 : far + 1, far + 1 : far + 3 + width]
            if float(beyond.any(axis=1).mean()) >= 0.95 and float(beyond.mean(axis=0).max()) >= 0.8:
                return True
    return False


def _is_in_word(ink: Image, box: TickBox) -> bool:
    """Whether ink of the height of a letter stands as near beside it, at the height of its line, as letters of a word do."""
    high = box.bottom - box.top
    over = round(0.5 * high)
    top = max(box.top - over, 0)
    rows = ink[top : box.bottom + over, max(box.left - 3 * high, 0) : box.right + 3 * high]
    own = box.left - max(box.left - 3 * high, 0)
    count, _, parts, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(rows), connectivity=8)
    for left, above, across, down, _ in parts[1:count].tolist():
        reach = max(round(LETTER_GAP * min(box.side, down)), 2)
        beside = own - reach <= left + across <= own + 1 or own + box.side - 1 <= left <= own + box.side + reach
        level = min(above + down, box.bottom - top) - max(above, box.top - top) >= LETTER_HIGH * high
        if beside and level and down <= LETTER_MOST * high and across <= 2 * high:
            return True
    return False


def _is_print(box: TickBox, squares: Sequence[TickBox], letters: Sequence[TickBox]) -> bool:
    """Whether too many squares of its size are letters for it to be none."""
    alike = sum(_alike(box, other) for other in squares)
    return sum(_alike(box, other) for other in letters) >= LETTERS * alike


def _is_bold(ink: Image, box: TickBox) -> bool:
    """Whether it is as thick as a bold letter about a hole."""
    hole = ink[box.top + box.frame : box.bottom - box.frame, box.left + box.frame : box.right - box.frame]
    thick = BOLD * box.side < box.frame < 0.45 * box.side
    return thick and (box.side < LETTER_SIDE or float(hole.mean()) < HOLE_INK)


def _like_plain(ink: Image, boxes: Sequence[TickBox]) -> list[TickBox]:
    """Of the one or two boxes of a page those that are boxes beyond doubt, and a filled one of their size."""
    plain = [box for box in boxes if _is_plain(ink, box)]
    return [box for box in boxes if any(_alike(box, other) for other in plain)]


def _is_plain(ink: Image, box: TickBox) -> bool:
    """Whether it is a box beyond doubt, so that it needs no others like it: a thin square, no ink about it but its mark's, and words beside
    it at its height."""
    wide, high = box.right - box.left, box.bottom - box.top
    if (
        box.frame > PLAIN_FRAME * box.side
        or abs(wide - high) > PLAIN_SKEW * box.side
        or not _is_framed(ink, box, PLAIN_INK)
    ):
        return False
    gap, far = max(round(PLAIN_GAP * box.side), 2), round(PLAIN_REACH * box.side)
    # The strokes of a cross leave a box at its corners.
    down, across = slice(box.top + gap, box.bottom - gap), slice(box.left + gap, box.right - gap)
    around = (
        ink[max(box.top - gap, 0) : box.top - 1, across],
        ink[box.bottom + 1 : box.bottom + gap, across],
        ink[down, max(box.left - gap, 0) : max(box.left - 1, 0)],
        ink[down, box.right + 1 : box.right + gap],
    )
    empty = sum(not part.any() for part in around)
    rows = ink[box.top : box.bottom]
    beside = (rows[:, box.right + gap : box.right + far], rows[:, max(box.left - far, 0) : max(box.left - gap, 0)])
    # A tick goes on at one side or two.
    return empty >= 2 and any(bool(part.size) and WORDS[0] <= float(part.mean()) <= WORDS[1] for part in beside)


def _distinct(boxes: Iterable[TickBox]) -> list[TickBox]:
    kept: list[TickBox] = []
    for box in sorted(boxes, key=lambda one: -one.side):
        if not any(meet(box, other) for other in kept):
            kept.append(box)
    return kept


def _alike(one: TickBox, other: TickBox) -> bool:
    return abs(one.side - other.side) <= max(0.1 * other.side, 2)


def meet(one: TickBox, other: TickBox) -> bool:
    """Whether two boxes have any place in common."""
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


def _of_usual_size(boxes: Sequence[TickBox]) -> list[TickBox]:
    """Without the odd one: the boxes of a page have one size or two, each of them more than once, and fewer than three are letters."""
    many = [sum(_alike(box, other) for other in boxes) for box in boxes]
    if not many or max(many) < MIN_BOXES:
        return []
    usual = boxes[many.index(max(many))].side
    return [box for box, alike in zip(boxes, many, strict=True) if alike >= 2 and box.side >= 0.8 * usual]
