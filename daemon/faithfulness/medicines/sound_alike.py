"""Which names of drugs a word, or a short run of words, sounds like, as speech recognition and typists spell what they heard.

Two spellings sound alike if their consonants are the same but for one, and their letters, brought to one spelling of each sound,
nearly. The key is a small one of our own in the manner of L. Philips, "The Double Metaphone Search Algorithm", C/C++ Users Journal
18(6), 2000; nearness is the distance of V. I. Levenshtein, 1966, with the transpositions of F. J. Damerau, 1964. All thresholds were set on drug names misheard in recorded dictations.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from daemon.faithfulness.medicines.drugs import drug_names
from daemon.faithfulness.package_data import package_text
from daemon.model.remembered import remembered

_SPELLINGS: Mapping[str, str] = {
    "xx": "ks", "ph": "f", "sch": "sk", "ch": "k", "ck": "k", "qu": "kw", "q": "k", "x": "ks", "z": "s", "sh": "s", "th": "t", "gh": "g", "dg": "j",
    "wh": "w", "rh": "r", "ce": "se", "ci": "si", "cy": "si", "c": "k", "ge": "je", "gi": "ji", "gy": "ji", "ee": "i", "ea": "i",
    "ie": "i", "ei": "i", "ey": "i", "y": "i", "oo": "u", "ou": "u", "ue": "u", "ai": "e", "ay": "e", "ae": "e", "oe": "e", "au": "o",
    "aw": "o", "ow": "o", "h": "",
}  # fmt: skip
_SPELLING = re.compile("|".join(sorted(_SPELLINGS, key=len, reverse=True)))
_TWICE = re.compile(r"(.)\1+")
_ALIKE = str.maketrans("bdgvj", "ptkfk", "aeiou")
"""Consonants that only the voice tells apart are one; vowels count at the beginning alone, and there as one."""
_KEY_LETTERS = "afklmnprstw"
_VOWELS = frozenset("aeiou")
_LEAST_KEY = 3
_SAME_KEY = 0.7
_NEAR_KEY = 0.76
MOST_WORDS = 4
LONGEST = 24
"""Letters. No name that is spoken as one is longer; what is longer sounds like none."""


class SoundAlike(NamedTuple):
    """A name of the list (`name`, of the drug `generic`) and how near it sounds, from 0 to 1."""

    name: str
    generic: str
    score: float


@remembered(16384)
def spoken(word: str) -> str:
    """The letters of `word` with one spelling for each sound; the empty word if there are none or too many."""
    letters = word.lower().replace(" ", "").replace("-", "")
    if not (letters.isascii() and letters.isalpha() and len(letters) <= LONGEST):
        return ""
    return _sound(letters)


def _sound(text: str) -> str:
    return _TWICE.sub(r"\1", _SPELLING.sub(lambda found: _SPELLINGS[found[0]], text))


def _consonants(sound: str) -> str:
    return _TWICE.sub(r"\1", sound.translate(_ALIKE))


def _began(sound: str, key: str) -> str:
    return f"a{key}" if sound[:1] in _VOWELS else key


def sound_key(word: str) -> str:
    """The consonants of `word` as they sound, and that it begins with a vowel."""
    sound = spoken(word)
    return _began(sound, _consonants(sound))


def likeness(one: str, other: str, least: float = 0.0) -> float:
    """How near two spellings sound: 1 for the same sound, 0 for nothing in common, or for less than `least` where that can be told at once."""
    first, second = spoken(one), spoken(other)
    longest = max(len(first), len(second))
    if not first or not second or (least and _letters_in_common(first, second) < least * longest):
        return 0.0
    return 1 - distance(first, second) / longest


def _letters_in_common(one: str, other: str) -> int:
    """Whatever stands in one only has to be put in, taken out or replaced: the distance is at least the longer length less this."""
    return sum((_letters(one) & _letters(other)).values())


@remembered(4096)
def _letters(word: str) -> Counter[str]:
    return Counter(word)


def sounds_alike(one: str, other: str) -> bool:
    """Whether both may be the same word, heard and spelled in two ways."""
    key, same = sound_key(one), sound_key(other)
    return min(len(key), len(same)) >= _LEAST_KEY and likeness(one, other) >= _least(key, same)


def _least(key: str, other: str) -> float:
    """How near the letters have to be, given how near the consonants are."""
    if key == other:
        return _SAME_KEY
    return _NEAR_KEY if distance(key, other) <= 1 else 2.0


@remembered(4096)
def sounding_like(words: str) -> tuple[SoundAlike, ...]:
    """The drugs whose names sound like `words`, nearest first, each once."""
    key = sound_key(words)
    if len(key) < _LEAST_KEY:
        return ()
    names = _by_sound()
    best: dict[str, SoundAlike] = {}
    for other in filter(names.__contains__, near_keys(key)):
        for name in names[other].split("|"):
            score, generic = likeness(words, name), drug_names()[name][0]
            if score >= _least(key, other) and (generic not in best or score > best[generic].score):
                best[generic] = SoundAlike(name, generic, score)
    return tuple(sorted(best.values(), key=lambda one: (-one.score, one.name != one.generic, one.name)))


def near_keys(key: str) -> Iterator[str]:
    """`key` and every key that is one letter, or two neighbours changing places, away from it, each once."""
    seen = {key}
    yield key
    for at in range(len(key) + 1):
        head, tail = key[:at], key[at:]
        others = [head + letter + tail for letter in _KEY_LETTERS]
        others += [head + letter + tail[1:] for letter in ("", *_KEY_LETTERS)] if tail else []
        others += [head + tail[1::-1] + tail[2:]] if len(tail) > 1 else []
        for other in others:
            if other not in seen:
                seen.add(other)
                yield other


def distance(one: str, other: str) -> int:
    """How many letters have to be put in, taken out, replaced, or change places with their neighbour, to make `other` of `one`."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        new = [at]
        for place, mine in enumerate(other, 1):
            least = min(row[place] + 1, new[-1] + 1, row[place - 1] + (letter != mine))
            if at > 1 < place and letter == other[place - 2] and mine == one[at - 2]:
                least = min(least, before[place - 2] + 1)
            new.append(least)
        before, row = row, new
    return row[-1]


@cache
def _by_sound() -> dict[str, str]:
    """Names of drugs, parted by "|", by the sound of them. Classes and names of less than five letters are left out."""
    content = package_text("drug_sounds.tsv")
    return dict([line.split("\t") for line in content.splitlines()[1:]])
