"""The drugs that a source names, passage by passage, read once for all statements; and what in it sounds like a drug."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from daemon.faithfulness.late import late
from daemon.faithfulness.medicines.drug_kin import belongs, substances
from daemon.faithfulness.medicines.drugs import DrugMention, drug_names, find_drugs
from daemon.faithfulness.medicines.sound_alike import MOST_WORDS, near_keys, sound_key, sounds_alike
from daemon.faithfulness.reading.tokens import same_characters
from daemon.faithfulness.texts import Texts
from daemon.model.remembered import remembered

_WORD = late(r"[^\W\d_]+")
_WORD_OR_PAUSE = late(r"[a-z]+|[^\w\s'-]")
_LEAST_KEY = 3
_OPEN_CLASS = late(r" (?:medications?|medicines?|meds?|pills?|drugs?|treatments?|supplements?)$", re.IGNORECASE)
"""What follows the thing that something is taken for: "cholesterol medication"."""
_TAKES = late(r"\b(?:medic(?:ation|ine)s?|meds?|pills?|drugs?|treat\w*|tablets?)\b", re.IGNORECASE)


class SaidDrugs(NamedTuple):
    """`mentions` by passage; the passages that name a `substance`, and a drug as it stands in the list (`generic`), in order."""

    mentions: Mapping[str, tuple[DrugMention, ...]]
    by_substance: Mapping[str, tuple[str, ...]]
    by_generic: Mapping[str, tuple[str, ...]]

    def naming(self, drug: DrugMention) -> tuple[str, ...]:
        """The passages that name the drug: each of its substances; of a class, itself or a member."""
        if drug.is_class:
            return _joined(ids for generic, ids in self.by_generic.items() if belongs(generic, drug.generic))
        parts = [self.by_substance.get(part, ()) for part in sorted(substances(drug.generic))]
        return _joined(parts) if all(parts) else ()


def said_drugs(source: Texts) -> SaidDrugs:
    """A reading for `Texts.learn`."""
    mentions = {name: found for name, text in source.by_id.items() if (found := find_drugs(text))}
    by_substance: dict[str, list[str]] = {}
    by_generic: dict[str, list[str]] = {}
    for name, found in mentions.items():
        for drug in found:
            by_generic.setdefault(drug.generic, []).append(name)
            for part in substances(drug.generic):
                by_substance.setdefault(part, []).append(name)
    return SaidDrugs(mentions, _unique(by_substance), _unique(by_generic))


def passages_naming(drug: DrugMention, source: Texts) -> tuple[str, ...]:
    """The passages in which `drug` is named, also where nothing says that it is taken ("your iron is low")."""
    found = source.learn(said_drugs).naming(drug)
    return found or tuple(_spelled(drug, source))


def _spelled(drug: DrugMention, source: Texts) -> Iterator[str]:
    words = source.learn(_plain)
    if drug.is_class and (behind := _OPEN_CLASS.search(drug.name)):
        reason = drug.name[: behind.start()].lower()
        yield from (name for name, text in words.items() if f" {reason}" in text and _TAKES.search(text))
        return
    said = " ".join(_WORD.findall(drug.name.lower()))
    if drug.is_class:  # "immunosuppressive" names the immunosuppressants
        names = {f" {said[: max(len(said) - 3, 6)]}"}
    else:
        names = {f" {name} " for name in (said, said.removesuffix("s"), *_names_of(substances(drug.generic)))}
    yield from (name for name, text in words.items() if any(each in text for each in names))


@remembered(1024)
def _names_of(parts: frozenset[str]) -> tuple[str, ...]:
    """The names of what is a drug only where it is taken; of all others the names were looked for already."""
    return tuple(name for name, generic in _said_only() if substances(generic) == parts)


@cache
def _said_only() -> tuple[tuple[str, str], ...]:
    return tuple((name, generic) for name, (generic, kind) in drug_names().items() if kind == "said")


def _plain(source: Texts) -> Mapping[str, str]:
    """The words of each passage, parted by one blank and between blanks, in lower case."""
    return {name: f" {' '.join(_WORD.findall(text.lower()))} " for name, text in source.by_id.items()}


class HeardAs(NamedTuple):
    """Words of a passage that sound like a drug."""

    passage: str
    words: str


def heard_as(drug: DrugMention, source: Texts) -> tuple[HeardAs, ...]:
    """Where the words of a passage, none of which is a drug by itself, sound like the name of `drug`, from its first sound on."""
    words = source.learn(_words)
    found: dict[HeardAs, None] = {}
    for name in dict.fromkeys((drug.name.lower(), *drug.generic.split("/"))):
        key = sound_key(name)
        if len(key) < _LEAST_KEY:
            continue
        near = frozenset(near_keys(key))
        for stretch, at in words.get(key[0], ()):
            for run in _runs(stretch, at, near, len(key) + 1):
                if sounds_alike(run, name):
                    found[HeardAs(stretch.passage, run)] = None
    return tuple(found)


class _Stretch(NamedTuple):
    """Words of a passage without a pause and without a drug among them, and how each sounds."""

    passage: str
    words: Sequence[str]
    keys: Sequence[str]


def _words(source: Texts) -> Mapping[str, Sequence[tuple[_Stretch, int]]]:
    """Each word outside of the names of drugs, by the first letter of its sound, with the stretch and the place it stands at."""
    said = source.learn(said_drugs).mentions
    places: dict[str, list[tuple[_Stretch, int]]] = {}
    for name, text in source.by_id.items():
        for words in _stretches(same_characters(text), said.get(name, ())):
            stretch = _Stretch(name, words, [sound_key(word) for word in words])
            for at, key in enumerate(stretch.keys):
                places.setdefault(key[:1], []).append((stretch, at))
    return places


def _runs(stretch: _Stretch, at: int, near: frozenset[str], longest: int) -> Iterator[str]:
    """The runs of one to four words from `at` on that sound as one of `near`; vowels within do not count, nor a letter's doubling."""
    key = ""
    for end in range(at, min(at + MOST_WORDS, len(stretch.words))):
        more = stretch.keys[end].removeprefix("a") if key else stretch.keys[end]
        key += more[1:] if key and more[:1] == key[-1] else more
        if len(key) > longest:
            return
        if key in near:
            yield " ".join(stretch.words[at : end + 1])


def _stretches(text: str, drugs: Sequence[DrugMention]) -> Iterator[list[str]]:
    """The words between pauses, drugs, and substances that are not spoken of as taken."""
    names = drug_names()
    for drug in drugs:
        text = f"{text[: drug.span[0]]}{',' * len(drug.name)}{text[drug.span[1] :]}"
    words: list[str] = []
    for word in _WORD_OR_PAUSE.findall(text.lower()):
        if word.isalpha() and word not in names:
            words.append(word)
        elif words:
            yield words
            words = []
    if words:
        yield words


def _unique(found: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(dict.fromkeys(names)) for key, names in found.items()}


def _joined(parts: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in parts for name in part))
