"""The words of printed forms: labels, headings, boxes to tick, and what a practice prints for itself.

Collected by reading intake forms of family medicine, paediatrics, cardiology, dentistry, physiotherapy, psychiatry and obstetrics; OCR
slips are met with difflib's ratio, not with further words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from daemon.model.document import Document

FUZZY_RATIO = 0.86
"""Two strings of n letters that differ in one have a ratio of 1 - 1/n: one slip in eight letters passes."""
_MIN_FUZZY = 6

BOX = re.compile(
    r"[\[【(]\s?(?P<square>[xXvV✓✔√✗✘*×/]?)\s{0,3}[\]】)](?![a-z])|(?P<ticked>[☑☒■✓✔✗✘])|(?P<empty>[☐□])|(?<!\w)(?P<line>_[xX✓]_)|"
    r"(?P<unclear>\[\?\])"
)
"""A box to tick, however a form or its OCR spells it; "[?]" is one of which nobody can tell whether it is ticked."""

_STRONG = re.compile(
    r"\b(histor\w*|surg\w*|surger\w*|medications|medicines|prescriptions|supplements|vitamins|allerg(?:ies|ic)|insurance|emergency|"
    r"demographics|information|contact|complaint|concerns?|reason|symptoms|immuni[sz]ations?|vaccin\w+|hospitali[sz]ations?|hospitalized|operations|substance use|"
    r"conditions|illnesses|lifestyle|habits|pharmacy|review of systems|birth|birthdate|dob|address|email|e-mail|occupation|"
    r"employer|tobacco|smok\w+|alcohol|marital status|signature|what brings you|subjective|objective|assessment|impression|plan|vitals|"
    r"vital signs|habits|pregnanc(?:y|ies)|^patient$|^drugs$|ha(?:s|ve) (?:you|your)|signed|smokes|exam|examination|diagnos[ie]s|labs|follow[- ]up|instructions|medication list|current medication)\b"
)
"""A label that says by itself where it belongs; any other yields to the heading it stands under ("Name" under Medications)."""
_FILL_WORDS = (
    "a about all an and any apply are ask at box boxes brief by check circle complete currently day do dose each ever following for "
    "from had has have how if in include including indicate is list mark matters most name no not now of often on one or other "
    "past please present prior previous problems reactions section s take taking that the their them these this to today tell us use we "
    "what when which with yes you your details current known medical patient"
)
_FILL = frozenset(_FILL_WORDS.split())
_NUMBERING = re.compile(
    r"^\s*(?:(?:section|part)\s+)?(?:(?P<number>\d{1,2})|[A-HIVX]{1,4})\s?[.):]\s*(?=\D)", re.IGNORECASE
)
_PARENTHESIS = re.compile(r"\s*[(\[].*$")
_NOT_A_LABEL = re.compile(r"[^a-z0-9/&',.-]+")
_REFUSALS = ("no", "none", "not", "denies", "see", "never", "without")

_COLUMNS_WORDS = (
    "medication medications medicine drug dose dosage strength amount frequency how often how taken route prescriber prescribed by reason "
    "for taking taken started start date stopped allergy allergen allergic to substance reaction reactions what happens severity "
    "relationship relative relation family member condition diagnosis illness problem age year date surgery operation procedure hospital "
    "surgeon doctor name of phone living deceased cause death vaccine age at onset quantity type comments notes when side body part "
    "dentist provider problems procedures score scores points rating result site lot manufacturer given and or the drug/food name, times per day child sex weight delivery date/year"
)
COLUMNS = frozenset(_COLUMNS_WORDS.split())
"""Words that head the columns of a form's tables."""

LETTERHEAD = re.compile(
    r"\b(clinic|medicine|medical (?:group|center|centre|associates|practice)|health(?:care)?|hospital|associates|cent(?:er|re)|practice|physicians?|"
    r"p\.?c\.|m\.?d\.?|d\.?o\.?|dds|llc|inc|p\.?a\.|pediatrics|paediatrics|dental|orthop\w+|cardiology|dermatology|psychiatry|"
    r"obstetrics|gynecology|women's|family|therapy|rehabilitation|wellness|counsell?ing|street|st|ave(?:nue)?|road|rd|suite|ste|blvd|drive|"
    r"phone|tel|fax|www|https?|office|care|specialists|heart|kidney|eye|vision)\b",
    re.IGNORECASE,
)
BOILERPLATE = re.compile(
    r"^(?:page \d+(?: of \d+)?|.{0,40}\bpage \d+ of \d+|form (?:no\.? ?)?[\w-]+|rev(?:ised|\.)? ?[\d/.-]+|.*please (?:print|complete|fill|use|answer|bring|"
    r"arrive|turn|return|sign|read|write|take|do not).*|.*(?:mark|check|tick|circle) (?:all|any|each|the (?:box|one)|one|if|yes|x).*|.*(?:use the back|other side|reverse side|"
    r"continued on|see reverse|additional sheet|use black ink|office use only|for staff use|confidential(?:ity)?|do not write).*|"
    r"(?:.{0,40}\b)?(?:new|returning|established)?[ -]*(?:patient|pediatric|paediatric|adult|dental|medical)?[ -]*(?:intake|registration|questionnaire|health history|medical history|"
    r"check-?in|admission|screening|welcome|information)[ -]*(?:form|sheet|packet|questionnaire)?|"
    r"welcome to .*|thank you .*|.*(?:notice of privacy|hipaa|privacy practices).*|\W*)$",
    re.IGNORECASE,
)
CONSENT = re.compile(
    r"\b(?:i|we) (?:hereby|authori[sz]e|understand|certify|consent|acknowledge|agree|declare|attest|give permission|have read|"
    r"have (?:received|been given)|request that|assign|accept)\b|\bby signing\b|to the best of my knowledge|financially responsible",
    re.IGNORECASE,
)
PRINTED_FIRST = re.compile(
    r"\W*(?:vaccine|immuni[sz]ation|relati|family member|condition|illness|problem|test|question)", re.IGNORECASE
)
"""Heads of columns that the form itself fills: a row with nothing else in it was left blank."""
TITLE = re.compile(r"\b(?:history|record|form|questionnaire|profile|intake)\W*$", re.IGNORECASE)
"""How the name of a form ends."""
DRAWING = re.compile(
    r"\b(?:mark|shade|draw|circle|indicate)\b.*\b(?:drawing|diagram|figure|picture|body (?:chart|map|below))\b",
    re.IGNORECASE,
)
"""What asks for marks on a drawing, which are no text."""
LONG_ANSWER = re.compile(
    r"\b(?:describe|explain|list|reason|symptoms|concerns?|complaint|histor\w+|medications|allergies|comments|notes|surgeries|hospitali[sz]ations|"
    r"conditions|goals|brings you|details|information|tell us|other)\b|\?",
    re.IGNORECASE,
)
"""A label whose answer may stand on the line below."""
UNFINISHED = re.compile(
    r"(?:\b(?:and|or|the|a|an|in|of|for|with|to|at|on|by|since|from|my|than|after|before|when|while|every|per|about|left|right|no|not)"
    r"|[,&/+-])$",
    re.IGNORECASE,
)
"""How a line ends that the next one goes on with."""
PERSON = re.compile(
    r"\b(?:emergency|next of kin|guardian|parent|mother|father|mother's|father's|parent's|guarantor|responsible party|policy ?holder|subscriber|"
    r"physician|doctor|pcp|provider|pharmacy|employer|spouse|partner|referred by|insured)\b"
)
"""A label that names someone else than the patient."""
RELATIVE = re.compile(
    r"\b(?:mother|father|mom|dad|parents?|brothers?|sisters?|siblings?|sons?|daughters?|children|(?:maternal|paternal)? ?grand\w+|aunts?|uncles?|mgm|mgf|pgm|pgf)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Match:
    """A printed label that was found: its section, the field as the document has it, and whether it stands for itself."""

    section: str
    field: str
    exact: bool

    @property
    def strong(self) -> bool:
        """Whether it keeps its section below another section's heading."""
        return _STRONG.search(self.field) is not None


def plain_label(text: str) -> str:
    """A label as `fields` spell it: lower case, without numbering, remarks in brackets, or signs at its ends."""
    unnumbered = _PARENTHESIS.sub("", _NUMBERING.sub("", text, count=1)) or text
    return " ".join(_NOT_A_LABEL.sub(" ", unnumbered.lower().replace("’", "'")).split()).strip(" .,:-/&'")


def heading_number(text: str) -> int | None:
    """The number before a heading or a list's item, if one stands there."""
    found = _NUMBERING.match(text)
    return int(found["number"]) if found and found["number"] else None


class FieldIndex:
    """Looks up the printed labels of one document."""

    def __init__(self, document: Document) -> None:
        self._sections = {field: spec.key for spec in document.sections for field in spec.fields}
        self._titles = {plain_label(spec.title): spec.key for spec in document.sections if not spec.computed}
        self._found: dict[str, Match | None] = {}

    @cached_property
    def _longest(self) -> int:
        return max((len(field.split()) for field in self._sections), default=0)

    def whole(self, text: str) -> Match | None:
        """The field that a label is, but for an OCR slip."""
        label = plain_label(text)
        if label not in self._found:
            self._found[label] = self._whole(label)
        return self._found[label]

    def _whole(self, label: str) -> Match | None:
        if label in self._sections:
            return Match(self._sections[label], label, exact=True)
        if label in self._titles:
            return Match(self._titles[label], label, exact=True)
        best = max(self._similar(label), default=None)
        return Match(self._sections[best[1]], best[1], exact=False) if best else None

    def _similar(self, label: str) -> Iterator[tuple[float, str]]:
        # A field differs from its label by two characters at most; to compare anything longer costs time for nothing.
        if not _MIN_FUZZY <= len(label) <= max(map(len, self._sections), default=0) + 2:
            return
        matcher = SequenceMatcher(b=label, autojunk=False)
        for field in self._sections:
            if abs(len(field) - len(label)) > 2 or _numbers(field) != _numbers(label):
                continue
            matcher.set_seq1(field)
            if matcher.quick_ratio() >= FUZZY_RATIO and matcher.ratio() >= FUZZY_RATIO:
                yield matcher.ratio(), field

    def inside(self, text: str) -> Match | None:
        """The longest field within a label ("Please list all current medications"), the first of equals."""
        whole = self.whole(text)
        if whole is not None:
            return whole
        words = plain_label(text).replace(",", " ").split()
        for size in range(min(len(words), self._longest), 0, -1):
            for start in range(len(words) - size + 1):
                field = " ".join(words[start : start + size])
                if field in self._sections:
                    return Match(self._sections[field], field, exact=False)
        return None

    def leading(self, text: str) -> Match | None:
        """The longest field that a line without a colon begins with ("Date of birth 03/14/1968")."""
        words = plain_label(text).replace(",", " ").split()
        for size in range(min(len(words), self._longest), 0, -1):
            field = " ".join(words[:size])
            if field in self._sections:
                return Match(self._sections[field], field, exact=size == len(words))
        return None

    def ends_in(self, text: str) -> int | None:
        """Where in a text the longest field begins that it ends in; None if there is none."""
        starts = [0, *(found.end() for found in re.finditer(r"\s+", text))]
        for start in starts[-(self._longest + 1) :]:
            if self.whole(text[start:]) is not None:
                return start
        return None

    def heading(self, text: str) -> Match | None:
        """The section that a line is the heading of; None if it is not one."""
        label = plain_label(text)
        words = label.replace("/", " ").replace(",", " ").replace("&", " ").split()
        if not 0 < len(words) <= 10 or words[0] in _REFUSALS or any(word[0].isdigit() for word in words):
            return None
        match = self.inside(text)
        if match is None or not (match.strong or label in self._titles or heading_number(text) is not None):
            return None
        if match.exact:
            return match
        rest = [word for word in words if word not in match.field.split() and word not in _FILL]
        return match if all(self.whole(word) or _STRONG.search(word) for word in rest) or not rest else None


def _numbers(text: str) -> list[str]:
    """Numbers that stand alone: "type 1" and "type 2" are no slip of each other, "al1ergies" is one."""
    return re.findall(r"\b\d+\b", text)
