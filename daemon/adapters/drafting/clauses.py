"""What stands as a clause of its own, and where a dictated sentence begins anew behind a comma.

Pure rules. Speech recognition writes stops where the speaker breathed: "Every other week, for 12 months, the diagnosis is plaque
psoriasis" is the end of one sentence and the whole of the next. A cut is made only where both sides can be read by themselves.
"""

from __future__ import annotations

import re

from daemon.faithfulness.medicines.doses import find_doses

LEAST_WORDS = 5
"""So many words at least has a piece in which no verb is found ("start losartan 50 mg daily")."""
_SUBORDINATE = re.compile(
    r"(?:and\s+|but\s+|so\s+)?(?:if|when|whenever|after|although|though|because|since|while|until|unless|once|as|before|given|whether|despite|even|"
    r"due|except|considering|based|where|who|which|that|to)\b",
    re.IGNORECASE,
)
_ADVERBIAL = re.compile(
    r"(?:and\s+|but\s+)?(?:for|in|on|at|by|with|without|during|over|about|within|from|up|every|last|this|next|today|yesterday|currently|now|worse|of|two|three|"
    r"several|each|through|around|between|under)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|am|be|been|has|have|had|do|does|did|will|would|can|could|should|may|might|must|shows?|showed|gets?|got|takes?|took|uses?|used|"
    r"denies|denied|reports?|reported|feels?|felt|goes|went|comes?|came|began|begins|gives?|gave|needs?|tried|failed|smokes?|smoked|drinks?|works?|lives?|"
    r"remains?|appears?|looks?|hurts?|makes?|made|keeps?|kept|began|started|stopped|increased|decreased|improved|worsened|noted|said|says|told|asked)\b"
    r"|n['’]t\b|['’](?:s|re|ve|ll|m)\b|\b(?:he|she|it|they|we|i|you|there)\s+[^\W\d_]{3,}",
    re.IGNORECASE,
)
_MAIN_CLAUSE = re.compile(r",\s+(?=(?:he|she|it|they|we|i|you|there|the|his|her|their|my|this|these)\b)", re.IGNORECASE)
_PERSON = r"(?:i|we|he|she|they|it|you|there|this|these|(?:the|this|my|our)\s+patient)"
_FIRM = re.compile(
    r"(?:(?:the|my|our|her|his|a|one)\s+)?(?:(?:primary|main|working|other|only|first|second|clinical)\s+)?"
    r"(?:diagnos[ei]s|questions?|impression|assessment|concern|reason\s+for\s+(?:the\s+|this\s+)?(?:referral|request)|indication|subject)\s+(?:is|are|was)\b"
    r"|(?:(?:i|we)\s*(?:am|are|['’]m|['’]re|have\s+been|will\s+be)?\s+)?(?:requesting|referring|seeking|attaching|enclosing|appealing)\b"
    r"|(?:(?:i|we)\s*(?:will|['’]ll)|will)\s+(?:attach|enclose|include|send|fax|also\s+attach)\b"
    r"|(?:please\s+)?(?:come\s+back|return|follow[\s-]+up|call\s+(?:us|me|the\s+office|right|if)|keep|avoid|do\s+not|don['’]t|wash|take|drink|rest|wear)\s+[^\W\d_]"
    r"|(?:this|the)\s+(?:[^\W\d_]+\s+){0,2}is\s+(?:medically\s+)?necessary\b|please\s+(?:approve|advise|evaluate|see|consider|find)\b",
    re.IGNORECASE,
)
"""How nothing but a statement of its own begins, also where the speech engine dropped its "I", and how patients are told what to do."""
_OWN_SUBJECT = re.compile(
    rf"{_PERSON}(?:['’]\w+)?\s+[^\W\d_]|(?:his|her|their|the)\s+(?:[\w-]+\s+){{1,3}}?(?:is|was|are|were|shows?|showed)\b",
    re.IGNORECASE,
)
JOINT = re.compile(r"[,;]\s+(?:and\s+)?", re.IGNORECASE)


def stands_alone(text: str) -> bool:
    """Whether a text can be read by itself: a main clause, or words enough that are no mere time or place."""
    plain = text.strip(" ,;.")
    if _SUBORDINATE.match(plain):
        main = _MAIN_CLAUSE.search(plain)
        return main is not None and _VERB.search(plain, main.end()) is not None
    if _VERB.search(plain):
        return True
    return len(plain.split()) >= LEAST_WORDS and _ADVERBIAL.match(plain) is None


def begins_firmly(text: str) -> bool:
    """Whether a text begins as only a statement of its own does: "the diagnosis is", "I'm requesting", "will attach"."""
    return _FIRM.match(text) is not None


def begins_anew(text: str) -> bool:
    """Whether a text begins firmly, or with a subject of its own ("she has tried", "her A1c is")."""
    return begins_firmly(text) or _OWN_SUBJECT.match(text) is not None


def is_tail(text: str) -> bool:
    """Whether a text without a verb says only how something is taken or for how long: the end of the sentence before."""
    plain = text.strip(" ,;.")
    if _VERB.search(plain) or _SUBORDINATE.match(plain):
        return False
    return any(dose.kinds & {"rate", "length", "route", "strength", "count"} for dose in find_doses(plain))
