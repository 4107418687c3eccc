"""What the patient was told to watch for, when to call or come back, and what not to do, that stands in no statement.

Three shapes: a condition with what to do then ("if you get a fever, call us"), where to go in an emergency, and a warning ("don't
drive while taking this", "avoid ibuprofen"). "Call me if you need anything" is courtesy, and none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daemon.faithfulness.late import late
from daemon.faithfulness.reading.spans import sentence_spans
from daemon.faithfulness.texts import PATIENT, Texts
from daemon.faithfulness.vocabulary.terms import Term, terms
from daemon.model.finding import Omission, Severity

_SICK = (
    r"fevers?|chills|pain|bleed\w*|blood|swell\w*|red(?:ness)?|rash|hives|numb\w*|weak\w*|vomit\w*|throw(?:ing)? up|nause\w+|diarrho?ea|dizz\w*|light ?headed\w*|faint\w*|"
    r"pass(?:ing)? out|breath\w*|chest|headaches?|vision|confus\w*|seizures?|wors(?:e|ens?|ening)|drain\w*|pus|infect\w*|wheez\w*|suicid\w*|harm|hurt\w*|"
    r"thoughts|movements?|(?:finish|complete) (?:a |his |her |your )?sentences?|blue|floppy|drowsy|sleepy|stiff neck|waters|contractions|collaps\w*|chok\w*|unwell|poorly|"
    r"(?:ca|wo)n['’]?t (?:keep|swallow|walk|feel|move|wake|stop|drink|see|pass)|cannot (?:keep|swallow|walk|feel|move|stop)|overdose|in crisis|not coping|desperate|unsafe|"
    r"palpitations|fall(?:s|ing)?|gain weight|weight (?:gain|goes)|weight starts|sugars? (?:is|are|get|go)|pressure (?:is|gets?|goes)|dehydrat\w*|urinat\w*|pee|incontinen\w*|reaction|side effects?|symptoms?|not (?:getting |any )?better|"
    r"n['’]?t (?:get|feel|improve|getting)(?: any)? ?(?:better)?|does ?n['’]t (?:go away|improve|work|help)|persists?|jaundice|yellow|black|tarry|fluid|cough\w*"
)
_THEN = (
    r"call (?:me|us|the|our|your|in\b|back|her|him|my|a|911|nine)|phone|contact|let (?:me|us|our|the) (?:\w+ )?know|come (?:back|in|see)|return|go (?:straight |right |directly )?to|seek|see (?:me|us|a doctor)|be seen|get (?:in|back)|"
    r"ring (?:me|us|the|our|your|in\b|back|her|him|my|a|for|999|111|112|911|988)|call (?:for|an|999|111|112|988|triple)|999|nine nine nine|\b111\b|one one one|988|nine eight eight|"
    r"go (?:(?:straight|right|directly|back|up|down|along) )*to|attend|pop (?:back|in)|come (?:straight|right|up|down|along)|bring (?:him|her|them|it|the (?:baby|child))|take (?:him|her|them) to|"
    r"(?:tell|alert|inform) (?:me|us|the|your|a|one of|somebody|someone|staff|nurs\w+)|press (?:the|your) (?:buzzer|bell|call)|speak to (?:the|your|a|your)|get (?:help|hold of)|use (?:the )?(?:emergency|crisis)|"
    r"give (?:me|us|them|the \w+) a (?:call|ring|bell)|report|notify|message|stop (?:taking|using|it|the)|dial|head to|reach out|9-?1-?1|emergency"
)
_GO = (
    r"(?:emergency (?:room|department)|\be\.?r\.?\b|\bed\b|urgent (?:care|treatment)|hospital|9-?1-?1|nine one one|999|nine nine nine|\b112\b|\b988\b|nine eight eight|\ba ?(?:&|and|n) ?e\b|casualty|"
    r"labou?r (?:ward|suite|and delivery)|(?:maternity|delivery) (?:unit|ward|triage|assessment)|crisis (?:line|team|text)|suicide (?:line|hotline|lifeline)|lifeline|samaritans|ambulance|\b111\b|one one one|walk-?in cent(?:re|er))"
)
_WHERE = late(_GO, re.IGNORECASE)
_CONDITIONAL = (
    late(rf"\b(?:if|when|in case|any ?time|unless)\s+(?!i\b|we\b|that (?:can|helps))(?P<what>[^.?!;\n]{{0,160}}?)\b(?:{_THEN})\b[^.?!;\n]{{0,70}}", re.IGNORECASE),
    late(rf"\b(?:{_THEN})\b[^.?!;\n]{{0,50}}?\b(?:if|for any|with any|in case|when(?= (?:you|she|he)))\s+(?!i\b|we\b)(?P<what>[^.?!;\n]{{0,140}})", re.IGNORECASE),
)  # fmt: skip
_MAY_CONDITION = late(r"\b(?:if|when|in case|any ?time|unless|for any|with any)\b", re.IGNORECASE)
_MAY_ACT = late(rf"\b(?:{_THEN})\b", re.IGNORECASE)
_MAY_SEND = late(
    r"emergency|\be\.?[rd]\b|urgent|hospital|\d\d\d|nine|one one|a ?(?:&|and|n) ?e\b|casualty|ward|suite|labou?r|maternity|delivery|crisis|line|samaritans|ambulance|walk",
    re.IGNORECASE,
)
_MAY_WARN = late(
    r"n['’]?t\b|\b(?:no|not|never|avoid|refrain|stay|keep|watch|careful|mindful|cautious|look|beware|make you|cause|stop|quit|discontinue|hold)",
    re.IGNORECASE,
)
"""Without one of these a sentence needs no closer look."""
_ILL = late(rf"\b(?:{_SICK})\b", re.IGNORECASE)
_EMERGENCY = late(
    rf"\b(?:call|ring|phone|dial|go|head|come|attend|straight|directly|report|proceed|seek|return|bring|take (?:him|her|them))\b[^.?!;\n]{{0,40}}?{_GO}",
    re.IGNORECASE,
)
_URGED = late(
    r"\b(?:if|should|please|need to|immediately|right away|straight ?away|at once|any time|must|in case)\b",
    re.IGNORECASE,
)
_NOT = r"(?:do(?:es)? ?n['’]?o?t|don['’]t|should ?n['’]t|shouldn['’]t|should not|must not|can ?n['’]t|can ?not|never|not (?:to|supposed to)|avoid|refrain from|stay away from|no more)"
_DEED = (
    r"(?:driv(?:e|ing)|operat(?:e|ing)|drink(?:ing)?|tak(?:e|ing)|lift(?:ing)?|smok(?:e|ing)|us(?:e|ing)|stop(?:ping)?|skip(?:ping)?|mix(?:ing)?|combin(?:e|ing)|eat(?:ing)?|exercis(?:e|ing)|"
    r"run(?:ning)?|bear|put(?:ting)? (?:any )?weight|walk(?:ing)?|swim(?:ming)?|exceed|crush|chew|doubl(?:e|ing)|get (?:it|the|that) wet|soak(?:ing)?|submerge|shower|bath(?:e|ing)?|"
    r"get pregnant|scratch(?:ing)?|participat\w+|play(?:ing)?|go(?:ing)? back to|return(?:ing)? to|have sex)"
)
_WARNINGS = (
    late(rf"\b{_NOT}\b\s+(?:(?:be|start|ever|go|any|try|and)\s+)?{_DEED}\b[^.?!;\n]{{0,90}}", re.IGNORECASE),
    late(r"\b(?:avoid(?:ing)?(?! going)|refrain from|stay(?:ing)? away from|stay off|keep off|no(?= (?:alcohol|smoking|(?:heavy )?lifting|driving|running|sports|contact|nsaids?|weight|swimming|ibuprofen|aspirin|strenuous)\b))\s+(?P<thing>(?:any |the |all |heavy |strenuous |your )?[\w-]+ing\b|(?:any |the |all |heavy |taking |using |drinking )?"
               r"(?:alcohol|nsaids?|ibuprofen|aspirin|advil|aleve|motrin|naproxen|anti-?inflammator\w+|salt\w*|sodium|caffeine|trigger\w*|sun\w*|weight|contact sports|activit\w+|"
               r"sports|leg|foot|ankle|knee|tylenol|acetaminophen|smoke|sugar\w*|fatty|spicy|dairy|gluten|grapefruit))[^.?!;\n]{0,60}", re.IGNORECASE),
    late(r"\b(?:stop|quit|discontinue|hold off on)\s+(?:taking|using|with)\s+(?:any\s+|the\s+|your\s+)?[^.?!;\n]{3,70}", re.IGNORECASE),
    late(r"\b(?:watch (?:out )?for|be (?:careful|mindful|cautious)|look out for|keep an eye (?:out|on)|beware)\b[^.?!;\n]{3,90}", re.IGNORECASE),
    late(r"\b(?:can|may|might|could|will|does)\s+(?:also\s+)?(?:make you|cause)\s+(?:\w+\s+){0,4}(?:drows\w+|sleepy|dizz\w+|bleeding|sedat\w+|upset stomach|ulcers?|stomach|low blood sugar|addict\w+|"
               r"birth defects|diarrhea|rash|nausea\w*)[^.?!;\n]{0,60}", re.IGNORECASE),
)  # fmt: skip
_ADDRESSED = late(
    r"\b(?:you|your|yourself|please|make sure|want|should|need|recommend\w*|advis\w*|instruct\w*|counsel\w*|patient|she|he|important|remember|try|let's|so|and|just|also)\b",
    re.IGNORECASE,
)
_NO_ADVICE = late(
    r"\b(?:let me (?:feel|see|check|look)|do ?n['’]t let me|worry|i (?:do|did|can|could|have|would)(?: ?n['’]t| not)|we (?:do|did|can|could)(?: ?n['’]t| not)|"
    r"it should not|hard to (?:stay|avoid)|want me to explain|i said|you said|'d be happy|they (?:do|did|can)(?: ?n['’]t| not)|any questions|why do ?n['’]t|you (?:do|did|have|ca)(?: ?n['’]t| not) (?:\w+ )?(?:have to|need|drink|smoke|take|use|drive|eat)(?! (?:to )?avoid))",
    re.IGNORECASE,
)
_GRAVE = late(
    r"\b(?:driv\w+|alcohol|nsaids?|ibuprofen|advil|aleve|motrin|aspirin|blood thinner|stop\w* taking|pregnan\w+|lift\w*|weight|operat\w+)\b",
    re.IGNORECASE,
)
_NOTED = late(
    rf"\b(?:if|should|return|precautions?|warning|call|ring|phone|attend|tell|contact|notify|{_GO}|safety|worsening|watch|avoid\w*|not to|refrain|advis\w*|instruct\w*|counsel\w*|educat\w*|discuss\w*|recommend\w*|encourag\w*|"
    r"caution\w*|careful|stay|limit\w*|monitor|side effects?|risks?|abstain|non-?weight|restrict\w*|no|stop|do not|don['’]t|reduce|follow|immediately|seek|report)\b",
    re.IGNORECASE,
)
_ALL_PRECAUTIONS = late(
    r"\b(?:return|emergency|er|ed|strict|warning)\b[\w ]{0,20}\b(?:precautions?|signs)\b|\bsafety[- ]?net\w*|\bred flags?\b[\w ]{0,20}\b(?:given|discussed|explained|advice)",
    re.IGNORECASE,
)
"""What a note says for all that was told."""
_NOTED_PRECAUTIONS = late(
    rf"\b(?:if|should)\b.{{0,160}}?\b(?:{_THEN})\b|\b(?:{_THEN})\b.{{0,160}}?\b(?:if|should|with any|for any)\b",
    re.IGNORECASE,
)
_EMPTY = frozenset(
    [
        "call",
        "let",
        "know",
        "come",
        "back",
        "need",
        "pleas",
        "should",
        "want",
        "make",
        "sure",
        "anythi",
        "anyth",
        "happen",
        "someth",
        "thing",
        "questi",
        "use",
        "used",
        "gett",
        "=symptom",
        "=start",
        "=worse",
        "=better",
        "tak",
        "just",
        "way",
        "lot",
        "until",
    ]
)
_ASKS = late(r"\?\W*$")
_TAG_QUESTION = late(r"\b(?:okay|ok|right|good|understand)\s*\?\W*$", re.IGNORECASE)
"""Of "call me if it gets worse, okay?", which asks nothing."""
_TAG = late(r"[ ,]+(?:okay|ok|all ?right|right)[ ,]*$", re.IGNORECASE)
_LEAST_SHARE = 0.4
"""Of the advice's terms, in one statement: advice is seldom written down in the words in which it was given."""
_MOST_CHARS = 160
_TAIL_CHARS = 24


@dataclass(frozen=True, slots=True)
class _Advice:
    """What was said, its terms, its passages' id, and whether it says when to seek help."""

    text: str
    keys: frozenset[str]
    evidence: str
    severity: Severity
    seeks: bool


def omitted_safety_advice(note: Texts, source: Texts) -> Iterator[Omission]:
    """The advice that no statement of `note` carries, in the order in which it was given, each once."""
    statements = note.learn(_advising)
    told: list[frozenset[str]] = []
    for one in source.learn(_advice):
        if _carried(one, statements) or any(_share(one.keys, before) >= _LEAST_SHARE for before in told):
            continue
        told.append(one.keys)
        yield Omission("safety-advice", one.text, (one.evidence,), one.severity)


@dataclass(frozen=True, slots=True)
class _Statement:
    """Its terms, whether it says when to seek help, whether that all such advice was given, and whether it names a place to go."""

    keys: frozenset[str]
    precautions: bool
    all_: bool
    where: bool


def _advising(note: Texts) -> tuple[_Statement, ...]:
    """The statements that may carry advice."""
    return tuple(
        _Statement(
            _keys(terms(text)),
            _NOTED_PRECAUTIONS.search(text) is not None,
            _ALL_PRECAUTIONS.search(text) is not None,
            _WHERE.search(text) is not None,
        )
        for text in note.by_id.values()
        if _NOTED.search(text)
    )


def _carried(one: _Advice, statements: Sequence[_Statement]) -> bool:
    vague = len(one.keys) == 1 and _WHERE.search(one.text) is not None  # "if it gets worse, go straight to A&E"
    if one.seeks and any(
        each.all_ or (each.precautions and (one.keys & each.keys or (vague and each.where))) for each in statements
    ):
        return True
    return any(_share(one.keys, each.keys) >= _LEAST_SHARE for each in statements)


def _share(some: frozenset[str], others: frozenset[str]) -> float:
    return len(some & others) / len(some) if some else 0.0


def _keys(found: Sequence[Term]) -> frozenset[str]:
    return frozenset(key for term in found for key in term.keys[:1] if key not in _EMPTY)


def _advice(source: Texts) -> tuple[_Advice, ...]:
    return tuple(
        one
        for name, text in source.by_id.items()
        if source.speakers.get(name) != PATIENT
        for start, end in sentence_spans(text)
        if not _asks(text[max(start, end - _TAIL_CHARS) : end])
        for one in _in_sentence(name, text[start:end])
    )


def _asks(tail: str) -> bool:
    return _ASKS.search(tail) is not None and _TAG_QUESTION.search(tail) is None


def _in_sentence(name: str, text: str) -> Iterator[_Advice]:
    done = 0
    for found, seeks in sorted(_pieces(text), key=lambda each: each[0].start()):
        words = _short(found.group())
        if found.start() < done or _NO_ADVICE.search(text, max(0, found.start() - 12), found.end()):
            continue
        done = found.end()
        keys = _keys(terms(words))
        if keys:
            yield _Advice(words, keys, name, _severity(found.group(), seeks=seeks), seeks)


def _short(text: str) -> str:
    """In one line, cut between words where it is long."""
    line = _TAG.sub("", " ".join(text.split())).strip(" ,-")
    return line if len(line) <= _MOST_CHARS else line[:_MOST_CHARS].rsplit(" ", 1)[0]


def _pieces(text: str) -> Iterator[tuple[re.Match[str], bool]]:
    """What is advice in a sentence, and whether it says when to seek help."""
    if _MAY_CONDITION.search(text) and _ILL.search(text) and _MAY_ACT.search(text):
        for pattern in _CONDITIONAL:
            yield from ((found, True) for found in pattern.finditer(text) if _ILL.search(found["what"]))
    if _MAY_SEND.search(text) and _URGED.search(text):
        yield from ((found, True) for found in _EMERGENCY.finditer(text))
    if _MAY_WARN.search(text) and _ADDRESSED.search(text):
        for pattern in _WARNINGS:
            yield from ((found, False) for found in pattern.finditer(text))


def _severity(words: str, *, seeks: bool) -> Severity:
    if seeks:
        return "high" if _WHERE.search(words) or len(_ILL.findall(words)) > 1 else "medium"
    return "medium" if _GRAVE.search(words) else "low"
