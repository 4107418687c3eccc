"""Pages among forms that are no forms: a report of a test, a letter. Their lines stay together, in order and with their labels.

What they call "Impression" or "Plan" is another clinician's. So their text goes where results are listed, or where all else that stands
on paper is, and only who the patient is, medications and allergies go to their own lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal

from daemon.documents.form_entries import Entry, Row
from daemon.documents.form_lines import GAP, LABEL_END, SAID
from daemon.documents.form_words import BOX, FieldIndex, plain_label
from daemon.model.document import Document

Kind = Literal["report", "letter"]

_TITLE_ROWS = 8
_TITLE_WORDS = 9
_REPORT = re.compile(
    r"\b(?:radiolog\w+|imaging|x-?rays?|radiograph\w*|ct|mri|mra|ultrasound|sonogra\w+|echocardiogra\w+|mammogra\w+|dexa|dxa|bone density|"
    r"nuclear|pet|ecg|ekg|eeg|emg|laborator\w+|labs?|patholog\w+|cytolog\w+|biopsy|microbiolog\w+|endoscop\w+|colonoscop\w+|operative|"
    r"procedure|spirometry|pulmonary function|sleep study|stress test|holter|test)\b.*\b(?:reports?|results?|study|findings|interpretation)\b",
    re.IGNORECASE,
)
_LETTER = re.compile(
    r"\b(?:discharge|transfer|referral|consult(?:ation)?|operative)\W+(?:summary|letter|note|report)\b|\bletter of referral\b",
    re.IGNORECASE,
)
_SALUTATION = re.compile(r"(?:dear\b.{2,60}|to whom it may concern)[,:]?", re.IGNORECASE)
_REPORTED = frozenset(
    {"findings", "impression", "technique", "comparison", "conclusion", "interpretation", "specimen", "accession", "accession number",
     "collected", "radiologist", "pathologist", "gross description", "microscopic description", "clinical indication", "final diagnosis"}
)  # fmt: skip
"""Labels of reports that forms do not ask for; one alone does not make a report."""
_RESULTS = {"IMAGING", "LABS"}
_OWN_LISTS = {"medications", "allergies"}
_NEAR = 1.4  # of the page's usual distance between lines: what stands further below begins a paragraph


def report_kind(rows: Sequence[Row]) -> Kind | None:
    """What a page is if it is no form. A page with boxes to tick is one."""
    if any(BOX.search(row.text) for row in rows):
        return None
    if any(_SALUTATION.fullmatch(row.text) for row in rows):
        return "letter"
    titles = [
        row.text for row in rows[:_TITLE_ROWS] if len(row.text.split()) <= _TITLE_WORDS and not _labelled(row.text)
    ]
    if any(map(_LETTER.search, titles)):
        return "letter"
    named = {plain_label(row.text[: found.start()]) for row in rows if (found := LABEL_END.search(row.text))}
    return "report" if any(map(_REPORT.search, titles)) or len(named & _REPORTED) > 1 else None


def report_entries(document: Document, rows: Sequence[Row], kind: Kind, index: FieldIndex) -> Iterator[Entry]:
    """The paragraphs of one page, each with its label."""
    section = _section(document, kind)
    lists = {spec.key for spec in document.sections if spec.computed} | _OWN_LISTS
    patient = index.whole("date of birth")
    kept = lists | ({patient.section} if patient else set())
    for paragraph in _paragraphs(rows):
        text = " ".join(row.text for row in paragraph)
        labelled = LABEL_END.search(paragraph[0].text)
        match = index.whole(paragraph[0].text[: labelled.start()]) if labelled else None
        own = match.section if match is not None and match.section in kept else section
        yield Entry(text, tuple(row.id for row in paragraph), own)


def _section(document: Document, kind: Kind) -> str | None:
    keys = [spec.key for spec in document.sections]
    results = next((spec.key for spec in document.sections if _RESULTS & set(spec.labels) and not spec.computed), None)
    return results if kind == "report" and results else "other" if "other" in keys else None


def _paragraphs(rows: Sequence[Row]) -> Iterator[list[Row]]:
    rows = [row for row in rows if SAID.search(row.text)]
    gaps = sorted(gap for above, below in pairwise(rows) if (gap := _gap(above, below)) > 0)
    usual = gaps[len(gaps) // 4] if gaps else 0.0
    paragraph: list[Row] = []
    for row in rows:
        if paragraph and not _goes_on(paragraph, row, usual):
            yield paragraph
            paragraph = []
        paragraph.append(row)
    if paragraph:
        yield paragraph


def _gap(above: Row, below: Row) -> float:
    return below.box[1] - above.box[1]


def _goes_on(paragraph: Sequence[Row], row: Row, usual: float) -> bool:
    """Whether a line goes on with the one above: near it, without a label, and not after a title or a table's row."""
    last = paragraph[-1]
    apart = _labelled(row.text) or GAP in row.text or GAP in last.text or row.page != last.page
    title = _SALUTATION.fullmatch(last.text) is not None or _SALUTATION.fullmatch(row.text) is not None
    title |= not _labelled(paragraph[0].text) and len(paragraph) == 1 and len(last.text.split()) <= _TITLE_WORDS
    return not apart and not title and 0 < _gap(last, row) <= _NEAR * usual


def _labelled(text: str) -> bool:
    found = LABEL_END.search(text)
    return found is not None and len(text[: found.start()].split()) <= 4
