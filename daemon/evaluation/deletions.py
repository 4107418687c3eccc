"""What is taken out of a note that people wrote, to see whether its absence is found: medications, allergies, numbers with units.

Only what stands in the dialogue too is taken out, with every statement that holds it. What holds what is told plainly, apart from
the rules that are measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daemon.evaluation.corpus import Encounter
from daemon.evaluation.plain_forms import forms_of, holds_number, numbers_in, plain
from daemon.faithfulness.checking import note_texts
from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.omissions import find_omissions
from daemon.faithfulness.reading.sentences import NoteSection
from daemon.model.finding import Omission

KINDS = ("medication", "allergy", "number")

_ALLERGY = re.compile(r"\ballerg|\breaction to\b|\bintoleran", re.IGNORECASE)
_NO_ALLERGY = re.compile(
    r"\bno (?:known |other )?(?:drug |food |environmental )*allerg|\bNKDA\b|\bdenies\b|\bnone\b", re.IGNORECASE
)
_SUBSTANCES = re.compile(
    r"\b(?:latex|shellfish|shrimp|peanuts?|tree nuts?|eggs?|iodine|contrast|bee stings?|adhesive|tape|pollen|ragweed|dust|cats?|dogs?|mold|"
    r"strawberr(?:y|ies)|soy|wheat|gluten|dairy|milk|nickel)\b",
    re.IGNORECASE,
)
_UNITS = {
    "mg": "mg milligram milligrams", "mcg": "mcg microgram micrograms", "milligrams": "mg milligrams milligram", "units": "units unit",
    "grams": "g gram grams", "gram": "g gram grams", "ml": "ml milliliters cc ccs", "mL": "ml milliliters cc ccs", "cc": "cc ccs ml",
    "%": "percent", "percent": "percent", "cm": "cm centimeter centimeters", "mm": "mm millimeter millimeters", "pounds": "pounds pound lbs",
    "lbs": "pounds pound lbs", "degrees": "degrees degree", "minutes": "minutes minute", "hours": "hours hour", "days": "days day",
    "day": "day days", "weeks": "weeks week", "week": "week weeks", "months": "months month", "month": "month months", "years": "years year",
    "year": "year years",
}  # fmt: skip
_AMOUNT = re.compile(
    rf"(?<![\w.,/-])(?P<number>\d{{1,4}}(?:\.\d+)?)[ -]?(?P<unit>{'|'.join(sorted(map(re.escape, _UNITS), key=len, reverse=True))})(?!\w)"
)
_PRESSURE = re.compile(r"(?<![\w/])(?P<number>\d{2,3})/(?P<second>\d{2,3})(?![\w/])")


@dataclass(frozen=True, slots=True)
class Deletion:
    """Something of a `kind` that was taken out of a note, and whether an omission names it."""

    kind: str
    text: str
    found: bool


def deletions_in(encounter: Encounter) -> Iterator[Deletion]:
    """One deletion for each medication, allergy and number with its unit that the note and the dialogue both hold."""
    said = plain("\n".join(encounter.source.by_id.values()))
    for kind, name in dict.fromkeys(_items(encounter, said)):
        rest = [
            NoteSection(one.title, kept)
            for one in encounter.sections
            if (kept := tuple(text for text in one.statements if not _holds(text, kind, name)))
        ]
        omissions = find_omissions(note_texts(rest), encounter.source)
        yield Deletion(kind, name, any(_names(omission, kind, name) for omission in omissions))


def _items(encounter: Encounter, said: str) -> Iterator[tuple[str, str]]:
    drugs_said = {drug.generic for text in encounter.source.by_id.values() for drug in find_drugs(text)}
    for title, text in encounter.statements():
        allergy = bool(_ALLERGY.search(f"{title} {text}")) and not _NO_ALLERGY.search(text)
        for drug in find_drugs(text):
            if not drug.is_class and drug.generic in drugs_said:
                yield ("allergy" if allergy else "medication"), drug.generic
        if allergy:
            for substance in _SUBSTANCES.findall(text):
                if f" {substance.lower()} " in said:
                    yield "allergy", substance.lower()
        for amount in _amounts(text):
            if _is_said(amount, said):
                yield "number", amount


def _amounts(text: str) -> Iterator[str]:
    for found in _AMOUNT.finditer(text):
        yield f"{found['number']} {found['unit']}"
    for found in _PRESSURE.finditer(text):
        yield found.group()


def _is_said(amount: str, said: str) -> bool:
    """Whether the number stands directly before its unit, or a pressure's numbers near to each other, in the dialogue."""
    if "/" in amount:
        return any(f" {form} " in said for form in _pressures(*amount.split("/")))
    number, unit = amount.split(" ")
    return any(f" {form} {word} " in said for form in forms_of(number) for word in _UNITS[unit].split())


def _pressures(upper: str, lower: str) -> Iterator[str]:
    for one in forms_of(upper):
        for other in forms_of(lower):
            yield from (f"{one} over {other}", f"{one} {other}")


def _holds(text: str, kind: str, name: str) -> bool:
    if kind == "number":
        return name in _amounts(text)
    return any(drug.generic == name for drug in find_drugs(text)) or f" {name} " in plain(text)


def _names(omission: Omission, kind: str, name: str) -> bool:
    """Whether a reader of the omission learns what is missing. A dose may be told with its drug, a drug with what it does."""
    if kind == "number":
        text = plain(omission.text)
        return all(holds_number(text, number) for number in numbers_in(name))
    if omission.kind not in {"medication", "allergy"}:
        return False
    return any(drug.generic == name for drug in find_drugs(omission.text)) or f" {name} " in plain(omission.text)


def count_by_kind(deletions: Sequence[Deletion]) -> dict[str, tuple[int, int]]:
    """How many were found, of how many, by kind."""
    return {
        kind: (sum(one.found for one in deletions if one.kind == kind), sum(one.kind == kind for one in deletions))
        for kind in KINDS
    }
