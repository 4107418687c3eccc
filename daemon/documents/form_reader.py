"""Reads the rows of one form from top to bottom: labels and answers, boxes, headings and what stands under them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from daemon.documents.form_entries import Entry, Row
from daemon.documents.form_joins import needs_heading
from daemon.documents.form_lines import (
    CHOICE,
    CHOICE_ALONE,
    CHOICES_ALONE,
    GAP,
    LABEL_END,
    OF_BOXES,
    SAID,
    box_items,
    boxes_stand_behind,
    is_box_item,
    is_table_head,
    label_places,
    unclear_entries,
)
from daemon.documents.form_print import Print
from daemon.documents.form_scope import Asked, Scope
from daemon.documents.form_words import (
    BOX,
    LONG_ANSWER,
    PRINTED_FIRST,
    RELATIVE,
    TITLE,
    FieldIndex,
    Match,
    heading_number,
)

_LIST_NUMBER_ONLY = re.compile(r"\W*\d{1,2}\W*")
_ANY_TABLE = {"date", "name", "age", "doctor", "weight"}  # columns that tables of every section have


@dataclass(slots=True)
class FormReader:
    """Reads one source, once."""

    index: FieldIndex
    print: Print
    scope: Scope = field(default_factory=Scope)
    entries: list[Entry] = field(default_factory=list)
    pending: tuple[Entry, Row] | None = None
    asked: Asked | None = None
    begun: bool = False
    caps: bool = False
    boxes_behind: bool = False
    boxes_near: bool = False
    boxed: bool = False
    title: bool = False

    def read(self, rows: Sequence[Row]) -> list[Entry]:
        """The entries of a source's rows, given in reading order."""
        self.boxes_behind = boxes_stand_behind([row.text for row in rows])
        boxed = [BOX.search(row.text) is not None for row in rows]
        for number, row in enumerate(rows):
            self.boxes_near = any(boxed[max(number - 1, 0) : number + 2])
            following = rows[number + 1].text if number + 1 < len(rows) else ""
            first = (not self.begun or rows[number - 1].page != row.page) and not LABEL_END.search(row.text)
            self.title = first and (TITLE.search(row.text) is not None or self.index.heading(following) is None)
            self._row(row, number, following)
            self.boxed = boxed[number]
            self.caps = row.text.isupper()
        self._end_boxes()
        self._settle()
        self._close()
        return self.entries

    def _row(self, row: Row, number: int, following: str) -> None:
        if BOX.search(row.text):
            self._boxes(row)
            return
        self._end_boxes()
        if self.print.asks_for_marks(row.text):
            self._settle()
            self._add(Entry(row.text, (row.id,), None, "unsure"))
        elif row.label:
            self._paired(row, following)
        elif is_table_head(row.text):
            self._table(row)
        elif not self.begun and self.print.is_title(row, number, following):
            self.begun = True
        elif (heading := self.print.heading(row.text, following)) is not None:
            self._settle()
            self._open(row, heading)
        elif self.print.holds(row, number, begun=self.begun):
            self._settle()
        elif not _LIST_NUMBER_ONLY.fullmatch(row.text):
            self._line(row, row.text, following)

    # -- headings -------------------------------------------------------------------------------------------------
    def _table(self, row: Row) -> None:
        self.begun = True
        asked = self.index.inside(self.pending[0].text) if self.pending else None
        if self.pending and asked and self.pending[0].text.endswith("?"):  # what a table asks in all its rows
            self._open(self.pending[1], asked)
            self.scope.table, self.scope.filled, self.pending = True, True, None
        self._settle()
        if self.scope.heading is None or self.scope.table:
            named = [match for cell in row.text.split(GAP) if (match := self.index.inside(cell))]
            first = next((match for match in named if match.field not in _ANY_TABLE), next(iter(named), None))
            if first is not None:
                self._open(row, first)
                self.scope.table = True
        self.scope.columns, self.scope.in_table = row.text, True

    def _open(self, row: Row, match: Match) -> None:
        self._close()
        self.begun, self.print.consent = True, False
        heading = Entry(row.text, (row.id,), None, "blank")
        # A page's own name asks for nothing.
        self.scope = Scope(match.section, heading, heading_number(row.text), filled=self.title, title=self.title)

    def _close(self) -> None:
        if self.scope.heading is not None and not self.scope.filled:
            self.entries.append(self.scope.heading)
        self.scope = Scope()

    # -- what was filled in ---------------------------------------------------------------------------------------
    def _line(self, row: Row, text: str, following: str) -> None:
        labels = label_places(self.index, text)
        self._free(row, text[: labels[0][0]] if labels else text, following)
        if not labels and not self.boxed and BOX.search(following):
            self._close()  # perhaps a heading that no field knows: its boxes must not fall under the one before
        for (begin, value), (stop, _) in pairwise([*labels, (len(text), 0)]):
            self._labelled(row, text[begin:value], text[value:stop])

    def _paired(self, row: Row, following: str) -> None:
        """A label and what was read beside or below it."""
        if LABEL_END.search(row.text[: row.label]):
            self._line(row, row.text, following)
        else:
            self._labelled(row, row.text[: row.label], row.text[row.label :])

    def _labelled(self, row: Row, untrimmed_label: str, value: str) -> None:
        self._settle()
        if self.scope.table:
            self._close()
        self.begun, self.scope.in_table = True, False
        label = untrimmed_label.rstrip("_. ")
        section = self._section(label)
        if self.scope.section not in {None, section} and not RELATIVE.search(label.rstrip(": ")):
            self.scope.filled = True
            self._close()  # what comes after a label of another section is no longer under the heading
        if SAID.search(value) or (label.endswith("?") and self.index.inside(label) is None):
            self._answer(row, f"{untrimmed_label}{value}", section)
        else:
            self.pending = (Entry(label, (row.id,), section, "blank"), row)

    def _free(self, row: Row, text: str, following: str) -> None:
        if not SAID.search(text):
            return
        printed = PRINTED_FIRST.match(self.scope.columns) and not re.search(r"\d", text)
        self.scope.in_table &= GAP in text or bool(printed)
        if self.scope.in_table and GAP not in text:
            self._add(Entry(text.strip(), (row.id,), None, "blank"))  # "Influenza" in a table of vaccines was not given
            return
        asks_for_boxes = self.pending is not None and OF_BOXES.search(self.pending[0].text) is not None
        asks_for_boxes |= CHOICES_ALONE.fullmatch(following) is not None
        if self.boxes_near and (asks_for_boxes or is_box_item(self.index, text)):
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
    def _boxes(self, row: Row) -> None:
        if self.scope.table:
            self._close()
        self.print.consent, self.begun, self.scope.in_table = False, True, False
        if self.boxes_behind:
            self._settle()
        lead, items, ticked, unclear = box_items(row.text, behind=self.boxes_behind)
        if SAID.search(lead) and is_box_item(self.index, lead) and not any(map(CHOICE.match, items)):
            self._add(Entry(lead, (row.id,), None, "unsure"))
            lead = ""
        self._ask(row, lead, items)
        self._ticked(row, ticked)
        for doubt in unclear_entries(row, self.asked.entry if self.asked else None, unclear):
            self._add(doubt)
        if self.asked is not None:
            self.asked.answered |= bool(unclear)
        if any(map(CHOICE.match, items)):
            self._end_boxes()

    def _ask(self, row: Row, lead: str, items: Sequence[str]) -> None:
        """Whose choices these boxes are: what stands before them, the label above, or that of the boxes above."""
        question = None
        if SAID.search(lead):
            self._open_question()
            self._settle()
            heading = self.index.heading(lead) if lead.endswith(":") else None
            if heading is not None:
                self._end_boxes()
                self._open(row, heading)
                self.scope.filled = True
            question = Entry(lead, (row.id,), self._section(lead, leading=not lead.endswith((":", "?"))), "blank")
        else:
            question = self._take_question(row)
        above = self.asked.row if self.asked else row
        if question is not None or not row.is_on_next_line(above) or any(map(CHOICE.match, items)):
            self._end_boxes()
            self.asked = Asked(question, row) if question else None
        elif self.asked is not None:
            self.asked.row = row

    def _open_question(self) -> None:
        """A question over rows that have boxes of their own ("Have you had any of the following?") is their heading."""
        if self.pending is not None and OF_BOXES.search(self.pending[0].text):
            (question, row), self.pending = self.pending, None
            match = self.index.inside(question.text)
            if match is not None:
                self._open(row, match)
                self.scope.filled = True

    def _ticked(self, row: Row, ticked: Sequence[str]) -> None:
        question = self.asked.entry if self.asked else None
        for item in ticked:
            if not SAID.search(item) or (question is None and CHOICE_ALONE.fullmatch(item)):
                self._add(Entry(row.text, (row.id,), None, "unsure"))
                if self.asked is not None:
                    self.asked.answered = True
                continue
            self._answer(row, item, question.section if question else self._section(item, leading=True), question)
            if self.asked is not None:
                self.asked.answered = True

    def _end_boxes(self) -> None:
        """No more boxes for what was asked; it is blank if none was ticked."""
        asked, self.asked = self.asked, None
        if asked is not None and not asked.answered:
            self._add(asked.entry)

    # -- where it goes --------------------------------------------------------------------------------------------
    def _section(self, label: str, *, leading: bool = False) -> str | None:
        match = self.index.leading(label) if leading else self.index.inside(label)
        if self.scope.table and leading and GAP not in label:  # a line below a table, or a cell that lost its row
            named = self.index.inside(label)
            match = named if named is not None and named.strong else match
        if match is None or (self.scope.section is not None and not self.scope.lets_go(match, label)):
            return self.scope.section or (match.section if match else None)
        return match.section

    def _take_question(self, row: Row) -> Entry | None:
        """The label on the line above, if it asks for what stands here; then it is answered."""
        if self.pending is None:
            return None
        question, above = self.pending
        beside = row.is_beside(above) and BOX.search(row.text) is not None
        if not (beside or (row.is_below(above) and LONG_ANSWER.search(question.text))):
            self._settle()
            return None
        self.pending = None
        return question

    def _settle(self) -> None:
        """The label that waited for its answer has none."""
        if self.pending is not None:
            question, self.pending = self.pending[0], None
            self._add(question)

    def _answer(self, row: Row, text: str, section: str | None, question: Entry | None = None) -> None:
        if question is None:
            self._add(Entry(text.strip(), (row.id,), section))
        else:
            evidence = tuple(dict.fromkeys((*question.evidence, row.id)))
            self._add(Entry(f"{question.text} {text.strip()}", evidence, section))

    def _add(self, entry: Entry) -> None:
        heading = self.scope.heading
        if (
            heading is not None
            and needs_heading(heading.text, entry.text)
            and heading.evidence[0] not in entry.evidence
        ):
            entry = replace(entry, text=f"{heading.text} {entry.text}", evidence=(*heading.evidence, *entry.evidence))
        self.entries.append(entry)
        self.scope.filled = True
