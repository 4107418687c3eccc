"""Appointments, tests, referrals and procedures that were agreed and stand in no statement.

Agreed is what the clinician says will be done: a word of the future or of what is due, a verb of arranging, and the name of a test, a
treatment or a specialist behind it. What was done, is only thought of or is put off is none; what depends on an "if" is a hint.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from daemon.faithfulness.late import late
from daemon.faithfulness.reading.spans import sentence_spans
from daemon.faithfulness.retraction.items import items
from daemon.faithfulness.retraction.retractions import Retraction, retractions
from daemon.faithfulness.texts import PATIENT, Texts
from daemon.faithfulness.vocabulary.orders import Order, broader, find_orders, is_covered
from daemon.model.finding import Omission, Severity

_FUTURE = (
    r"\b(?:i['’]d like|i would like|i (?:(?:do|also|really|just|would|still) )*(?:wan ?(?:t|na)|recommend|suggest)\b|we (?:also )?(?:want|wan na|need)|(?:i['’]m|we['’]re|i am|we are|you['’]re|she['’]s|he['’]s)(?: also| actually| just)? (?:going to|gon ?na|due)|"
    r"let['’]s|we['’]ll|we will|i['’]ll|i will|will|we should|should (?:have|get|see)|due for|need(?:s)? (?:to|a|an|another|some|you)|go ahead and|"
    r"recommend(?:ing|ed)?|suggest|please|plan(?: is| will be)?(?: to| for)?|hey,? dragon|(?:orders?|obtain|schedule|repeat|refer(?:ral)?|recheck)\b(?!ed))"
)
_ARRANGE = (
    r"(?:order(?:ing)?|get(?:ting)?|obtain(?:ing)?|repeat(?:ing)?|send(?:ing)?|sent|refer(?:ring|ral)?|schedul(?:e|ing)|check(?:ing)?|recheck(?:ing)?|draw|set|setting|due|"
    r"recommend(?:ing|ed)?|see(?:ing)?|do(?:ing)?|run(?:ning)?|have|consult(?:ation)?|begin|start|need|perform|pursue|proceed|go|put in|arrange|book|give|try|add|plan|follow|continue|"
    r"for|talk|make|take|screen|monitor|place|evaluated|reach(?:ing)? out)"
)
_AGREED = late(rf"{_FUTURE}", re.IGNORECASE)
_ARRANGED = late(rf"\b{_ARRANGE}\b", re.IGNORECASE)
_ONLY_CLINICIANS = late(
    r"\b(?:refer|prescribe|put|get|send|set|see|have|start) you\b|\border (?:an?|some|another)\b", re.IGNORECASE
)
"""What a turn says that was given to the patient by mistake."""
_NEAR_CHARS = 110
_VERB_CHARS = 60
_PAST = late(
    r"\b(?:had|did|was|were|showed?|shows|reviewed?|reviewing|results?|last (?:time|year|month|week|visit)|already|previous(?:ly)?|in the past|"
    r"looking at|look at|saw|seen|back from|show me|pull up|came back|went|got|received|after (?:the|your)|since (?:the|your)|from (?:the|your)|based on|"
    r"according to|(?<!check )on your|review|done|remember|helped|history of|told|talked about)\b",
    re.IGNORECASE,
)
_PUT_OFF = late(
    r"\b(?:(?:don['’ ]?t|do n['’]t|do not|wo n['’]t|won['’]t|not going to|not gon ?na|no) (?:think |really |feel )*(?:\w+ )?(?:need|have to|want|order|get|do|see|necessary|reason)|"
    r"hold(?:ing)? off|instead of|rather than|avoid|no need|not need|without|declin\w+|before (?:we|you|i|your)|does ?n['’]t)\b",
    re.IGNORECASE,
)
_DOUBTFUL = late(
    r"\b(?:if|unless|might|may|maybe|possibly|could|can (?:always|also|talk|discuss|consider)|consider|would (?:be|need)|option|down the (?:road|line)|eventually|"
    r"thinking about|potentially|whether|in case|until|discuss\w*|depending)\b",
    re.IGNORECASE,
)
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|a couple(?: of)?|couple(?: of)?|a few|few|several|another)"
_TIME = (
    rf"(?:in|within|after)\s+(?:about\s+|the next\s+|approximately\s+|around\s+|like\s+)?{_COUNT}(?:\s*(?:to|or|-)\s*{_COUNT})?\s+(?:days?|weeks?|months?|years?)|"
    r"next (?:week|month|year|visit)|tomorrow|next (?:mon|tues|wednes|thurs|fri)day|this (?:week|afternoon)"
)
_TIMED = late(rf"\s*(?:again\s+|then\s+|to be (?:done|repeated)\s+)?(?:{_TIME})\b", re.IGNORECASE)
_ANALYTES = frozenset({"sodium", "potassium"})
"""Food holds them too: only who checks them orders a test."""
_CHECKS = late(r"\b(?:(?:re-?)?check|repeat|order|draw|measure|monitor|test)\w*\b[^.]{0,25}$", re.IGNORECASE)
_GIVEN_HERE = frozenset(
    {"anti-D", "flu shot", "pneumonia vaccine", "tetanus shot", "shingles vaccine", "vaccine", "whooping cough vaccine", "injection", "swab", "dressing change"}
)  # fmt: skip
_GIVEN = late(
    r"[^.;]{0,40}?\b(?:given|administered|done|applied|changed|taken|sent)\b[^.;]{0,20}?\b(?:today|just now|now|this (?:morning|afternoon)|into|in (?:the|her|his|your|clinic))\b",
    re.IGNORECASE,
)
_GIVEN_BEFORE = late(r"\b(?:last|ago|already|previous\w*|year|had|never|not|if|n['’]t)\b", re.IGNORECASE)
"""What was given in the visit, and what tells that it was not."""
_SETS_A_TIME = late(r"days?\b|weeks?\b|months?\b|years?\b|\bnext\b|tomorrow|afternoon", re.IGNORECASE)
_VISIT = late(
    r"\b(?:see (?:you|her|him|the patient|me|us)(?: (?:back|again|here|in clinic|in the office|for))*|(?:come|coming|be|have you|get you|bring you|want you) back|return(?:s|ing)?(?: to)?|"
    r"see how (?:you|she|he)|check (?:you|on you|her|him)|follow(?:ing)?[- ]?up|recheck|check (?:back|in)|appointment|visit|talk (?:again|to you)|touch base|reevaluate|reassess)\b"
    rf"(?P<between>[^.?!;\n]{{0,40}}?)\b(?P<time>{_TIME})\b",
    re.IGNORECASE,
)
_VISIT_AFTER = late(
    rf"\b(?P<time>(?:in\s+)?(?:about\s+)?{_COUNT}(?:\s*(?:to|or|-)\s*{_COUNT})?\s+(?:weeks?|months?|years?))\s*,?\s+(?:i['’]?d like|i want|i would like|we['’]ll|i['’]ll|"
    r"you (?:should|can|will)|let['’]s)(?P<between>[^.?!;\n]{0,25}?)\b(?:return|come back|see you|follow[- ]?up|check)\b",
    re.IGNORECASE,
)
_NOTED_VISIT = late(
    r"\b(?:follow(?:s|ed|ing)?[- ]?up|return|see (?:\w+ ){1,3}(?:back|again|in)|seen (?:back|again|in)|re-?check|re-?evaluat\w*|reassess\w*|appointment|come back|back in|"
    r"visit in|next visit|revisit|schedul\w+|rtc|tca|f/u)\b",
    re.IGNORECASE,
)
_NOTED_TIME = (
    rf"(?:in|within|after|at|every|for)\s+(?:about\s+|approximately\s+|~\s*)?{_COUNT}(?:\s*(?:to|or|-|–)\s*{_COUNT})?[\s-]*(?:days?|weeks?|months?|years?|/(?:7|52|12))|"
    rf"{_COUNT}(?:\s*(?:to|-|–)\s*{_COUNT})?[\s-]+(?:day|week|month|year|weekly|monthly)\b|\d{{1,2}}/(?:7|52|12)|next (?:week|month|year)|tomorrow"
)
_SEEN_AGAIN = (
    r"(?:reviews?|reviewed|clinics?|nurse|midwife|check|check-?up|appointments?|appt|seen|see|visits?|phone|telephone|call|consultation|outpatients?|opd|"
    r"back|surgery|gp|practice|recall|return|again)"
)
_SETS_A_NOTED_TIME = late(r"day|week|month|year|/(?:7|52|12)\b|tomorrow", re.IGNORECASE)
_NOTED_VISIT_AT = late(
    rf"\b{_SEEN_AGAIN}\b[^.;\n]{{0,60}}?\b(?:{_NOTED_TIME})|\b(?:{_NOTED_TIME})[^.;\n]{{0,40}}?\b{_SEEN_AGAIN}\b",
    re.IGNORECASE,
)
"""Any word of being seen, with a time: "Nurse review in 4 weeks", "6-week check", "Clinic 3/12"."""
_NO_PLAN = late(
    r"\b(?:presents?|presenting|came|comes|here|seen today|returns today|today for|emergency room follow|for (?:a )?follow[- ]?up|last|previous\w*)\b",
    re.IGNORECASE,
)
_NOTED_RESULT = late(
    r"\b(?:reveal\w*|show\w*|demonstrat\w*|was|were|had|has had|underwent|normal|unremarkable|negative|positive|reviewed|performed|obtained|results?|prior|previous\w*|last|"
    r"status post|history|elevated|ago)\b",
    re.IGNORECASE,
)  # fmt: skip
_NOTED_PLAN = late(
    r"\b(?:order\w*|will|refer\w*|recommend\w*|repeat|schedul\w*|plan\w*|continue|obtain(?! and)|pending|proceed|due|advised|should|needs?|discussed|follow\w*|start\w*|check|"
    r"if|send|set up|would like|future|consider\w*|initiate|pursue|considered|await\w*)\b",
    re.IGNORECASE,
)


class _Agreed(NamedTuple):
    """What is to be done, in words, with its passage; `concept` is "" for a visit, `given` says that it was done in this one."""

    concept: str
    text: str
    evidence: str
    severity: Severity
    given: bool = False


class _Noted(NamedTuple):
    """Which orders a note speaks of, which of them as something to be done, and whether it plans a visit."""

    all_: frozenset[str]
    planned: frozenset[str]
    visit: bool


def omitted_follow_ups(note: Texts, source: Texts) -> Iterator[Omission]:
    """What was agreed and no statement of `note` carries, each once, in the order in which it was said."""
    noted = note.learn(_noted)
    for one in source.learn(_agreed):
        severity = _missing(one, noted)
        if severity is not None:
            yield Omission("follow-up", one.text, (one.evidence,), severity)


def _missing(one: _Agreed, noted: _Noted) -> Severity | None:
    """How grave it is that the note lacks it; None if it does not."""
    if not one.concept:
        return None if noted.visit else one.severity
    if is_covered(one.concept, noted.planned):
        return None
    if is_covered(one.concept, noted.all_):
        return None if one.given else "low"
    return "low" if broader(one.concept) in noted.planned else one.severity


def _noted(note: Texts) -> _Noted:
    all_: set[str] = set()
    planned: set[str] = set()
    visit = False
    for text in note.by_id.values():
        found = {order.concept for order in find_orders(text)}
        all_ |= found
        if not _NOTED_RESULT.search(text) or _NOTED_PLAN.search(text):
            planned |= found
        visit = visit or (_plans_a_visit(text) and _NO_PLAN.search(text) is None)
    return _Noted(frozenset(all_), frozenset(planned), visit)


def _plans_a_visit(text: str) -> bool:
    if _NOTED_VISIT.search(text):
        return True
    return _SETS_A_NOTED_TIME.search(text) is not None and _NOTED_VISIT_AT.search(text) is not None


def _agreed(source: Texts) -> tuple[_Agreed, ...]:
    """Each order once, as it was said most firmly, and the last visit."""
    taken_back = source.learn(retractions)
    orders: dict[str, _Agreed] = {}
    visit: _Agreed | None = None
    for name, text in source.by_id.items():
        asked = source.speakers.get(name) == PATIENT and not _ONLY_CLINICIANS.search(text)
        for one in () if asked else _orders(name, text):
            if _is_taken_back(one, taken_back):
                continue
            known = orders.get(one.concept)
            if known is None or (known.severity != "high" and one.severity == "high"):
                orders[one.concept] = one
        visit = _visit(name, text) or visit
    narrow = [one for one in orders.values() if not any(broader(each) == one.concept for each in orders)]
    return (*narrow, visit) if visit else tuple(narrow)


def _orders(name: str, text: str) -> Iterator[_Agreed]:
    orders = list(find_orders(text))
    spans = sentence_spans(text) if orders else ()
    for order in orders:
        start, end = spans[bisect_right(spans, (order.name_start, len(text))) - 1]
        before = text[max(start, order.span[0] - _NEAR_CHARS) : order.span[0]]
        after = text[order.span[1] : min(end, order.span[1] + _VERB_CHARS)]
        severity = _firmness(before, after)
        if severity is None and _is_given(order, before, after):
            yield _Agreed(order.concept, order.text, name, "medium", given=True)
        elif severity is None and _TIMED.match(after) and not (_PAST.search(before) or _PUT_OFF.search(before)):
            severity = "low" if _DOUBTFUL.search(before) else "medium"
        if severity is not None and (order.concept not in _ANALYTES or _CHECKS.search(before)):
            yield _Agreed(order.concept, order.text, name, severity)


def _is_given(order: Order, before: str, after: str) -> bool:
    """ "Anti-D 1500 units was given into the left deltoid"."""
    said = _GIVEN.match(after)
    return order.concept in _GIVEN_HERE and said is not None and not _GIVEN_BEFORE.search(before + said.group())


def _is_taken_back(one: _Agreed, taken_back: Sequence[Retraction]) -> bool:
    """Whether the source itself drops what it ordered: that is no omission."""
    here = [each for each in taken_back if one.evidence == each.said_in]
    return bool(here) and any(item.identity in each.replaced for item in items(one.text) for each in here)


def _firmness(before: str, after: str) -> Severity | None:
    """How sure it is that what stands behind `before` is to be done; None if nothing says so."""
    future = list(_AGREED.finditer(before))
    if not future:
        return None
    if not _ARRANGED.search(before[-_VERB_CHARS:]) or _PAST.search(before[future[-1].end() :]):
        return None
    if _PUT_OFF.search(before[-_VERB_CHARS:]):
        return None
    doubtful = _DOUBTFUL.search(before, max(0, future[-1].start() - _VERB_CHARS)) or re.match(
        r"[^.]{0,30}\bif\b", after, re.IGNORECASE
    )
    return "low" if doubtful else "high"


def _visit(name: str, text: str) -> _Agreed | None:
    """The last return visit that a passage sets a time for."""
    last: _Agreed | None = None
    if _SETS_A_TIME.search(text) is None:
        return None
    for found in (*_VISIT_AFTER.finditer(text), *_VISIT.finditer(text)):
        begin = max(0, found.start() - _NEAR_CHARS)
        if not re.search(r"\b(?:last|ago|had|was)\b", found["between"], re.IGNORECASE):
            doubtful = re.search(r"\b(?:if|unless|maybe)\b[^,.]*$", text[begin : found.start()], re.IGNORECASE)
            last = _Agreed("", f"follow-up {' '.join(found['time'].split())}", name, "medium" if doubtful else "high")
    return last
