"""Takes a filled-in form apart: what was answered, under which printed label, and what was left blank.

A box without a tick says nothing, and nothing is made of it. What is not understood stays an answer: only printed
instructions, letterheads, tables' heads and consent texts are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from daemon.documents.form_lines import (
    GAP,
    LABEL_END,
    SAID,
    box_items,
    boxes_stand_behind,
    is_table_head,
    label_places,
)
from daemon.documents.form_words import (
    BOILERPLATE,
    BOX,
    CONSENT,
    LETTERHEAD,
    LONG_ANSWER,
    RELATIVE,
    FieldIndex,
    Match,
    heading_number,
)
from daemon.model.document import Document
from daemon.model.passage import PageAnchor, Passage

_LETTERHEAD_BOTTOM = 0.2  # of the page's height
_LETTERHEAD_ROWS = 6
_NEXT_LINE = 2.5  # heights of a line: as far below its label as an answer begins
_LIST_NUMBER_ONLY = re.compile(r"\W*\d{1,2}\W*")
_CALL_US = re.compile(r"\W*(?:tele)?(?:phone|tel|fax|e-?mail|address)\b", re.IGNORECASE)
_CHOICE = re.compile(r"\W*(?:yes|no|y|n|never|former|current|quit|not sure|unknown|n/a)\b", re.IGNORECASE)

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


@dataclass(frozen=True, slots=True)
class _Row:
    """One passage: a line, a label with its answer, or a row of a table."""

    text: str
    id: str
    anchor: PageAnchor


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
    """The entries of all passages that stand on pages. Passages are in reading order, as the reader gives them."""
    index = FieldIndex(document)
    rows = [_Row(" ".join(p.text.split()), p.id, p.anchor) for p in passages if isinstance(p.anchor, PageAnchor)]
    entries: list[Entry] = []
    for source in dict.fromkeys(row.anchor.source for row in rows):
        entries.extend(_Form(index).read([row for row in rows if row.anchor.source == source]))
    return entries


@dataclass(slots=True)
class _Form:
    index: FieldIndex
    scope: _Scope = field(default_factory=_Scope)
    entries: list[Entry] = field(default_factory=list)
    pending: tuple[Entry, _Row] | None = None
    consent: bool = False
    begun: bool = False
    caps: bool = False
    boxes_behind: bool = False
    boxes_near: bool = False
    boxed: bool = False

    def read(self, rows: Sequence[_Row]) -> list[Entry]:
        self.boxes_behind = boxes_stand_behind([row.text for row in rows])
        boxed = [BOX.search(row.text) is not None for row in rows]
        for number, row in enumerate(rows):
            self.boxes_near = any(boxed[max(number - 1, 0) : number + 2])
            following = rows[number + 1].text if number + 1 < len(rows) else ""
            self._row(row, number, following)
            self.boxed = boxed[number]
            self.caps = row.text.isupper()
        self._settle()
        self._close()
        return self.entries

    def _row(self, row: _Row, number: int, following: str) -> None:
        if BOX.search(row.text):
            self._boxes(row)
        elif is_table_head(row.text):
            self._settle()
            self._table(row)
        elif (heading := self._heading(row.text, following)) is not None:
            self._settle()
            self._open(row, heading)
        elif self._is_printed(row, number):
            self._settle()
        elif not _LIST_NUMBER_ONLY.fullmatch(row.text):
            self._line(row, row.text, following)

    # -- what is printed ------------------------------------------------------------------------------------------
    def _is_printed(self, row: _Row, number: int) -> bool:
        if BOILERPLATE.match(row.text):
            return True
        prose = len(row.text.split()) > 3
        if prose and (CONSENT.search(row.text) or (self.consent and not LABEL_END.search(row.text))):
            self.consent = True
            return True
        self.consent = False
        if self.begun or number >= _LETTERHEAD_ROWS or row.anchor.page != 1 or row.anchor.box[1] > _LETTERHEAD_BOTTOM:
            return False
        label, colon, _ = row.text.partition(":")
        answered = colon and self.index.whole(label) is not None and not _CALL_US.match(label)
        return not answered and LETTERHEAD.search(row.text) is not None

    def _table(self, row: _Row) -> None:
        self.begun = True
        if self.scope.heading is None or self.scope.table:
            first = next(filter(None, map(self.index.inside, row.text.split(GAP))), None)
            if first is not None:
                self._open(row, first)
                self.scope.table = True

    def _heading(self, text: str, following: str) -> Match | None:
        if GAP in text or LABEL_END.search(text[:-1]):
            return None
        match = self.index.heading(text)
        if match is None or not text.endswith((":", "?")) or heading_number(text) is not None:
            return match
        # "Medications:" is a heading over a list, but a blank over the next label.
        answered_below = following and not LABEL_END.search(following) and self.index.heading(following) is None
        return match if match.exact and answered_below and not BOILERPLATE.match(following) else None

    def _open(self, row: _Row, match: Match) -> None:
        self._close()
        self.begun, self.consent = True, False
        self.scope = _Scope(match.section, Entry(row.text, (row.id,), None, "blank"), heading_number(row.text))

    def _close(self) -> None:
        if self.scope.heading is not None and not self.scope.filled:
            self.entries.append(self.scope.heading)
        self.scope = _Scope()

    # -- what was filled in ---------------------------------------------------------------------------------------
    def _line(self, row: _Row, text: str, following: str) -> None:
        labels = label_places(self.index, text)
        self._free(row, text[: labels[0][0]] if labels else text)
        if not labels and not self.boxed and BOX.search(following):
            self._close()  # perhaps a heading that no field knows: its boxes must not fall under the one before
        for (begin, value), (stop, _) in pairwise([*labels, (len(text), 0)]):
            self._labelled(row, text[begin:value], text[value:stop])

    def _labelled(self, row: _Row, untrimmed_label: str, value: str) -> None:
        self._settle()
        if self.scope.table:
            self._close()
        self.begun = True
        label = untrimmed_label.rstrip("_. ")
        section = self._section(label)
        if SAID.search(value) or (label.endswith("?") and self.index.inside(label) is None):
            self._answer(row, f"{untrimmed_label}{value}", section)
        else:
            self.pending = (Entry(label, (row.id,), section, "blank"), row)

    def _free(self, row: _Row, text: str) -> None:
        if not SAID.search(text):
            return
        if self.boxes_near and self._is_box_item(text):
            self._add(Entry(text.strip(), (row.id,), None, "unsure"))
            return
        number = heading_number(text)
        self.scope.listed |= number == 1
        next_heading = number is not None and self.scope.number is not None and number == self.scope.number + 1
        if (next_heading and not self.scope.listed) or self._is_foreign_heading(text):
            self._settle()
            self._close()
        question = self._take_question(row)
        self._answer(row, text, question.section if question else self._section(text, leading=True), question)

    def _is_foreign_heading(self, text: str) -> bool:
        """A line in capitals among others that are not, where headings are in capitals, that no field knows."""
        heading = self.scope.heading
        capitals = text.isupper() and len(text.split()) <= 5 and not re.search(r"\d", text)
        return capitals and not self.caps and heading is not None and heading.text.isupper() and GAP not in text

    # -- boxes ----------------------------------------------------------------------------------------------------
    def _boxes(self, row: _Row) -> None:
        if self.scope.table:
            self._close()
        self.consent, self.begun = False, True
        if self.boxes_behind:
            self._settle()
        lead, items, ticked = box_items(row.text, behind=self.boxes_behind)
        self._ticked(row, lead, items, ticked)

    def _ticked(self, row: _Row, lead: str, items: Sequence[str], ticked: Sequence[str]) -> None:
        """What is made of a row of boxes: `lead` stands before the first, `items` behind each, `ticked` are those that count."""
        if SAID.search(lead) and self._is_box_item(lead) and not any(map(_CHOICE.match, items)):
            self._add(Entry(lead, (row.id,), None, "unsure"))
            lead = ""
        question = None if SAID.search(lead) else self._take_question(row)
        if SAID.search(lead):
            self._settle()
        if not ticked and SAID.search(lead):
            self._add(Entry(lead, (row.id,), None, "blank"))
        elif not ticked and question is not None:
            self._add(question)
        for item in ticked:
            if not SAID.search(item):
                self._add(Entry(row.text, (row.id,), None, "unsure"))
                continue
            section = question.section if question else self._section(lead or item, leading=True)
            self._answer(row, f"{lead} {item}".strip(), section, question)

    def _is_box_item(self, text: str) -> bool:
        """A condition or a choice that should have a box of its own."""
        match = self.index.whole(text)
        return match is not None and not match.strong and LABEL_END.search(text) is None

    # -- where it goes --------------------------------------------------------------------------------------------
    def _section(self, label: str, *, leading: bool = False) -> str | None:
        match = self.index.leading(label) if leading else self.index.inside(label)
        if self.scope.table and leading and GAP not in label:  # a line below a table, or a cell that lost its row
            named = self.index.inside(label)
            match = named if named is not None and named.strong else match
        if match is None or (self.scope.section is not None and not self._leaves(match, label)):
            return self.scope.section or (match.section if match else None)
        return match.section

    def _leaves(self, match: Match, label: str) -> bool:
        heading = self.scope.heading.text.lower() if self.scope.heading else ""
        if RELATIVE.fullmatch(re.split(r":| - ", label, maxsplit=1)[0].strip()) and re.search(r":| - ", label):
            return True
        return match.strong and not ("allerg" in heading and match.field in {"medications", "medicines", "drugs"})

    def _take_question(self, row: _Row) -> Entry | None:
        """The label on the line above, if it asks for what stands here; then it is answered."""
        if self.pending is None:
            return None
        question, above = self.pending
        top, bottom = above.anchor.box[1], above.anchor.box[3]
        near = row.anchor.page == above.anchor.page and row.anchor.box[1] - bottom <= _NEXT_LINE * max(
            bottom - top, 0.005
        )
        if not near or not LONG_ANSWER.search(question.text):
            self._settle()
            return None
        self.pending = None
        return question

    def _settle(self) -> None:
        """The label that waited for its answer has none."""
        if self.pending is not None:
            question, self.pending = self.pending[0], None
            self._add(question)

    def _answer(self, row: _Row, text: str, section: str | None, question: Entry | None = None) -> None:
        if question is None:
            self._add(Entry(text.strip(), (row.id,), section))
        else:
            self._add(Entry(f"{question.text} {text.strip()}", (*question.evidence, row.id), section))

    def _add(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.scope.filled = True
