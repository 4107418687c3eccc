"""What one remembers on the way down a form: the heading one is under, and what the last boxes were choices for."""

from __future__ import annotations

from dataclasses import dataclass

from daemon.documents.form_entries import Entry, Row


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
