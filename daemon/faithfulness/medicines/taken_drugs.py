"""What a source says of each drug it names: with which dose, what is done with it, how much it matters that a note says so too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from daemon.faithfulness.medicines.dose_owners import assigned_doses
from daemon.faithfulness.medicines.doses import Dose, find_doses
from daemon.faithfulness.medicines.drug_kin import substances
from daemon.faithfulness.medicines.drug_status import Status, answered, stated
from daemon.faithfulness.medicines.drugs import DrugMention, find_drugs
from daemon.faithfulness.medicines.source_drugs import said_drugs
from daemon.faithfulness.reading.lines import Line, lines_of, with_answers
from daemon.faithfulness.texts import Texts
from daemon.model.finding import Severity

_ASKS_WHAT = re.compile(
    r"\b(?:medic(?:ation|ine)s?|meds|pills?|drugs?|prescri\w+|taking|take|on (?:any|anything)|using|tried|supplements?|vitamins?|over[- ]the[- ]counter)\b",
    re.IGNORECASE,
)
_STOPPED_NOW = re.compile(r"\b(?:stop\w*|discontinu\w*|d/c|hold\w*|held|wean\w*|off)\b", re.IGNORECASE)
_ORDERED = re.compile(
    r"\b(?:(?:do ?n['’]?t|do not|never|avoid|stay away from|no more|should(?: ?n['’]?t| not)|ca(?: ?n['’]t|nnot)|must not|contraindicated|skip|hold)\b)",
    re.IGNORECASE,
)
"""That a drug must not be taken is said to be done; that it is not taken is history."""
_TAG = re.compile(r",?\s*(?:okay|ok|all ?right|alright|right|correct|you know|yeah|sound good)\s*\?\W*$", re.IGNORECASE)
"""What makes no question of what is said: "continue the Keppra, okay?"."""
_NO_MARK = re.compile(
    r"\b(?:have|do|did|are|were) you (?:\w+ ){0,2}?(?:take|taken|taking|tried|try|use|used|using|on)\b[^.?]{0,120}$",
    re.IGNORECASE,
)
"""A question whose mark nobody heard, at the end of what was said."""
_ASKED_LINES = 2
_IDLE = re.compile(r"\W*(?:(?:okay|ok|mm-?hmm|uh-?huh|all right|alright|right|um|uh|oh|i see)\W*)*")
_YES = re.compile(r"\W*(?:mm-?hmm|uh-?huh|right|yeah|yes)", re.IGNORECASE)
_LONG_ANSWER = 4
_NEAR_LINES = 3
"""So many sentences behind the only drug named a dose without one may still be its own."""
_MOST_BETWEEN = 25
_GRAVITY: Mapping[Status, Severity | None] = {
    "current": "high", "changed": "high", "named": "low", "asked": "low", "considered": "low", "stopped": "medium",
    "not-taken": "low", "family": None, "allergy": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TakenDrug:
    """A drug as it was said once: `text` with its dose, if one was told (`dose`), in `evidence`.

    `severity` says how grave it is if a note leaves this out; None where it is not the patient's, or an allergy.
    """

    drug: DrugMention
    text: str
    dose: str
    evidence: tuple[str, ...]
    severity: Severity | None
    is_allergy: bool = False

    @property
    def parts(self) -> frozenset[str]:
        """The substances, by which brand and generic name are one; a class is its own."""
        return frozenset({self.drug.generic}) if self.drug.is_class else substances(self.drug.generic)


def told_lines(source: Texts) -> Sequence[Line]:
    """A reading for `Texts.learn`: the sentences of the source, each question with its answer.

    Where speakers are known, what the next one says is the answer, a few sentences of it: each may be a passage by itself.
    """
    lines = lines_of(source.by_id.items())
    if not source.speakers:
        return with_answers(lines, _is_idle)
    return [replace(line, answer=_answer(lines, at, source)) if line.asks else line for at, line in enumerate(lines)]


def _is_idle(text: str) -> bool:
    return _IDLE.fullmatch(text) is not None


def _answer(lines: Sequence[Line], at: int, source: Texts) -> tuple[Line, ...]:
    asker = source.speakers.get(lines[at].id)
    answer: list[Line] = []
    for line in lines[at + 1 : at + 1 + _LONG_ANSWER + 1]:
        if source.speakers.get(line.id) == asker:
            if answer or not (line.asks or _is_idle(line.text)):
                break
        elif line.asks:
            break
        elif not _is_idle(line.text) or _YES.match(line.text):
            answer.append(line)
    return tuple(answer[:_LONG_ANSWER])


def taken_drugs(source: Texts) -> Sequence[TakenDrug]:
    """A reading for `Texts.learn`: each drug, each time that it was named, in order."""
    lines = source.learn(told_lines)
    found: list[TakenDrug] = []
    alone: tuple[int, TakenDrug] | None = None
    naming = source.learn(said_drugs).mentions
    for at, line in enumerate(lines):
        drugs = find_drugs(line.text) if line.id in naming else ()
        if drugs:
            told = list(_told(line, drugs, lines[max(0, at - _ASKED_LINES) : at]))
            found += told
            alone = (at, told[0]) if len(drugs) == 1 else None
        elif alone is not None and at - alone[0] <= _NEAR_LINES and (dose := _dose_alone(line)) is not None:
            if not alone[1].dose:
                found.append(_with_dose(alone[1], line, dose))
            alone = None
    return found


def _told(line: Line, drugs: Sequence[DrugMention], before: Sequence[Line]) -> Iterator[TakenDrug]:
    doses = find_doses(line.text)
    owners = assigned_doses(line.text, drugs, doses)
    spans = [drug.span for drug in drugs]
    for number, drug in enumerate(drugs):
        mine = [doses[at] for at, to in owners.items() if to == number]
        said = stated(line.text, spans, number)
        severity = _gravity(
            line, said.status, line.text[slice(*said.span)], before, dosed=any(one.tells for one in mine)
        )
        text, dose = _with_name(line.text, drug, mine)
        yield TakenDrug(drug, text, dose, (line.id,), severity, said.status == "allergy")


def _gravity(line: Line, status: Status, words: str, before: Sequence[Line], *, dosed: bool) -> Severity | None:
    asks = (line.asks and not _TAG.search(line.text)) or _NO_MARK.search(line.text) is not None
    if asks:
        status, _ = answered(status, " ".join(each.text for each in line.answer))
    elif status == "named" and any(each.asks and _ASKS_WHAT.search(each.text) for each in before):
        status = "current"
    if status == "stopped" and _STOPPED_NOW.search(words):
        return "high"
    if status == "not-taken" and _ORDERED.search(words) and not asks:
        return "medium"
    if dosed and status in {"asked", "considered"}:
        return "medium"
    return "high" if status == "named" and dosed else _GRAVITY[status]


def _with_name(text: str, drug: DrugMention, doses: Iterable[Dose]) -> tuple[str, str]:
    """The drug with its doses, as one stretch where little stands between them, and the doses alone."""
    parts = sorted({drug.span, *(dose.span for dose in doses)})
    told = " ".join(text[slice(*part)] for part in parts if part != drug.span)
    near = all(later[0] - earlier[1] <= _MOST_BETWEEN for earlier, later in pairwise(parts))
    whole = text[parts[0][0] : max(end for _, end in parts)]
    return (whole if near and not find_others(whole) else f"{drug.name} {told}".strip()), told


def find_others(text: str) -> bool:
    """Whether more than one drug is named."""
    return len(find_drugs(text)) > 1


def _dose_alone(line: Line) -> Dose | None:
    return next((dose for dose in find_doses(line.text) if dose.needs_a_drug), None)


def _with_dose(taken: TakenDrug, line: Line, dose: Dose) -> TakenDrug:
    told = line.text[slice(*dose.span)]
    ids = tuple(dict.fromkeys((*taken.evidence, line.id)))
    severity: Severity | None = "high" if taken.severity == "low" else taken.severity
    return TakenDrug(taken.drug, f"{taken.drug.name} {told}", told, ids, severity)
