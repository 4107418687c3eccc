"""What stands on forms under medications and under allergies: every entry, whether a list of drugs knows it or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from daemon.computed.drug_rows import Row
from daemon.computed.material import Material
from daemon.computed.spoken_drugs import spoken_rows
from daemon.documents.form import Entry, read_form
from daemon.documents.form_lines import GAP
from daemon.documents.form_words import FieldIndex
from daemon.documents.loader import load_documents
from daemon.faithfulness.medicines.doses import find_doses
from daemon.faithfulness.medicines.drug_status import Stated, stated
from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.reading.lines import Line
from daemon.model.document import Document

_NONE = re.compile(
    r"\W*(?:none(?: known| reported| at this time| currently)?|no|n/?a|nil|nkd?a|-+|not applicable|nothing|no medications|no meds|denies)\W*",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^(?P<label>[^:?|]{2,60}[:?])\s*(?P<value>\S.*)$")
_CELLS = re.compile(r"\s*\|(?:\s*\|)*\s*")
_NUMBERED = re.compile(r"^\s*\d{1,2}[.)]\s+")
_LABELLED_DOSE = re.compile(
    r"\b(?:dose|dosage|strength|how often|frequency|times per day|reason(?: for taking)?)\s?:", re.IGNORECASE
)
_PARTS = re.compile(r",\s+|;\s+|\s+and\s+", re.IGNORECASE)


_ELSEWHERE = frozenset({"medications", "allergies", "family"})
"""Sections whose drugs are no further medications: their own list, what is not tolerated, and what relatives take."""
_GOES_ON = re.compile(r"\s*(?:for|as|with|when|take|taken|since|if|at|by|in|on|one|two|half)\b", re.IGNORECASE)
_MOST_WORDS = 7  # of one medicine in a list that somebody wrote on one line


def form_rows(material: Material) -> Iterator[Row]:
    """The medications of forms: each entry of their section, and drugs that are named elsewhere on a form."""
    entries = _answers(material)
    own = [row for entry in entries if entry.section == "medications" for row in _rows(entry)]
    named = [
        replace(row, evidence=entry.evidence)
        for entry in entries
        if entry.section not in _ELSEWHERE
        for row in spoken_rows([Line(entry.text, entry.evidence[0])])
        if row.known
    ]
    # "[X] Medicines" above a list is its heading; alone it is all that is known.
    telling = [row for row in own if not _is_heading(row)]
    yield from telling if telling or named else own
    yield from named


def _is_heading(row: Row) -> bool:
    match = _index().whole(row.text)
    return not row.known and match is not None and match.section == "medications"


def listed(material: Material, section: str) -> list[Entry]:
    """The answers of a form that belong to `section` of an intake summary."""
    return [entry for entry in _answers(material) if entry.section == section]


def value(text: str) -> str:
    """An entry without the printed label it begins with, and without the number of a list."""
    plain = _NUMBERED.sub("", text)
    labelled = _LABEL.match(plain)
    if labelled is None or _index().inside(labelled["label"]) is None:
        return plain.strip()
    return labelled["value"].strip()


def answer(entry: Entry) -> str:
    """An entry without the printed label it begins with, even one without a colon."""
    return entry.text[entry.label :].strip() if entry.label else value(entry.text)


def is_none(text: str) -> bool:
    """Whether an entry says that there is nothing."""
    return _NONE.fullmatch(text) is not None


def _answers(material: Material) -> list[Entry]:
    """By the document's own labels where it tells these sections apart, else by those of an intake summary."""
    own = {spec.key for spec in material.document.sections if spec.fields}
    entries = material.entries if {"medications", "allergies"} <= own else read_form(_intake(), material.passages)
    return [entry for entry in entries if entry.kind == "answer"]


@cache
def _intake() -> Document:
    return load_documents(None)["intake"]


@cache
def _index() -> FieldIndex:
    return FieldIndex(_intake())


def _rows(entry: Entry) -> Iterator[Row]:
    text = answer(entry)
    parts = [text] if GAP in text or is_none(text) else _parts(text)
    for part in parts:
        yield _row(entry, part, alone=len(parts) == 1)


def _is_plain(entry: Entry, part: str) -> bool:
    """Whether nothing but a label that says no more than the list does stands before it: "Medication 1:", "Supplements:"."""
    label = re.sub(r"\d+", "", entry.text.removesuffix(part))
    match = _index().whole(label)
    return match is not None and match.section == "medications" and entry.text.endswith(part)


def _row(entry: Entry, part: str, *, alone: bool) -> Row:
    drugs, doses = find_drugs(part), find_doses(part)
    cell, _, rest = part.partition(GAP)
    if not rest:
        first = min((dose.span[0] for dose in doses if dose.tells or "number" in dose.kinds), default=len(part))
        label = _LABELLED_DOSE.search(part)
        cut = min(first, label.start() if label else first)
        cell, rest = (part[:cut], part[cut:]) if part[:cut].strip(" ,-:(") else (part, "")
    name, told = cell.strip(" ,-:("), _CELLS.sub(", ", rest.strip(" ,-:|"))
    said_of = stated(part, [each.span for each in drugs], 0) if drugs else Stated("named")
    known = bool(drugs) or is_none(part)
    generic = drugs[0].generic if drugs else part.lower()
    same = alone and (part == entry.text.strip() or _is_plain(entry, part))
    text = entry.text if alone else part
    return Row(
        name,
        told,
        part[slice(*said_of.span)],
        "" if same else entry.text,
        text,
        entry.evidence,
        generic,
        said_of.status,
        known,
    )


def _parts(text: str) -> list[str]:
    """The medicines of a list on one line; the line whole if it is no such list."""
    parts: list[str] = []
    begin = 0
    for cut in [*_PARTS.finditer(text), None]:
        piece = text[begin : cut.start() if cut else len(text)]
        doses = find_doses(piece)
        goes_on = (doses and not piece[: doses[0].span[0]].strip()) or _GOES_ON.match(piece)
        if parts and goes_on and not find_drugs(piece):
            parts[-1] = text[text.index(parts[-1]) : begin + len(piece)]
        else:
            parts.append(piece)
        begin = cut.end() if cut else begin
    known = sum(bool(find_drugs(part)) for part in parts)
    short = all(0 < len(part.split()) <= _MOST_WORDS for part in parts)
    return parts if len(parts) > 1 and short and 2 * known >= len(parts) else [text]
