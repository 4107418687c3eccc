"""What findings and omissions say, in sentences for a clinician: the same on paper, in a browser, and in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from daemon.model.finding import Finding, Omission, Severity


class Level(NamedTuple):
    """How a severity is shown. A word and a sign of their own shape: colour alone says nothing."""

    rank: int
    sign: str
    word: str


LEVELS: Mapping[Severity, Level] = {
    "high": Level(0, "▲", "Check first"),
    "medium": Level(1, "◆", "Check"),
    "low": Level(2, "●", "Look over"),
}

# `detail` is the piece of the statement; a code that is not here is read out as it stands.
_FINDINGS = {
    "quantity-unsupported": "“{}” is not in what was said or written.",
    "quantity-changed": "“{}” differs from what was said or written.",
    "evidence-missing": "This line names a source that does not exist: “{}”.",
    "medication-unsupported": "The medication “{}” is not in what was said or written.",
    "medication-misheard": "“{}” may be a misheard name of a medication.",
    "medication-status": "“{}”: this medication was stopped, continued or changed otherwise.",
    "person-changed": "“{}” was said of somebody else.",
    "frequency-unsupported": "“{}”: how often or how long is not what was said or written.",
    "negation-flipped": "“{}”: yes and no may have been swapped.",
    "certainty-changed": "“{}” stands here as more certain, or less, than it was said.",
    "laterality-unsupported": "“{}”: left and right may have been swapped.",
    "examination-unsupported": "“{}”: no such examination was spoken of.",
    "result-unsupported": "“{}”: no such result was reported.",
    "result-flipped": "“{}” is the opposite of the result that was reported.",
    "plan-retracted": "“{}” was said and then taken back.",
    "statement-unsupported": "“{}”: little of this was said or written.",
    "section-wrong": "“{}” may belong under another heading.",
    "diagnosis-unnamed": "The diagnosis “{}” is not named in what was said or written.",
    "instruction-like": "“{}” speaks to the software, not about the patient; it was treated as text.",
    "identity-unsupported": "“{}”: this person or name is not in what was said or written.",
}

_OMISSIONS = {
    "medication": "Not in the {}: the medication “{}”.",
    "allergy": "Not in the {}: the allergy “{}”.",
    "number": "Not in the {}: “{}”.",
    "negated-symptom": "Not in the {}: “{}”, which was denied.",
    "symptom": "Not in the {}: the symptom “{}”.",
    "diagnosis": "Not in the {}: the diagnosis “{}”.",
    "follow-up": "Not in the {}: the follow-up “{}”.",
    "safety-advice": "Not in the {}: the advice “{}”.",
}


def finding_sentence(finding: Finding) -> str:
    """One sentence about one doubt, with the words it concerns."""
    detail = finding.detail.strip().rstrip(".")
    if finding.code == "evidence-missing" and not detail:
        return "This line names no source; it may not have been said or written."
    sentence = _FINDINGS.get(finding.code)
    if sentence is None:
        return f"{finding.code.replace('-', ' ').capitalize()}: “{detail}”."
    return sentence.format(detail)


def omission_sentence(omission: Omission, paper: str = "note") -> str:
    """One sentence about something that was said and stands nowhere; `paper` is what it is missing from."""
    sentence = _OMISSIONS.get(omission.kind, "Not in the {}: “{}”.")
    return sentence.format(paper, omission.text.strip().rstrip("."))
