"""What verification says against a statement, and what no statement carries."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

Severity = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt about one statement.

    `detail` is the smallest piece of the statement it concerns, verbatim; `span` is where that stands in the
    statement's text (start, end in characters), where it stands at one place. `evidence` are the passages that speak against
    it, if any do; `suggestions` are what may be meant instead, for a person to choose from.
    """

    code: str
    severity: Severity
    detail: str
    span: tuple[int, int] | None = None
    evidence: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caution:
    """One doubt about a draft as a whole: two patients' names in one packet, a handout that was not used.

    `text` is a sentence for the reader; `evidence` the passages it rests on.
    """

    code: str
    severity: Severity
    text: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Omission:
    """Something said (`text`, in the passages `evidence`) that no statement carries.

    `kind` is one of `OMISSION_KINDS`; `text` is what was said, as short as it can be understood.
    """

    kind: str
    text: str
    evidence: tuple[str, ...]
    severity: Severity = "high"


OMISSION_KINDS = (
    "medication",
    "allergy",
    "number",
    "negated-symptom",
    "symptom",
    "diagnosis",
    "follow-up",
    "safety-advice",
)
"""What is looked for among what was said, gravest first."""


def finding_to_dict(finding: Finding) -> dict[str, Any]:
    """A finding as DESIGN 8 has it: what it does not say is not there."""
    said = {each.name: getattr(finding, each.name) for each in fields(finding)}
    always = ("code", "severity", "detail")
    return {key: value for key, value in said.items() if key in always or value}


def omission_to_dict(omission: Omission) -> dict[str, Any]:
    """An omission as DESIGN 8 has it."""
    return {each.name: getattr(omission, each.name) for each in fields(omission)}
