"""What one passage of speech or text says of who the patient is: name, date of birth, age, sex, record number.

A pure rule that finds, and completes nothing: every fact is a stretch of the text. It is careful about others: relatives, clinicians
and people with no word that ties them to the patient are passed over, because a wrong name is worse than a placeholder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.quantity.quantities import quantities
from daemon.faithfulness.vocabulary.diagnoses import find_diagnoses

Kind = Literal["name", "born", "age", "sex", "record"]

_TITLE = r"(?<!\w)(?:(?:Mr|Mrs|Ms|mr|mrs|ms)\b\.?|(?:Miss|Mister|Missus|Master|miss|mister|missus)\b)"
_WORD = r"(?:[A-Z](?:[^\W\d_]|['’](?=[^\W\d_])|-(?=[^\W\d_]))+|[A-Z]\.)"
_PARTICLE = r"(?:(?:de|la|las|los|del|della|van|von|der|den|da|di|do|dos|bin|ibn|al|el|le|y)\s+)"
_FULL = rf"{_WORD}(?:\s+{_PARTICLE}*{_WORD}){{1,3}}"
_TITLED = rf"{_TITLE}\s+[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))+(?:\s+{_PARTICLE}*{_WORD}){{0,2}}"
_TITLED_SMALL = (
    rf"{_TITLE}\s+[a-z][a-z'’-]+\s+[a-z][a-z'’-]+(?=\s*,?\s+(?:date\s+of\s+birth|d\s?o\s?b|born|aged?|who)\b)"
)
_NAME = rf"(?P<name>{_TITLED_SMALL}|{_TITLED}|{_FULL})"
_ANY = r"(?P<name>[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*\.?(?:\s+[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*\.?){0,3})"

_UNIT = "one|two|three|four|five|six|seven|eight|nine"
_TEEN = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_NUMBER = rf"(?:\d{{1,3}}|(?:(?:a|one)\s+hundred(?:\s+and)?\s+)?(?:(?:{_TENS})(?:[-\s](?:{_UNIT}))?|{_TEEN}|{_UNIT}))"
_PERSON = (
    "man|woman|male|female|boy|girl|gentleman|lady|infant|baby|newborn|toddler|child|teenager|adolescent|person|patient"
)
_OLD = rf"{_NUMBER}(?:[-\s]+(?:years?|months?|weeks?|days?)[-\s]+old|\s*(?:y\.?/?o\.?|years?\s+of\s+age))(?![\w/])"
_BORN = r"(?:date\s+of\s+birth|birth\s?date|birthday|d\.?\s?o\.?\s?b\b\.?)"
_WHICH_DAY = re.compile(
    rf"\b(?:(?P<label>{_BORN})|born)\b\.?(?:\s*(?:[:,–—-]|\b(?:is|was|of|on|in|colon|the)\b))*\s*", re.IGNORECASE
)
_SAID_DIGIT = rf"(?:\d+(?:st|nd|rd|th)?|zero|oh|{_TENS}|{_TEEN}|{_UNIT}|hundred)"
_SAID_DAY = re.compile(rf"{_SAID_DIGIT}(?:[\s,/.-]+{_SAID_DIGIT}){{1,7}}(?!\w)", re.IGNORECASE)
_YEAR = re.compile(r"(?:18|19|20)\d\d(?!\w)")

_BEHIND_NAME = rf"\s*(?:[,;(–—-]|\b(?:is|who\s+is|she\s+is|he\s+is)\b)*\s*(?:an?\s+)?(?:(?:very\s+)?pleasant\s+)?(?:{_OLD}|{_BORN}|born\s|aged?\s+{_NUMBER})"
_FIRM = (
    re.compile(rf"\b(?i:patient(?:['’]s)?\s+(?:full\s+)?name|name\s+of\s+(?:the\s+)?patient)\b[\s:,.–—-]*(?i:(?:is|colon)\s+)?{_ANY}"),
    re.compile(rf"^\W*(?i:(?:full\s+)?name)\s*(?:[:,]|\b(?:is|colon)\b)\s*{_ANY}"),
    re.compile(rf"\b(?i:patient)\s*(?:[:,–—-]|\b(?i:is|colon)\b)?\s*{_NAME}"),
    re.compile(rf"\b(?i:patient)\s*(?i:is\s+)?{_ANY}(?=\s*,?\s*(?i:{_BORN}|born\s))"),
    re.compile(rf"^\W*(?:(?i:in\s+)?(?i:re|regarding))\s*[:,.–—-]?\s*(?i:colon\s+)?{_NAME}(?=\s*(?:$|[,.;(–—-]|(?i:{_BORN})))"),
    re.compile(rf"{_NAME}(?=(?i:{_BEHIND_NAME}))"),
    re.compile(rf"{_NAME}(?=\s*,\s*(?:(?i:who\s+is)\s+)?{_NUMBER}\s*,\s*(?i:for|here|with|who|presents|presenting|comes|is|seen|in|has)\b)"),
    re.compile(rf"\b(?i:for)\s+{_NAME}(?=\s*,\s*(?i:he|she|they|who)\b)"),
    re.compile(rf"\b(?i:{_PERSON})\s*,?\s+{_NAME}(?=\s*(?:$|[,.;]|(?i:with|who|is|has|for)\b))"),
    re.compile(rf"\b(?i:named|by\s+the\s+name\s+of)\s+{_NAME}"),
    re.compile(rf"\b(?i:referring|refer|seeing|saw|evaluating|on\s+behalf\s+of|regarding|about)\s+(?i:(?:my|our|the|this)\s+)?(?i:patient,?\s+)?{_NAME}"
               r"(?=\s*(?:$|[,.;]|(?i:for|to|who|with|today|in|because)\b))"),
    re.compile(rf"\b(?i:letter|authorization|referral|consult|consultation|request|note|summary|visit|appointment)(?:\s+to\s+[^.;]{{2,60}}?)?\s+(?i:for|on|of|with)\s+(?i:(?:my|our|the)\s+)?(?i:patient,?\s+)?{_NAME}"),
)  # fmt: skip
# "Lucas, a 4 year old boy": a single name is enough where nothing stands before it.
_ONE_WORD = re.compile(
    rf"^\W*(?P<name>[A-Z][^\W\d_]{{2,}})(?=\s*,?\s+(?i:is\s+|who\s+is\s+)?(?i:an?\s+)?{_OLD}(?:[-,]?\s+[\w'’-]+){{0,3}}?\s+(?i:{_PERSON})\b)"
)
_LOOSE = re.compile(rf"(?P<name>{_TITLED_SMALL}|{_TITLED})")
_AGE = re.compile(rf"(?P<age>{_OLD}(?P<person>(?:[-,]?\s+[^\W\d_][\w'’-]*){{0,3}}?\s+(?:{_PERSON})\b)?)", re.IGNORECASE)
_AGED = re.compile(rf"(?:^|[,;(:.]\s*|\bpatient\s+)(?P<age>aged?\s*:?\s+{_NUMBER})(?![\w-])", re.IGNORECASE)
_SEX = re.compile(
    r"\b(?:sex|gender)\s*(?::|\bis\b|\bcolon\b)?\s*(?P<sex>male|female|man|woman|non-?binary|m|f)(?!\w)", re.IGNORECASE
)
_RECORD = re.compile(
    r"\b(?:medical\s+record(?:\s+number)?|record\s+number|chart\s+number|m\.?\s?r\.?\s?n\b\.?)[\s:#.,]*(?:(?:is|number|colon)\s+)*"
    r"(?P<record>(?=[A-Z-]*\d)[A-Z0-9][A-Z0-9-]{2,}|(?:(?:zero|oh|" + _UNIT + r"|\d)\b[\s-]*){3,})",
    re.IGNORECASE,
)

_RELATIVE = (
    r"mother|father|mom|dad|husband|wife|son|daughter|brother|sister|sibling|parents?|grand\w+|aunt|uncle|cousin|niece|nephew|spouse|"
    r"partner|fianc\w+|boyfriend|girlfriend|friend|neighbor|guardian|caregiver|caretaker|roommate|twin"
)
_OTHER = (
    rf"{_RELATIVE}|emergency\s+contact|next\s+of\s+kin|subscriber|insured|policy\s?holder|guarantor|physician|provider|doctor|dr\.?|nurse|"
    r"practitioner|assistant|therapist|pharmacist|surgeon|pcp|clinician|attention|attn|dear|copy|cc|sincerely|signed|(?:referred|seen|sent|dictated|"
    r"accompanied|brought\s+in|prescribed|written)\s+by|by|from|to"
)
_OTHERS_BEFORE = re.compile(
    rf"\b(?:{_OTHER})(?:\s*[,:]|\s+(?:is|was|are|name|named|called|colon|whose))*\s*$", re.IGNORECASE
)
_RELATIVE_NEAR = re.compile(
    rf"\b(?:{_RELATIVE}|emergency\s+contact|next\s+of\s+kin|subscriber|insured|policy\s?holder|guarantor)\b[^.;]{{0,40}}$",
    re.IGNORECASE,
)
_RELATIVE_AFTER = re.compile(rf"\s*,?\s*(?:(?:his|her|their|the|patient['’]s)\s+)?(?:{_RELATIVE})\b", re.IGNORECASE)
_OWN = re.compile(r"\b(?:his|her|their|my|our|whose|has\s+an?|have\s+an?|with\s+an?|an?)\s+$", re.IGNORECASE)
_SUBJECT = re.compile(r"(?:^|[,;:(]|\b(?:is|was|patient|this))\s*(?:(?:now|a|an|currently|very|pleasant)\s+)*$", re.IGNORECASE)  # fmt: skip

_NO_NAME_WORDS = (
    "a an and are as at for from he her him his i in is it my not of on or our she that the their they this to was we who with you has had have "
    "been being presents comes came here today now date birth born dob d o b age aged year years old mrn sex gender male female phone address "
    "insurance medicare medicaid patient name new visit doctor dr nurse mr mrs ms miss referral letter subject re regarding information form "
    "education instructions unknown stated given pending complains reports denies january february march april june july august "
    "september october november december monday tuesday wednesday thursday friday saturday sunday medical record number diagnosis clinic "
    "center hospital therapy surgery scan study consult consultation medicine disease syndrome department office health physical cardiology "
    "neurology oncology urology orthopedics dermatology gastroenterology rheumatology pulmonology endocrinology nephrology psychiatry "
    "ophthalmology gynecology pediatrics radiology hematology infectious pain doing feeling known currently very also still otherwise which "
    "whose because but so then please urgent routine mri ct ekg ecg chest he's she's history assessment plan"
)
_NO_NAME = frozenset(_NO_NAME_WORDS.split())
_FIRST_NAMES_TOO = frozenset({"april", "june", "august"})
_NAME_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*\.?")
_LEAD = re.compile(r"(?:For|Re|Regarding|About|With|On|Of)\s+")
_TITLE_ALONE = re.compile(rf"{_TITLE}\s*")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: `value` is where its words stand in the text, `span` the same with the words that announce it.

    `firm` tells a name that is tied to the patient from one that only has "Mr." or "Mrs." before it.
    """

    kind: Kind
    value: tuple[int, int]
    span: tuple[int, int]
    firm: bool = True


def patient_facts(text: str) -> tuple[Fact, ...]:
    """All facts of one passage, in order of place within each kind. Linear in the text's length but for names' guards."""
    names = _distinct(_names(text))
    return (*names, *_births(text), *_ages(text), *_plain("sex", _SEX, text), *_plain("record", _RECORD, text))


def _names(text: str) -> Iterator[Fact]:
    for pattern in _FIRM:
        for found in pattern.finditer(text):
            value = _trimmed_name(text, found.span("name"))
            if value is not None and not _is_anothers(text, found.start(), value):
                yield Fact("name", value, value)
    alone = _ONE_WORD.match(text)
    if (
        alone is not None
        and alone["name"].lower() not in _NO_NAME
        and not (find_drugs(alone["name"]) or find_diagnoses(alone["name"]))
    ):
        yield Fact("name", alone.span("name"), alone.span("name"))
    for found in _LOOSE.finditer(text):
        value = _trimmed_name(text, found.span("name"))
        if value is not None and not _is_anothers(text, found.start(), value):
            yield Fact("name", value, value, firm=False)


def _trimmed_name(text: str, span: tuple[int, int]) -> tuple[int, int] | None:
    """The words of a name up to the first that is none; None for fewer than two without a title."""
    start, limit = span
    start = lead.end() if (lead := _LEAD.match(text, start, limit)) else start
    title = _TITLE_ALONE.match(text, start, limit)
    words, end = 0, title.end() if title else start
    for word in _NAME_WORD.finditer(text, end, limit):
        bare = re.sub(r"['’]s$", "", word.group())
        plain = bare.lower().rstrip(".")
        if (plain in _NO_NAME and (words or plain not in _FIRST_NAMES_TOO)) or (
            words and text[end : word.start()].strip()
        ):
            break
        words, end = words + 1, word.start() + len(bare)
        if bare != word.group():
            break
    enough = words >= (1 if title else 2)
    named = text[start:end]
    if not enough or find_drugs(named) or find_diagnoses(named):
        return None
    return start, end if not named.endswith(".") or len(named.split()[-1]) < 3 else end - 1


def _is_anothers(text: str, begin: int, value: tuple[int, int]) -> bool:
    """Whether words around a name say that it is a relative's or a clinician's."""
    before = text[max(0, begin - 40) : begin]
    if _OTHERS_BEFORE.search(before) or _OTHERS_BEFORE.search(text[max(0, value[0] - 40) : value[0]]):
        return not re.search(r"\brefer\w*\s+$", before, re.IGNORECASE)
    return _RELATIVE_AFTER.match(text, value[1]) is not None


def _distinct(names: Iterator[Fact]) -> list[Fact]:
    """One fact a place, the firm one first found; all of them in order."""
    kept: list[Fact] = []
    for name in names:
        if not any(one.value[0] < name.value[1] and name.value[0] < one.value[1] for one in kept):
            kept.append(name)
    return sorted(kept, key=lambda one: one.value)


def _births(text: str) -> Iterator[Fact]:
    label = _WHICH_DAY.search(text)
    if label is None:
        return
    days = [one.span for one in quantities(text) if isinstance(one.value, tuple) and one.value[0] in {"date", "pair"}]
    for label in _WHICH_DAY.finditer(text):
        at = label.end()
        value = next((span for span in days if at <= span[0] <= at + 1), None) or _said_day(text, at, label["label"])
        before = text[max(0, label.start() - 40) : label.start()]
        if value is None or _RELATIVE_NEAR.search(before) or _OTHERS_BEFORE.search(before):
            continue
        yield Fact("born", value, (label.start(), value[1]))


def _said_day(text: str, at: int, label: str | None) -> tuple[int, int] | None:
    """Digits said one by one, where "date of birth" announces them; behind "born" only a year."""
    found = _SAID_DAY.match(text, at) if label else None
    found = found or _YEAR.match(text, at)
    return found.span() if found else None


def _ages(text: str) -> Iterator[Fact]:
    for found in [*_AGE.finditer(text), *_AGED.finditer(text)]:
        start, end = found.span("age")
        before = text[max(0, start - 60) : start]
        person = found.groupdict().get("person")
        tied = person is not None or _SUBJECT.search(before) is not None
        own = _OWN.search(before) is not None and not _SUBJECT.search(before) and person is None
        possessed = re.search(r"\b(?:his|her|their|my|our)\s+$", before, re.IGNORECASE) is not None
        if (
            tied
            and not own
            and not possessed
            and not _RELATIVE_NEAR.search(before)
            and not _RELATIVE_AFTER.match(text, end)
        ):
            yield Fact("age", (start, end), (start, end))


def _plain(kind: Kind, pattern: re.Pattern[str], text: str) -> Iterator[Fact]:
    for found in pattern.finditer(text):
        start, end = found.span(kind)
        end = start + len(text[start:end].rstrip(" -"))
        before = text[max(0, found.start() - 40) : found.start()]
        if not _RELATIVE_NEAR.search(before):
            yield Fact(kind, (start, end), (found.start(), end))
