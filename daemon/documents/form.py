"""Takes a filled-in form apart: what was answered, under which printed label, and what was left blank.

A box without a tick says nothing, and nothing is made of it. What is not understood stays an answer: only printed
instructions, letterheads, tables' heads and consent texts are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from daemon.documents.form_captions import captioned
from daemon.documents.form_entries import Entry, rows_of
from daemon.documents.form_joins import joined
from daemon.documents.form_labels import is_placed, with_common_labels
from daemon.documents.form_pairs import paired
from daemon.documents.form_print import Print
from daemon.documents.form_reader import FormReader
from daemon.documents.form_words import FieldIndex
from daemon.model.document import Document
from daemon.model.passage import Passage

__all__ = ["Entry", "read_form"]


def read_form(document: Document, passages: Iterable[Passage]) -> list[Entry]:
    """The entries of all passages that stand on pages, given in reading order. One under a label without a section is in none."""
    index = FieldIndex(with_common_labels(document))
    rows = rows_of(list(passages))
    entries: list[Entry] = []
    for source in dict.fromkeys(row.source for row in rows):
        own = [row for row in rows if row.source == source]
        above, taken = captioned(own, index)
        rest, doubted = paired([row for row in own if row.id not in taken], index)
        parts = {row.id: row.parts for row in rest if row.parts}
        found = joined(FormReader(index, Print(index)).read(rest), rest, index)
        entries += [*above, *(_whole(entry, parts, doubted) for entry in found)]
    return [entry if is_placed(entry.section) else replace(entry, section=None) for entry in entries]


def _whole(entry: Entry, parts: Mapping[str, tuple[str, ...]], doubted: Collection[str]) -> Entry:
    """The entry with all passages that its rows were put together from. A label beside which something stands is not called blank."""
    evidence = dict.fromkeys(each for name in entry.evidence for each in parts.get(name, (name,)))
    doubt = entry.kind == "blank" and entry.evidence[0] in doubted
    return replace(entry, evidence=tuple(evidence), kind="unsure" if doubt else entry.kind)
