"""What drafts are measured on: a conversation, the document it is drafted as, and what a person wrote of it.

A row of ACI-Bench (`dialogue`, `note`) is drafted as a SOAP note. A row of MTS-Dialog (`section`, `dialogue`, `text`) is drafted as a
document of that one section.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from daemon.faithfulness.reading.sentences import NoteSection, note_sections
from daemon.model.document import Document, SectionSpec
from daemon.model.errors import PermanentError
from daemon.model.finding import OMISSION_KINDS
from daemon.model.visible_text import visible_text

Kind = Literal["note", "section"]

_TITLES = {
    "FAM/SOCHX": "Family and social history", "GENHX": "History of present illness", "PASTMEDICALHX": "Past medical history",
    "CC": "Chief complaint", "PASTSURGICAL": "Past surgical history", "ALLERGY": "Allergies", "ROS": "Review of systems",
    "MEDICATIONS": "Medications", "ASSESSMENT": "Assessment", "EXAM": "Physical examination", "DIAGNOSIS": "Diagnosis",
    "DISPOSITION": "Disposition", "PLAN": "Plan", "EDCOURSE": "Emergency department course", "IMMUNIZATIONS": "Immunizations",
    "IMAGING": "Imaging", "GYNHX": "Gynecologic history", "PROCEDURES": "Procedures", "OTHER_HISTORY": "Other history", "LABS": "Labs",
}  # fmt: skip
"""The sections of MTS-Dialog, as notes call them."""

DIVISIONS = ("subjective", "objective", "assessment and plan")
"""The parts by which notes are compared: clinicians write assessment and plan together as often as apart."""
_OF_SOAP = {"assessment": DIVISIONS[2], "plan": DIVISIONS[2]}
_OBJECTIVE = re.compile(
    r"\b(?:objective|exam(?:ination)?|pe|vitals?(?: signs)?|results?|labs?|laborator(?:y|ies)|imaging|radiology|x-?rays?|ekg|ecg|data|procedures?|"
    r"tests?|testing|studies)\b",
    re.IGNORECASE,
)
_CONCLUDED = re.compile(
    r"\b(?:assessment|plan|a ?[/&] ?p|impression|diagnos[ei]s|instructions?|follow[ -]?up|orders?|disposition|recommendations?|discussion|"
    r"treatment)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:subjective|chief complaint|cc|reason for visit|hpi|history|hx|pmhx?|psh|fhx?|shx?|illness|review of systems|ros|medications?|meds|"
    r"allerg(?:y|ies)|immunizations?|complaints?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class GoldRow:
    """One row. `gold` is what a person wrote; `parts` its sentences by division, or by the row's one section."""

    id: str
    kind: Kind
    section: str
    dialogue: str
    gold: str
    sections: tuple[NoteSection, ...]

    @property
    def parts(self) -> dict[str, str]:
        """The gold text of each part; "" where nothing was written."""
        if self.kind == "section":
            return {self.section: self.gold}
        found: dict[str, list[str]] = {name: [] for name in DIVISIONS}
        here = DIVISIONS[0]
        for one in self.sections:
            here = division_of(one.title, here)
            found[here] += one.statements
        return {name: "\n".join(lines) for name, lines in found.items()}


@dataclass(frozen=True, slots=True)
class DraftCorpus:
    """The rows of a file, or the first of them; `name` is the file's own, without its folders.

    `length_share` is how long what people wrote is, of what was said: words over words, over all of the file's `all_rows`.
    """

    name: str
    sha256: str
    rows: tuple[GoldRow, ...]
    all_rows: int
    length_share: float


def read_draft_corpus(path: Path, limit: int = 0) -> DraftCorpus:
    """The first `limit` rows of a file (0: all); `corpus-unreadable` where it is not of one of the two formats."""
    try:
        content = path.read_bytes()
        # Not splitlines(): inside of JSON's strings some of its line ends may stand as they are (U+0085, U+2028).
        lines = [line for line in content.decode("utf-8-sig").split("\n") if line.strip()]
        rows = tuple(_row(json.loads(line), number) for number, line in enumerate(lines, 1))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise PermanentError("corpus-unreadable") from None
    if not rows:
        raise PermanentError("corpus-unreadable")
    said, noted = (
        sum(len(text.split()) for text in texts) for texts in zip(*((r.dialogue, r.gold) for r in rows), strict=True)
    )
    name = visible_text(path.name)
    return DraftCorpus(name, sha256(content).hexdigest(), rows[: limit or None], len(rows), noted / max(1, said))


def _row(untrusted: dict[str, str], number: int) -> GoldRow:
    name, dialogue = str(untrusted.get("id", number)), str.strip(untrusted["dialogue"])
    if "note" in untrusted:
        note = str.strip(untrusted["note"])
        return GoldRow(name, "note", "", dialogue, note, note_sections(note))
    section, text = str.strip(untrusted["section"]), str.strip(untrusted["text"])
    return GoldRow(name, "section", section, dialogue, text, note_sections(f"{title_of(section)}:\n{text}"))


def title_of(section: str) -> str:
    """What a section of MTS-Dialog is called at the head of a note's section."""
    return _TITLES.get(section, section.capitalize())


def division_of(title: str, before: str) -> str:
    """The part of a note that a heading begins; one that says nothing of it goes on with what stands `before`."""
    for pattern, division in ((_CONCLUDED, DIVISIONS[2]), (_OBJECTIVE, DIVISIONS[1]), (_TOLD, DIVISIONS[0])):
        if pattern.search(title):
            return division
    return before


def part_of(row: GoldRow, section_key: str) -> str:
    """The part that a section of the draft belongs to; "" for none of them."""
    if row.kind == "section":
        return row.section
    part = _OF_SOAP.get(section_key, section_key)
    return part if part in DIVISIONS else ""


def document_for(row: GoldRow, soap: Document) -> Document:
    """What a row is drafted as."""
    return soap if row.kind == "note" else one_section(row.section)


def one_section(section: str) -> Document:
    """A document of one section of MTS-Dialog."""
    title = title_of(section)
    spec = SectionSpec("text", title, f"Write {title}: what the passages say that belongs there.", labels=(section,))
    return Document("section", title, ("text",), (spec,), omissions=OMISSION_KINDS)


def written_sections(document: Document) -> Iterator[SectionSpec]:
    """The sections that a drafter writes and the document's reader gets."""
    return (spec for spec in document.sections if not spec.computed and spec.audience == "reader")
