"""The words of a text as they are compared: their stems, words that say the same, and the symptoms they name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from daemon.faithfulness.package_data import package_text
from daemon.faithfulness.reading.tokens import same_characters
from daemon.faithfulness.vocabulary.spelling import american
from daemon.model.remembered import remembered

_WORD = re.compile(r"(?P<word>[^\W\d_]+(?:'[^\W\d_]+)?)|(?P<number>\d+)|(?P<mark>[.?!;:,\n/()\[\]-])")
_ENDINGS = (
    "'s",
    "iness",
    "fulness",
    "ness",
    "ingly",
    "ings",
    "ing",
    "edly",
    "ied",
    "ed",
    "ies",
    "es",
    "s",
    "ly",
    "y",
    "e",
)
_LEAST_STEM = 3  # letters that an ending leaves at least
_STEM_LENGTH = 11  # "examination" and "examined" meet in their beginnings
_SKIPPED = frozenset(
    [
        "a",
        "an",
        "the",
        "my",
        "your",
        "his",
        "her",
        "their",
        "our",
        "any",
        "some",
        "this",
        "that",
        "these",
        "those",
        "of",
        "in",
    ]
)
"""What may stand between the words of a symptom's name: "pain in his chest"."""
_LONGEST_NAME = 6  # words


class Word(NamedTuple):
    """A word, number or mark in lower case, and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Symptom:
    """A concept of the lexicon. `grave`: its denial must not be lost. `placed`: says little without a place ("pain")."""

    name: str
    system: str
    grave: bool = False
    placed: bool = False


@dataclass(frozen=True, slots=True)
class Naming:
    """A symptom named by the words `first` to `last` (that one included); `normal`: a finding by which it is denied."""

    symptom: Symptom
    first: int
    last: int
    normal: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Symptoms by name, and by the first stem of a wording the rest of it, what it names, and whether it denies that."""

    symptoms: dict[str, Symptom]
    wordings: dict[str, list[tuple[tuple[str, ...], tuple[Symptom, ...], bool]]]


def words_of(text: str) -> list[Word]:
    """The words, numbers and marks of `text`, in order. Linear in its length."""
    return [Word(one.group().lower(), one.start(), one.end()) for one in _WORD.finditer(same_characters(text))]


@remembered(65_536)
def stem(word: str) -> str:
    """What `word` is compared by: the word that stands for it, or it without its ending."""
    return _same_words().get(american(word)) or _plain_stem(word)


@cache
def symptom_lexicon() -> Lexicon:
    """The lexicon of `symptoms.txt`, read once."""
    symptoms: dict[str, Symptom] = {}
    lexicon = Lexicon(symptoms, {})
    system = ""
    for line in _lines("symptoms.txt"):
        if line.startswith("["):
            system = line.strip("[]")
            continue
        name, _, others = line.lstrip("!~- ").partition("=")
        listed = [each.strip() for each in others.split(";") if each.strip()]
        if line.startswith("-"):
            _add(lexicon, name.strip(), tuple(symptoms[each] for each in listed), normal=True)
            continue
        symptom = Symptom(name.strip(), system, "!" in line[:2], "~" in line[:2])
        symptoms[symptom.name] = symptom
        for wording in (symptom.name, *listed):
            _add(lexicon, wording, (symptom,), normal=False)
    for entries in lexicon.wordings.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return lexicon


def namings(words: list[Word]) -> list[Naming]:
    """The symptoms that `words` name, the longest wording first where several begin at one word; none within another."""
    kept = [at for at, word in enumerate(words) if word.text not in _SKIPPED and word.text not in "-\n"]
    wordings = symptom_lexicon().wordings
    stems = [_plain_stem(words[at].text) for at in kept]
    if wordings.keys().isdisjoint(stems):
        return []
    found: list[Naming] = []
    at = 0
    while at < len(stems):
        step = 1
        if stems[at] not in wordings:
            at += 1
            continue
        for rest, symptoms, normal in wordings.get(stems[at], ()):
            if tuple(stems[at + 1 : at + 1 + len(rest)]) == rest:
                found += [Naming(one, kept[at], kept[at + len(rest)], normal) for one in symptoms]
                step = 1 + len(rest)
                break
        at += step
    return found


def _add(lexicon: Lexicon, wording: str, symptoms: tuple[Symptom, ...], *, normal: bool) -> None:
    stems = [_plain_stem(word) for word in _texts(wording) if word not in _SKIPPED and word != "-"]
    entries = lexicon.wordings.setdefault(stems[0], [])
    if all(rest != tuple(stems[1:]) for rest, _, _ in entries):
        entries.append((tuple(stems[1:]), symptoms, normal))


def _texts(wording: str) -> list[str]:
    """The texts of its words. Most wordings are letters and blanks alone, and are just split."""
    parts = wording.lower().split(" ")
    return parts if wording.isascii() and all(map(str.isalpha, parts)) else [word.text for word in words_of(wording)]


@remembered(65_536)
def _plain_stem(word: str) -> str:
    word = american(word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            word = word.removesuffix(ending)
            break
    if len(word) > _LEAST_STEM and word[-1] == word[-2] and word[-1] in "bdglmnpt":
        word = word[:-1]
    return word[:_STEM_LENGTH]


@cache
def _same_words() -> dict[str, str]:
    same: dict[str, str] = {}
    for line in _lines("same_words.txt"):
        first, *others = line.split()
        for word in (first, *others):
            same.setdefault(american(word), _plain_stem(first))
    return same


def _lines(name: str) -> list[str]:
    text = package_text(name)
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def empty_words() -> frozenset[str]:
    """Words that say nothing of their own, and are never compared."""
    return frozenset(word for line in _lines("empty_words.txt") for word in line.split())
