"""`section-wrong`: a statement that belongs under another heading.

Only what is plain: a finding of an examination in a patient's story, an order there, the patient's words in a plan, vital signs in an
assessment, an allergy among medications. Under a heading that is not known nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from daemon.faithfulness.reading.headings import kind_of
from daemon.faithfulness.rules.support import stands_in
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding, Severity

_STORY = frozenset({"subjective", "complaint", "past", "family", "social", "symptoms"})

_EXAMINATION = re.compile(
    r"""\b(?:
    (?:clear\s+)?(?:to|on)\s+(?:auscultation|palpation|percussion) | on\s+(?:physical\s+)?exam(?:ination)?\b
    | regular\s+(?:heart\s+)?rate\s+and\s+rhythm | (?:normo|hyper|hypo)active\s+bowel\s+sounds | bowel\s+sounds\s+(?:are\s+)?(?:normal|present|active)
    | abdomen\s+(?:is\s+)?(?:soft|non-?tender|non-?distended|benign) | soft,?\s+(?:and\s+)?non-?tender | lungs?\s+(?:are\s+|is\s+)?clear
    | tenderness\s+(?:to|over|at|along)\b | (?:positive|negative)\s+(?:\w+\s+)?(?:lachman|mcmurray|drawer|tinel|phalen|hawkins|neer|murphy|homan|
      spurling|romberg|straight\s+leg)(?:'s)? | straight\s+leg\s+raise\s+(?:is|was)\s+\w+
    | pupils\s+(?:are\s+)?equal | perrla? | eomi | cranial\s+nerves\s+(?:[\w–-]+\s+){0,4}?(?:are\s+)?(?:grossly\s+)?intact | tympanic\s+membranes?\s+(?:are|is)?
    | \d\s?(?:/|out\s+of)\s?6\s+(?:\w+\s+){0,2}?murmur | no\s+(?:murmurs?|gallops?|rubs?|rales|rhonchi|carotid\s+bruits?|guarding|rebound|thyromegaly|
      hepatosplenomegaly|lymphadenopathy|jugular\s+venous)\b
    | [1-4]\+\s+(?:pitting\s+)?edema | pitting\s+edema | capillary\s+refill | deep\s+tendon\s+reflexes | (?:muscle\s+)?strength\s+(?:is\s+|was\s+)?[0-5]\s?/\s?5
    | neurovascularly\s+intact | oropharynx\s+(?:is\s+)?(?:clear|moist|pink|erythematous) | mucous\s+membranes\s+(?:are\s+)?(?:moist|dry)
    | in\s+no\s+(?:apparent|acute)\s+distress | (?:examination|palpation|auscultation|inspection)\s+of\s+(?:the|his|her)\b
    | sensation\s+(?:is|was)\s+(?:grossly\s+)?intact | range\s+of\s+motion\s+(?:is|was)\s+\w+ | no\s+pain\s+(?:to|with|on)\s+palpation
    | gait\s+is\s+(?:normal|steady|antalgic) | alert\s+and\s+oriented | s1\s+and\s+s2
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_TOLD = re.compile(
    r"\b(?:report(?:s|ed|ing)?|den(?:y|ies|ied)|states?|stated|told|says?|said|complains?|endorses?|history|previous(?:ly)?|prior|last|past|ago|"
    r"emergency|hospital(?:ized)?|urgent\s+care|outside|referred|ER|ED|was\s+(?:seen|found|noted|evaluated)|had|when\s+(?:she|he)|due\s+to|because)\b"
)
_ORDER = re.compile(
    r"^(?:start|continue|increase|decrease|discontinue|order|refer|prescribe|schedule|return\s+(?:to\s+(?:the\s+)?clinic|in)|follow[\s-]up\s+(?:in|with)|"
    r"recheck|repeat|obtain)\b(?!\s*:)"
    r"|\b(?:I|we)\s+(?:will|am\s+going\s+to|are\s+going\s+to|would\s+like\s+to|have|also)?\s*(?:start|order|refer|prescribe|schedule|increase|"
    r"decrease|stop|recommend|advise|encourage|discuss|counsel|send|see\s+(?:him|her|the\s+patient)|explain)(?:e?d|led)?\b"
    r"|\b(?:patient|she|he|they)\s+(?:should|will)\s+(?:follow[\s-]up|return|continue|start|be\s+(?:referred|started|prescribed|scheduled)|call|contact|"
    r"avoid|undergo|elevate|rest|ice)\b",
    re.IGNORECASE,
)
_PATIENT_SAYS = re.compile(
    r"^(?:the\s+patient|patient|pt|he|she|they|(?:mr|mrs|ms|miss)\.?\s+\w+)\s+(?:also\s+|further\s+)?"
    r"(?:reports?|denies|complains?\s+of|endorses)\b",
    re.IGNORECASE,
)
_VITALS = re.compile(
    r"\b(?:BP|blood\s+pressure|HR|heart\s+rate|pulse|RR|respirat\w+(?:\s+rate)?|temp(?:erature)?|SpO2|O2\s+sat\w*|oxygen\s+saturation|BMI|weight|height)"
    r"\s*(?:is|was|of|:)?\s*\d{2,3}(?:\.\d)?(?:\s?/\s?\d{2,3})?",
    re.IGNORECASE,
)
_ALLERGY = re.compile(
    r"\b(?:allergic\s+to|allerg(?:y|ies)\s+to|NKDA|no\s+known\s+(?:drug\s+)?allergies)\b", re.IGNORECASE
)
_DOSE = re.compile(
    r"\b\d+(?:\.\d+)?\s?(?:mg|mcg|milligrams?|micrograms?|units?)\s+(?:\w+\s+){0,2}?(?:daily|nightly|weekly|bid|tid|qid|(?:once|twice)\s+(?:a\s+day|daily)|"
    r"every\s+\w+|(?:a|per)\s+day)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words that do not belong under headings of these kinds, unless `unless` stands in the statement too."""

    pattern: re.Pattern[str]
    kinds: frozenset[str]
    severity: Severity
    unless: re.Pattern[str] | None = None
    fewest: int = 1


_CUES = (
    _Cue(_EXAMINATION, _STORY | {"medications", "allergies"}, "medium", _TOLD),
    _Cue(_ORDER, _STORY | {"examination", "vitals", "allergies"}, "low", _TOLD),
    _Cue(_PATIENT_SAYS, frozenset({"plan", "vitals", "results"}), "low"),
    _Cue(
        _VITALS,
        frozenset({"assessment", "past", "family", "social", "medications", "allergies"}),
        "low",
        _TOLD,
        fewest=2,
    ),
    _Cue(_ALLERGY, frozenset({"medications", "vitals", "examination", "results"}), "medium"),
    _Cue(_DOSE, frozenset({"allergies", "family", "vitals", "symptoms"}), "medium", _ALLERGY),
)
_SEARCHED_CHARS = 2000
"""A sentence is shorter; what is longer is no statement of which one heading can be right."""


def section_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """At most one finding: the words that show that the statement belongs elsewhere.

    A quotation in a draft of ours is left alone: a dictation is in its speaker's order.
    """
    kind = kind_of(claim.section)
    if not kind or len(claim.text) > _SEARCHED_CHARS or (not claim.inferred and stands_in(claim, source)):
        return
    for cue in _CUES:
        if kind in cue.kinds:
            found = list(cue.pattern.finditer(claim.text))
            if len(found) >= cue.fewest and not (cue.unless and cue.unless.search(claim.text)):
                yield _finding(claim.text, found[0].span(), cue.severity)
                return


def examination_finding_in_story(text: str) -> tuple[Finding, ...]:
    """The rule `no-exam-findings`, which a document asks for in its sections: what `section_findings` says under "Subjective"."""
    found = _EXAMINATION.search(text) if len(text) <= _SEARCHED_CHARS else None
    if found is None or _TOLD.search(text):
        return ()
    return (_finding(text, found.span(), "medium"),)


def _finding(text: str, span: tuple[int, int], severity: Severity) -> Finding:
    return Finding("section-wrong", severity, text[slice(*span)], span)
