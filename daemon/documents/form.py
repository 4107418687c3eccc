"""Takes a filled-in form apart: what was answered, under which printed label, and what was left blank.

A box without a tick says nothing, and nothing is made of it. What is not understood stays a statement: only printed
instructions, letterheads and consent texts are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from daemon.documents.form_rows import GAP, Row, form_rows
from daemon.documents.form_words import (
    BOILERPLATE,
    BOX,
    COLUMNS,
    CONSENT,
    LETTERHEAD,
    LONG_ANSWER,
    RELATIVE,
    FieldIndex,
    Match,
    heading_number,
    plain_label,
)
from daemon.model.document import Document
from daemon.model.passage import Passage

_LABEL_END = re.compile(r"[:：](?!\d\d\b|//)|\?(?=\s|$)|_{3,}|\.{4,}")
_LETTERHEAD_BOTTOM = 0.2  # of the page's height
_LETTERHEAD_ROWS = 6
_NEXT_LINE = 2.5  # heights of a line: as far below its label as an answer begins
_CALL_US = re.compile(r"\W*(?:tele)?(?:phone|tel|fax|e-?mail|address)\b", re.IGNORECASE)
_CHOICE = re.compile(r"\W*(?:yes|no|y|n|never|former|current|quit|not sure|unknown|n/a)\b", re.IGNORECASE)
_ALPHANUMERIC = re.compile(r"[^\W_]")


EntryKind = Literal["answer", "blank", "unsure"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on a form. `section` None: no printed label says where it belongs.

    An `answer` is what was filled in; `blank` a label with nothing filled in; `unsure` a box or its label of which only
    one could be read. `text` is that of the cited passages, piece by piece in order, with single spaces.
    """

    text: str
    evidence: tuple[str, ...]
    section: str | None
    kind: EntryKind = "answer"


@dataclass(slots=True)
class _Scope:
    """The heading that lines stand under."""

    section: str | None = None
    heading: Entry | None = None
    number: int | None = None
    table: bool = False
    filled: bool = False
    listed: bool = False


def read_form(document: Document, passages: Iterable[Passage]) -> list[Entry]:
    """The entries of all passages that stand on pages, in reading order."""
    index = FieldIndex(document)
    entries: list[Entry] = []
    rows = form_rows(passages)
    for source in dict.fromkeys(row.source for row in rows):
        entries.extend(_Form(index).read([row for row in rows if row.source == source]))
    return entries


@dataclass(slots=True)
class _Form:
    index: FieldIndex
    scope: _Scope = field(default_factory=_Scope)
    entries: list[Entry] = field(default_factory=list)
    pending: tuple[Entry, Row] | None = None
    consent: bool = False
    begun: bool = False
    caps: bool = False
    boxes_behind: bool = False
    boxes_near: bool = False

    def read(self, rows: Sequence[Row]) -> list[Entry]:
        self.boxes_behind = _boxes_stand_behind(rows)
        boxed = [BOX.search(row.text) is not None for row in rows]
        for number, row in enumerate(rows):
            self.boxes_near = any(boxed[max(number - 1, 0) : number + 2])
            self._row(row, number)
        self._settle()
        self._close()
        return self.entries

    def _row(self, row: Row, number: int) -> None:
        if BOX.search(row.text):
            self._boxes(row)
        elif (heading := self._heading(row)) is not None:
            self._settle()
            self._open(row, heading)
        elif self._is_printed(row, number):
            self._settle()
        elif self._is_table_head(row):
            self._settle()
            self._table(row)
        else:
            self._segments(row, 0, len(row.text))
        self.caps = row.text.isupper()

    # -- what is printed ------------------------------------------------------------------------------------------
    def _is_printed(self, row: Row, number: int) -> bool:
        text = _clean(row.text)
        if BOILERPLATE.match(text):
            return True
        labelled = _LABEL_END.search(text) is not None
        if CONSENT.search(text) and len(text.split()) > 3:
            self.consent = True
            return True
        if self.consent and not labelled and len(text.split()) > 3 and self.index.heading(text) is None:
            return True
        self.consent = False
        if self.begun or number >= _LETTERHEAD_ROWS or row.page != 1 or row.top > _LETTERHEAD_BOTTOM:
            return False
        label, colon, _ = text.partition(":")
        answered = colon and self.index.whole(label) is not None and not _CALL_US.match(label)
        return LETTERHEAD.search(text) is not None and not answered and self.index.heading(text) is None

    def _is_table_head(self, row: Row) -> bool:
        cells = [plain_label(cell) for cell in row.text.split(GAP)]
        words = " ".join(cells).split()
        if ":" in row.text or not 2 <= len(words) <= 14:
            return False
        return (len(cells) > 1 or len(words) > 2) and all(word in COLUMNS for word in words)

    def _table(self, row: Row) -> None:
        self.begun = True
        if self.scope.heading is None or self.scope.table:
            first = next(filter(None, (self.index.inside(cell) for cell in row.text.split(GAP))), None)
            if first is not None:
                self._open(row, first)
                self.scope.table = True

    def _heading(self, row: Row) -> Match | None:
        if GAP in row.text:
            return None
        text = row.text.strip()
        if text.endswith(":") and LONG_ANSWER.search(text) and heading_number(text) is None and not text[:-1].isupper():
            return None
        return self.index.heading(text) if _LABEL_END.search(text.rstrip(":?")) is None else None

    def _open(self, row: Row, match: Match) -> None:
        self._close()
        self.begun, self.consent = True, False
        heading = Entry(_clean(row.text), row.evidence(0, len(row.text)), match.section, kind="blank")
        self.scope = _Scope(match.section, heading, heading_number(row.text))

    def _close(self) -> None:
        if self.scope.heading is not None and not self.scope.filled:
            self.entries.append(self.scope.heading)
        self.scope = _Scope()

    # -- what was filled in ---------------------------------------------------------------------------------------
    def _segments(self, row: Row, start: int, end: int) -> None:
        labels = list(self._labels(row.text, start, end))
        first = labels[0][0] if labels else end
        self._free(row, start, first)
        for (begin, value), (stop, _) in pairwise([*labels, (end, end)]):
            self._labelled(row, begin, value, stop)

    def _labels(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where labels begin and their values do."""
        at, open_section = start, None
        for found in _LABEL_END.finditer(text, start, end):
            cell = max(at, text.rfind(GAP, at, found.start()) + 1)
            known = self.index.ends_in(text[cell : found.start()])
            begin = cell if known is None and cell in {start, text.rfind(GAP, 0, cell) + 1} and at == start else None
            begin = cell + known if known is not None else begin
            if begin is None or not _ALPHANUMERIC.search(text[begin : found.start()]):
                continue
            match = self.index.whole(text[begin : found.start()])
            if match and match.section == open_section and RELATIVE.search(text[begin : found.start()]):
                continue
            open_section = match.section if match else None
            at = found.end()
            yield begin, found.end()

    def _labelled(self, row: Row, begin: int, value: int, end: int) -> None:
        self._settle()
        self.begun = True
        label = row.text[begin:value].rstrip("_.").rstrip()
        section = self._section(label)
        if _ALPHANUMERIC.search(row.text[value:end]):
            self._add(row, begin, end, section)
            return
        evidence = row.evidence(begin, value)
        match = self.index.inside(label)
        if label.endswith("?") and match is None:
            self._add(row, begin, value, section)
            return
        self.pending = (Entry(_clean(label), evidence, section, kind="blank"), row)

    def _free(self, row: Row, start: int, end: int) -> None:
        if not _ALPHANUMERIC.search(row.text[start:end]):
            return
        if self.boxes_near and self._is_box_item(row.text[start:end]):
            self._unsure(row, start, end)
            return
        number = heading_number(row.text[start:end])
        self.scope.listed |= number == 1
        if number is not None and self.scope.number is not None and number == self.scope.number + 1:
            if not self.scope.listed:  # the next heading, which no field knows
                self._settle()
                self._close()
        elif self._is_foreign_heading(row):
            self._settle()
            self._close()
        question = self._take_question(row)
        section = question.section if question else self._section(row.text[start:end], leading=True)
        self._add(row, start, end, section, question)

    def _is_foreign_heading(self, row: Row) -> bool:
        """A line in capitals among others that are not, where headings are in capitals."""
        heading = self.scope.heading
        capitals = row.text.isupper() and len(row.text.split()) <= 5 and not re.search(r"\d", row.text)
        return capitals and not self.caps and heading is not None and heading.text.isupper() and GAP not in row.text

    def _boxes(self, row: Row) -> None:
        if self.scope.table:
            self._close()
        self.consent, self.begun = False, True
        boxes = list(BOX.finditer(row.text))
        if self.boxes_behind:
            self._trailing_boxes(row, boxes)
            return
        ends = [*(box.start() for box in boxes[1:]), len(row.text)]
        items = [_item(row.text, box.end(), end) for box, end in zip(boxes, ends, strict=True)]
        label = self._box_label(row, boxes[0].start(), [row.text[slice(*item)] for item in items])
        question = self._take_question(row)
        for box, (begin, end), stop in zip(boxes, items, ends, strict=True):
            if _is_ticked(box):
                self._tick(row, box, label, (begin, end), question)
            self._segments(row, end, stop)
        if not any(map(_is_ticked, boxes)):
            self._unanswered(row, label, question)

    def _unanswered(self, row: Row, label: tuple[int, int] | None, question: Entry | None) -> None:
        if label is not None:
            question = Entry(_clean(row.text[slice(*label)]), row.evidence(*label), None, "blank")
        if question is not None:
            self.entries.append(question)
            self.scope.filled = True

    def _box_label(self, row: Row, end: int, items: Sequence[str]) -> tuple[int, int] | None:
        """Where what the boxes answer stands before them. A condition there, without a box of its own, has lost its box."""
        begin = row.text.rfind(GAP, 0, len(row.text[:end].rstrip())) + 1
        lead = row.text[begin:end]
        self._segments(row, 0, begin)
        if not _ALPHANUMERIC.search(lead):
            return None
        if self._is_box_item(lead) and not any(map(_CHOICE.match, items)):
            self._unsure(row, begin, end)
            return None
        return begin, end

    def _is_box_item(self, text: str) -> bool:
        match = self.index.whole(text)
        return match is not None and not match.strong and _LABEL_END.search(text) is None

    def _unsure(self, row: Row, begin: int, end: int) -> None:
        self.entries.append(Entry(_clean(row.text[begin:end]), row.evidence(begin, end), None, "unsure"))
        self.scope.filled = True

    def _trailing_boxes(self, row: Row, boxes: Sequence[re.Match[str]]) -> None:
        """Boxes that stand behind what they tick: "Diabetes [X] Asthma [ ]"."""
        self._settle()
        at = 0
        for box in boxes:
            if _is_ticked(box):
                self._add(row, at, box.start(), self._section(row.text[at : box.start()], leading=True))
            at = box.end()

    def _tick(
        self, row: Row, box: re.Match[str], label: tuple[int, int] | None, item: tuple[int, int], question: Entry | None
    ) -> None:
        if not _ALPHANUMERIC.search(row.text[slice(*item)]):
            self._unsure(row, *box.span())
        elif label is None:
            section = question.section if question else self._section(row.text[slice(*item)], leading=True)
            self._add(row, *item, section, question)
        else:
            text = f"{row.text[slice(*label)]} {row.text[slice(*item)]}"
            evidence = (*row.evidence(*label), *row.evidence(*item))
            section = self._section(row.text[slice(*label)], leading=True)
            self._append(Entry(_clean(text), tuple(dict.fromkeys(evidence)), section))

    # -- where it goes --------------------------------------------------------------------------------------------
    def _section(self, label: str, *, leading: bool = False) -> str | None:
        match = self.index.leading(label) if leading else self.index.inside(label)
        if match is None or (self.scope.section is not None and not self._leaves(match)):
            return self.scope.section or (match.section if match else None)
        return match.section

    def _leaves(self, match: Match) -> bool:
        heading = self.scope.heading.text.lower() if self.scope.heading else ""
        return match.strong and not (
            "allerg" in heading and match.field in {"medications", "medicines", "prescriptions"}
        )

    def _take_question(self, row: Row) -> Entry | None:
        """The label on the line above, if it asks for what stands here; then it is answered."""
        if self.pending is None:
            return None
        question, above = self.pending
        gap, height = row.top - above.bottom, max(above.bottom - above.top, 0.005)
        if row.page != above.page or gap > _NEXT_LINE * height or not LONG_ANSWER.search(question.text):
            self._settle()
            return None
        self.pending = None
        return question

    def _settle(self) -> None:
        """The label that waited for its answer has none."""
        if self.pending is not None:
            self.entries.append(self.pending[0])
            self.scope.filled = True
            self.pending = None

    def _add(self, row: Row, start: int, end: int, section: str | None, question: Entry | None = None) -> None:
        text, evidence = _clean(row.text[start:end]), row.evidence(start, end)
        if question is not None:
            text, evidence = f"{question.text} {text}", tuple(dict.fromkeys((*question.evidence, *evidence)))
        self._append(Entry(text, evidence, section))

    def _append(self, entry: Entry) -> None:
        if _ALPHANUMERIC.search(entry.text):
            self.entries.append(entry)
            self.scope.filled = True


def _clean(text: str) -> str:
    return " ".join(text.split())


def _is_ticked(box: re.Match[str]) -> bool:
    return bool(box["ticked"] or box["line"] or box["square"])


def _item(text: str, begin: int, end: int) -> tuple[int, int]:
    """What a box belongs to: the text behind it, as far as the next gap between passages or the next box."""
    begin += len(text[begin:end]) - len(text[begin:end].lstrip())
    cut = text.find(GAP, begin, end)
    return begin, cut if cut >= 0 else end


def _boxes_stand_behind(rows: Sequence[Row]) -> bool:
    """Whether this form prints its boxes behind what they tick ("Diabetes [ ]"), by counting."""
    behind = before = 0
    for row in rows:
        for passage in row.passages:
            boxes = list(BOX.finditer(passage.text))
            if boxes and _ALPHANUMERIC.search(passage.text):
                before += boxes[0].start() == 0 or bool(passage.text[boxes[-1].end() :].strip())
                behind += boxes[0].start() > 0 and not passage.text[boxes[-1].end() :].strip()
    return behind > before
