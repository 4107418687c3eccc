"""Encounters with their notes, from JSON lines as ACI-Bench and MTS-Dialog have them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from daemon.faithfulness.reading.sentences import NoteSection, note_sections
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.texts import Texts
from daemon.model.errors import PermanentError


@dataclass(frozen=True, slots=True)
class Encounter:
    """A conversation and the note that people wrote of it, its sentences under their headings."""

    id: str
    source: Texts
    sections: tuple[NoteSection, ...]

    def statements(self) -> Iterator[tuple[str, str]]:
        """Each sentence of the note with its heading."""
        for section in self.sections:
            for text in section.statements:
                yield section.title, text


def read_corpus(path: Path) -> tuple[Encounter, ...]:
    """The encounters of a file: one JSON object a line with `id`, `dialogue`, and `note` or, with its `section`, `text`.

    Raises `corpus-unreadable` where the file is no such thing.
    """
    try:
        rows = [json.loads(line) for line in path.read_bytes().decode("utf-8-sig").split("\n") if line.strip()]
        found = tuple(_encounter(row, number) for number, row in enumerate(rows, 1))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise PermanentError("corpus-unreadable") from None
    if not found:
        raise PermanentError("corpus-unreadable")
    return found


def _encounter(row: dict[str, str], number: int) -> Encounter:
    note = row["note"] if "note" in row else f"{row.get('section', 'Note').upper()}:\n{row['text']}"
    return Encounter(str(row.get("id", number)), read_transcript(row["dialogue"]), note_sections(note))
