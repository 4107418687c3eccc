"""Who the patient is, as the sources say it, never completed.

Every value is a stretch of a passage. What letters need and nobody said is a placeholder; where the sources name two people, or two
dates of birth, both stand there and a caution of the highest severity says so: to mix two patients is the gravest harm of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from daemon.computed.identity_doubts import doubts, is_same_day, name_words, same_name
from daemon.computed.material import Computed, Material
from daemon.computed.patient_facts import Kind, patient_facts
from daemon.documents.form import Entry, read_form
from daemon.documents.form_labels import intake_form
from daemon.model.document import SectionSpec
from daemon.model.draft import Statement
from daemon.model.passage import PageAnchor, Passage

COLUMNS = ("Detail", "As stated")
NAMES = {"name": "Name", "born": "Date of birth", "age": "Age", "sex": "Sex", "record": "Record number"}
SEXED = frozenset({"man", "woman", "male", "female", "boy", "girl", "gentleman", "lady"})
NO_NAME = "[patient name – not stated]"
NO_BIRTH_DATE = "[date of birth – not stated]"

_FIELDS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("name", "Name", re.compile(r"(?:(?:patient|child)(?:['’]?s)?\s+)?(?:full\s+|legal\s+)?name|name\s+of\s+patient|patient")),
    ("part", "First name", re.compile(r"(?:first|given)\s+name")),
    ("part", "Middle name", re.compile(r"middle\s+(?:name|initial)")),
    ("part", "Last name", re.compile(r"(?:last|family)\s+name|surname")),
    ("part", "Preferred name", re.compile(r"preferred\s+name")),
    ("born", "Date of birth", re.compile(r"(?:date\s+of\s+birth|birth\s?date|birthday|d\.?o\.?b\.?)")),
    ("age", "Age", re.compile(r"age")),
    ("sex", "Sex", re.compile(r"(?:legal\s+)?sex(?:\s+at\s+birth)?|gender")),
    ("record", "Record number", re.compile(r"(?:medical\s+record(?:\s+number)?|mrn|chart\s+(?:number|no)\.?)")),
    ("phone", "Phone", re.compile(r"(?:(?:home|cell|mobile|work|daytime)\s+)?(?:tele)?phone(?:\s+number)?|tel|cell|mobile")),
    ("address", "Address", re.compile(r"(?:(?:home|street|mailing)\s+)?address|street|city.*|state|zip(?:\s+code)?")),
)  # fmt: skip
_LABEL = re.compile(r"\s*(?P<label>[^:|?]{1,40}?)\s*(?:\([^)]*\)\s*)?[:|]\s*(?P<value>\S.*)")
_LANGUAGE = re.compile(r"(?:preferred |primary )?language|interpreter.*")


@dataclass(frozen=True, slots=True)
class Known:
    """One detail of the patient: `kind` groups what must agree, `what` heads it, `value` is verbatim."""

    kind: str
    what: str
    value: str
    evidence: tuple[str, ...]
    source: str
    firm: bool = True


def identity(material: Material, spec: SectionSpec) -> Computed:
    """The patient's details in the order of a letter's heading, with placeholders for name and date of birth."""
    found = [*_said(material.passages), *_on_forms(material, spec)]
    kept = _without_loose(found)
    rows = list(_rows(kept))
    if not any(one.kind in {"name", "part"} for one in rows):
        rows.insert(0, Known("name", NAMES["name"], NO_NAME, (), ""))
    if not any(one.kind == "born" for one in rows):
        named = sum(one.kind in {"name", "part"} for one in rows)
        rows.insert(named, Known("born", NAMES["born"], NO_BIRTH_DATE, (), ""))
    return Computed(tuple(map(_statement, rows)), COLUMNS, doubts(kept, found, material.reading))


def _statement(one: Known) -> Statement:
    return Statement(one.value, one.evidence, "quoted" if one.evidence else "printed", cells=(one.what, one.value))


def _said(passages: Sequence[Passage]) -> Iterator[Known]:
    for passage in passages:
        if isinstance(passage.anchor, PageAnchor):
            continue
        text = " ".join(passage.text.split())
        for fact in patient_facts(text):
            value = text[slice(*fact.value)]
            what = "Age and sex" if fact.kind == "age" and value.split()[-1].lower() in SEXED else NAMES[fact.kind]
            yield Known(fact.kind, what, value, (passage.id,), passage.anchor.source, fact.firm)


def _on_forms(material: Material, spec: SectionSpec) -> Iterator[Known]:
    """What stands on forms under labels about the patient, by the document's own labels, or by those of the intake form."""
    place = {passage.id: passage.anchor.source for passage in material.passages}
    own = bool(spec.fields)
    entries = material.entries if own else read_form(intake_form(), material.passages)
    section = spec.key if own else _intake_section()
    for entry in entries:
        if entry.kind == "answer" and entry.section == section:
            detail = _detail(entry, place[entry.evidence[0]])
            if detail.kind != "other" or own:
                yield detail


def _detail(entry: Entry, source: str) -> Known:
    found = _LABEL.fullmatch(entry.text)
    if found is None and not entry.label:
        return Known("other", "", entry.text, entry.evidence, source)
    printed = found["label"] if found else entry.text[: entry.label]
    answered = found["value"] if found else entry.text[entry.label :]
    label, value = printed.strip(" _.*").lower(), answered.strip(" _|")
    for kind, what, pattern in _FIELDS:
        if value and pattern.fullmatch(label):
            return Known(kind, what, value, entry.evidence, source)
    what = printed.strip(" _.*").capitalize() if _LANGUAGE.fullmatch(label) else ""
    return Known("other", what, value if what else entry.text, entry.evidence, source)


def _intake_section() -> str:
    return next(spec.key for spec in intake_form().sections if "date of birth" in spec.fields)


def _without_loose(found: Sequence[Known]) -> list[Known]:
    """A name that only has "Mr." before it counts where its source has no firmer one; it may be anyone's otherwise."""
    firm = {one.source for one in found if one.firm and one.kind in {"name", "part"}}
    first: dict[str, Known] = {}
    for one in found:
        if not one.firm and one.source not in firm:
            first.setdefault(one.source, one)
    return [one for one in found if one.firm or (one.source in first and same_name(one.value, first[one.source].value))]


def _rows(found: Sequence[Known]) -> Iterator[Known]:
    """Each detail once, the longest form of a name and the first of a date, with the evidence of all that say the same."""
    order: tuple[Kind | str, ...] = ("name", "part", "born", "age", "sex", "record", "address", "phone", "other")
    for kind in order:
        merged: list[Known] = []
        for one in (each for each in found if each.kind == kind):
            same = next((at for at, other in enumerate(merged) if _agree(one, other)), None)
            if same is None:
                merged.append(one)
                continue
            evidence = tuple(dict.fromkeys((*merged[same].evidence, *one.evidence)))
            longer = kind == "name" and name_words(one.value) > name_words(merged[same].value)
            merged[same] = replace(one if longer else merged[same], evidence=evidence)
        yield from merged


def _agree(one: Known, other: Known) -> bool:
    if one.kind == "name":
        return same_name(one.value, other.value)
    if one.kind == "born":
        return one.value.casefold() == other.value.casefold() or is_same_day(one.value, other.value)
    return one.what == other.what and one.value.casefold() == other.value.casefold()
