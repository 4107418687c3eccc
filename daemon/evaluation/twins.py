"""Corrupted twins: a sentence with one error put in, of the kinds that audits of scribes find.

Each maker has patterns of its own, apart from the rules that are measured, so that both do not share a blind spot. The choice
among errors follows from the sentence alone: the same file gives the same twins.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from daemon.evaluation.twin_negations import flipped
from daemon.evaluation.twin_words import FREQUENCIES, LOOKALIKE, NAMES, OTHER_DRUGS, SMALL_NUMBERS, UNITS
from daemon.faithfulness.medicines.drugs import find_drugs


@dataclass(frozen=True, slots=True)
class Twin:
    """A sentence with one error of a `kind`; `original` is what was written, empty where the whole sentence is invented."""

    kind: str
    section: str
    text: str
    original: str


Maker = Callable[[str], Iterator[str]]

_COUNT = rf"(?:\d|\b(?:{'|'.join(SMALL_NUMBERS)}))"
# "76-year-old": nobody slips in that unit.
_UNIT = re.compile(
    rf"(?<=[\w])(?P<gap>[ -]?)(?P<unit>{'|'.join(sorted(map(re.escape, UNITS), key=len, reverse=True))})(?![\w/-]| old)"
)
_COUNT_BEFORE = re.compile(rf"{_COUNT}$", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.,/=$-])(?<!= )\d{1,4}(?:\.\d+)?(?![\w]|[.,/-]\d| =|/)")
_PRESSURE = re.compile(r"(?<![\w/])\d{2,3}(?=/\d{2,3}(?![\w/]))")
_SPELLED = re.compile(rf"\b(?:{'|'.join(SMALL_NUMBERS)})\b")
_DOSE = re.compile(r"[ -]?(?:mg|mcg|g|units?|ml|mL|milligrams?|micrograms?|grams?|IU)\b")
_SIDE = re.compile(
    r"\b(?:left|right)\b(?! (?:now|away|here|there|after|before|at|up|back|the|his|her|a|for|in|on)\b)", re.IGNORECASE
)
_BOTH_SIDES = re.compile(r"\b(?:left|right)\b\W{1,2}(?:(?:and|or|to|than|vs)\b\W{1,2})?(?:left|right)\b", re.IGNORECASE)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? (?:[A-Z][a-z]+ )?(?P<name>[A-Z][a-z]+)")
_OPENING_NAME = re.compile(r"^[A-Z][a-z]+ (?P<name>[A-Z][a-z]+)(?= (?:is|presents|was|returns|comes)\b)")
_PATIENT = re.compile(r"\b(?:The|the) patient\b")
_FEMALE = re.compile(r"\b(?:she|her|hers|herself|female|woman)\b", re.IGNORECASE)


def twins_of(text: str, section: str) -> Iterator[Twin]:
    """The corrupted twins of one sentence: one of each kind for which it has a suitable place."""
    for kind, maker in MAKERS.items():
        options = sorted(set(maker(text)) - {text})
        if options:
            yield Twin(kind, section, options[_pick(text + kind, len(options))], text)


def _pick(seed: str, count: int) -> int:
    return zlib.crc32(seed.encode("utf-8", "surrogatepass")) % count


def _replaced(text: str, span: tuple[int, int], by: str) -> str:
    return text[: span[0]] + by + text[span[1] :]


def _numbers(text: str) -> Iterator[str]:
    for found in chain(_NUMBER.finditer(text), _PRESSURE.finditer(text)):
        for other in _other_numbers(found.group(), bool(_DOSE.match(text, found.end()))):
            yield _replaced(text, found.span(), other)
    for found in _SPELLED.finditer(text):
        at = SMALL_NUMBERS.index(found.group())
        yield _replaced(text, found.span(), SMALL_NUMBERS[at + 1 if at + 1 < len(SMALL_NUMBERS) else at - 2])


def _other_numbers(number: str, is_dose: bool) -> Iterator[str]:
    """Slips as people make them: a dose doubled, halved or ten times too high; one digit wrong; two digits swapped."""
    whole, point, part = number.partition(".")
    value = int(whole)
    if point:
        yield f"{value + 2}.{part}"
        return
    if is_dose and value:
        yield from (str(value * 2), str(value * 10))
        if value % 2 == 0:
            yield str(value // 2)
        return
    if value < 20:
        yield from (str(value + 1 + (value == 0)), str(value + 3))
        return
    yield str(value + (20 if value < 1000 else -3))
    if whole[-1] not in {whole[-2], "0"} and value < 1000:
        yield whole[:-2] + whole[-1] + whole[-2]


def _units(text: str) -> Iterator[str]:
    for found in _UNIT.finditer(text):
        if _COUNT_BEFORE.search(text, max(0, found.start() - 8), found.start()):
            yield _replaced(text, found.span("unit"), UNITS[found["unit"]])


def _drugs(text: str) -> Iterator[str]:
    for drug in find_drugs(text):
        name = drug.name.lower()
        if drug.is_class or (other := _other_drug(name)) in text.lower():
            continue
        yield _replaced(text, drug.span, other.capitalize() if drug.name[:1].isupper() else other)


def _other_drug(name: str) -> str:
    if name in LOOKALIKE:
        return LOOKALIKE[name]
    others = [other for other, synonyms in OTHER_DRUGS.items() if not any(each in name for each in (other, *synonyms))]
    return others[_pick(name, len(others))]


def _sides(text: str) -> Iterator[str]:
    """The other side. Where both stand together, "left and right" means the same either way, "left over right" does not."""
    together = [found.span() for found in _BOTH_SIDES.finditer(text)]
    for found in _SIDE.finditer(text):
        if not any(start <= found.start() < end for start, end in together):
            yield _replaced(text, found.span(), _other_side(found.group()))


def _other_side(side: str) -> str:
    other = "right" if side.lower() == "left" else "left"
    return other.upper() if side.isupper() else other.capitalize() if side[0].isupper() else other


def _frequencies(text: str) -> Iterator[str]:
    for said, other in FREQUENCIES:
        found = re.search(
            rf"(?<![\w-]){re.escape(said)}(?![\w-]| living| activities| (?:ago|before|prior|after|or|later|earlier)\b)",
            text,
            re.IGNORECASE,
        )
        if found:
            yield _replaced(text, found.span(), other)
            return


def _names(text: str) -> Iterator[str]:
    name = NAMES[_pick(text, len(NAMES))]
    for found in chain(_OPENING_NAME.finditer(text), _TITLED.finditer(text)):
        yield _replaced(text, found.span("name"), name)
        return
    if (patient := _PATIENT.search(text)) is not None:
        yield _replaced(text, patient.span(), f"{'Ms.' if _FEMALE.search(text) else 'Mr.'} {name}")


MAKERS: Mapping[str, Maker] = {
    "quantity": _numbers,
    "unit": _units,
    "drug": _drugs,
    "negation": flipped,
    "laterality": _sides,
    "frequency": _frequencies,
    "identity": _names,
}

KINDS = (*MAKERS, "examination")
