"""What the patient is called in a training sentence: by a pronoun where the request says which, else "the patient"."""

from __future__ import annotations

import random
import re
from collections import Counter

_SHE, _HE = (
    re.compile(r"\b(?:she|her|hers|herself)\b", re.IGNORECASE),
    re.compile(r"\b(?:he|him|his|himself)\b", re.IGNORECASE),
)
_NAMED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss)\.?\s+[A-Z][\w'’-]*")
_KIN = r"(?:\w+\s)?(?:mother|father|parents?|brother|sister|siblings?|son|daughter|children|child|wife|husband|spouse|partner|grand\w+|uncle|aunt|cousins?|family|mom|dad|kids|boyfriend|girlfriend)"
_AGED_SEX = re.compile(
    r"\b(\d+)[- ](year|month|week|day)[- ]old,?\s+((?:[\w-]+\s){0,3}?)(?:female|male|woman|man|lady|gentleman|girl|boy)\b",
    re.IGNORECASE,
)
_SEXED = re.compile(r"\b(?:female|male|woman|man|lady|gentleman|girl|boy)\b", re.IGNORECASE)
_SAID_OF_ONESELF = re.compile(
    r"\bthe patient (?:states|stated|reports|reported|notes|noted|says|said|mentions|mentioned|feels|believes)(?: that)? the patient\b",
    re.IGNORECASE,
)
_FIRST_PERSON = (
    (
        re.compile(
            r"\bI (?:have )?(?:advised|instructed|counseled|encouraged|asked|educated|recommended|told) the patient\b"
        ),
        "The patient was advised",
    ),
    (re.compile(r"^(?:I|We)(?: will|'ll| am going to| are going to| would like to| want to)(?: also)? (?=\w)"), ""),
    (
        re.compile(
            r"^(?:I|We)(?: also| have also| have)? (?=recommend|prescribed|ordered|discussed|reviewed|referred|suspect)"
        ),
        "",
    ),
)
_NARRATOR = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|us|me|[Yy]ou|[Yy]our)\b")
_MOST_SAID = 2
"""So often "the patient" may stand in a sentence that is still one to read."""
_KNOWN_SHARE = 0.45
"""So often a request says the patient's sex, where the note does: in dictation it mostly does, in conversation seldom."""


def sex_of(note: str) -> str:
    """ "she", "he", or "" where a note does not plainly say."""
    counts = Counter(she=len(_SHE.findall(note)), he=len(_HE.findall(note)))
    (most, times), (_, other) = counts.most_common(2) if len(counts) == 2 else (("", 0), ("", 0))
    return most if times and times >= 3 * other else ""


def with_subject(text: str, sex: str, chance: random.Random) -> tuple[str, str]:
    """The subject that a request names, and the sentence written for it; "" where it cannot be written without the sex."""
    text = _NAMED.sub("the patient", text)
    for pattern, instead in _FIRST_PERSON:
        text = pattern.sub(instead, text)
    if _NARRATOR.search(text):
        return "the patient", ""
    if sex and chance.random() < _KNOWN_SHARE:
        return sex, capital(text)
    if sex or not (_SHE.search(text) or _HE.search(text)):
        return "the patient", capital(_once(_without_sex(text, sex)))
    return "the patient", ""


def _without_sex(text: str, sex: str) -> str:
    if _SHE.search(text) and _HE.search(text):
        return ""
    text = _AGED_SEX.sub(lambda found: f"{found[1]}-{found[2]}-old {found[3]}".rstrip(), text)
    text = re.sub(r"\ban? (\d+)-(year|month|week|day)-old(?=\s*(?:[.,;]|who|with|$))", r"\1 \2s old", text)
    if _SEXED.search(text):
        return ""
    text = re.sub(rf"\b(?:her|his)\b(?=\s+{_KIN}\b)", "the patient's", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:she|he)\b", "the patient", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:herself|himself|hers|him)\b", "the patient", text, flags=re.IGNORECASE)
    text = re.sub(r"\bhis\b", "the", text, flags=re.IGNORECASE)
    # "her" before a noun is possessive, before a mark or a preposition it is the patient.
    text = re.sub(
        r"\bher\b(?=\s*(?:[.,;:!?]|$|\s(?:to|for|in|on|at|with|and|that|about|again|back|if)\b))",
        "the patient",
        text,
        flags=re.IGNORECASE,
    )
    return re.sub(r"\bher\b", "the", text, flags=re.IGNORECASE) if sex == "she" else text


def _once(text: str) -> str:
    text = _SAID_OF_ONESELF.sub("the patient", text)
    return text if len(re.findall(r"\bthe patient\b", text, re.IGNORECASE)) <= _MOST_SAID else ""


def capital(text: str) -> str:
    """With a capital at the beginning of each sentence."""
    return re.sub(r"(^|[.!?]\s+)([a-z])", lambda found: found[1] + found[2].upper(), text)
