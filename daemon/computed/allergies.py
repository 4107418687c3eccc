"""Allergies and intolerances with their reactions, as a list. That there are none is written only where it is said.

A sentence that speaks of an allergy and is not understood ("He has known known drug allergies") is a row as it stands, with a caution:
none may be lost, and what speech recognition made of a denial must not look like one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from daemon.computed.carried import left_over
from daemon.computed.form_lists import answer, is_none, listed
from daemon.computed.heard_as import sounds_like
from daemon.computed.lines import spoken_lines
from daemon.computed.material import Computed, Material
from daemon.documents.form import Entry
from daemon.documents.form_lines import GAP
from daemon.faithfulness.medicines.allergy_words import (
    HEADING,
    KIN,
    KINDS,
    MENTION,
    NO_KNOWN,
    NONE,
    NOT_ALLERGIC,
    REACTION,
    REVIEWED,
    SUBSTANCE,
)
from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.medicines.spoken_allergies import AllergyRow, spoken_allergies
from daemon.faithfulness.reading.lines import JOIN, Line
from daemon.model.document import SectionSpec
from daemon.model.draft import Statement
from daemon.model.finding import Caution
from daemon.model.passage import PageAnchor

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
    read = list(_all_rows(material))
    unclear = list(_unclear(read, spoken_lines(material.passages)))
    rows = _in_order([*_merged(read), *unclear], material)
    rest = left_over(material.written.get(spec.key, ()), [row.text for row in rows])
    statements = (
        *(Statement(row.text, row.evidence, "quoted", cells=(row.allergy, row.reaction)) for row in rows),
        *(replace(one, cells=(one.text, "")) for one in rest),
    )
    return Computed(
        statements, COLUMNS if statements else (), (*map(_caution, unclear), *_unknown(_merged(read), material))
    )


def _unclear(rows: Sequence[AllergyRow], lines: Sequence[Line]) -> Iterator[AllergyRow]:
    """The sentences that speak of an allergy and stand in no row; relatives', and what names nothing by its kind, are none."""
    for line in lines:
        if MENTION.search(line.text) is None or KIN.search(line.text) or HEADING.fullmatch(line.text):
            continue
        names = _names(line.text)
        if not names and (line.asks or REVIEWED.search(line.text)):
            continue
        if not any(line.text in row.text for row in rows):
            whole, evidence = line.whole()
            yield AllergyRow(whole, "", whole, evidence)


def _unknown(rows: Sequence[AllergyRow], material: Material) -> Iterator[Caution]:
    """What was heard as the name of something not tolerated, and is in no list: "allergic to colon"."""
    heard = {passage.id for passage in material.passages if not isinstance(passage.anchor, PageAnchor)}
    for row in rows:
        denied = NO_KNOWN.search(row.allergy) or NOT_ALLERGIC.search(row.allergy) or KINDS.search(row.allergy)
        if heard.issuperset(row.evidence) and row.allergy != row.text and not (denied or _names(row.allergy)):
            what = "is not in the list of medicines and of what people are allergic to"
            text = f"“{row.allergy}” {what}{sounds_like(row.allergy)}. Check the name against the source."
            yield Caution("allergy-unknown", "medium", text, row.evidence)


def _names(text: str) -> bool:
    return bool(find_drugs(text)) or SUBSTANCE.search(text) is not None


def _caution(row: AllergyRow) -> Caution:
    text = f"Allergies are spoken of, and it is not clear what is meant: “{row.text}” Check it against the source."
    return Caution("allergy-unclear", "low", text, row.evidence)


def _in_order(rows: Sequence[AllergyRow], material: Material) -> list[AllergyRow]:
    order = {passage.id: number for number, passage in enumerate(material.passages)}
    return sorted(rows, key=lambda row: order.get(row.evidence[0], 0) if row.evidence else 0)


def allergy_rows(material: Material) -> list[AllergyRow]:
    """The rows of all sources, each allergy and reaction once."""
    return _merged(list(_all_rows(material)))


def _all_rows(material: Material) -> Iterator[AllergyRow]:
    for entry in listed(material, "allergies"):
        yield from _rows(entry)
    lines = spoken_lines(material.passages)
    read = list(spoken_allergies(lines))
    yield from read
    for line, after in pairwise([*lines, None]):
        if line is None or any(line.text == row.text for row in read):
            continue
        if NONE.fullmatch(line.text):
            yield AllergyRow(line.text, "", line.text, (line.id,))
        elif after is not None and HEADING.fullmatch(line.text) and not any(after.text in row.text for row in read):
            yield from _under_heading(line, after)


def _under_heading(heading: Line, line: Line) -> Iterator[AllergyRow]:
    """What stands behind "Allergies." and is named there: "Penicillin, hives.", "None."."""
    if is_none(line.text):
        ids = tuple(dict.fromkeys((heading.id, line.id)))
        both = f"{heading.text}{JOIN}{line.text}"
        yield AllergyRow(both, "", both, ids)
    elif not line.asks and (find_drugs(line.text) or SUBSTANCE.search(line.text) or REACTION.search(line.text)):
        for allergy, reaction in _members(line.text):
            yield AllergyRow(allergy, reaction, line.text, (line.id,))


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
    text = _value(entry)
    if is_none(text) or _YES_NO.fullmatch(text) or NO_KNOWN.match(text):
        yield AllergyRow(entry.text, "", entry.text, entry.evidence)
        return
    cells = [cell.strip() for cell in text.split(GAP)]
    if len(cells) > 1:
        yield AllergyRow(cells[0], ", ".join(cell for cell in cells[1:] if cell), entry.text, entry.evidence)
        return
    for allergy, reaction in _members(text):
        yield AllergyRow(allergy, reaction, entry.text, entry.evidence)


def _value(entry: Entry) -> str:
    """An entry without its printed label, unless that names what is not tolerated ("Latex: hives")."""
    text = entry.text
    label = text[: entry.label] or text.partition(":")[0]
    named = find_drugs(label) or SUBSTANCE.search(label)
    return text if named and "allerg" not in label.lower() else answer(entry)


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
