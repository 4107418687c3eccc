"""`medication-status`: a drug is continued, begun or changed where the source stops it, or the other way round.

What the source decides last on a drug counts. A question, a condition and an option decide nothing, nor does a pause for a procedure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from daemon.faithfulness.late import late
from daemon.faithfulness.medicines.drug_decisions import ENDED, GIVEN, Act, Decision, decision, decisions
from daemon.faithfulness.medicines.drugs import DrugMention, find_drugs
from daemon.faithfulness.medicines.source_drugs import said_drugs
from daemon.faithfulness.reading.headings import kind_of
from daemon.faithfulness.reading.quoted import repeats_passage
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding, Severity

_CODE = "medication-status"
_HEDGED = late(
    r"\b(?:if|unless|whether|consider\w*|discuss\w*|may|might|could|would|options?|offer\w*|in case|instead|versus|until|before|prior|allerg\w*)\b",
    re.IGNORECASE,
)
_ENDED_TOO = late(
    r"\b(?:stop\w*|discontinu\w*|held|hold\w*|off|quit|previous\w*|formerly|past|history|was|were|had|used to|ago|last|ran out|declin\w*|refus\w*|not|never|no|"
    r"denie[sd]|tried|failed|complet\w*|finish\w*|since|until|switch\w*|changed|taper\w*|wean\w*|reports? (?:having )?taken)\b|n['’]t\b",
    re.IGNORECASE,
)
"""A statement with one of these does not say plainly that the drug goes on."""
_GIVEN_TOO = late(r"\b(?:restart\w*|resum\w*|continu\w*|start\w*|switch\w*|chang\w*)\b", re.IGNORECASE)
_MOST_DRUGS = 30
_LISTS = frozenset({"medications"})
_PLANS = frozenset({"plan", "assessment-plan", "assessment"})


def medication_status_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """One finding for each drug of the claim that the source gives the other status."""
    said = source.learn(said_drugs).mentions
    drugs = find_drugs(claim.text) if said else ()
    if not drugs or _HEDGED.search(claim.text) or repeats_passage(claim, source):
        return
    kind = kind_of(claim.section)
    for at, drug in enumerate(drugs[:_MOST_DRUGS]):
        if drug.is_class:
            continue
        mine = decision(claim.text, drugs, at)
        act: Act = "take" if mine.act == "named" and kind in _LISTS else mine.act
        if (found := _against(act, claim.text, kind, source.learn(decisions).on(drug))) is not None:
            severity, evidence = found
            span = _span(drug, mine)
            yield Finding(_CODE, severity, claim.text[slice(*span)], span, evidence)


def _against(act: Act, text: str, kind: str, every: Sequence[Decision]) -> tuple[Severity, tuple[str, ...]] | None:
    """How grave it is that a statement says `act`, and the passages against it; None where the source allows it."""
    told = [one for one in every if one.act != "named"]
    decided = [one for one in told if one.act != "open"]
    if not decided:
        return None
    last = decided[-1]
    if act in GIVEN and last.act in ENDED and not _ENDED_TOO.search(text):
        return _given_though_ended(act, kind, every, last)
    if act == "stop" and last.act in GIVEN and not _GIVEN_TOO.search(text):
        return _ended_though_given(told, last)
    acts = {one.act for one in told}
    if (act == "more" and last.act == "less" and "more" not in acts) or (
        act == "less" and last.act == "more" and "less" not in acts
    ):
        return "high", last.evidence
    return None


def _given_though_ended(
    act: Act, kind: str, every: Sequence[Decision], last: Decision
) -> tuple[Severity, tuple[str, ...]] | None:
    taken = any(one.act in GIVEN or one.act == "named" for one in every)
    if act == "take" and taken:
        return ("medium", last.evidence) if kind in _LISTS else None
    if act == "start" and kind not in _PLANS:
        return None
    return ("medium" if last.act == "lapse" else "high"), last.evidence


def _ended_though_given(told: Sequence[Decision], last: Decision) -> tuple[Severity, tuple[str, ...]] | None:
    if any(one.act not in GIVEN for one in told):
        return None
    return ("low" if last.act == "take" else "high"), last.evidence


def _span(drug: DrugMention, mine: Decision) -> tuple[int, int]:
    """The word that says the status, with the drug where that stands close behind it."""
    start, end = mine.span
    if start == end:
        return drug.span
    if drug.span[0] - end in range(_CLOSE):
        return start, drug.span[1]
    return start, end


_CLOSE = 6
