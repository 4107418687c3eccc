"""Headings as clinicians say them: "Subjective.", "Assessment and plan", "Plan colon start …", "Vitals".

A pure rule. A heading says where the passages after it belong, until the next one; a question ("Any allergies?") never is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SUBJECTIVE = ("FAM/SOCHX", "GENHX", "PASTMEDICALHX", "CC", "PASTSURGICAL", "ALLERGY", "ROS", "MEDICATIONS", "IMMUNIZATIONS",
               "GYNHX", "OTHER_HISTORY")  # fmt: skip
_OBJECTIVE = ("EXAM", "IMAGING", "LABS")
_ASSESSMENT = ("ASSESSMENT", "DIAGNOSIS")
_PLAN = ("PLAN", "DISPOSITION")

_LABELS: dict[str, tuple[str, ...]] = {
    "subjective": _SUBJECTIVE,
    "objective": _OBJECTIVE,
    "assessment": _ASSESSMENT,
    "impression": _ASSESSMENT,
    "plan": _PLAN,
    "assessment and plan": (*_ASSESSMENT, *_PLAN),
    "assessment plan": (*_ASSESSMENT, *_PLAN),
    "impression and plan": (*_ASSESSMENT, *_PLAN),
    "a p": (*_ASSESSMENT, *_PLAN),
    "treatment plan": _PLAN,
    "recommendations": _PLAN,
    "instructions": _PLAN,
    "disposition": ("DISPOSITION",),
    "diagnosis": ("DIAGNOSIS",),
    "diagnoses": ("DIAGNOSIS",),
    "chief complaint": ("CC",),
    "reason for visit": ("CC",),
    "history of present illness": ("GENHX",),
    "hpi": ("GENHX",),
    "history": _SUBJECTIVE,
    "review of systems": ("ROS",),
    "past medical history": ("PASTMEDICALHX",),
    "medical history": ("PASTMEDICALHX",),
    "past surgical history": ("PASTSURGICAL",),
    "surgical history": ("PASTSURGICAL",),
    "past history": ("PASTMEDICALHX", "PASTSURGICAL"),
    "family history": ("FAM/SOCHX",),
    "social history": ("FAM/SOCHX",),
    "birth history": ("OTHER_HISTORY",),
    "gynecologic history": ("GYNHX",),
    "obstetric history": ("GYNHX",),
    "medications": ("MEDICATIONS",),
    "current medications": ("MEDICATIONS",),
    "meds": ("MEDICATIONS",),
    "allergies": ("ALLERGY",),
    "immunizations": ("IMMUNIZATIONS",),
    "vaccinations": ("IMMUNIZATIONS",),
    "physical exam": ("EXAM",),
    "physical examination": ("EXAM",),
    "exam": ("EXAM",),
    "examination": ("EXAM",),
    "on exam": ("EXAM",),
    "vitals": ("EXAM",),
    "vital signs": ("EXAM",),
    "mental status exam": ("EXAM",),
    "labs": ("LABS",),
    "laboratory": ("LABS",),
    "results": ("LABS", "IMAGING"),
    "imaging": ("IMAGING",),
    "procedure": ("PROCEDURES",),
    "procedures": ("PROCEDURES",),
    "emergency department course": ("EDCOURSE",),
}
# A note's own parts. Any other heading opens a list ("Medications").
_BROAD = frozenset(
    {
        *(
            "subjective",
            "chief complaint",
            "history of present illness",
            "hpi",
            "history",
            "objective",
            "physical exam",
        ),
        *(
            "physical examination",
            "exam",
            "examination",
            "vitals",
            "vital signs",
            "assessment",
            "impression",
            "diagnosis",
        ),
        *("plan", "assessment and plan", "assessment plan", "impression and plan"),
    }
)
# No sentence begins with these words and means anything else, so no separator needs to follow.
_UNMISTAKABLE = frozenset(
    {"assessment and plan", "history of present illness", "review of systems", "past medical history"}
)
LEAD_IN = r"(?:(?:okay|ok|so|now|and|then|next|moving on to|for|the|her|his|heading)[\s,]+)*"
_NAMES = "|".join(re.escape(name) for name in sorted(_LABELS, key=len, reverse=True))
_SPOKEN = re.compile(rf"\s*{LEAD_IN}(?P<name>{_NAMES})(?![\w'])(?P<after>\s*(?:[:.,;–—-]|\b(?:colon|period|comma|new line)\b)*)",
                     re.IGNORECASE)  # fmt: skip
_CODA = re.compile(r"(?:\s|[.,:;!–—-]|section|today)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading and the classifier's labels that belong under it.

    `alone`: the passage says nothing else. `broad`: it opens a part of the note, not a list, and dictation may run on from it
    into parts that are never announced.
    """

    name: str
    labels: frozenset[str]
    alone: bool
    broad: bool


def heading_names() -> list[str]:
    """All headings, in lower case and without punctuation."""
    return list(_LABELS)


def spoken_heading(text: str) -> Heading | None:
    """The heading that a passage is, or begins with; None if there is none."""
    found = _SPOKEN.match(" ".join(text.replace("&", " and ").replace("/", " ").split()))
    if found is None or text.rstrip().endswith("?"):
        return None
    name = found["name"].lower()
    rest = found.string[found.end() :]
    alone = _CODA.fullmatch(rest) is not None
    if not alone and not found["after"].strip() and name not in _UNMISTAKABLE:
        return None
    return Heading(name, frozenset(_LABELS[name]), alone, name in _BROAD)
