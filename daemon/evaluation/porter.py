"""Words without their endings, as ROUGE counts them: "reports", "reported" and "reporting" are one.

The algorithm of M. F. Porter, "An algorithm for suffix stripping", Program 14 (1980), with the extensions of NLTK
(`PorterStemmer` in its usual mode), since the package rouge-score stems with that. Step names are the paper's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from daemon.model.remembered import remembered

_VOWELS = frozenset("aeiou")
_IRREGULAR = {
    "skies": "sky", "sky": "sky", "dying": "die", "lying": "lie", "tying": "tie", "news": "news", "innings": "inning", "inning": "inning",
    "outings": "outing", "outing": "outing", "cannings": "canning", "canning": "canning", "howe": "howe", "proceed": "proceed",
    "exceed": "exceed", "succeed": "succeed",
}  # fmt: skip
_STEP_2 = (
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"), ("alli", "al"),
    ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"),
    ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"), ("fulli", "ful"),
)  # fmt: skip
_STEP_3 = (
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
)  # fmt: skip
_STEP_4 = ("al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive", "ize")  # fmt: skip

Condition = Callable[[str], bool]


@remembered(50_000)
def stem(word: str) -> str:
    """The stem of a word in lower case."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 2:
        return word
    for step in (_step_1a, _step_1b, _step_1c, _step_2, _step_3, _step_4, _step_5a, _step_5b):
        word = step(word)
    return word


def _consonants(word: str) -> list[bool]:
    """Of each letter, whether it is a consonant: "y" is one where none stands before it."""
    flags: list[bool] = []
    for letter in word:
        flags.append(not flags[-1] if letter == "y" and flags else letter not in _VOWELS)
    return flags


def _measure(word: str) -> int:
    """The paper's m: how many times consonants follow vowels."""
    return "".join("c" if flag else "v" for flag in _consonants(word)).count("vc")


def _some(word: str) -> bool:
    return _measure(word) > 0


def _several(word: str) -> bool:
    return _measure(word) > 1


def _doubled(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _consonants(word)[-1]


def _short(word: str) -> bool:
    """The paper's *o: it ends consonant, vowel, consonant; of two letters, vowel and consonant."""
    flags = _consonants(word)
    if len(word) == 2:
        return flags == [False, True]
    return flags[-3:] == [True, False, True] and word[-1] not in "wxy"


def _first(word: str, rules: Sequence[tuple[str, str]], condition: Condition) -> str:
    """The first rule whose ending is there decides, whether its condition holds or not."""
    for ending, other in rules:
        if word.endswith(ending):
            rest = word[: len(word) - len(ending)]
            return rest + other if condition(rest) else word
    return word


def _step_1a(word: str) -> str:
    if word.endswith("ies") and len(word) == 4:
        return word[:-1]
    return _first(word, (("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", "")), lambda _: True)


def _step_1b(word: str) -> str:
    if word.endswith("ied"):
        return word[:-1] if len(word) == 4 else word[:-2]
    if word.endswith("eed"):
        return word[:-1] if _some(word[:-3]) else word
    rest = next((word[: -len(one)] for one in ("ed", "ing") if word.endswith(one) and not all(_consonants(word[: -len(one)]))), "")  # fmt: skip
    if not rest:
        return word
    if rest.endswith(("at", "bl", "iz")):
        return rest + "e"
    if _doubled(rest):
        return rest if rest[-1] in "lsz" else rest[:-1]
    return rest + "e" if _measure(rest) == 1 and _short(rest) else rest


def _step_1c(word: str) -> str:
    rest = word[:-1]
    return rest + "i" if word.endswith("y") and len(rest) > 1 and _consonants(rest)[-1] else word


def _step_2(word: str) -> str:
    if word.endswith("alli") and _some(word[:-4]):
        return _step_2(word[:-2])
    if word.endswith("logi"):
        return word[:-1] if _some(word[:-3]) else word
    return _first(word, _STEP_2, _some)


def _step_3(word: str) -> str:
    return _first(word, _STEP_3, _some)


def _step_4(word: str) -> str:
    def condition(rest: str) -> bool:
        return _several(rest) and (not word.endswith("ion") or rest[-1] in "st")

    return _first(word, [(ending, "") for ending in _STEP_4], condition)


def _step_5a(word: str) -> str:
    rest = word[:-1]
    cut = word.endswith("e") and (_several(rest) or (_some(rest) and not _short(rest)))
    return rest if cut else word


def _step_5b(word: str) -> str:
    return word[:-1] if word.endswith("ll") and _several(word[:-1]) else word
