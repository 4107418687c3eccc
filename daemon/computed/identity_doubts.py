"""Whether what the sources say of the patient can be said of one person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from typing import Protocol

from daemon.faithfulness.quantity.dates import same_years
from daemon.faithfulness.quantity.quantities import quantities
from daemon.model.finding import Caution
from daemon.model.passage import Reading

CODE = "identity-conflict"
ALIKE = 0.75
"""Two names whose letters are so alike are taken for one, heard or read twice ("Nguyen", "Nguyn"): doubted, but not as two people."""

_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mister", "missus", "master", "jr", "sr", "ii", "iii"})
_PLACES = {"recording": "the recording", "scan": "the scan", "text": "the text"}


class Detail(Protocol):
    """What is needed of a detail: `kind` "name", "part" or "born", its words, and where they stand."""

    @property
    def kind(self) -> str:
        """What it is."""

    @property
    def what(self) -> str:
        """How it is headed."""

    @property
    def value(self) -> str:
        """Its words."""

    @property
    def evidence(self) -> tuple[str, ...]:
        """The passages that say it."""

    @property
    def source(self) -> str:
        """The source that says it."""


def doubts(known: Sequence[Detail], said: Sequence[Detail], reading: Reading) -> tuple[Caution, ...]:
    """A caution for two names, and one for two dates of birth, that cannot be one person's.

    `known` are the details that are taken for the patient's, `said` all that were found: a "Mr. Hill" among the latter that is not
    the patient may be somebody else, or another patient's sentence, and is asked about.
    """
    two = (*_two(known, reading, "name"), *_two(known, reading, "born"))
    return two or tuple(_stranger(known, said, reading))


def _stranger(known: Sequence[Detail], said: Sequence[Detail], reading: Reading) -> Iterator[Caution]:
    names = [one for one in known if one.kind == "name"]
    for one in said:
        if names and one.kind == "name" and not any(same_name(one.value, name.value) for name in names):
            text = f"The patient is named as “{names[0].value}”, and {_place(one, reading)} also speaks of “{one.value}”. Check whom that is about."
            yield Caution(CODE, "medium", text, (*names[0].evidence, *one.evidence))
            return


def _two(found: Sequence[Detail], reading: Reading, kind: str) -> Iterator[Caution]:
    same = same_name if kind == "name" else _may_be_one_day
    what = "the patient's name" if kind == "name" else "the date of birth"
    for one, other in combinations([*(one for one in found if one.kind == kind), *_joined(found, kind)], 2):
        if same(one.value, other.value):
            continue
        places = f"“{one.value}” ({_place(one, reading)}) and “{other.value}” ({_place(other, reading)})"
        evidence = tuple(dict.fromkeys((*one.evidence, *other.evidence)))
        if kind == "name" and _alike(one.value, other.value):
            yield Caution(
                CODE, "medium", f"The sources write {what} in two ways: {places}. Check which is right.", evidence
            )
        else:
            text = f"The sources give {what} as {places}. Two patients may be mixed: check before anything is used."
            yield Caution(CODE, "high", text, evidence)
        return


def _joined(found: Sequence[Detail], kind: str) -> Iterator[Detail]:
    """A form's first and last name, to be held against the names of the other sources."""
    for source in dict.fromkeys(one.source for one in found if one.kind == "part" and kind == "name"):
        parts = [one for one in found if one.kind == "part" and one.source == source and "Preferred" not in one.what]
        if parts:
            evidence = tuple(name for one in parts for name in one.evidence)
            yield _Whole("name", " … ".join(one.value for one in parts), evidence, source)


@dataclass(frozen=True, slots=True)
class _Whole:
    kind: str
    value: str
    evidence: tuple[str, ...]
    source: str
    what: str = "Name"


def _place(one: Detail, reading: Reading) -> str:
    kinds = {source.id: source.kind for source in reading.sources}
    place = _PLACES.get(kinds.get(one.source, ""), "a source")
    return f"{place} {one.source}" if len(kinds) > 1 else place


def same_name(one: str, other: str) -> bool:
    """Whether two names can be one person's: the words of the shorter are in the longer, in its order or turned round.

    Titles are left out, and an initial stands for any name that begins with it.
    """
    first, second = sorted((_words(one), _words(other)), key=len)
    rest = list(second)
    for word in first:
        match = next(
            (each for each in rest if each == word or (1 in {len(each), len(word)} and each[0] == word[0])), None
        )
        if match is None:
            return False
        rest.remove(match)
    return True


def is_same_day(one: str, other: str) -> bool:
    """Whether two dates are surely the same day, however written. A year that is not given agrees with any."""
    first, second = _day(one), _day(other)
    if first is None or second is None:
        return False
    years = set(same_years(first[0])), set(same_years(second[0]))
    return first[1:] == second[1:] and (not all(years) or bool(years[0] & years[1]))


def _may_be_one_day(one: str, other: str) -> bool:
    """A date that cannot be read contradicts none."""
    return _day(one) is None or _day(other) is None or is_same_day(one, other)


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, " ".join(_words(one)), " ".join(_words(other)), autojunk=False).ratio() >= ALIKE


def name_words(name: str) -> int:
    """How many words a name has besides titles."""
    return len(_words(name))


def _words(name: str) -> list[str]:
    return [
        word
        for word in re.findall(r"[^\W\d_]+", name.casefold().replace("’", "'").replace("'", ""))
        if word not in _TITLES
    ]


def _day(text: str) -> tuple[str, str, str] | None:
    for found in quantities(text):
        match found.value:
            case ("date", str(year), str(month), str(day)):
                return year, month, day
    return None
