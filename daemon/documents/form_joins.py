"""What belongs together on a form though it was read apart: wrapped lines, a person and their telephone, a drug and its dose.

Joined entries stay verbatim and cite every passage. Where it is not sure that two things belong together, they stay apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from daemon.documents.form_entries import Entry, Row
from daemon.documents.form_lines import GAP, LABEL_END
from daemon.documents.form_words import BOX, LONG_ANSWER, PERSON, UNFINISHED, FieldIndex, plain_label

_SIGNATURE = re.compile(r"\b(?:signature|signed|sign)\b")
_DATE = re.compile(r"(?:today's )?date(?: signed)?")
_OF_A_PERSON = re.compile(
    r"(?:name|full name|(?:their )?relationship(?: to (?:patient|child|you))?|(?:(?:home|cell|work|mobile|daytime|office) )?(?:phone|telephone|tel|number)"
    r"(?: (?:no|number|#))?|tel|cell|mobile|fax|address|email|e-mail|dob|date of birth|birth date|employer)"
)
"""What is asked of a person, whoever it is."""
_BARE = re.compile(r"how (?:many|much|long)|number|amount|when|details|explain|comments|if yes")
"""Labels that ask for nothing by themselves."""
_IF_YES = re.compile(r"if (?:yes|so)\b|explain$|details$")
_HEADS = ("drug", "medication", "medicine", "name of drug", "name of medication", "medication name", "drug name", "allergy", "allergen", "allergic to",
          "substance", "surgery", "operation", "procedure", "type of surgery", "what", "year", "date", "vaccine")  # fmt: skip
_PARTS = ("reaction", "type of reaction", "dose", "dosage", "strength", "how often", "frequency", "times per day", "reason", "reason for taking", "started",
          "prescribed by", "year", "date", "what", "surgery", "operation", "procedure", "type", "type of surgery", "hospital", "surgeon", "side")  # fmt: skip
_SAME_EDGE = 0.03  # of the page's width
_LISTS = ("medications", "allergies")


def needs_heading(heading: str, text: str) -> bool:
    """Whether a labelled line would say something else without its heading: another's name, or a bare "How many:"."""
    label = _label(text) or plain_label(text)
    other = PERSON.search(plain_label(heading)) is not None and _OF_A_PERSON.fullmatch(label) is not None
    return other or _BARE.fullmatch(label) is not None


def joined(entries: Sequence[Entry], rows: Sequence[Row], index: FieldIndex) -> list[Entry]:
    """The entries of one source, in order, with those joined that belong together. `rows` are the source's."""
    return _Joiner({row.id: (number, row) for number, row in enumerate(rows)}, index).join(entries)


class _Joiner:
    def __init__(self, rows: Mapping[str, tuple[int, Row]], index: FieldIndex) -> None:
        self._rows, self._index = rows, index
        self._signed = index.whole("signature")

    def join(self, entries: Sequence[Entry]) -> list[Entry]:
        found: list[Entry] = []
        for entry in entries:
            together = self._with(found[-1], entry) if found and entry.kind == "answer" else None
            if together is None:
                found.append(entry)
            elif found[-1].kind == "answer":
                found[-1] = together
            else:
                found.append(together)
        return found

    def _with(self, before: Entry, entry: Entry) -> Entry | None:
        """Both as one entry; None if they stay apart. A label without an answer lends its words, and stays blank."""
        if self._is_signatures_date(before, entry):
            section = self._signed.section if self._signed else before.section
            return replace(_both(before, entry), section=section) if before.kind == "answer" else None
        if before.kind != "unsure" and self._is_persons(before, entry):
            return replace(_both(before, entry), section=before.section)
        if before.kind == "answer" and _IF_YES.match(self._label(entry)) and self._follows(before, entry):
            return _both(before, entry)
        if before.kind == "answer" and (self._is_wrapped(before, entry) or self._is_part(before, entry)):
            return _both(before, entry)
        return None

    def _is_signatures_date(self, before: Entry, entry: Entry) -> bool:
        signed = _SIGNATURE.search(self._label(before)) is not None
        return signed and _DATE.fullmatch(self._label(entry)) is not None and self._beside(before, entry)

    def _is_persons(self, before: Entry, entry: Entry) -> bool:
        names = PERSON.search(self._label(before)) is not None
        return names and _OF_A_PERSON.fullmatch(self._label(entry)) is not None and self._beside(before, entry)

    def _is_wrapped(self, before: Entry, entry: Entry) -> bool:
        """A line without a label of its own, below one that does not end there."""
        (number, above), (after, row) = self._rows[before.evidence[-1]], self._rows[entry.evidence[0]]
        whole = row.text == entry.text and (before.text.endswith(above.text) or above.text.endswith(before.text))
        printed = any(GAP in x.text or BOX.search(x.text) for x in (row, above))
        if after != number + 1 or not whole or printed or LABEL_END.search(row.text) or not row.is_below(above):
            return False
        goes_on = (
            row.text[:1].islower() and LONG_ANSWER.search(self._label(before) + "?"[: "?" in before.text]) is not None
        )
        ends = before.text.rstrip()[-1:] in ".;:)" or before.text[-1:].isdigit() or before.section in _LISTS
        return UNFINISHED.search(before.text) is not None or (goes_on and not ends)

    def _is_part(self, before: Entry, entry: Entry) -> bool:
        """Reaction to drug, procedure to year: beside it, or right below it at the same edge; no label comes twice."""
        labels = [plain_label(found) for found in re.findall(r"([^\W\d][\w' ]*):", before.text)]
        label = self._label(entry)
        if before.section != entry.section or not labels or labels[0] not in _HEADS or label not in _PARTS:
            return False
        (number, above), (after, row) = self._rows[before.evidence[-1]], self._rows[entry.evidence[0]]
        first = self._rows[before.evidence[0]][1]
        below = row.is_below(above) and abs(row.box[0] - first.box[0]) < _SAME_EDGE
        return label not in labels and after - number <= 1 and (row.is_beside(above) or below)

    def _label(self, entry: Entry) -> str:
        """The label an entry begins with, with a colon or read apart from its answer without one; "" if it has none."""
        row = self._rows[entry.evidence[0]][1]
        apart = row.label and entry.text.startswith(row.text[: row.label])
        return plain_label(row.text[: row.label]) if apart else _label(entry.text)

    def _follows(self, before: Entry, entry: Entry) -> bool:
        (number, above), (after, row) = self._rows[before.evidence[-1]], self._rows[entry.evidence[0]]
        return after - number <= 1 and (row.is_beside(above) or row.is_below(above))

    def _beside(self, before: Entry, entry: Entry) -> bool:
        return self._rows[entry.evidence[0]][1].is_beside(self._rows[before.evidence[0]][1])


def _label(text: str) -> str:
    found = LABEL_END.search(text)
    return plain_label(text[: found.start()]) if found else ""


def _both(before: Entry, entry: Entry) -> Entry:
    evidence = tuple(dict.fromkeys((*before.evidence, *entry.evidence)))
    return Entry(f"{before.text} {entry.text}", evidence, before.section)
