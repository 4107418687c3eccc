"""Answers to a question for allergies that stands on a line by itself: "Do you have any allergies?", and "Yes: Penicillin" below it.

Without it what is not tolerated would stand under no label, and among the medicines that are taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from daemon.documents.form_entries import Entry, Row

_QUESTION = re.compile(r"[^?]*\ballerg(?:y|ies|ic)\b[^?]*\?", re.IGNORECASE)
_YES_OR_NO = re.compile(r"\W*(?:\[[ x?]\]\W*)?(?:yes|no|none|y|n)\b|if (?:yes|so)\b", re.IGNORECASE)
_BEFORE = re.compile(
    r"\W*(?:\[[ x?]\]\W*)?(?:yes\b|if (?:yes|so)\b[^:]{0,40}(?=:))[\s:,.–-]*(?=[^\W\d_])", re.IGNORECASE
)
"""What stands before the answer on its line: "Yes: ", "If yes, please list: "."""
_ASKS = re.compile(r"\w ?\?")
_NUMBER = re.compile(r"\d")
_MOST_ROWS: Final = 3


def answers_to_allergies(entries: Sequence[Entry], rows: Sequence[Row], section: str) -> list[Entry]:
    """The entries of one source, with those in `section` that answer such a question: at most three lines behind it that have no label of
    their own, the first of them a yes, a no, or words without a number (a medicine that is taken has a dose)."""
    answering, lost = _answering(rows, {name for entry in entries for name in entry.evidence if entry.section is None})
    cited = {name for entry in entries for name in entry.evidence}
    found = [
        _labelled(replace(entry, section=section))
        if entry.section is None and answering.intersection(entry.evidence)
        else entry
        for entry in entries
    ]
    return found + [
        _labelled(Entry(row.text, row.parts or (row.id,), section, label=end))
        for row, end in lost
        if row.id not in cited
    ]  # nothing was made of a question with its answer on one line


def _labelled(entry: Entry) -> Entry:
    before = _BEFORE.match(entry.text, entry.label)
    return replace(entry, label=before.end()) if before else entry


def _answering(rows: Sequence[Row], unplaced: set[str]) -> tuple[set[str], list[tuple[Row, int]]]:
    answering, lost, left = set[str](), list[tuple[Row, int]](), 0
    for row in rows:
        asked = _QUESTION.match(row.text)
        if asked:
            left = _MOST_ROWS
            if _YES_OR_NO.match(row.text[asked.end() :].strip()):
                lost.append((row, asked.end()))
        elif left and row.id in unplaced and not _ASKS.search(row.text):
            said = _YES_OR_NO.match(row.text) is not None
            left = left - 1 if said or not _NUMBER.search(row.text) else 0
            answering.update({row.id} if left or said else ())
        else:
            left = 0
    return answering, lost
