"""Medications with dose and how they are taken, as a list; what is not taken, or not yet, is marked by the words that say so.

A row for each drug and each dose that is said of it. Every cell stands word for word in the passages that the row cites. A dose
without a known drug keeps the words that stand before it, and a caution: speech recognition spells what it does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from daemon.computed.allergies import allergy_rows
from daemon.computed.carried import left_over
from daemon.computed.drug_rows import NO_NAME, Row, merged, ordered
from daemon.computed.form_lists import form_rows
from daemon.computed.heard_as import sounds_like
from daemon.computed.lines import spoken_lines
from daemon.computed.material import Computed, Material
from daemon.computed.spoken_drugs import spoken_rows
from daemon.faithfulness.medicines.allergy_words import KIN
from daemon.model.document import SectionSpec
from daemon.model.draft import Statement
from daemon.model.finding import Caution
from daemon.model.passage import PageAnchor

COLUMNS = ("Medication", "Dose and how taken", "Status as said", "Said as")


def medications(material: Material, spec: SectionSpec) -> Computed:
    """All drugs of recordings, texts and forms. Allergies are left to their own list where the document has one."""
    rows = [*form_rows(material), *spoken_rows(spoken_lines(material.passages))]
    rows = ordered(merged(_without_allergies(rows, material)))
    carried = [text for row in rows for text in (row.text, row.said)]
    rest = (
        replace(one, cells=("", "", "", one.text)) for one in left_over(material.written.get(spec.key, ()), carried)
    )
    cautions = tuple(_caution(row, material) for row in rows if not row.known)
    columns = COLUMNS[:-1] if material.document.form == "letter" else COLUMNS
    return _as_table((*map(_statement, rows), *rest), columns, cautions)


def _without_allergies(rows: Sequence[Row], material: Material) -> list[Row]:
    """Without what is not tolerated, if the document lists it elsewhere, and without relatives' allergies."""
    has_list = any(each.computed == "allergies" for each in material.document.sections)
    listed = [(row.allergy.lower(), row.evidence) for row in allergy_rows(material)] if has_list else []
    return [row for row in rows if not _is_allergy(row, listed)]


def _is_allergy(row: Row, listed: Sequence[tuple[str, Sequence[str]]]) -> bool:
    """Whether it is told as not tolerated, or is the bare answer to that question: "Any allergies?" "Penicillin"."""
    name = row.name.lower()
    if row.status == "allergy":
        return any(name in allergy for allergy, _ in listed) or KIN.search(row.said) is not None
    answered = row.status == "named" and not row.dose
    return answered and any(name in allergy and row.evidence[0] in evidence for allergy, evidence in listed)


def _as_table(statements: tuple[Statement, ...], columns: Sequence[str], cautions: tuple[Caution, ...]) -> Computed:
    """Without the columns that no row has anything in: a form's list says no more than drug and dose."""
    kept = [n for n in range(len(columns)) if n == 0 or any(one.cells[n] for one in statements)]
    rows = tuple(replace(one, cells=tuple(one.cells[n] for n in kept)) for one in statements)
    return Computed(rows, tuple(columns[n] for n in kept) if rows else (), cautions)


def _statement(row: Row) -> Statement:
    return Statement(row.text, row.evidence, "quoted", cells=(row.name, row.dose, row.stated, row.said))


def _caution(row: Row, material: Material) -> Caution:
    place = next((p.anchor for p in material.passages if p.id == row.evidence[0]), None)
    source = "the scan" if isinstance(place, PageAnchor) else "the recording or text"
    if row.name == NO_NAME:
        text = f"A dose is said without the name of a medicine: “{row.dose}”. Check it against {source}."
    else:
        text = f"“{row.name}” is not in the list of medicines{sounds_like(row.name)}. Check the name against {source}."
    return Caution("medication-unknown", "medium", text, row.evidence)
