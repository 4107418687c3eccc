"""Words that make a side of the body: what part follows or stands before, and whether "right" is a side at all.

"Right" is a side only where its neighbours make it one: transcripts are full of "all right", "right now", "right here".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from daemon.faithfulness.package_data import package_text
from daemon.faithfulness.vocabulary.word_lists import word_list

LEFT, RIGHT, BOTH = "left", "right", "both"

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[^\w\s]")
_ABBREVIATED = re.compile(r"\b(?:[LRB]|[LR][Tt]|O[DSU]|A[DSU]|[LR][UL][QEL]|RML|B[LU]E)\b")
SIDES = {
    "left": LEFT,
    "right": RIGHT,
    "bilateral": BOTH,
    "bilaterally": BOTH,
    "both": BOTH,
    "leftward": LEFT,
    "rightward": RIGHT,
}
_SHORT = {
    "L": (LEFT, ""), "R": (RIGHT, ""), "Lt": (LEFT, ""), "Rt": (RIGHT, ""), "LT": (LEFT, ""), "RT": (RIGHT, ""), "B": (BOTH, ""),
    "OD": (RIGHT, "eye"), "OS": (LEFT, "eye"), "OU": (BOTH, "eye"), "AD": (RIGHT, "ear"), "AS": (LEFT, "ear"), "AU": (BOTH, "ear"),
    "RUQ": (RIGHT, "quadrant"), "RLQ": (RIGHT, "quadrant"), "LUQ": (LEFT, "quadrant"), "LLQ": (LEFT, "quadrant"),
    "RUE": (RIGHT, "arm"), "LUE": (LEFT, "arm"), "RLE": (RIGHT, "leg"), "LLE": (LEFT, "leg"), "BLE": (BOTH, "leg"), "BUE": (BOTH, "arm"),
    "RUL": (RIGHT, "lobe"), "RML": (RIGHT, "lobe"), "RLL": (RIGHT, "lobe"), "LUL": (LEFT, "lobe"), "LLL": (LEFT, "lobe"),
}  # fmt: skip
"""Abbreviations, in capitals; those without a part are a side only before one."""
_DOSED = frozenset(["mg", "mcg", "micrograms", "g", "ml", "tablet", "tablets", "capsule", "units"])
"""Behind these OD is once daily, not the right eye."""
_JOINTS = frozenset(["and", "or", "than", "to", "versus", "vs", "then", "&", "/", "-", ","])
FUNCTION_WORDS = word_list("not-of-a-side")
_NOT_AFTER_RIGHT = word_list("not-after-right")
_LEFT_GONE = word_list("not-after-left")
_TAIL = frozenset(["side", "sides", "sided", "handed", "hand-side", "one", "ones", "lateral", "medial", "base"])
_LEADS = word_list("before-a-side")
_AGREED = frozenset(
    ["all", "that's", "thats", "you're", "youre", "is", "quite", "sounds", "that's's", "exactly", "alright", "it's"]
)
_DOMINANT = frozenset({"handed", "dominant"})
_OWN = frozenset(["the", "my", "your", "his", "her", "them", "their"])
_STOP = re.compile(r"[.!?;]")
_DENIALS = frozenset(
    [
        "n't",
        "no",
        "not",
        "never",
        "denies",
        "denied",
        "denying",
        "without",
        "normal",
        "fine",
        "compared",
        "opposite",
        "unaffected",
    ]
)
_STEM = 6
_MOST_STEPS = 3
_DENIED_AFTER, _DENIED_BEFORE = 9, 6


@cache
def body_parts() -> Mapping[str, tuple[str, str]]:
    """Part and region of the body by word."""
    text = package_text("body_parts.tsv")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {word: (part, region) for region, part, words in rows for word in words.split()}


@cache
def regions() -> Mapping[str, str]:
    """Region of each part."""
    return dict(body_parts().values())


def has_side(text: str) -> bool:
    """Whether any word of `text` might be a side."""
    lower = text.lower()
    spelt = "left" in lower or "right" in lower or "bilateral" in lower or "both" in lower
    return spelt or (text != lower and _ABBREVIATED.search(text) is not None)


def stem(word: str) -> str:
    """What two forms of a word share."""
    return word[:_STEM]


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a sign: in lower case, as it was written, and where."""

    text: str
    raw: str
    start: int
    end: int


def words_of(plain: str) -> list[Token]:
    """The words and signs of a text, in order."""
    return [Token(one.group().lower(), one.group(), one.start(), one.end()) for one in _WORD.finditer(plain)]


def part_at(words: Sequence[Token], at: int) -> str:
    """The part of the body that the word names, or nothing."""
    word = words[at].text
    if word in {"extremity", "extremities"}:
        near = {one.text for one in words[max(0, at - 2) : at]}
        return "arm" if "upper" in near else "leg" if "lower" in near else ""
    if word == "hand" and at + 1 < len(words) and words[at + 1].text in {"side", "dominant"}:
        return ""
    if (
        word == "back"
        and at
        and words[at - 1].text in {"come", "go", "came", "call", "be", "get", "went", "going", "coming", "the"}
    ):
        return "back" if words[at - 1].text == "the" else ""
    found = body_parts().get(word)
    return found[0] if found else ""


def is_denied(words: Sequence[Token], at: int) -> bool:
    """Whether a denial stands near, with no other side and no "but" between."""
    before = words[max(0, at - _DENIED_BEFORE) : at][::-1]
    for near in (words[at + 1 : at + 1 + _DENIED_AFTER], before):
        for one in near:
            if one.text in {"but", "however", ".", ";"} or one.text in SIDES:
                break
            if one.text in _DENIALS or one.text.endswith("n't"):
                return True
    return False


def is_taken_back(words: Sequence[Token], at: int) -> bool:
    """ "It's not the right knee", "your left, of your right knee, sorry"."""
    before = [one.text for one in words[max(0, at - 2) : at]][::-1]
    return before[:1] == ["not"] or (before[1:2] == ["not"] and before[0] in _OWN)


def is_alternative(words: Sequence[Token], at: int) -> bool:
    """One of two sides that are asked for: "is it your left or your right knee?"."""
    after = [one.text for one in words[at + 1 : at + 5]]
    before = [one.text for one in words[max(0, at - 4) : at]][::-1]
    return any(
        "or" in near[:3] and any(word in {LEFT, RIGHT} for word in near[near.index("or") :]) for near in (after, before)
    )


def is_dominance(words: Sequence[Token], at: int) -> bool:
    """ "Right-handed", "right hand dominant", "left dominant"."""
    following = [one.text for one in words[at + 1 : at + 5] if one.text != "-"]
    return following[:1] in (["handed"], ["dominant"]) or following[:2] == ["hand", "dominant"]


def side_at(words: Sequence[Token], at: int) -> tuple[str, str]:
    """Side that the word names, and the part, if the abbreviation tells it."""
    token = words[at]
    if token.text in SIDES:
        return SIDES[token.text], ""
    side, part = _SHORT.get(token.raw, ("", ""))
    if token.raw == "OD" and at and words[at - 1].text in _DOSED:
        return "", ""
    if not side or part:
        return side, part
    after = at + 1
    while after < len(words) and after <= at + 3 and words[after].text.isalpha():
        if part_at(words, after):
            return side, ""
        after += 1
    return "", ""


def parts_after(words: Sequence[Token], at: int) -> tuple[set[str], list[str]]:
    """The parts that follow the side in its phrase, and, where none is known, the stems of the words that do."""
    parts: set[str] = set()
    other: list[str] = []
    steps = 0
    for place in range(at + 1, min(len(words), at + 9)):
        if part := part_at(words, place):
            parts.add(part)
            steps += 2
        elif not _leads_on(words, place):
            steps += 1
            if steps > _MOST_STEPS or _ends_phrase(words, place):
                break
            if not parts:
                other.append(stem(words[place].text))
    return parts, other


def _leads_on(words: Sequence[Token], place: int) -> bool:
    """Whether the word only joins a side and its part: "left and right knee", "right side of the neck"."""
    word, before = words[place].text, words[place - 1].text
    if word in {",", "to", "than"}:
        return place + 1 < len(words) and words[place + 1].text in SIDES
    if word in {"of", "in"}:
        return before in _TAIL or before == "both"
    if word in _OWN:
        return before in {"of", "in", "both"}
    return word in _TAIL or word in _JOINTS or word in SIDES or (word == "hand" and place + 1 < len(words))


def _ends_phrase(words: Sequence[Token], place: int) -> bool:
    word = words[place].text
    return word in FUNCTION_WORDS or not word[0].isalnum()


def parts_before(words: Sequence[Token], at: int) -> set[str]:
    """The nearest part before the side in its sentence: "index finger on the right", "edema of the legs bilaterally"."""
    for place in range(at - 1, max(-1, at - 9), -1):
        if _STOP.match(words[place].text):
            return set()
        if part := part_at(words, place):
            return {part}
    return set()


def is_no_side(words: Sequence[Token], at: int) -> bool:
    """ "Right" as agreement or just there, "left" as gone."""
    before = words[at - 1].text if at else ""
    after = words[at + 1].text if at + 1 < len(words) else ""
    if words[at].text == "right":
        return after in _NOT_AFTER_RIGHT or before in _AGREED
    return words[at].text == "left" and after in _LEFT_GONE


def is_side(words: Sequence[Token], at: int, *, asked: bool) -> bool:
    """Whether a side word without a part after it is a side all the same, by its neighbours."""
    word = words[at].text
    before = words[at - 1].text if at else ""
    after = words[at + 1].text if at + 1 < len(words) else ""
    if word in {"bilaterally", "bilateral"}:
        return True
    if after in _TAIL or after in {"hand", "-"}:
        return True
    if word == "both":
        return after == "sides" or [one.text for one in words[at + 1 : at + 3]] == ["of", "them"]
    if is_no_side(words, at):
        return False
    if before in {"the", "my", "your", "his", "her"} and (
        not after or not after.isalpha() or after in FUNCTION_WORDS or after in _JOINTS
    ):
        return True
    return asked and (before in _LEADS or not before or not before.isalpha() or len(words) < 6)


def stems(words: Iterable[str]) -> frozenset[str]:
    """The stems of the words that carry a meaning."""
    return frozenset(stem(word) for word in words if len(word) > 2 and word not in FUNCTION_WORDS and word not in SIDES)
