"""Who does what by when, as an e-mail's action list: taken by rule from what was said, in its own words.

Nobody is guessed and no day is turned into a date: where no name, role or deadline is said, a placeholder stands. A clause asks for
something if it says please, can you or need to, tells a person what to do, or begins with a verb of office work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap

from daemon.computed.deadlines import deadline
from daemon.computed.email_cautions import cautions
from daemon.computed.material import Computed, Material
from daemon.documents.filler import is_filler
from daemon.model.document import SectionSpec
from daemon.model.draft import Statement
from daemon.model.passage import PageAnchor, Passage

COLUMNS = ("Who", "What", "By when")
MOST_CHARS = 600  # of a sentence: the longest that is dictated has some 60 words
NO_ONE = "[who – not stated]"
NO_TIME = "[when – not stated]"

_VERBS = (
    "add|adjust|arrange|ask|assign|back up|block|book|bring|buy|call|cancel|change|check|clean|clear|close|collect|complete|confirm|contact|copy|"
    "cover|create|delete|deliver|distribute|double[- ]check|draft|drop off|e-?mail|enter|extend|fax|file|fill|find|finish|fix|follow up|forward|get|give|"
    "handle|hang|have|install|invite|keep|leave|let|line up|list|lock|look into|mail|make|mark|meet|message|move|notify|open|order|organize|page|pay|"
    "pick up|place|post|prepare|print|process|pull|purchase|put|reach out|read|rebook|reconcile|refill|register|remind|remove|renew|repair|replace|"
    "reply|report|request|reschedule|reserve|respond|restock|return|review|run|scan|schedule|send|set|ship|shred|sign|sort|start|stock|stop|submit|"
    "swap|switch|take|tell|test|text|train|transfer|turn|update|upload|use|verify|wait|write"
)
_VERB = rf"(?:{_VERBS})"
_HAND_ON = r"(?:remind|tell|ask|have|get)"
_ROLE = (
    r"(?:the\s+|our\s+|my\s+)?(?:front\s+desk|billing(?:\s+(?:team|office|department))?|scheduling|schedulers?|reception(?:ists?)?|nurses?|nursing(?:\s+staff)?|"
    r"medical\s+assistants?|m\.?a\.?s?|office\s+manager|manager|staff|team|everyone|everybody|all\s+of\s+you|referral\s+coordinator|coordinator|biller|it|"
    r"i\.t\.|tech(?:nician)?s?|phlebotomist|pharmacist|interpreter|secretary|assistant|intern|clinic\s+lead|providers?|clinicians?|doctors?)"
)
_PERSON = r"(?:(?:Mr|Mrs|Ms|Dr)\.?\s+|Doctor\s+|doctor\s+)?[A-Z][^\W\d_]*(?:['’-][^\W\d_]+)*(?:\s+[A-Z][^\W\d_]+)?"
_WHO = rf"(?P<who>{_PERSON}(?:\s+and\s+{_PERSON})?|(?i:{_ROLE})(?:\s+and\s+(?:{_PERSON}|(?i:{_ROLE})))?)"
_ANY_WHO = rf"(?P<who>(?i:{_ROLE})|(?:dr\.?\s+|doctor\s+)?[^\W\d_]+(?:\s+and\s+[^\W\d_]+)?)"
_ASKS = r"(?:please|kindly|(?:can|could|would|will)\s+you(?:\s+please)?|i(?:\s+would|['’]d)?\s+(?:need|want|like)\s+you\s+to|you\s+need\s+to|make\s+sure\s+(?:to|you))"
_OPENING = r"^(?i:(?:and|also|then|so|next|finally|okay|ok|first|second|third|lastly|one more thing|in the meantime|meanwhile|until then)[\s,]+)*"

_TOLD = (
    re.compile(rf"{_OPENING}(?:(?i:{_ASKS})\s+)?(?i:{_HAND_ON})\s+{_WHO}\s+(?i:to\s+)?(?P<what>(?i:{_VERB}|be|come|attend|stay|work)\b.*)$"),
    re.compile(rf"{_OPENING}{_WHO}\s*[,:]?\s+(?i:{_ASKS})\s+(?P<what>\S.*)$"),
    re.compile(rf"{_OPENING}{_WHO}\s*[,:]\s+(?P<what>(?i:{_VERB})\b.*)$"),
    re.compile(rf"{_OPENING}{_WHO}\s+(?i:will|should|needs?\s+to|must|has\s+to|have\s+to|is\s+going\s+to|is\s+to|are\s+to|shall)\s+(?i:please\s+)?"
               rf"(?P<what>(?i:{_VERB})\b.*)$"),
    re.compile(rf"{_OPENING}{_ANY_WHO}\s*,?\s+please\s+(?P<what>{_VERB}\b.*)$"),
    re.compile(rf"{_OPENING}(?P<who>(?i:I))(?:['’]ll|\s+(?i:will|need\s+to|have\s+to|am\s+going\s+to))\s+(?P<what>(?i:{_VERB})\b.*)$"),
)  # fmt: skip
_ASKED = (
    re.compile(rf"{_OPENING}(?i:please|kindly)\s+(?P<what>\S.*)$"),
    re.compile(rf"{_OPENING}(?i:{_ASKS})\s+(?P<what>\S.*)$"),
    re.compile(rf"{_OPENING}(?i:somebody|someone|anyone|whoever|we|you)\s+(?i:all\s+)?(?i:needs?\s+to|have\s+to|has\s+to|should|must|ought\s+to)\s+"
               rf"(?P<what>(?i:{_VERB})\b.*)$"),
    re.compile(rf"{_OPENING}(?i:let['’]s|let\s+us|remember\s+to|don['’]t\s+forget\s+to|do\s+not\s+forget\s+to|be\s+sure\s+to)\s+(?P<what>\S.*)$"),
    re.compile(rf"{_OPENING}(?i:can|could|would|will)\s+(?i:someone|somebody|anyone|one\s+of\s+you)\s+(?i:please\s+)?(?P<what>\S.*)$"),
    re.compile(rf"{_OPENING}(?P<what>(?i:make\s+sure|ensure)\s+\S.*)$"),
    re.compile(rf"{_OPENING}(?P<what>(?i:{_VERB})\s+(?!(?i:is|are|was|were|has|have|will)\b)\S.*)$"),
    re.compile(r"^(?P<what>.*\b(?i:needs?\s+to\s+be|has\s+to\s+be|have\s+to\s+be|must\s+be|should\s+be)\s+(?:[^\W\d_]+ly\s+)?[^\W\d_]+(?:ed|en|t|de|ut|ne|id|nt|ft|ld)\b.*)$"),
)  # fmt: skip
_NOT_WHO_WORDS = (
    "i we you he she they it this that these those the a an and also then so but please can could would will there here what when who why how if as because "
    "thank thanks hi hello hey dear okay ok yes no not just maybe again today tomorrow monday tuesday wednesday thursday friday saturday sunday subject "
    "email meantime meanwhile someone somebody anyone once after before until since while every each all for from with in on at to of or"
)
_NOT_WHO = frozenset(_NOT_WHO_WORDS.split())
_NO_ACTION = re.compile(
    r"(?:(?:let|call|tell|email|text)\s+(?:me|us)\b.*\b(?:questions?|concerns?|problems?|anything)\b|feel\s+free|have\s+a\s+(?:great|good|nice)|see\s+(?:above|below)|"
    r"keep\s+up\s+the|take\s+care\s*$|be\s+advised|note\s+that|find\s+attached|disregard)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"(?<!\bdr)(?<!\bmr)(?<!\bmrs)(?<!\bms)(?<!\bst)(?<!\b[ap]\.m)[.!?]\s+(?=(?-i:[^\Wa-z]))|;\s+", re.IGNORECASE
)
_NEXT_CLAUSE = re.compile(
    rf",\s+(?:and\s+|so\s+)?(?=(?:{_PERSON}\s*,?\s+)?(?i:please|can\s+you|could\s+you|will\s+you|would\s+you)\b)|"
    rf",\s+(?:and\s+)?(?:then\s+)?(?=(?:please\s+)?(?:{_VERB})\s+(?!(?i:is|are|was|were)\b))|,\s+and\s+(?={_PERSON}\s*,?\s+(?:please|(?i:{_VERB}|will|can)\b))"
)
_THANKS = re.compile(r"[\s,.]*\b(?:thank\s+you|thanks)\b.{0,30}$", re.IGNORECASE)
_CONDITION = re.compile(r"(?:if|when|unless|once|after|in\s+case|as\s+soon\s+as|whenever)\b", re.IGNORECASE)
_ASKED_LATER = re.compile(rf",\s+(?:then\s+)?(?:(?:{_ASKS})\s+|(?={_VERB}\b))", re.IGNORECASE)
_ROLE_ASKED = re.compile(rf"\b(?:{_ROLE})(?=\s+please\b)", re.IGNORECASE)
# Where speech recognition wrote no mark: "… by friday tom please order …".
_NEXT_PERSON = re.compile(
    rf"(?<=\w)\s+(?=(?:(?:{_ROLE})|(?P<first>[^\W\d_]+))\s+please\s+(?:{_VERB})\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Action:
    """One action, all words verbatim: `who` or "" , `what` without the deadline where that ends it, `when` or ""."""

    who: str
    what: str
    when: str


def actions(material: Material, spec: SectionSpec) -> Computed:
    """The actions in the order in which they were said, and the cautions of an administrative e-mail."""
    statements: list[Statement] = []
    headed = _headed(material)
    for passage in material.passages:
        if isinstance(passage.anchor, PageAnchor) or is_filler(passage.text) or passage.id in headed:
            continue
        for sentence in _sentences(_behind_lines(material, passage)):
            for one in find_actions(sentence):
                cells = (one.who or NO_ONE, one.what, one.when or NO_TIME)
                statements.append(Statement(sentence, (passage.id,), "quoted", cells=cells))
    return Computed(tuple(statements), COLUMNS, cautions(material))


def _headed(material: Material) -> set[str]:
    """The passages that only say whom the e-mail is for and what it is about: lines take them up, and no other section does."""
    lines = {spec.key for spec in material.document.sections if spec.layout == "line"}
    cited = [(key, name) for key, statements in material.written.items() for one in statements for name in one.evidence]
    return {name for key, name in cited if key in lines} - {name for key, name in cited if key not in lines}


def _behind_lines(material: Material, passage: Passage) -> str:
    """A passage without the words up to the last that a line took up: for whom it is and what it is about are no actions.

    Where the speech engine ran the subject and the first sentence together, what remains has lost its subject, and asks nobody.
    """
    text = " ".join(passage.text.split())
    lines = {spec.key for spec in material.document.sections if spec.layout == "line"}
    taken = [one.text for key in lines for one in material.written.get(key, ()) if passage.id in one.evidence]
    end = max((at + len(each) for each in taken if (at := text.find(each)) >= 0), default=0)
    return text[end:].lstrip(" ,;:.–—-")


def find_actions(sentence: str) -> list[Action]:
    """The actions of one sentence; a clause without a person is its predecessor's person's."""
    found: list[Action] = []
    for clause in _clauses(sentence):
        told = ("", clause) if _CONDITION.match(clause) and _ASKED_LATER.search(clause) else _told(clause)
        if told is None and found and re.match(_VERB, clause, re.IGNORECASE):
            told = "", clause
        if told is None or _NO_ACTION.match(told[1]):
            continue
        who = told[0] or (found[-1].who if found else "")
        what = _THANKS.sub("", told[1])
        condition = _ASKED_LATER.search(what) if _CONDITION.match(what) else None
        due = deadline(what, condition.end() if condition else 0)
        when = what[slice(*due)] if due else ""
        if due is not None and not what[due[1] :].strip(" .,!?") and what[: due[0]].strip(" ,"):
            what = what[: due[0]]
        found.append(Action(who, what.strip(" ,.;:!?–—-"), when))
    return [one for one in found if len(one.what.split()) > 1]


def _told(clause: str) -> tuple[str, str] | None:
    for pattern in _TOLD:
        found = pattern.match(clause)
        if found is not None and found["who"].split()[0].lower() not in _NOT_WHO - (
            {"i"} if pattern is _TOLD[-1] else set()
        ) - {"the", "all"}:
            return found["who"], found["what"]
    for pattern in _ASKED:
        found = pattern.match(clause)
        if found is not None:
            return "", found["what"]
    return None


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a text; one without an end, in stretches of `MOST_CHARS`."""
    begin = 0
    for stop in [*(found.end() for found in _SENTENCE.finditer(text)), len(text)]:
        yield from (one for one in wrap(text[begin:stop], MOST_CHARS, break_on_hyphens=False) if one)
        begin = stop


def _person_cuts(sentence: str) -> Iterator[tuple[int, int]]:
    """Where a person's name or a role begins behind other words, and no role runs across the cut."""
    roles = [role.span() for role in _ROLE_ASKED.finditer(sentence)]
    for cut in _NEXT_PERSON.finditer(sentence):
        if (cut["first"] or "").lower() not in _NOT_WHO and not any(a < cut.start() < b for a, b in roles):
            yield cut.span()


def _clauses(sentence: str) -> list[str]:
    """Cut where another thing to do begins; "by Friday" then belongs to the clause that it stands in alone. A condition stays."""
    if _CONDITION.match(sentence):
        return [sentence]
    named = list(_person_cuts(sentence))
    cuts = named + [
        found.span()
        for found in _NEXT_CLAUSE.finditer(sentence)
        if found.start() and len(sentence[: found.start()].split()) > 2
    ]
    cuts = sorted(dict.fromkeys(cuts))
    edges = zip([0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(sentence)], strict=True)
    return [sentence[start:end].strip() for start, end in edges]
