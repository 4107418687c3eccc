"""Corrupted twins: a sentence with one error put in, of the kinds that audits of scribes find.

Each maker has patterns of its own, apart from the rules that are measured, so that both do not share a blind spot. The choice
among errors follows from the sentence alone: the same file gives the same twins.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from daemon.evaluation.corpus import Encounter
from daemon.faithfulness.drugs import find_drugs


@dataclass(frozen=True, slots=True)
class Twin:
    """A sentence with one error of a `kind`; `original` is what was written, empty where the whole sentence is invented."""

    kind: str
    section: str
    text: str
    original: str


Maker = Callable[[str], Iterator[str]]

_UNITS = {
    "mg": "mcg", "mcg": "mg", "g": "mg", "grams": "milligrams", "milligrams": "micrograms", "micrograms": "milligrams",
    "day": "week", "days": "weeks", "week": "month", "weeks": "months", "month": "year", "months": "years", "year": "month",
    "years": "months", "hours": "days", "hour": "day", "minutes": "hours", "pounds": "kilograms", "lbs": "kg", "inches": "centimeters", "cm": "mm", "mm": "cm",
    "percent": "degrees", "%": " degrees", "packs": "cartons", "miles": "yards", "feet": "inches",
}  # fmt: skip
_UNIT = re.compile(
    rf"(?<=\d)(?P<gap>[ -]?)(?P<unit>{'|'.join(sorted(map(re.escape, _UNITS), key=len, reverse=True))})(?![\w])"
)
_NUMBER = re.compile(r"(?<![\w.,/-])\d{1,4}(?:\.\d+)?(?![\w]|[.,/-]\d)")
_LOOKALIKES = (
    ("hydroxyzine", "hydralazine"), ("metformin", "metronidazole"), ("prednisone", "prednisolone"), ("lamotrigine", "lamivudine"),
    ("clonidine", "clonazepam"), ("tramadol", "trazodone"), ("bupropion", "buspirone"), ("celebrex", "celexa"), ("zantac", "xanax"),
    ("losartan", "valsartan"), ("lisinopril", "fosinopril"), ("amlodipine", "felodipine"), ("glipizide", "glyburide"),
    ("metoprolol", "propranolol"), ("atorvastatin", "simvastatin"), ("furosemide", "torsemide"), ("omeprazole", "esomeprazole"),
    ("ibuprofen", "naproxen"), ("tylenol", "tramadol"), ("lasix", "luvox"), ("norvasc", "navane"), ("lipitor", "lopressor"),
)  # fmt: skip
"""Pairs after the list of confused drug names of the Institute for Safe Medication Practices, and neighbours of a class."""
_LOOKALIKE = {one: other for pair in _LOOKALIKES for one, other in (pair, pair[::-1])}
_OTHER_DRUGS = (
    "warfarin",
    "sertraline",
    "gabapentin",
    "ciprofloxacin",
    "methotrexate",
    "levothyroxine",
    "digoxin",
    "tamsulosin",
)
_FREQUENCIES: Sequence[tuple[str, str]] = (
    ("once daily", "three times daily"), ("twice daily", "four times daily"), ("once a day", "three times a day"),
    ("twice a day", "four times a day"), ("three times a day", "once a day"), ("three times daily", "once daily"), ("daily", "weekly"),
    ("every day", "every week"), ("weekly", "daily"), ("twice a week", "twice a day"), ("once a week", "once a day"), ("nightly", "every morning"),
    ("at night", "three times a day"), ("every 4 hours", "every 12 hours"), ("every 6 hours", "every 12 hours"), ("every 8 hours", "every 24 hours"),
    ("a day", "a week"), ("per day", "per week"), ("bid", "qid"), ("b.i.d.", "q.i.d."), ("qd", "tid"),
)  # fmt: skip
_FLIPS: Sequence[tuple[str, str]] = (
    (r"\bdenies\b", "reports"), (r"\bdenied\b", "reported"), (r"\bdenying\b", "reporting"), (r"\bdeny\b", "report"), (r"\bwithout\b", "with"),
    (r"\bnegative for\b", "positive for"), (r"\bdoes not have\b", "has"), (r"\bhas not\b", "has"), (r"\b(is|was|are|were|does|did|do|has|have|will|would|should) not\b", r"\1"),
    (r"\bThere (?:is|are|was) no\b", "There is"), (r"\b[Nn]o (?=[a-z])", ""), (r"\bnever\b", "often"),
    (r"\breports\b", "denies"), (r"\breported\b", "denied"), (r"\bendorses\b", "denies"), (r"\bcomplains of\b", "denies"),
    (r"\bpositive for\b", "negative for"), (r"\bhas (?=(?:a|some|been|had|an) )", "has not "),
)  # fmt: skip
_TITLED = re.compile(r"\b(?P<title>Mr|Mrs|Ms|Miss|Dr)\.? (?P<name>[A-Z][a-z]+)")
_PATIENT = re.compile(r"\b(?:The|the) patient\b")
_NAMES = ("Hawthorne", "Okonkwo", "Lindqvist", "Castellano", "Abernathy", "Featherstone")


def twins_of(text: str, section: str) -> Iterator[Twin]:
    """The corrupted twins of one sentence: one of each kind for which it has a suitable place."""
    for kind, maker in MAKERS.items():
        options = sorted(set(maker(text)) - {text})
        if options:
            yield Twin(kind, section, options[_pick(text + kind, len(options))], text)


def invented_examinations(encounters: Sequence[Encounter], at: int) -> Iterator[Twin]:
    """The sentences of another encounter's physical examination, as if they had been written in the encounter `at`."""
    for step in range(1, len(encounters)):
        other = encounters[(at + step) % len(encounters)]
        said = [(title, text) for title, text in other.statements() if "EXAM" in title.upper()]
        if said:
            for title, text in said[:4]:
                yield Twin("examination", title, text, "")
            return


def _pick(seed: str, count: int) -> int:
    return zlib.crc32(seed.encode()) % count


def _numbers(text: str) -> Iterator[str]:
    for found in _NUMBER.finditer(text):
        number = found.group()
        for other in _other_numbers(number):
            yield text[: found.start()] + other + text[found.end() :]


def _other_numbers(number: str) -> Iterator[str]:
    if "." in number:
        whole, part = number.split(".")
        yield f"{int(whole) + 2}.{part}"
        return
    value = int(number)
    yield str(value * 10 if value < 20 else value + 30)
    yield str(value + (3 if value < 20 else 17))


def _units(text: str) -> Iterator[str]:
    for found in _UNIT.finditer(text):
        yield text[: found.start("unit")] + _UNITS[found["unit"]] + text[found.end("unit") :]


def _drugs(text: str) -> Iterator[str]:
    for drug in find_drugs(text):
        if drug.is_class:
            continue
        other = _LOOKALIKE.get(drug.name.lower()) or _OTHER_DRUGS[_pick(drug.name, len(_OTHER_DRUGS))]
        if other not in drug.name.lower():
            name = other.capitalize() if drug.name[:1].isupper() else other
            yield text[: drug.span[0]] + name + text[drug.span[1] :]


def _negations(text: str) -> Iterator[str]:
    for pattern, flipped in _FLIPS:
        twin = re.sub(pattern, flipped, text, count=1)
        if twin != text:
            yield twin[:1].upper() + twin[1:]
            return


def _sides(text: str) -> Iterator[str]:
    swap = {"left": "right", "right": "left", "Left": "Right", "Right": "Left"}
    for found in re.finditer(r"\b(?:[Ll]eft|[Rr]ight)\b(?! (?:now|away|here|there|after))", text):
        yield text[: found.start()] + swap[found.group()] + text[found.end() :]


def _frequencies(text: str) -> Iterator[str]:
    for said, other in _FREQUENCIES:
        found = re.search(rf"(?<![\w-]){re.escape(said)}(?![\w-])", text, re.IGNORECASE)
        if found:
            yield text[: found.start()] + other + text[found.end() :]
            return


def _names(text: str) -> Iterator[str]:
    name = _NAMES[_pick(text, len(_NAMES))]
    for found in _TITLED.finditer(text):
        yield text[: found.start("name")] + name + text[found.end("name") :]
        return
    if (patient := _PATIENT.search(text)) is not None:
        yield text[: patient.start()] + f"Mr. {name}" + text[patient.end() :]


MAKERS: Mapping[str, Maker] = {
    "quantity": _numbers,
    "unit": _units,
    "drug": _drugs,
    "negation": _negations,
    "laterality": _sides,
    "frequency": _frequencies,
    "identity": _names,
}

KINDS = tuple(chain(MAKERS, ["examination"]))
