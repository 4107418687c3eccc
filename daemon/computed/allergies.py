"""Allergies and intolerances with their reactions, as a list. That there are none is written only where it is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from daemon.computed.allergy_words import NO_KNOWN, REACTION, SUBSTANCE
from daemon.computed.carried import left_over
from daemon.computed.form_lists import is_none, listed, value
from daemon.computed.lines import spoken_lines
from daemon.computed.material import Computed, Material
from daemon.computed.spoken_allergies import AllergyRow, spoken_allergies
from daemon.documents.form import Entry
from daemon.documents.form_lines import GAP
from daemon.faithfulness.drugs import find_drugs
from daemon.model.document import SectionSpec
from daemon.model.draft import Statement

COLUMNS = ("Allergy", "Reaction as stated")
_YES_NO = re.compile(r"\W*(?:yes|no|y|n)\b.{0,12}", re.IGNORECASE)
_TO = re.compile(
    r"\s*(?:\s[-–—]+\s*|:\s*|\(|=\s*|,?\s+(?:reactions?|type of reaction)\s?:|\s+(?:causes?|gives? me|makes? me|caused|->)\s+)\s*",
    re.IGNORECASE,
)
"""What stands on a form between an allergy and its reaction."""
_PARTS = re.compile(r",\s*|;\s*|\s+and\s+|\s*/\s*(?=[^\W\d])", re.IGNORECASE)


def allergies(material: Material, spec: SectionSpec) -> Computed:
    """The allergies of recordings, texts and forms, one a row; where it is said that there are none, that is a row."""
    rows = allergy_rows(material)
    rest = left_over(material.written.get(spec.key, ()), [row.text for row in rows])
    statements = (
        *(Statement(row.text, row.evidence, "quoted", cells=(row.allergy, row.reaction)) for row in rows),
        *(replace(one, cells=(one.text, "")) for one in rest),
    )
    return Computed(statements, COLUMNS if statements else ())


def allergy_rows(material: Material) -> list[AllergyRow]:
    """The rows of all sources, each allergy and reaction once."""
    on_forms = (row for entry in listed(material, "allergies") for row in _rows(entry))
    return _merged([*on_forms, *spoken_allergies(spoken_lines(material.passages))])


def _merged(rows: Sequence[AllergyRow]) -> list[AllergyRow]:
    """One row for one allergy: a reaction is added where none stood; two different ones stay two rows."""
    kept: dict[str, AllergyRow] = {}
    for row in rows:
        key = " ".join(re.findall(r"\w+", row.allergy.lower())).removesuffix("s")
        before = kept.get(key)
        if before is None or (row.reaction and not before.reaction):
            kept[key] = row
        elif row.reaction and row.reaction.lower() != before.reaction.lower():
            kept.setdefault(f"{key}: {row.reaction.lower()}", row)
    return list(kept.values())


def _rows(entry: Entry) -> Iterator[AllergyRow]:
    text = _value(entry.text)
    if is_none(text) or _YES_NO.fullmatch(text) or NO_KNOWN.match(text):
        yield AllergyRow(entry.text, "", entry.text, entry.evidence)
        return
    cells = [cell.strip() for cell in text.split(GAP)]
    if len(cells) > 1:
        yield AllergyRow(cells[0], ", ".join(cell for cell in cells[1:] if cell), entry.text, entry.evidence)
        return
    for allergy, reaction in _members(text):
        yield AllergyRow(allergy, reaction, entry.text, entry.evidence)


def _value(text: str) -> str:
    """An entry without its printed label, unless that names what is not tolerated ("Latex: hives")."""
    label = text.partition(":")[0]
    named = find_drugs(label) or SUBSTANCE.search(label)
    return text if named and "allerg" not in label.lower() else value(text)


def _members(text: str) -> list[tuple[str, str]]:
    """The allergies of one line with their reactions; a part that is a reaction belongs to the one before it."""
    found: list[tuple[str, str]] = []
    begin = 0
    for cut in [
        *(one for one in _PARTS.finditer(text) if text.count("(", 0, one.start()) == text.count(")", 0, one.start())),
        None,
    ]:
        part = text[begin : cut.start() if cut else len(text)].strip(" .")
        to = _TO.search(part)
        allergy, reaction = (part[: to.start()], part[to.end() :].rstrip(") ")) if to and to.start() else (part, "")
        if found and REACTION.fullmatch(part):
            last = found[-1]
            together = text[text.index(last[1]) : begin + len(part)] if last[1] else part
            found[-1] = last[0], together
        elif allergy:
            found.append((allergy, reaction))
        begin = cut.end() if cut else begin
    return found
