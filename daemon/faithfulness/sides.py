"""Sides of the body in a text: which side is spoken of, of what part, among what words.

"Right" is a side only where its neighbours make it one: transcripts are full of "all right", "right now", "right here".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from daemon.faithfulness.texts import Texts
from daemon.faithfulness.tokens import same_characters
from daemon.faithfulness.word_lists import word_list

LEFT, RIGHT, BOTH = "left", "right", "both"

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[^\w\s]")
_LETTERS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_ABBREVIATED = re.compile(r"\b(?:[LRB]|[LR][Tt]|O[DSU]|A[DSU]|[LR][UL][QEL]|RML|B[LU]E)\b")
_SIDES = {
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
_JOINTS = frozenset(["and", "or", "than", "to", "versus", "vs", "then", "&", "/", "-", ","])
_FUNCTION = word_list("not-of-a-side")
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
_WHICH = re.compile(
    r"\b(?:left or (?:the |your )?right|right or (?:the |your )?left|left one or|right one or|which (?:\w+ )?(?:side|one|is it|was it|part)|"
    r"(?:which|what) (?:knee|leg|foot|ankle|hip|arm|shoulder|elbow|wrist|hand|finger|thumb|toe|eye|ear|breast|kidney|flank|calf|thigh|side)|"
    r"one side)\b"
)
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
_WORDS_AFTER = 45
_PASSAGES_BEFORE, _PASSAGES_AFTER = 3, 5
"""How far what is said after a side, without another, is read as said of it. By judgement."""
_AROUND = 11
"""Words on each side of a mention that are read as spoken of with it. By judgement, on conversations without full stops."""


@dataclass(frozen=True, slots=True)
class Sided:
    """A side at `span`, of `parts` of the body (empty where none is named), `words` being the stems around it.

    `after` are the stems of what follows, as far as no other side is named; `denied` says that nothing is wrong there, or not
    that it is, and `taken_back` that it is not the side that is meant. `passage` is the id of the passage it stands in, empty in a statement.
    """

    side: str
    span: tuple[int, int]
    parts: frozenset[str]
    words: frozenset[str]
    denied: bool = False
    passage: str = ""
    after: frozenset[str] = frozenset()
    taken_back: bool = False

    @property
    def known(self) -> bool:
        """Whether it is of a part that the list names."""
        return any(part in regions() for part in self.parts)


@cache
def body_parts() -> Mapping[str, tuple[str, str]]:
    """Part and region of the body by word."""
    text = resources.files("daemon.faithfulness").joinpath("body_parts.tsv").read_text(encoding="utf-8")
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


def sides_of_source(source: Texts) -> tuple[Sided, ...]:
    """Every side in the passages. One without a part takes it from what was said shortly before."""
    found: list[Sided] = []
    names = list(source.by_id)
    texts = [same_characters(text) for text in source.by_id.values()]
    following = _PASSAGES_AFTER
    for at, plain in enumerate(texts):
        here: list[Sided] = []
        if has_side(plain):
            before = texts[max(0, at - _PASSAGES_BEFORE) : at]
            asked = bool(before) and _WHICH.search(before[-1].lower()) is not None
            inherited = next((parts for text in reversed(before) if (parts := _last_part(text))), frozenset[str]())
            here = _sided(_words(plain), inherited, names[at], asked=asked)
        taken_back = [one for one in here if one.taken_back]
        if taken_back:
            found = [one for one in found if not any(_same_side(one, other) for other in taken_back)]
            here = [one for one in here if not one.taken_back]
        following = 0 if here else following + 1
        if found and 0 < following <= _PASSAGES_AFTER:
            found[-1] = replace(found[-1], after=found[-1].after | _stems(_LETTERS.findall(plain.lower())))
        found += here
    return tuple(found)


def _same_side(one: Sided, other: Sided) -> bool:
    return one.side == other.side and bool(one.parts & other.parts)


def sides_of_statement(text: str) -> tuple[Sided, ...]:
    """Every side in a written statement; one without a part takes all parts that the statement names."""
    plain = same_characters(text)
    if not has_side(plain):
        return ()
    words = _words(plain)
    named = frozenset(part for at in range(len(words)) if (part := _part_at(words, at)))
    return tuple(_sided(words, named, "", asked=True))


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    raw: str
    start: int
    end: int


def _words(plain: str) -> list[_Token]:
    return [_Token(one.group().lower(), one.group(), one.start(), one.end()) for one in _WORD.finditer(plain)]


def _part_at(words: Sequence[_Token], at: int) -> str:
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


def _last_part(text: str) -> frozenset[str]:
    parts = body_parts()
    return next(
        (frozenset({parts[word][0]}) for word in reversed(_LETTERS.findall(text.lower())) if word in parts), frozenset()
    )


def _sided(words: Sequence[_Token], inherited: frozenset[str], passage: str, *, asked: bool) -> list[Sided]:
    found: list[tuple[int, str, frozenset[str]]] = []
    for at, token in enumerate(words):
        side, part = _side_at(words, at)
        if not side or _is_alternative(words, at):
            continue
        if _is_dominance(words, at):
            found.append((at, side, frozenset({"dominance"})))
            continue
        near, other = _parts_after(words, at)
        sure = bool(near) or bool(part) or _is_side(words, at, asked=asked)
        if not sure and (not other or token.text == "both"):
            continue
        parts = ({part} if part else set()) | near
        parts = parts or _parts_before(words, at) or (set(other) if not sure else set()) or set(inherited) or set(other)
        found.append((at, side, frozenset(parts)))
    ends = [*(at for at, _, _ in found[1:]), len(words)][: len(found)]
    return [
        Sided(
            side,
            (words[at].start, words[at].end),
            parts,
            _stems(one.text for one in words[max(0, at - _AROUND) : at + _AROUND + 1]),
            _is_denied(words, at),
            passage,
            _stems(one.text for one in words[at : min(end, at + _WORDS_AFTER)]),
            _is_taken_back(words, at),
        )
        for (at, side, parts), end in zip(found, ends, strict=True)
    ]


def _is_denied(words: Sequence[_Token], at: int) -> bool:
    """Whether a denial stands near, with no other side and no "but" between."""
    for step, most in ((1, 9), (-1, 6)):
        for one in words[at + step :: step][:most]:
            if one.text in {"but", "however", ".", ";"} or one.text in _SIDES:
                break
            if one.text in _DENIALS or one.text.endswith("n't"):
                return True
    return False


def _is_taken_back(words: Sequence[_Token], at: int) -> bool:
    """ "It's not the right knee", "your left, of your right knee, sorry"."""
    before = [one.text for one in words[max(0, at - 2) : at]][::-1]
    return before[:1] == ["not"] or (before[1:2] == ["not"] and before[0] in _OWN)


def _is_alternative(words: Sequence[_Token], at: int) -> bool:
    """One of two sides that are asked for: "is it your left or your right knee?"."""
    after = [one.text for one in words[at + 1 : at + 5]]
    before = [one.text for one in words[max(0, at - 4) : at]][::-1]
    return any(
        "or" in near[:3] and any(word in {LEFT, RIGHT} for word in near[near.index("or") :]) for near in (after, before)
    )


def _is_dominance(words: Sequence[_Token], at: int) -> bool:
    """ "Right-handed", "right hand dominant", "left dominant"."""
    following = [one.text for one in words[at + 1 : at + 5] if one.text != "-"]
    return following[:1] in (["handed"], ["dominant"]) or following[:2] == ["hand", "dominant"]


def _side_at(words: Sequence[_Token], at: int) -> tuple[str, str]:
    token = words[at]
    if token.text in _SIDES:
        return _SIDES[token.text], ""
    side, part = _SHORT.get(token.raw, ("", ""))
    if not side or part:
        return side, part
    after = at + 1
    while after < len(words) and after <= at + 3 and words[after].text.isalpha():
        if _part_at(words, after):
            return side, ""
        after += 1
    return "", ""


def _parts_after(words: Sequence[_Token], at: int) -> tuple[set[str], list[str]]:
    """The parts that follow the side in its phrase, and, where none is known, the stems of the words that do."""
    parts: set[str] = set()
    other: list[str] = []
    steps = 0
    for place in range(at + 1, min(len(words), at + 9)):
        word = words[place].text
        if part := _part_at(words, place):
            parts.add(part)
            steps += 2
            continue
        if word in _TAIL or (word == "hand" and place + 1 < len(words)):
            continue
        if word in _JOINTS or word in _SIDES:
            if word in {",", "to", "than"}:
                if not (place + 1 < len(words) and words[place + 1].text in _SIDES):
                    break
            continue
        if word in {"of", "in"} and words[place - 1].text in _TAIL | {"both"}:
            continue
        if word in _OWN and words[place - 1].text in {"of", "in", "both"}:
            continue
        if word in _FUNCTION or not (word[0].isalnum()):
            break
        steps += 1
        if steps > 3:
            break
        if not parts:
            other.append(stem(word))
    return parts, other


def _parts_before(words: Sequence[_Token], at: int) -> set[str]:
    """The nearest part before the side in its sentence: "index finger on the right", "edema of the legs bilaterally"."""
    for place in range(at - 1, max(-1, at - 9), -1):
        if _STOP.match(words[place].text):
            return set()
        if part := _part_at(words, place):
            return {part}
    return set()


def _is_side(words: Sequence[_Token], at: int, *, asked: bool) -> bool:
    """Whether a side word without a part after it is a side all the same, by its neighbours."""
    word = words[at].text
    before = words[at - 1].text if at else ""
    after = words[at + 1].text if at + 1 < len(words) else ""
    if word == "bilaterally" or word == "bilateral":
        return True
    if after in _TAIL or (after == "hand" or after == "-"):
        return True
    if word == "both":
        return after == "sides" or [one.text for one in words[at + 1 : at + 3]] == ["of", "them"]
    if word == "right" and (after in _NOT_AFTER_RIGHT or before in _AGREED):
        return False
    if word == "left" and after in _LEFT_GONE:
        return False
    if before in {"the", "my", "your", "his", "her"} and (
        not after or not after.isalpha() or after in _FUNCTION or after in _JOINTS
    ):
        return True
    return asked and (before in _LEADS or not before or not before.isalpha() or len(words) < 6)


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(stem(word) for word in words if len(word) > 2 and word not in _FUNCTION and word not in _SIDES)
