"""Finds each drug in what was said, with its dose, what is done with it, and the clause it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daemon.computed.drug_rows import NO_NAME, Row
from daemon.faithfulness.medicines.dose_owners import assigned_doses, beyond_little_words, follows_directly
from daemon.faithfulness.medicines.doses import Dose, find_doses
from daemon.faithfulness.medicines.drug_status import Stated, Status, answered, stated
from daemon.faithfulness.medicines.drugs import DrugMention, find_drugs
from daemon.faithfulness.reading.lines import JOIN, Line
from daemon.faithfulness.vocabulary.diagnoses import find_diagnoses

_CLAUSE = re.compile(r"[,;]\s|\s(?:and|but|then|so)\s", re.IGNORECASE)
_LONG_SAID = (
    140  # characters: of a longer sentence only the clauses around the drug are shown, or each row would repeat it all
)
_MOST_WORDS = 4
_NO_DRUG = re.compile(
    r"\b(?:creatinine|hemoglobin|glucose|sugars?|a1c|weight|weigh(?:s|ed|ing)?|cholesterol|ldl|hdl|triglycerides|protein|sodium|caffeine|carb\w*|fluids?|water|"
    r"calories|fiber|lead|levels?|ferritin|bilirubin|urine|troponin|packs?|blood|pulse|urea|d-dimer|microalbumin|salt|diet|cells|plasma|platelets|"
    r"alcohol|marijuana|cannabis|cigarettes?|tobacco|nicotine|wine|beer|vodka|coffee|born|baby|birth|stool|sputum|contrast|radiation)\b",
    re.IGNORECASE,
)
"""What has milligrams or units without being a medicine."""
_NAME_BEHIND = re.compile(
    r"\s+of\s+(?P<name>[^\W\d_][\w'-]*(?:\s+(?!once|twice|every|daily|and|for|in|at|by|per)[^\W\d_][\w'-]*)?)"
)
_IT = re.compile(r"\b(?:it|that|this|them|the dos(?:e|age)|(?:her|his|your) dos(?:e|age))\b", re.IGNORECASE)
_INTRODUCES = re.compile(
    r"(?:(?:current|home|other|daily)\s+)?(?:medications?|meds|medicines?)(?:\s+(?:list|are|is|includes?|including))*|includes?|including",
    re.IGNORECASE,
)
"""What only announces a list says nothing of what is done with the first drug in it."""
_TRAILING = re.compile(r"(?:\s+(?:to|at|of|from|is))+$", re.IGNORECASE)
_DONE_WITH = re.compile(
    r"(?:tried|trying|failed|received|including|includes?|refilled|requesting|approve|resumed?|restarted)\b",
    re.IGNORECASE,
)
_MISHEARD_WORDS = (
    3  # "Rossovastatin, 20 milligrams": so many words before a comma may be a name that was not recognised
)
_DOES = re.compile(
    r"\b(?:should|shall|can|could|would|may|might|do you (?:think|want|recommend)|is it (?:safe|okay))\b", re.IGNORECASE
)
"""A question whether to do something: what is done with the drug is open."""
_STEM = re.compile(
    r"(?<![\w-])(?!cholesterol)[^\W\d_]{3,}(?:pr[aeio]l|[aeio]lol|sartan|statin|dipine|[iu]mab|cillin|m[iy]cin|floxacin|[nr]azole|oxetine|triptan|gliptin|flozin|parin|xaban|"
    r"tidine|[ae]zepam|olam|ovir|tinib|cycline|solone|thiazide|semide|formin|pentin|trexate|lukast|glutide|terol)(?![\w-])",
    re.IGNORECASE,
)
"""Stems of the United States Adopted Names and of the older generic names, and "-prol" and "-prel", as speech recognition writes "-pril"."""
_NEAR_LINES = 2  # how far back "it" may reach


@dataclass(frozen=True, slots=True)
class _Named:
    """The last line that names one drug alone, and where it stands among the lines."""

    line: Line
    drug: DrugMention
    at: int


def spoken_rows(lines: Sequence[Line]) -> Iterator[Row]:
    """A row for each drug and dose of the lines, in order."""
    named: _Named | None = None
    for at, line in enumerate(lines):
        drugs, doses = find_drugs(line.text), find_doses(line.text)
        own = assigned_doses(line.text, drugs, doses)
        rows: list[tuple[int, Row]] = []
        for number, drug in enumerate(drugs):
            mine = [doses[n] for n, to in own.items() if to == number]
            rows += [(drug.span[0], row) for row in _drug_rows(line, drugs, number, mine)]
        taken = [drug.span for drug in drugs] + [doses[n].span for n in own]
        for dose in (dose for n, dose in enumerate(doses) if n not in own and dose.needs_a_drug):
            near = named if named is not None and at - named.at <= _NEAR_LINES and not drugs else None
            rows += [(dose.span[0], row) for row in _without_name(line, dose, taken, near)]
        rows += _misspelt(line, drugs, [row.name for _, row in rows])
        yield from (row for _, row in sorted(rows, key=lambda one: one[0]))
        if drugs:
            alone = len({drug.generic for drug in drugs}) == 1
            named = _Named(line, drugs[-1], at) if alone else None


def _misspelt(line: Line, drugs: Sequence[DrugMention], named: Sequence[str]) -> Iterator[tuple[int, Row]]:
    """Words that end as drugs' names do and stand in no list, where something is said to be done with them: "stop lysinoprol"."""
    for found in _STEM.finditer(line.text):
        listed = any(drug.span[0] < found.end() and found.start() < drug.span[1] for drug in drugs)
        said_of = stated(line.text, [found.span()], 0)
        if listed or said_of.status == "named" or any(found[0] in name for name in named):
            continue
        said, ids = _said(line, [found.span()], said_of)
        row = Row(found[0], "", _words(line, said_of), said, said, ids, found[0].lower(), said_of.status, known=False)
        yield found.start(), row


def _drug_rows(line: Line, drugs: Sequence[DrugMention], number: int, doses: Sequence[Dose]) -> Iterator[Row]:
    drug = drugs[number]
    said_of = stated(line.text, [each.span for each in drugs], number)
    around = {dose for dose in doses if dose.span[1] <= drug.span[0] or follows_directly(line.text, drug, dose)}
    for told in [tuple(sorted(around, key=lambda dose: dose.span)), *((dose,) for dose in doses if dose not in around)]:
        if told or not doses:
            yield _row(line, drug, told, said_of, drugs)


def _row(line: Line, drug: DrugMention, told: Sequence[Dose], said_of: Stated, drugs: Sequence[DrugMention]) -> Row:
    """The row of one drug; `told` are the parts of its dose, before and behind its name ("20 mg of prednisone once a day")."""
    words = _words(line, said_of)
    said, evidence = _said(line, [drug.span, *(dose.span for dose in told)], said_of)
    status = said_of.status
    if line.asks:
        status, words = _of_question(line, said_of, drug.span[1])
    cell = JOIN.join(line.text[slice(*dose.span)] for dose in told)
    own = _together(line, drug, told, drugs) if status in {"current", "changed", "named"} and not line.asks else ""
    ids = (line.id,) if own and said == line.text else evidence
    return Row(drug.name, cell, words, said, own or said, ids, drug.generic, status)


def _words(line: Line, said_of: Stated) -> str:
    words = line.text[slice(*said_of.span)]
    return "" if _INTRODUCES.fullmatch(words.strip(" :,")) else words


def _of_question(line: Line, said_of: Stated, end: int) -> tuple[Status, str]:
    """The status by the answer, and the words that say it: the answer's if they are few, else the question's up to the name."""
    answer = " ".join(each.text for each in line.answer)
    status, decided = answered(said_of.status, answer) if answer else ("asked", False)
    if line.answer and len(line.answer[0].text.split()) <= 2 * _MOST_WORDS and (decided or not _DOES.search(line.text)):
        return status, line.answer[0].text
    if status == "asked" or (_DOES.search(line.text) and not decided):
        begin = max((cut.end() for cut in _CLAUSE.finditer(line.text, 0, said_of.span[0])), default=0)
        return "asked", re.sub(r"^(?:and|but|so|then)\s+", "", line.text[begin:end], flags=re.IGNORECASE)
    return status, _words(line, said_of)


def _together(line: Line, drug: DrugMention, told: Sequence[Dose], drugs: Sequence[DrugMention]) -> str:
    """The drug and its dose as one stretch of the sentence; empty if another drug stands between, or there is no dose."""
    spans = [drug.span, *(dose.span for dose in told)]
    start, end = min(a for a, _ in spans), max(b for _, b in spans)
    others = any(start < other.span[0] < end and other is not drug for other in drugs)
    return line.text[start:end] if told and not others else ""


def _said(line: Line, spans: Sequence[tuple[int, int]], said_of: Stated) -> tuple[str, tuple[str, ...]]:
    """The sentence, or of a long one the clauses around the drug; with the answer if it is a question."""
    text, evidence = line.whole()
    if len(line.text) <= _LONG_SAID:
        return text, evidence
    places = [*spans, *([said_of.span] if said_of.span[1] else [])]
    near = [place for place in places if abs(place[0] - spans[0][0]) <= _LONG_SAID]
    start, end = min(a for a, _ in near), max(b for _, b in near)
    cuts = list(_CLAUSE.finditer(line.text))
    begin = max((cut.end() for cut in cuts if cut.end() <= start), default=0)
    stop = min((cut.start() for cut in cuts if cut.start() >= end), default=len(line.text))
    return JOIN.join([line.text[begin:stop].strip(), *(each.text for each in line.answer)]), evidence


def _without_name(line: Line, dose: Dose, taken: Sequence[tuple[int, int]], named: _Named | None) -> Iterator[Row]:
    """A dose that no known drug stands beside: of the drug named just before, if it says "it", else of the words before it."""
    begin = max((end for _, end in taken if end <= dose.span[0]), default=0)
    cuts = [cut.end() for cut in _CLAUSE.finditer(line.text, begin, dose.span[0])]
    before = line.text[begin : dose.span[0]]
    around = line.text[max(begin, dose.span[0] - 40) : dose.span[1] + 40]
    if _NO_DRUG.search(around):
        return
    name = " ".join(beyond_little_words(line.text[(cuts or [begin])[-1] : dose.span[0]]).split()[-_MOST_WORDS:]).strip(
        " ,.:;()'-"
    )
    name = _TRAILING.sub("", name)
    if not name:
        name = _before_comma(line.text[begin : dose.span[0]])
    if not name and (behind := _NAME_BEHIND.match(line.text, dose.span[1])) is not None:
        name = behind["name"]
    at = max(line.text.rfind(name, begin, dose.span[0]), 0) if name else dose.span[0]
    said_of = stated(line.text, [(at, at + len(name)) if name and at else (dose.span[0], dose.span[0])], 0)
    words, told = _words(line, said_of), line.text[slice(*dose.span)]
    if (
        not name
        and named is not None
        and not beyond_little_words(before)
        and (named.line.asks or not before.strip() or _IT.search(before))
    ):
        said = f"{named.line.text}{JOIN}{line.text}"
        ids = tuple(dict.fromkeys((named.line.id, line.id)))
        status = "current" if said_of.status == "named" else said_of.status
        yield Row(named.drug.name, told, words, said, said, ids, named.drug.generic, status)
        return
    said, ids = _said(line, [dose.span], said_of)
    yield Row(name or NO_NAME, told, words, said, said, ids, (name or told).lower(), said_of.status, known=False)


def _before_comma(before: str) -> str:
    """The name that was not recognised, where a comma or "or" parts it from its dose: "Rossovastatin, 20 milligrams"."""
    pieces = [beyond_little_words(_DONE_WITH.sub("", beyond_little_words(piece))) for piece in _CLAUSE.split(before)]
    words = next((piece for piece in reversed(pieces) if piece), "").strip(" ,.:;()'-")
    told = 0 < len(words.split()) <= _MISHEARD_WORDS and not any(map(str.isdigit, words)) and len(words) > 3
    return words if told and not find_diagnoses(words) else ""
