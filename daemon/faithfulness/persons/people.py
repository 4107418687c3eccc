"""Who a text speaks of: names in the places where names stand, sexes, and relatives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from daemon.faithfulness.reading.tokens import same_characters
from daemon.faithfulness.texts import PATIENT, Texts

FEMALE, MALE = "female", "male"

RELATIVES: Mapping[str, str] = {
    word: relation
    for relation, words in {
        "mother": "mother mom mum mommy mama momma maternal parents",
        "father": "father dad daddy papa paternal parents",
        "sister": "sister sisters siblings sibling",
        "brother": "brother brothers siblings sibling",
        "daughter": "daughter daughters children kids child girl girls",
        "son": "son sons children kids child boy boys",
        "wife": "wife spouse partner",
        "husband": "husband spouse partner",
        "grandmother": "grandmother grandma granny nana grandparents",
        "grandfather": "grandfather grandpa granddad grandparents",
        "aunt": "aunt aunts auntie",
        "uncle": "uncle uncles",
    }.items()
    for word in words.split()
    if word not in {"maternal", "paternal", "parents", "siblings", "sibling", "children", "kids", "child", "girl", "girls", "boy", "boys", "spouse", "partner", "grandparents"}
}  # fmt: skip
"""Relation by the words for it that tell the sex."""
OF_EITHER: Mapping[str, tuple[str, ...]] = {
    "parents": ("mother", "father"), "parent": ("mother", "father"), "siblings": ("sister", "brother"), "sibling": ("sister", "brother"),
    "children": ("daughter", "son"), "kids": ("daughter", "son"), "child": ("daughter", "son"), "kid": ("daughter", "son"),
    "girl": ("daughter",), "girls": ("daughter",), "boy": ("son",), "boys": ("son",), "maternal": ("mother",), "paternal": ("father",),
    "spouse": ("wife", "husband"), "partner": ("wife", "husband"), "grandparents": ("grandmother", "grandfather"),
    "married": ("wife", "husband"), "divorced": ("wife", "husband"), "widowed": ("wife", "husband"), "twins": ("daughter", "son", "sister", "brother"),
    "family": ("mother", "father", "sister", "brother"),
}  # fmt: skip
COUNTERPART = {
    one: other
    for pair in (("mother", "father"), ("sister", "brother"), ("daughter", "son"), ("wife", "husband"), ("grandmother", "grandfather"), ("aunt", "uncle"))
    for one, other in (pair, pair[::-1])
}  # fmt: skip

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_NAMED = re.compile(
    r"\b(?:mr|mrs|ms|miss|mister|dr|doctor|hi|hello|hey|morning|afternoon|thanks|thank you|name is|this is|dear|nurse|seeing|patient is|patient's name|"
    r"(?:patient|name):|by the name of|meet|called|dictating on|okay|alright|bye)[ .,:]+(?P<first>[^\W\d_][\w'-]+)(?:[ ,.]+(?P<second>[^\W\d_][\w'-]+))?",
    re.IGNORECASE,
)
_SURNAMED = re.compile(r"\b(?:mr|mrs|ms|miss|mister)\b[ .]+[^\W\d_]{2,}", re.IGNORECASE)
_FULL = re.compile(
    r"\b(?:patient is|name is|name:|patient:|patient name:|dictating on|this is|patient's name is)\s+(?P<first>[^\W\d_]{2,}),? (?P<second>[^\W\d_]{2,})"
    r"(?=\s*[,.]| (?:is|was|date|dob|a|an)\b|$|\n)",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(r"\b[A-Z][a-z]+ [A-Z][\w'-]+,? (?:is|was|presents|comes|returns)\b")
_AGED = r"(?:years?[- ]old|y/?o|y\.o\.|month[- ]old|weeks?[- ]old)[, ]+(?:(?:[\w-]+),? ){0,3}?"
_WOMAN = re.compile(
    rf"\b{_AGED}(?:female|woman|lady|girl|f)\b|\b(?:mrs|ms|miss)\b\.? [^\W\d_]|\bma'am\b|\bsex: ?f|\bgender: ?f|\[x\] ?female|"
    r"\bshe(?:'s| is| was) (?:a|an) (?:\d|\w+ (?:female|woman|lady|girl))|\bthis (?:woman|lady|girl)\b"
)
_MAN = re.compile(
    rf"\b{_AGED}(?:male|man|gentleman|boy|guy|m)\b|\b(?:mr|mister)\b\.? [^\W\d_]|\bsir\b|\bsex: ?m|\bgender: ?m|\[x\] ?male|"
    r"\bhe(?:'s| is| was) (?:a|an) (?:\d|\w+ (?:male|man|gentleman|boy))|\bthis (?:gentleman|man|boy)\b"
)
_MAY_TELL_SEX = re.compile(
    r"\bold\b|y/?o\b|y\.o|\bm(?:r|rs|s|iss|ister)\b|ma'am|\bsir\b|sex:|gender:|male|\bs?he(?:'s| is| was) an? |\bthis (?:wo)?man|\bthis (?:gentle|lady|girl|boy)"
)
_ALIKE = 0.75
"""How alike a name has to be to one that was said, to be the same misspelt: "Perez", "Peres". By judgement."""


@dataclass(frozen=True, slots=True)
class People:
    """`words` are all words of a source, in lower case; `names` those among them that stand where names do.

    `surname` says that the source gives the patient one. `sex` is the patient's, empty where the source does not say it plainly;
    `sex_passages` say so. `relatives` are the relations that are spoken of.
    """

    words: frozenset[str]
    names: frozenset[str]
    surname: bool
    sex: str
    sex_passages: tuple[str, ...]
    relatives: frozenset[str]


def people(source: Texts) -> People:
    """Who the passages speak of."""
    names: set[str] = set()
    surname = False
    sexes: dict[str, list[str]] = {FEMALE: [], MALE: []}
    for name, text in source.by_id.items():
        plain = same_characters(text)
        lower = plain.lower()
        named = [one for found in _NAMED.finditer(lower) for one in found.groups() if one]
        names.update(map(bare, named))
        surname = surname or bool(named and (_SURNAMED.search(lower) or _FULL.search(lower)))
        surname = surname or (plain != lower and _INTRODUCED.search(plain) is not None)
        if source.speakers.get(name) != PATIENT and _MAY_TELL_SEX.search(lower):
            for sex in _sexes(lower):
                sexes[sex].append(name)
    words = _all_words(source)
    sex = _only(sexes)
    relatives = {RELATIVES[word] for word in words if word in RELATIVES}
    relatives.update(relation for word in words for relation in OF_EITHER.get(word, ()))
    return People(words, frozenset(names), surname, sex, tuple(sexes[sex]) if sex else (), frozenset(relatives))


def _all_words(source: Texts) -> frozenset[str]:
    spelt = set(_WORD.findall(same_characters("\n".join(source.by_id.values())).lower()))
    return frozenset(bare(part) for word in spelt for part in (word, *word.split("-")))


def _sexes(lower: str) -> Iterator[str]:
    if _WOMAN.search(lower):
        yield FEMALE
    if _MAN.search(lower):
        yield MALE


def _only(sexes: Mapping[str, list[str]]) -> str:
    said = [sex for sex, passages in sexes.items() if passages]
    return said[0] if len(said) == 1 else ""


def bare(word: str) -> str:
    """A name in lower case, without the ending of a possessive."""
    return word.lower().removesuffix("'s").strip("'-")


def is_like_one(name: str, names: frozenset[str]) -> bool:
    """Whether `name` may be one of `names` spelt or heard otherwise: Catherine and Kathryn, Stephen and Steven."""
    sound = _sound(name)
    return any(
        _sound(other) == sound if len(sound) > 2 else False for other in names if abs(len(other) - len(name)) <= 3
    ) or any(
        SequenceMatcher(None, name, other).ratio() >= _ALIKE
        for other in names
        if other[:1] == name[:1] and abs(len(other) - len(name)) <= 2 and len(name) > 3
    )


_LENGTHS_APART, _SHORT = 3, 3
_SAME_SOUND = (("ph", "f"), ("gh", ""), ("th", "t"), ("ck", "k"), ("sch", "s"), ("sh", "s"), ("ch", "k"), ("c", "k"), ("q", "k"), ("v", "f"), ("z", "s"), ("x", "ks"), ("j", "g"), ("d", "t"))  # fmt: skip
_SILENT = re.compile(r"(?<=.)[aeiouyhw]+")
_DOUBLE = re.compile(r"(.)\1+")


def _sound(name: str) -> str:
    """The consonants of a name by their sound: a rough key after the manner of Soundex, for names that were heard."""
    key = name
    for letters, sound in _SAME_SOUND:
        key = key.replace(letters, sound)
    key = "i" + key[1:] if key[:1] in {"y", "e", "i"} else key
    return _DOUBLE.sub(r"\1", _SILENT.sub("", key))
