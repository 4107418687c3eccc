"""Of whom a source tells an illness, a drug, an allergy: each mention of a relative's, and each that may be the patient's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from daemon.faithfulness.medicines.allergy_words import SUBSTANCE
from daemon.faithfulness.medicines.drug_kin import substances
from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.medicines.source_drugs import said_drugs
from daemon.faithfulness.medicines.taken_drugs import told_lines
from daemon.faithfulness.persons.kin import FAMILY, KIN, RELATIONS, related, sex_of
from daemon.faithfulness.persons.people import FEMALE, MALE
from daemon.faithfulness.reading.lines import Line
from daemon.faithfulness.texts import OTHER, PATIENT, Texts
from daemon.faithfulness.vocabulary.diagnoses import Diagnosis, find_diagnoses
from daemon.faithfulness.vocabulary.source_diagnoses import said_diagnoses

Span = tuple[int, int]
_PRONOUN = re.compile(r"\W*(?:(?:and|yeah|yes|well|so|but|also)\W+)*(?P<who>she|he)\b", re.IGNORECASE)
_MINE = re.compile(r"\bmy\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_OWNER = re.compile(
    r"(?:\W*(?:no|oh|yes|yeah|um|uh|well)\W+){0,3}(?:that|that['’]s|that is|it['’]s|it is|those are|they['’]re|belongs to|just|only|\W){0,4}\s*"
    r"(?:my|his|her)\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)
"""An answer that begins so names whose it is: "No, that's my daughter's"."""
_NEAR, _ANSWER = 2, 5
_LETTERS = re.compile(r"[^\W\d_]+")
_KIN_WORDS = frozenset(part for word in RELATIONS for part in word.split("-"))


@dataclass(frozen=True, slots=True)
class Told:
    """One mention: whose it is (`relations`, empty where it may be the patient's) and the passages that say so."""

    relations: frozenset[str]
    evidence: tuple[str, ...]


Kept = Mapping[str, tuple[Told, ...]]


def told_drugs(source: Texts) -> Kept:
    """A reading for `Texts.learn`: the mentions of each substance that a relative's drug names somewhere."""
    naming = source.learn(said_drugs).mentions
    return _told(source, lambda line: _drugs(line) if line.id in naming else ())


def told_allergens(source: Texts) -> Kept:
    """A reading: the mentions of what is no drug and allergies are to ("peanuts")."""
    return _told(source, lambda line: [(_one(found[0]), found.span()) for found in SUBSTANCE.finditer(line.text)])


def told_illnesses(source: Texts) -> Kept:
    """A reading: the mentions of each illness. Costs nothing where no relative is spoken of."""
    if not source.learn(spoken_relations):
        return {}
    naming = source.learn(said_diagnoses)
    return _told(source, lambda line: _illnesses(line, source.by_id[line.id], naming.get(line.id, ())))


def spoken_relations(source: Texts) -> frozenset[str]:
    """A reading: the relations that are spoken of."""
    return frozenset(
        RELATIONS[kin["kin"].lower()]
        for text in source.by_id.values()
        if _names_kin(text)
        for kin in KIN.finditer(text)
    )


def _illnesses(line: Line, passage: str, named: Sequence[Diagnosis]) -> list[tuple[str, Span]]:
    found = named if not named or line.text == passage else find_diagnoses(line.text)
    return [(one.concept, one.span) for one in found]


def _drugs(line: Line) -> list[tuple[str, Span]]:
    return [(part, drug.span) for drug in find_drugs(line.text) for part in sorted(substances(drug.generic))]


def _one(name: str) -> str:
    return name.lower().removesuffix("s")


def _told(source: Texts, find: Callable[[Line], Sequence[tuple[str, Span]]]) -> Kept:
    lines = source.learn(told_lines)
    near = source.learn(_near_kin)
    some = _read(lines, sorted(near), find, source)
    if not any(one.relations for those in some.values() for one in those):
        return {}
    every = _read(lines, range(len(lines)), find, source)
    return {name: tuple(those) for name, those in every.items() if any(one.relations for one in those)}


def _read(
    lines: Sequence[Line], numbers: Iterable[int], find: Callable[[Line], Sequence[tuple[str, Span]]], source: Texts
) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = {}
    for at in numbers:
        for name, span in find(lines[at]):
            found.setdefault(name, []).append(_whose(lines, at, span, source))
    return found


def _near_kin(source: Texts) -> frozenset[int]:
    """The numbers of the lines that speak of a relative, and of those around them: where something may be a relative's."""
    said = [number for number, line in enumerate(source.learn(told_lines)) if _names_kin(line.text)]
    last = len(source.learn(told_lines))
    return frozenset(at for one in said for at in range(max(0, one - _ANSWER), min(last, one + _NEAR + 1)))


def _names_kin(text: str) -> bool:
    return not _KIN_WORDS.isdisjoint(_LETTERS.findall(text.lower())) and KIN.search(text) is not None


def _whose(lines: Sequence[Line], at: int, span: Span, source: Texts) -> Told:
    line = lines[at]
    speaker = source.speakers.get(line.id, "")
    if speaker == OTHER:
        return Told(frozenset(), (line.id,))
    if mine := related(line.text, span):
        return Told(mine, (line.id,))
    if line.asks:
        return _by_answer(line)
    if speaker == PATIENT and (who := _PRONOUN.match(line.text)) is not None:
        return _by_pronoun(lines, at, who["who"].lower(), source)
    return Told(frozenset(), (line.id,))


def _by_answer(line: Line) -> Told:
    """ "And the losartan?" "No, that's my daughter's." """
    for answer in line.answer[:2]:
        kin = KIN.search(answer.text)
        if kin is not None and _OWNER.fullmatch(answer.text, 0, kin.start()):
            return Told(frozenset({RELATIONS[kin["kin"].lower()]}), (line.id, answer.id))
    family = FAMILY.search(line.text) is not None
    return Told(frozenset({"family"}) if family else frozenset(), (line.id,))


def _by_pronoun(lines: Sequence[Line], at: int, who: str, source: Texts) -> Told:
    """ "My wife's working. She takes it herself": the patient says "she" of somebody else."""
    wanted = FEMALE if who == "she" else MALE
    for before in reversed(lines[max(0, at - _NEAR) : at]):
        if source.speakers.get(before.id) != PATIENT:
            break
        for kin in KIN.finditer(before.text):
            relations = frozenset({RELATIONS[kin["kin"].lower()]})
            if sex_of(relations) == wanted and _MINE.search(before.text[: kin.start()][-40:]):
                return Told(relations, (before.id, lines[at].id))
    return Told(frozenset(), (lines[at].id,))
