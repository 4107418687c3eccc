"""Labels and answers that were read apart: the answer far to the right of its label on the same line, or in the box below it.

What belongs together is told by where it stands. Where two labels could claim an answer, neither gets it, and none is called blank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from daemon.documents.form_entries import Row
from daemon.documents.form_lines import CHOICE_OPEN, GAP, LABEL_END, SAID, is_table_head
from daemon.documents.form_words import BOILERPLATE, BOX, DRAWING, UNFINISHED, FieldIndex, Match

_SAME_EDGE = 0.03  # of the page's width
_INDENT = 0.05  # of the page's width: how far the second line of an answer is moved against its label, at least
_RIGHT_BELOW = 1.3  # heights of a line between a label and the answer below it
_LEVEL = 0.75  # heights of a line: how far apart the middles of a label and its answer may be on a crooked page
_LISTED = frozenset(
    {"medications", "allergies", "history", "family", "past surgeries", "surgeries", "hospitalizations"}
)
"""Fields whose answer has a new item on each line."""
MIN_ALIKE = 2
"""How many labels without a colon must have an answer before one that has none is called a blank label."""

__all__ = ["paired"]


def paired(rows: Sequence[Row], index: FieldIndex) -> tuple[list[Row], set[str]]:
    """The rows of one source in order, labels put together with their answers; and the ids of labels that may have one.

    The second and further lines of an answer go with it; in lists ("Medications:") each line stands beside the label by itself.
    """
    pairs = _Pairs(rows, index)
    pairs.beside()
    pairs.below()
    pairs.further_lines()
    pairs.alone()
    return list(pairs.rows()), pairs.doubted


class _Pairs:
    def __init__(self, rows: Sequence[Row], index: FieldIndex) -> None:
        self._rows, self._index = list(rows), index
        self._ends = [LABEL_END.search(row.text.rstrip()[-4:]) is not None and _ends(row.text) for row in rows]
        self._whole = [None if GAP in row.text else index.whole(row.text) for row in rows]
        self._answers: dict[int, list[int]] = {}
        """The rows of an answer, by their label's."""
        self._taken: set[int] = set()
        self._bare: set[int] = set()
        self.doubted: set[str] = set()

    # -- what stands beside ------------------------------------------------------------------------------------------
    def beside(self) -> None:
        """An answer to the right of its label, with nothing between them."""
        doubtful: list[tuple[int, int]] = []
        for label, answer in pairwise(range(len(self._rows))):
            if self._is_label(label) and self._is_beside(label, answer) and self._is_answer(answer, to=label):
                if self._has_other_above(label, answer):
                    doubtful.append((label, answer))
                else:
                    self._pair(label, answer)
        sure = list(self._answers.items())
        for label, answer in doubtful:
            if any(self._same_edges(label, answer, other, found[0]) for other, found in sure):
                self._pair(label, answer)
            else:
                self.doubted.add(self._rows[label].id)

    def _pair(self, label: int, answer: int) -> None:
        self._answers[label] = [answer]
        self._taken.add(answer)

    def _is_label(self, at: int) -> bool:
        row = self._rows[at]
        plain = not BOX.search(row.text) and GAP not in row.text and at not in self._taken
        return plain and (self._ends[at] or self._whole[at] is not None)

    def _is_answer(self, at: int, *, to: int) -> bool:
        """Whether it could be what somebody wrote: no label, heading or box, and nothing that is printed for the practice."""
        row, match = self._rows[at], self._whole[at]
        if at in self._taken or self._ends[at] or not SAID.search(row.text) or GAP in row.text or BOX.search(row.text):
            return False
        if match is not None and not self._may_be_said(row, match, to):
            return False
        return not self._begins_with_label(at) and not BOILERPLATE.match(row.text)

    def _may_be_said(self, row: Row, match: Match, to: int) -> bool:
        """Whether what is also a label is an answer: "married", "asthma"; below a bare "Allergies" only "Sulfa", and if it has no box."""
        if self._ends[to]:
            return not match.strong or row.text[:1].islower()
        own = self._whole[to]
        above = self._rows[to].box[3] <= row.box[1] + 0.4 * row.height
        inside = above and own is not None and own.strong and not match.strong and own.section == match.section
        return inside and not any(BOX.search(other.text) for other in self._rows if other.page == row.page)

    def _begins_with_label(self, at: int) -> bool:
        found = LABEL_END.search(self._rows[at].text)
        return found is not None and self._index.whole(self._rows[at].text[: found.start()]) is not None

    def _is_beside(self, label: int, answer: int) -> bool:
        first, second = self._rows[label], self._rows[answer]
        apart = abs(sum(first.box[1::2]) - sum(second.box[1::2])) / 2
        level = first.is_beside(second) or (apart < _LEVEL * max(first.height, second.height))
        return level and first.page == second.page and second.box[0] >= first.box[2] - 0.01

    def _has_other_above(self, label: int, answer: int) -> bool:
        """Whether another label stands right of this one, above the answer, that could have it as its second line."""
        first, second = self._rows[label], self._rows[answer]
        return any(
            second.is_below(row)
            and not second.is_beside(row)
            and first.box[2] - 0.01 <= row.box[0] <= second.box[0] + 0.02
            for at, row in enumerate(self._rows)
            if at in self._answers or at in self._taken or self._holds_answer(at)
        )

    def _same_edges(self, label: int, answer: int, other: int, found: int) -> bool:
        """Whether an answer begins or ends where that of another label does that begins where this one does."""
        (left, _, _, _), (begin, _, end, _) = self._rows[label].box, self._rows[answer].box
        (its_left, _, _, _), (its_begin, _, its_end, _) = self._rows[other].box, self._rows[found].box
        same = min(abs(begin - its_begin), abs(end - its_end)) < _SAME_EDGE
        return same and abs(left - its_left) < _SAME_EDGE and self._rows[label].page == self._rows[other].page

    # -- what stands below -------------------------------------------------------------------------------------------
    def below(self) -> None:
        """Answers in boxes whose label is printed at the top, on pages where labels and answers stand so."""
        for page in dict.fromkeys(row.page for row in self._rows):
            own = [at for at, row in enumerate(self._rows) if row.page == page]
            beside = sum(at in self._answers or self._holds_answer(at) for at in own)
            found = [(at, answer) for at in own if self._is_open(at) and (answer := self._under(at, own)) is not None]
            if len(found) >= MIN_ALIKE and len(found) > beside and len({answer for _, answer in found}) == len(found):
                for label, answer in found:
                    self._pair(label, answer)
                self._bare |= {at for at in own if self._is_open(at) and self._whole[at] is not None}

    def _is_open(self, at: int) -> bool:
        return self._is_label(at) and at not in self._answers and self._rows[at].id not in self.doubted

    def _under(self, label: int, own: Sequence[int]) -> int | None:
        row = self._rows[label]
        near = [
            at
            for at in own
            if -0.4 * row.height <= self._rows[at].box[1] - row.box[3] <= _RIGHT_BELOW * row.height
            and -_SAME_EDGE <= self._rows[at].box[0] - row.box[0] <= 2 * _SAME_EDGE
        ]
        return near[0] if len(near) == 1 and self._is_answer(near[0], to=label) else None

    # -- further lines -----------------------------------------------------------------------------------------------
    def further_lines(self) -> None:
        """Lines below an answer that begin where it does and have no label of their own."""
        for at, row in enumerate(self._rows):
            printed = at in self._answers or self._whole[at] is not None or LABEL_END.search(row.text) is not None
            if printed or not self._is_answer(at, to=at) or self._has_open_label(at):
                continue
            label = self._nearest(
                [n for n in range(at) if row.page == self._rows[n].page and self._goes_on(n, at)], row
            )
            if label is not None:
                self._answers.setdefault(label, []).append(at)
                self._taken.add(at)

    def _nearest(self, labels: Sequence[int], row: Row) -> int | None:
        """The label whose answer ends right above a row; None if there are two."""
        ends = {n: self._last(n).box[3] for n in labels}
        near = [n for n in labels if max(ends.values()) - ends[n] < row.height / 2]
        return near[0] if len(near) == 1 else None

    def _last(self, label: int) -> Row:
        return self._rows[self._answers[label][-1] if self._answers.get(label) else label]

    def _goes_on(self, label: int, at: int) -> bool:
        row, answers = self._rows[at], self._answers.get(label, [])
        last = self._last(label)
        if not row.is_below(last) or row.is_beside(last) or not (answers or self._holds_answer(label)):
            return False
        if label not in self._taken and answers and self._ends_or_bare(label):
            return abs(row.box[0] - self._rows[answers[0]].box[0]) < _SAME_EDGE
        first = self._rows[answers[0]].box[0] if answers else row.box[0]
        return row.box[0] >= self._rows[label].box[0] + _INDENT and abs(row.box[0] - first) < _SAME_EDGE

    def _ends_or_bare(self, label: int) -> bool:
        return self._ends[label] or self._whole[label] is not None

    def _has_open_label(self, at: int) -> bool:
        row = self._rows[at]
        return any(
            self._is_open(n) and row.is_beside(one) and one.box[0] < row.box[0] for n, one in enumerate(self._rows)
        )

    def _holds_answer(self, at: int) -> bool:
        """Whether a label and its answer were read as one."""
        text = self._rows[at].text
        marks = CHOICE_OPEN.search(text) is not None or DRAWING.search(text) is not None or BOX.search(text) is not None
        return not marks and not self._ends[at] and at not in self._taken and self._begins_with_label(at)

    # -- labels without colon and answer -----------------------------------------------------------------------------
    def alone(self) -> None:
        """Labels without a colon that nothing stands beside, on forms whose labels have none."""
        pairs = [at for at in self._answers if not self._ends[at] and self._whole[at] is not None]
        for at, row in enumerate(self._rows):
            alike = [
                n
                for n in pairs
                if row.page == self._rows[n].page and abs(row.box[0] - self._rows[n].box[0]) < _SAME_EDGE
            ]
            capitals = row.text.isupper() and not any(self._rows[n].text.isupper() for n in alike)
            title = at == 0 or self._rows[at - 1].page != row.page
            if len(alike) < MIN_ALIKE or capitals or title or self._whole[at] is None:
                continue
            if self._is_open(at) and self._ends_there(at):
                self._bare.add(at)

    def _ends_there(self, at: int) -> bool:
        """Whether the next line is another label, and not what stands under this one as a heading."""
        if at + 1 == len(self._rows):
            return True
        following = self._rows[at + 1].text
        own, named = self._whole[at], self._index.whole(following.split(GAP)[0])
        if is_table_head(following) or (GAP in following and (named is None or own is None)):
            return False
        if own is not None and named is not None and GAP in following and own.strong and own.section == named.section:
            return False  # "ALLERGIES" over "Penicillin | hives"
        return named is not None or self._is_label(at + 1) or self._begins_with_label(at + 1)

    # -- put together ------------------------------------------------------------------------------------------------
    def rows(self) -> Iterator[Row]:
        """All rows in order, answers with their labels."""
        in_table = False
        for at, row in enumerate(self._rows):
            in_table = is_table_head(row.text) or (in_table and GAP in row.text)
            if at in self._answers:
                yield from self._together(at)
            elif at in self._bare:
                yield replace(row, label=len(row.text))
            elif at not in self._taken:
                cell, gap, value = row.text.partition(GAP)
                pair = gap and GAP not in value and not in_table and self._index.whole(cell) is not None
                yield replace(row, label=len(cell) + len(gap)) if pair else row

    def _together(self, label: int) -> Iterator[Row]:
        """One row, or one for each line of a list."""
        row, lines = self._rows[label], [self._rows[at] for at in self._answers[label]]
        length = len(row.text) if not self._holds_answer(label) else self._label_length(label)
        groups = [[row]] if self._holds_answer(label) else [[row, lines.pop(0)]]
        match = self._index.inside(row.text[:length])
        for line in lines:
            if match is not None and _is_list(match) and not UNFINISHED.search(groups[-1][-1].text):
                groups.append([replace(row, text=row.text[:length].strip()), line])
            else:
                groups[-1].append(line)
        for number, group in enumerate(groups):
            yield _joined(group, length if len(group) > 1 else 0, first=number == 0)

    def _label_length(self, at: int) -> int:
        found = LABEL_END.search(self._rows[at].text)
        return found.end() if found else 0


def _is_list(match: Match) -> bool:
    return match.section in _LISTED or match.field in _LISTED


def _ends(text: str) -> bool:
    """Whether nothing stands behind the last label of a line."""
    last = [found.end() for found in LABEL_END.finditer(text)]
    return bool(last) and SAID.search(text) is not None and not SAID.search(text[last[-1] :])


def _joined(group: Sequence[Row], label: int, *, first: bool) -> Row:
    """`first` False: a further line of a list, whose label is the first one's; rows must be told apart by their ids."""
    boxes = [row.box for row in (group if first else group[1:])]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return replace(
        group[0],
        id=group[0].id if first else group[-1].id,
        text=" ".join(row.text for row in group),
        box=(min(lefts), min(tops), max(rights), max(bottoms)),
        parts=tuple(row.id for row in group),
        label=label,
    )
