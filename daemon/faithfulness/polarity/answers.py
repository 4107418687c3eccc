"""What an answer says: yes, no, or neither; and where the question begins that it answers."""

from __future__ import annotations

import re
from collections.abc import Sequence

YES, NO, AGREES = "yes", "no", "agrees"

_FILLER = (
    r"(?:(?:uh|um|oh|well|hm+|mm|so|you know|i mean|like|ah|okay|ok|god|gosh|honestly|actually|really|doctor|sir|ma'am)"
    r"\b[\s,.-]*){0,5}"
)
_NO = re.compile(
    rf"\s*{_FILLER}(?:(?:yeah|yes)[\s,.]+no\b|no\b(?! (?:problem|doubt|worries))|nope\b|nah\b|not (?:really|that|at all|any|so|since|right|today|currently|"
    r"recently|yet|too|much|even|a|in|to|especially|particularly|anything|usually|for)\b|never\b|none\b|nothing\b|negative\b|neither\b|"
    r"(?:i|it|he|she|they|we|that|there) ?(?:have|has|had|do|does|did|was|were|is|are|ca|could|would|am)(?: ?n't| not)\b|"
    r"i'm not\b|i've not\b|i've never\b|i never\b|it's not\b|uh-uh\b|uh uh\b|hm-mm\b|mm-mm\b|huh-uh\b|nuh-uh\b|denies\b|haven't\b|"
    r"(?:i )?don't\b|(?:do|have|did|has) n't\b|absolutely not\b|definitely not\b|thankfully no\b|luckily no\b|thank god no\b|just no\b)",
    re.IGNORECASE,
)
_SELECTIVE = re.compile(
    rf"\s*{_FILLER}no (?!i\b|it\b|not\b|no\b|nothing\b|never\b|none\b|that\b|that's\b|and\b|just\b|to\b|but\b|sir\b|ma'am\b|doctor\b|there\b|"
    r"he\b|she\b|we\b|they\b|my\b|i'm\b|i've\b|it's\b|thank|really\b|neither\b|you\b|so\b|everything\b|all\b|the\b|like\b|uh\b|um\b|"
    r"only\b|actually\b|don't\b|haven't\b|because\b|which\b|other\b|more\b|issues?\b|problems?\b|symptoms?\b|at\b|in\b|they're\b|yeah\b|"
    r"well\b|honestly\b|as\b|oh\b|since\b|though\b|okay\b|ok\b)[a-z]",
    re.IGNORECASE,
)
"""An answer that denies one thing of what was asked: "no vomiting but constipation"."""
_YES = re.compile(
    rf"\s*{_FILLER}(?:yes\b|yeah\b|yep\b|yup\b|yea\b|ya\b|mm-hmm\b|mhm\b|mm hmm\b|uh-huh\b|uh huh\b|sure\b|absolutely\b|definitely\b|of course\b|"
    r"certainly\b|a (?:little|bit|lot|few)\b|some\b|sometimes\b|occasionally\b|once in a while\b|i (?:do|have|am|did|was|had|feel|get|take)\b(?! n't| not)|"
    r"it (?:does|is|has|did|was|hurts)\b(?! n't| not)|i've (?:had|been|noticed)\b|i'm\b|every\b|they (?:do|did|have|are)\b(?! n't| not)|lots\b|"
    r"just a little\b|only (?:a|when)\b|all the time\b|only\b|just (?:when|if|in|on)\b|when (?:i|it)\b|if i\b|mostly\b|probably\b|i think so\b|i would say\b|more\b|that's\b|off and on\b|on and off\b|now and then\b|kind of\b|kinda\b|pretty\b|very\b|quite\b|pretty much\b|he does\b|she does\b|we do\b|ouch\b|ow\b|it's\b)",
    re.IGNORECASE,
)
_AGREES = re.compile(
    rf"\s*{_FILLER}(?:right\b|correct\b|that's (?:right|correct|true)|exactly\b|true\b|that is (?:right|correct))",
    re.IGNORECASE,
)
_OPENERS = frozenset(["do", "does", "did", "have", "has", "are", "is", "was", "were", "can", "could", "would"])
_OPEN = frozenset(["how", "what", "when", "where", "which", "who", "why"])
_TOLD = frozenset(["i", "you", "we", "they", "he", "she", "it", "that", "there"])
_NOT_ASKED = frozenset(
    [
        "or",
        "and",
        "have",
        "having",
        "of",
        "without",
        "for",
        "had",
        "noticed",
        "are",
        "there",
        "take",
        "see",
        "not",
        "n't",
        "do",
        "if",
        "in",
        "with",
        "at",
    ]
)
_SUBJECTS = frozenset(
    ["you", "your", "he", "she", "it", "they", "the", "that", "there", "this", "those", "these", "any"]
)


def answer_of(text: str) -> str | None:
    """How `text` answers a question: YES, NO, AGREES ("right": with whatever was asked), or None where it does not begin as
    an answer or answers a part only."""
    head = text[:80]
    if _NO.match(head):
        return None if _SELECTIVE.match(head) else NO
    if _AGREES.match(head):
        return AGREES
    return YES if _YES.match(head) else None


def last_question(texts: Sequence[str]) -> int | None:
    """Where the last question for "yes" or "no" begins among words without punctuation; None where one for more follows it."""
    for at in range(len(texts) - 1, -1, -1):
        after = texts[at + 1] if at + 1 < len(texts) else ""
        before = texts[at - 1] if at else ""
        if (texts[at] in _OPEN and after in _OPENERS) or (texts[at] in _OPENERS and before in _OPEN):
            return None
        if texts[at] in _OPENERS and after in _SUBJECTS and before not in _TOLD:
            return at
        if texts[at] == "any" and before not in _NOT_ASKED:
            return at
        if (texts[at], after) in (("how", "about"), ("what", "about"), ("and", "no")):
            return at
    return None


def first_question(texts: Sequence[str]) -> int:
    """Where a question begins among the words of its sentence: what stands before it ("for the knee, …") is not asked."""
    for at, text in enumerate(texts):
        after = texts[at + 1] if at + 1 < len(texts) else ""
        if text in _OPENERS and after in _SUBJECTS and (not at or texts[at - 1] not in _TOLD):
            return at
        if text == "any" and (not at or texts[at - 1] not in _NOT_ASKED):
            return at
    return 0
