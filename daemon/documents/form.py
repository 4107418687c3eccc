"""Takes a filled-in form apart: what was answered, under which printed label, and what was left blank.

A box without a tick says nothing, and nothing is made of it. What is not understood stays an answer: only printed
instructions, letterheads, tables' heads and consent texts are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from daemon.documents.form_allergies import answers_to_allergies
from daemon.documents.form_captions import captioned
from daemon.documents.form_entries import Entry, Row, rows_of
from daemon.documents.form_joins import joined
from daemon.documents.form_labels import is_placed, with_common_labels
from daemon.documents.form_pairs import paired
from daemon.documents.form_print import Print
from daemon.documents.form_reader import FormReader
from daemon.documents.form_reports import report_entries, report_kind
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
        kinds = {page: report_kind([row for row in own if row.page == page]) for page in {row.page for row in own}}
        entries += _of_form([row for row in own if kinds[row.page] is None], index)
        for page, kind in sorted(kinds.items()):
            if kind is not None:
                entries += report_entries(document, [row for row in own if row.page == page], kind, index)
    who = index.whole("date of birth")
    once = _once(entries, who.section if who else None)
    return [entry if is_placed(entry.section) else replace(entry, section=None) for entry in once]


def _once(entries: Sequence[Entry], section: str | None) -> list[Entry]:
    """Without repetitions of who the patient is, which each page of a packet says again; the first cites them all."""
    kept: dict[tuple[str, str | None, str, int], Entry] = {}
    for number, entry in enumerate(entries):
        same = entry.text, entry.section, entry.kind, 0 if section is not None and entry.section == section else number
        evidence = (*kept[same].evidence, *entry.evidence) if same in kept else entry.evidence
        kept[same] = replace(entry, evidence=tuple(dict.fromkeys(evidence)))
    return list(kept.values())


def _of_form(rows: Sequence[Row], index: FieldIndex) -> Iterator[Entry]:
    above, taken = captioned(rows, index)
    rest, doubted = paired([row for row in rows if row.id not in taken], index)
    known = {row.id: row for row in rest}
    yield from above
    entries = [
        _whole(entry, known, doubted) for entry in joined(FormReader(index, Print(index)).read(rest), rest, index)
    ]
    allergies = index.whole("allergies")
    if allergies is not None and allergies.section is not None:
        entries = answers_to_allergies(entries, rest, allergies.section)
    yield from entries


def _whole(entry: Entry, rows: Mapping[str, Row], doubted: Collection[str]) -> Entry:
    """The entry with all passages that its rows were put together from. A label beside which something stands is not called blank."""
    evidence = dict.fromkeys(each for name in entry.evidence for each in rows[name].parts or (name,))
    first = rows[entry.evidence[0]]
    label = first.label if entry.text.startswith(first.text[: first.label]) else 0
    doubt = entry.kind == "blank" and entry.evidence[0] in doubted
    return replace(entry, evidence=tuple(evidence), kind="unsure" if doubt else entry.kind, label=label)
