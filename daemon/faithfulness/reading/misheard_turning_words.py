"""Words that a side or a denial is misheard as, of which recognition is sure: "white knee" for "right knee", "she the nice fever"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from daemon.faithfulness.persons.side_words import body_parts

_SIDES: Final = {
    "right": frozenset({"white", "write", "rite", "wright", "bright", "wide"}),
    "left": frozenset({"lift", "lifts", "loft", "laughed", "lefty", "lest"}),
}
_DENIES: Final = frozenset({"denise", "denice", "dennis", "dinnies", "donys", "denys", "deny's", "denize"})
_THE_NICE: Final = frozenset({"nice", "nise", "niece", "nights"})
_WHO_DENIES: Final = frozenset({"she", "he", "patient", "they", "who", "and", "but"})
_BETWEEN: Final = frozenset({"lower", "upper", "middle", "inner", "outer", "big", "great", "little", "index", "ring", "first", "second"})  # fmt: skip
_REGIONS: Final = frozenset({"arm", "leg", "heart"})
_PARTS: Final = frozenset({"ear", "eye", "jaw", "nostril", "tonsil", "temple", "breast", "lobe", "rib", "kidney", "adrenal", "flank", "ovary", "testicle"})  # fmt: skip
_MAY_BE_WHITE: Final = frozenset({"eye", "eyes", "tonsil", "tonsils", "finger", "fingers", "toe", "toes"})
_BREAK = re.compile(r"[.,;:?!]$")
_EDGES = re.compile(r"^\W+|\W+$")
_MOST_BETWEEN = 2


def misheard_as(untrusted_words: Sequence[str], at: int) -> str:
    """What the word at this place may have been ("left", "right", "denies"), by its sound and the words around it; empty if nothing."""
    word = _bare(untrusted_words[at])
    if _is_denial(word, [_bare(each) for each in untrusted_words[max(at - 2, 0) : at]]):
        return "denies"
    side = next((side for side, alike in _SIDES.items() if word in alike), "")
    if not side or _BREAK.search(untrusted_words[at]):
        return ""
    after = [_bare(each) for each in untrusted_words[at + 1 : at + _MOST_BETWEEN + 2]]
    named = next((each for each in after if each not in _BETWEEN), "")
    part, region = body_parts().get(named, ("", ""))
    has_sides = region in _REGIONS or part in _PARTS
    return side if has_sides and not (word == "white" and named in _MAY_BE_WHITE) else ""


def _is_denial(word: str, before: Sequence[str]) -> bool:
    if word in _THE_NICE:
        return len(before) > 1 and before[-1] == "the" and before[0] in _WHO_DENIES
    return word in _DENIES and bool(before) and before[-1] in _WHO_DENIES


def _bare(word: str) -> str:
    return _EDGES.sub("", word).lower().replace("’", "'")
