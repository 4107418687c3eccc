"""Allergies that were said and stand in no statement.

A note carries an allergy if a statement names the allergen and does not merely say that it is taken: "Penicillin." under its heading
is enough. That none are known is carried by any word on allergies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from daemon.faithfulness.late import late
from daemon.faithfulness.medicines import allergy_words as words
from daemon.faithfulness.medicines.doses import find_doses
from daemon.faithfulness.medicines.drug_kin import substances
from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.medicines.sound_alike import sounds_alike
from daemon.faithfulness.medicines.source_drugs import said_drugs
from daemon.faithfulness.medicines.spoken_allergies import AllergyRow, spoken_allergies
from daemon.faithfulness.medicines.taken_drugs import taken_drugs, told_lines
from daemon.faithfulness.omissions.excused import is_anothers
from daemon.faithfulness.reading.lines import JOIN, Line
from daemon.faithfulness.texts import Texts
from daemon.model.finding import Omission, Severity

_SPOKEN_OF = late(
    r"allerg|intoleran|anaphyla|angio-?edema|hives|(?<!\w)nkd?a(?!\w)|n\.k\.d\.a|hypersensitiv", re.IGNORECASE
)
_MAY_BE = late(
    r"reaction|rash|itch|swell|swollen|welts|(?:break|broke)s? out|sensitiv|throat clos|ca ?n['’]?(?:t|not) (?:take|have|eat)",
    re.IGNORECASE,
)
_NO_NAME = late(
    r"\W*(?:(?:that|it|this|yes|yeah|correct|right|is|was|what|said|i|think|so|them|those|everything|anything|one|of|the|medicine|medication|"
    r"antibiotics?|just|actually|only|you|know|um|uh|okay|(?:that|it)['’]s)\b\W*)+",
    re.IGNORECASE,
)
"""What answers a question for allergies and names none."""
_MANY = late(
    r"\b(?:medic(?:ation|ine)s?|meds|drugs|things|foods|stuff|few|many|lot|lots|several|again|too|now)\b", re.IGNORECASE
)
_ALLERGIC_TO = late(
    r"(?:allerg\w+(?: reactions?)?|anaphyla\w+|intoleran\w+|sensitiv\w+) ?(?:to|:|includ\w+|[\w, ]{1,60}(?: and|,))\s*(?:(?:the|a|an)\s)?$",
    re.IGNORECASE,
)
_NONE = late(
    r"\W*(?:none|no|nil|negative|nothing|not any)(?: (?:known|reported|noted|to (?:medications|drugs)))*\W*",
    re.IGNORECASE,
)
_LISTED = 6
_TAKEN = late(
    r"\b(?:tak(?:e|es|ing|en)|took|prescri\w+|start\w*|continu\w+|increas\w+|decreas\w+|refill\w*|daily|twice|course of|treated with|order\w*)\b",
    re.IGNORECASE,
)
_KIND_WORD = late(r"seasonal|environmental|food|pet|pollen|hay fever|rhinitis", re.IGNORECASE)
_WORD = late(r"[^\W\d_]+")
_EMPTY = frozenset(
    {
        "the",
        "and",
        "any",
        "some",
        "all",
        "medications",
        "medication",
        "drugs",
        "drug",
        "his",
        "her",
        "my",
        "your",
        "other",
        "iv",
        "dye",
    }
)


@dataclass(frozen=True, slots=True)
class _Told:
    """One allergy: what names it, and the drugs among it by their substances; none named where all are denied."""

    row: AllergyRow
    severity: Severity
    parts: frozenset[str]
    is_denial: bool = False

    @property
    def key(self) -> frozenset[str]:
        return self.parts or _plain_words(self.row.allergy)


def omitted_allergies(note: Texts, source: Texts) -> Iterator[Omission]:
    """Each allergen once, with its reaction if one was told, in the order of the source; that none are known last, and low."""
    told = source.learn(_allergies)
    named = [one for one in told if not one.is_denial]
    for one in _once(named):
        if not _is_carried(one, note):
            yield Omission("allergy", _text(one.row), one.row.evidence, one.severity)
    denial = next((one for one in told if one.is_denial), None)
    if (
        denial is not None
        and not named
        and not any(_SPOKEN_OF.search(text) or _NONE.fullmatch(text) for text in note.by_id.values())
    ):
        yield Omission("allergy", denial.row.allergy, denial.row.evidence, "low")


def _text(row: AllergyRow) -> str:
    return f"{row.allergy} ({row.reaction})" if row.reaction else row.allergy


def _once(named: Sequence[_Told]) -> Iterator[_Told]:
    """The first of each, with the reaction that was told at any time and the passages of all."""
    kept: dict[frozenset[str], _Told] = {}
    for one in named:
        before = kept.get(one.key)
        if before is None:
            kept[one.key] = one
        else:
            reaction = before.row.reaction or one.row.reaction
            evidence = tuple(dict.fromkeys((*before.row.evidence, *one.row.evidence)))
            gravest: Severity = "high" if "high" in {before.severity, one.severity} else before.severity
            kept[one.key] = replace(
                before, row=replace(before.row, reaction=reaction, evidence=evidence), severity=gravest
            )
    yield from kept.values()


def _allergies(source: Texts) -> Sequence[_Told]:
    """What is told of allergies in the source, in order."""
    lines = source.learn(told_lines)
    rows = [_read(row) for row in spoken_allergies(_relevant(lines)) if _names(row)]
    rows += [_read(row) for row in _under_headings(lines)]
    known = frozenset(part for one in rows for part in one.parts)
    rows += [
        _Told(AllergyRow(one.drug.name, "", one.text, one.evidence), "high", one.parts)
        for one in source.learn(taken_drugs)
        if one.is_allergy and not one.parts & known and not words.KIN.search(source.by_id[one.evidence[0]])
    ]
    order = {name: place for place, name in enumerate(source.by_id)}
    own = (one for one in rows if not is_anothers(one.parts, one.row.evidence[0], source, one.row.allergy))
    return sorted(own, key=lambda one: order[one.row.evidence[0]])


def _names(row: AllergyRow) -> bool:
    """Whether a row names an allergen, or denies; what is in no list has to stand right behind "allergic to", or answer alone."""
    name = row.allergy
    if (
        name == row.text
        or words.SUBSTANCE.search(name)
        or words.KINDS.search(name)
        or words.NO_KNOWN.search(name)
        or find_drugs(name)
    ):
        return True
    before = row.text[: max(row.text.find(name), 0)]
    return (
        _NO_NAME.fullmatch(name) is None
        and _MANY.search(name) is None
        and (_ALLERGIC_TO.search(before) is not None or JOIN in row.text)
    )


def _read(row: AllergyRow) -> _Told:
    denied = row.allergy == row.text or words.NO_KNOWN.search(row.allergy) or words.NOT_ALLERGIC.search(row.allergy)
    drugs = find_drugs(row.allergy)
    parts = frozenset(
        part for drug in drugs for part in ({drug.generic} if drug.is_class else substances(drug.generic))
    )
    return _Told(row, _gravity(row, known=bool(parts)), parts, is_denial=bool(denied))


def _gravity(row: AllergyRow, *, known: bool) -> Severity:
    if words.KINDS.fullmatch(row.allergy):
        return "low"
    if not _SPOKEN_OF.search(row.text):
        return "medium" if row.reaction and known and JOIN in row.text else "low"
    if known or words.SUBSTANCE.search(row.allergy):
        return "high"
    return "low" if JOIN in row.text else "medium"


def _relevant(lines: Sequence[Line]) -> list[Line]:
    """The lines that may speak of an allergy, each with the one behind it, which may tell the reaction."""
    kept: list[Line] = []
    follows = False
    for line in lines:
        mine = _SPOKEN_OF.search(line.text) is not None or (_tells_reaction(line.text) and _has_substance(line.text))
        if mine or follows:
            kept.append(line)
        follows = mine
    return kept


def _tells_reaction(text: str) -> bool:
    return _MAY_BE.search(text) is not None or words.WHAT_HAPPENS.search(text) is not None


def _has_substance(text: str) -> bool:
    return bool(find_drugs(text)) or words.SUBSTANCE.search(text) is not None


def _under_headings(lines: Sequence[Line]) -> Iterator[AllergyRow]:
    """What stands on the lines behind "Allergies" alone, up to one that names nothing."""
    for at, heading in enumerate(lines):
        if words.NONE.fullmatch(heading.text):
            yield AllergyRow(heading.text, "", heading.text, (heading.id,))
        elif words.HEADING.fullmatch(heading.text):
            for line in lines[at + 1 : at + 1 + _LISTED]:
                names = [drug.span for drug in find_drugs(line.text)] or [
                    one.span() for one in words.SUBSTANCE.finditer(line.text)
                ]
                if not names or _TAKEN.search(line.text) or find_doses(line.text):
                    break
                for start, end in names:
                    told = words.REACTION.search(line.text, end)
                    whole = f"{heading.text} {line.text}"
                    yield AllergyRow(line.text[start:end], told[0] if told else "", whole, (line.id,))


def _is_carried(told: _Told, note: Texts) -> bool:
    if words.KINDS.fullmatch(told.row.allergy):
        return any(_KIND_WORD.search(text) for text in note.by_id.values())
    if told.parts:
        said = note.learn(said_drugs)
        holding = {
            name for part in told.parts for name in (*said.by_substance.get(part, ()), *said.by_generic.get(part, ()))
        }
        return any(_is_allergy(note.by_id[name]) for name in holding) or _holds(told.key, note)
    drugs = (drug for found in note.learn(said_drugs).mentions.values() for drug in found)
    return _holds(told.key, note) or any(sounds_alike(told.row.allergy, drug.name) for drug in drugs)


def _holds(key: frozenset[str], note: Texts) -> bool:
    """Whether a statement has all the words of the allergen."""
    return bool(key) and any(
        key <= said and _is_allergy(note.by_id[name]) for name, said in note.learn(_note_words).items()
    )


def _is_allergy(statement: str) -> bool:
    """Whether a statement that names a substance may name it as an allergy: it says so, or does not say that it is taken."""
    return (
        _SPOKEN_OF.search(statement) is not None
        or words.MENTION.search(statement) is not None
        or not (_TAKEN.search(statement) or any(dose.tells for dose in find_doses(statement)))
    )


def _note_words(note: Texts) -> Mapping[str, frozenset[str]]:
    return {name: _plain_words(text) for name, text in note.by_id.items()}


def _plain_words(text: str) -> frozenset[str]:
    return frozenset(word.removesuffix("s") for word in _WORD.findall(text.lower())) - _EMPTY
