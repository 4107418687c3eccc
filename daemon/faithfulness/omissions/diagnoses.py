"""Diagnoses and conditions that were named as the patient's and stand in no statement.

What is denied, doubted, feared, a relative's or only explained is none (`find_diagnoses` reads that), and neither is a box that is
not ticked. A narrower diagnosis in the note stands for the broader that was said; a broader one only in part.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from daemon.faithfulness.reading.spans import sentence_spans
from daemon.faithfulness.texts import PATIENT, Texts
from daemon.faithfulness.vocabulary.diagnoses import Diagnosis, find_diagnoses, is_named
from daemon.faithfulness.vocabulary.source_diagnoses import said_diagnoses
from daemon.faithfulness.vocabulary.terms import parts_of, terms
from daemon.model.finding import Omission, Severity

_CUES = (
    r"history(?: (?:of|includes?|significant for|notable for|positive for|is|for))?|hx(?: of)?|p\.?m\.?h\.?x?|diagnos\w+(?: (?:with|of|is|as))?|assessment|"
    r"impression|consistent with|suffers? from|living with|known|confirmed|you do have|you(?: also|'ve got| have got)? (?:have|had|has)|(?:she|he|patient|and|who|i)"
    r"(?: also| still)? (?:has|have|had)|i've (?:got|had)|(?:his|her|your|my|their|the patient's)|(?:problem|problems|conditions?|visit|here|presents?|seen)"
    r"(?: (?:is|are|with|for|of))?|because of|due to|treated for|medication for|takes? \w+ for|this is|i think|sounds like|looks like|shows?|showed"
)
_CUE = re.compile(rf"\b(?:{_CUES})\b", re.IGNORECASE)
"""What says in the same sentence that somebody has it."""
_NEAR_CHARS = 90
_SOMEBODY_ELSE = re.compile(
    r"\b(?:friends?|neighbou?rs?|co-?workers?|colleagues?|people|patients|folks|guys|women|men|children|kids|boyfriend|girlfriend|partner|"
    r"babies|nephew|niece|in-laws?|mother|father|mom|dad|sister|brother|son|daughter|husband|wife|grand\w+|aunt|uncle|cousin)\b|"
    r"\bfamily history|\b(?:in|of) (?:the|your|my|his|her) (?:immediate )?family\b|\bruns? in\b",
    re.IGNORECASE,
)
_EXPLAINED = re.compile(
    r"\b(?:can|could|may|might|sometimes|often|usually|would) (?:\w+ ){0,2}(?:develop|get|become|lead|cause|be|have|turn|end up)\b|\bused for\b|"
    r"\b(?:means|called|stands for|correlation between|study|trial|research|treatment of|types of|leads to|if (?:you|it|there))\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:any|have you (?:ever )?(?:had|been)|do you (?:ever )?(?:have|get)|did you (?:ever )?have|can ?not have|can't have)\b[\w ,'-]{0,60}$",
    re.IGNORECASE,
)
"""A question that recognition left without its mark; who answers it says nothing of the diagnosis by name."""
_NOT_TICKED = re.compile(r"(?:\[[ _]*\]|\([ _]*\)|☐|□|◯)\s*(?:[\w/-]+\s+){0,2}$")
_TICKED = re.compile(r"(?:\[\s*[xX✓✔]\s*\]|☒|☑|✓|✔)\s*(?:[\w/-]+\s+){0,2}$")
_ANSWERED_NO = re.compile(r"\s*(?:\[\s*\]\s*(?:y|yes)\b|[:?=-]\s*(?:no|none|denies|denied|never|n)\b)", re.IGNORECASE)
_GOES_ON = re.compile(
    r"\s*(?:diets?|\d|levels?|rich|free|control|foods?|tests?|stud(?:y|ies)|medicines?|treatments?)\b", re.IGNORECASE
)
"""What follows a name that is no diagnosis there: "low sodium diet"."""
_NO_DIAGNOSES = frozenset(["strain", "sprain", "polyps", "dehydration", "insomnia"])
"""Bare words that are verbs, findings or complaints in talk ("strain your urine") more often than a diagnosis: hints only."""
_BUILT = re.compile(r"(?:\w+ )+(?:disease|disorder)", re.IGNORECASE)
"""What the list does not have and only the last word names: "nervous system disorder"."""
_SHORT_CHARS = 240
"""Of a sentence: in a longer one, as recognition leaves them, somebody else's name is probably about something else."""


class _Named(NamedTuple):
    """A concept as it was first said, all passages that give it to the patient, and how sure that is."""

    concept: str
    text: str
    evidence: tuple[str, ...]
    severity: Severity


def omitted_diagnoses(note: Texts, source: Texts) -> Iterator[Omission]:
    """What the patient has according to `source` and no statement of `note` names, in the order in which it was said."""
    named = note.learn(_all_concepts)
    statements = note.learn(_terms_by_statement)
    for one in source.learn(_named):
        if is_named(one.concept, named) or _worded(one, statements):
            continue
        broader = any(is_named(each, (one.concept,)) for each in named)
        yield Omission("diagnosis", one.text, one.evidence, "low" if broader else one.severity)


def _all_concepts(note: Texts) -> frozenset[str]:
    return frozenset(each.concept for text in note.by_id.values() for each in find_diagnoses(text))


def _terms_by_statement(note: Texts) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(key for term in terms(text) for key in term.keys) for text in note.by_id.values())


def _worded(one: _Named, statements: Sequence[frozenset[str]]) -> bool:
    """Whether all its words stand in one statement, if apart: "pain syndrome, chronic"."""
    wanted = [(term.key, parts_of(term.key)) for term in terms(one.text)]
    return any(all(key in held or (parts and held.issuperset(parts)) for key, parts in wanted) for held in statements)


def _named(source: Texts) -> tuple[_Named, ...]:
    found: dict[str, list[tuple[str, Diagnosis, Severity]]] = {}
    for name, text in source.by_id.items():
        for diagnosis, severity in _given(
            text, source.learn(said_diagnoses).get(name, ()), source.speakers.get(name, "")
        ):
            found.setdefault(diagnosis.concept, []).append((name, diagnosis, severity))
    kept = {concept: those for concept, those in found.items() if not _is_broader(concept, found)}
    return tuple(_as_named(concept, those) for concept, those in kept.items())


def _is_broader(concept: str, found: Mapping[str, object]) -> bool:
    """Whether a narrower one was said as well, and speaks for both."""
    return any(other != concept and is_named(concept, (other,)) for other in found)


def _as_named(concept: str, those: list[tuple[str, Diagnosis, Severity]]) -> _Named:
    ids = tuple(dict.fromkeys(name for name, _, _ in those))
    severities = {severity for _, _, severity in those}
    severity: Severity = "high" if "high" in severities else "medium" if "medium" in severities else "low"
    if concept in _NO_DIAGNOSES or _BUILT.fullmatch(concept):
        severity = "low"
    return _Named(concept, those[0][1].text, ids, severity)


def _given(text: str, diagnoses: Sequence[Diagnosis], speaker: str) -> Iterator[tuple[Diagnosis, Severity]]:
    """The diagnoses of a passage that are the patient's, with how sure that is."""
    if not diagnoses:
        return
    spans = sentence_spans(text)
    for each in diagnoses:
        start, end = spans[bisect_right(spans, (each.span[0], len(text))) - 1]
        severity = _severity(text, each, (start, end), speaker)
        if severity is not None:
            yield each, severity


def _severity(text: str, one: Diagnosis, sentence: tuple[int, int], speaker: str) -> Severity | None:
    before = text[max(sentence[0], one.span[0] - _NEAR_CHARS) : one.span[0]]
    ticked = _TICKED.search(before) is not None
    if _NOT_TICKED.search(before) or _ANSWERED_NO.match(text, one.span[1]) or (one.status != "affirmed" and not ticked):
        return None
    whole = text[slice(*sentence)] if sentence[1] - sentence[0] <= _SHORT_CHARS else before
    if _SOMEBODY_ELSE.search(whole) or (speaker and _ASKED.search(before)) or _GOES_ON.match(text, one.span[1]):
        return None
    if _EXPLAINED.search(before):
        return "low"
    cued = ticked or not speaker or _CUE.search(before) is not None
    return "high" if cued else "medium" if speaker != PATIENT or len(one.text.split()) > 1 else "low"
