"""What one remembers on the way down a form: the heading one is under, and what the last boxes were choices for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from daemon.documents.form_entries import Entry, Row
from daemon.documents.form_words import PERSON, RELATIVE, Match

_OF_ANYTHING = frozenset(
    {"name", "date", "age", "sex", "doctor", "provider", "weight", "height", "reaction", "other", "notes", "comments"}
)
"""Labels that ask for something else under each heading."""


@dataclass(slots=True)
class Asked:
    """What rows of boxes are choices for, and the last of these rows."""

    entry: Entry
    row: Row
    answered: bool = False


@dataclass(slots=True)
class Scope:
    """The heading that lines stand under, and the head of the table below it."""

    section: str | None = None
    heading: Entry | None = None
    number: int | None = None
    table: bool = False
    filled: bool = False
    listed: bool = False
    columns: str = ""
    in_table: bool = False
    title: bool = False

    def lets_go(self, match: Match, label: str) -> bool:
        """Whether a label below the heading stands for its own section all the same."""
        heading = self.heading.text.lower() if self.heading else ""
        if RELATIVE.fullmatch(re.split(r":| - ", label, maxsplit=1)[0].strip()) and re.search(r":| - ", label):
            return True
        if self.title and match.exact and match.field not in _OF_ANYTHING and not PERSON.search(heading):
            return True  # a page's name is over all of it: "Patient name" on a list of medications is no medication
        return match.strong and not ("allerg" in heading and match.field in {"medications", "medicines", "drugs"})
