"""Drugs, with their doses, that were said and stand in no statement.

A drug is carried by any of its names; where the note names its class alone, that is a hint and no more. What the patient takes, starts or stops is gravest; a warning
against a drug is less, what is merely spoken of least. Where a note names the drug and no dose of it, though one was told, the dose
is what is left out; a dose that differs is a finding of the statement, and none here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from daemon.faithfulness.medicines.drug_kin import belongs, substances
from daemon.faithfulness.medicines.misheard_drugs import misheard_drugs
from daemon.faithfulness.medicines.sound_alike import sounds_alike
from daemon.faithfulness.medicines.source_drugs import heard_as, said_drugs
from daemon.faithfulness.medicines.taken_drugs import TakenDrug, taken_drugs
from daemon.faithfulness.omissions.excused import is_excused
from daemon.faithfulness.quantity.mentions import mentions
from daemon.faithfulness.texts import Texts
from daemon.model.finding import Omission, Severity

_RANK: Mapping[Severity | None, int] = {"high": 0, "medium": 1, "low": 2, None: 3}
_STRENGTH = re.compile(r"m\.?c?\.?g|gram|units|puffs", re.IGNORECASE)
"""Without one of these no strength is said."""
_STRENGTHS = frozenset({"mg", "mcg", "g", "meq", "unit", "mmol"})
_TELLING = frozenset(
    {"insulin", "statin", "blood thinner", "beta blocker", "ACE inhibitor", "angiotensin receptor blocker", "calcium channel blocker", "diuretic",
     "oral contraceptive", "chemotherapy", "opioid", "antibiotic", "steroid", "anxiolytic", "antidepressant"}
)  # fmt: skip
"""Classes whose name alone tells a reader what is taken."""


def omitted_medications(note: Texts, source: Texts) -> Iterator[Omission]:
    """Each drug once, with the dose that was told with it, in the order of the source."""
    by_parts: dict[frozenset[str], list[TakenDrug]] = {}
    for one in source.learn(taken_drugs):
        if one.severity is not None and not is_excused(one, source):
            by_parts.setdefault(one.parts, []).append(one)
    for mine in by_parts.values():
        yield from _omitted(mine, note, source)
    for passage, words in source.learn(_misheard):
        if not _is_written(words, note):
            yield Omission("medication", words, (passage,), "medium")


def _misheard(source: Texts) -> Sequence[tuple[str, str]]:
    """Words with a strength behind them that may be a drug, and their passages: what it is, only a person can say."""
    said = source.learn(said_drugs).mentions
    return [
        (name, text[slice(*one.span)])
        for name, text in source.by_id.items()
        if _STRENGTH.search(text)
        for one in misheard_drugs(text, said.get(name, ()), only_dosed=True)
    ]


def _is_written(words: str, note: Texts) -> bool:
    """Whether a statement has these words, or a drug that sounds like them."""
    every = note.learn(said_drugs).mentions.values()
    if any(sounds_alike(words, drug.name) or sounds_alike(words, drug.generic) for drugs in every for drug in drugs):
        return True
    return any(words.lower() in text.lower() for text in note.by_id.values())


def _omitted(mine: Sequence[TakenDrug], note: Texts, source: Texts) -> Iterator[Omission]:
    gravest = min(mine, key=lambda one: (_RANK[one.severity], not one.dose))
    dosed = next((one for one in mine if one.dose), gravest)
    told = gravest if gravest.dose else dosed
    evidence = tuple(dict.fromkeys((*told.evidence, *(name for one in mine for name in one.evidence))))
    severity = gravest.severity or "low"
    if gravest.drug.is_class:
        if _is_class_left_out(gravest, note, source):
            yield Omission("medication", told.text, evidence, "medium" if severity == "high" else "low")
    elif not _is_named(gravest, note):
        by_class = any(belongs(gravest.drug.generic, name) for name in note.learn(_classes))
        if severity == "high" or not by_class:
            lesser: Severity = "medium" if told.dose else "low"
            yield Omission("medication", told.text, evidence, lesser if by_class and severity == "high" else severity)
    elif severity == "high" and (amounts := _amounts(told.text)) and not _is_dosed(gravest, amounts, note):
        yield Omission("medication", told.text, told.evidence, "medium")


def _is_named(taken: TakenDrug, note: Texts) -> bool:
    """Whether the note names the drug, be it spelled by ear. "Magnesium is 1.7" names none that is taken."""
    said = note.learn(said_drugs)
    if all(part in said.by_substance for part in taken.parts):
        return True
    return bool(heard_as(taken.drug, note))


def _is_class_left_out(taken: TakenDrug, note: Texts, source: Texts) -> bool:
    """Whether a class that tells what is taken, without any member in the source, is named in the note by no name either."""
    name = taken.drug.generic
    members = (one for texts in (source, note) for one in texts.learn(said_drugs).by_generic if one != name)
    return name in _TELLING and name not in note.learn(_classes) and not any(belongs(one, name) for one in members)


def _is_dosed(taken: TakenDrug, amounts: frozenset[Decimal], note: Texts) -> bool:
    """Whether the note tells a strength with the drug, or this one anywhere."""
    if amounts & note.learn(_all_amounts):
        return True
    said = note.learn(said_drugs).mentions
    holding = {name for name, drugs in said.items() if any(substances(one.generic) & taken.parts for one in drugs)}
    return any(_amounts(note.by_id[name]) for name in holding)


def _classes(texts: Texts) -> frozenset[str]:
    every = texts.learn(said_drugs).mentions.values()
    return frozenset(drug.generic for drugs in every for drug in drugs if drug.is_class)


def _all_amounts(texts: Texts) -> frozenset[Decimal]:
    return frozenset(amount for text in texts.by_id.values() for amount in _amounts(text))


def _amounts(text: str) -> frozenset[Decimal]:
    """The numbers of the strengths in `text`, whatever their unit."""
    found = mentions(text)[1]
    return frozenset(
        one.value
        for one in found
        if isinstance(one.value, Decimal) and (one.unit or "").partition("/")[0] in _STRENGTHS
    )
