"""How doubtful it is that a stretch of a statement says yes or no as the source does: many weak signs, weighed together.

Where no single place of the source decides, the signs do: how much of the stretch is said as it says it, how much otherwise, whether
in the place where the source speaks of the same things. The weights are `polarity_weights.tsv`, a logistic regression (Cox 1958) that
`scripts/train_polarity.py` fits to notes and to the same notes with errors.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from daemon.faithfulness.package_data import package_text
from daemon.faithfulness.polarity.polarity import (
    AFFIRMED,
    ASKED,
    DENIED,
    KIN,
    OTHER,
    UNCERTAIN,
    Reading,
    SaidOf,
    SourceReading,
)
from daemon.faithfulness.polarity.stretches import Stretch, is_or_list, stems_of
from daemon.faithfulness.polarity.support import Support, standing_together, weight_of
from daemon.model.finding import Severity

_AROUND = 6  # words before and behind the place of a statement in the source that belong to it
_CLAUSE = 10  # words that stand in one clause
_HEAVY, _HEAVIEST = 15.0, 5.0  # nats: a weight beyond which more says nothing, of a stretch and of a word
_LONG, _MANY, _FEW = 12, 5, 2  # words, symptoms, words
_WHOLE = 0.95
_LEAST = 2.0  # nats: a single common word says nothing
_YES, _NO = frozenset([AFFIRMED, KIN]), frozenset([DENIED])
_EXAMINATION = ("exam", "objective", "msk", "vital")
_PLAN = ("plan", "assessment", "impression", "instruction", "follow", "disposition")
_EMPHASIS = frozenset(["do", "does", "did"])
_LICENSED = frozenset(["any", "ever", "yet", "either", "nor"])


@dataclass(frozen=True, slots=True)
class Place:
    """Where the source speaks most of a statement, in words of it."""

    first: int
    last: int

    @property
    def middle(self) -> int:
        """The word in the middle."""
        return (self.first + self.last) // 2


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the signs for an affirmation or a denial, what is added to them, and from which sum on it is doubted."""

    signs: Mapping[str, float]
    constant: float
    low: float
    medium: float


def place_of(reading: Reading, said: SourceReading) -> Place:
    """Where `said` speaks most of all that a statement says."""
    stems = stems_of(reading, range(len(reading.words)))
    _, places = standing_together(stems, said)
    first, last = (places[0], places[-1]) if places else (0, 0)
    return Place(max(0, first - _AROUND), last + _AROUND + 1)


def is_weighed(stretch: Stretch, reading: Reading, said: SourceReading, found: Support) -> bool:
    """Whether the signs tell anything of a stretch: not of what stands in the source so
    and not otherwise, of what is normal, of single common words, and of denials the source is silent on."""
    named = stretch.symptoms
    alike, otherwise = (found.denied, found.affirmed) if stretch.polarity == DENIED else (found.affirmed, found.denied)
    if alike > _WHOLE and not otherwise:
        return False
    if stretch.polarity != DENIED:
        return bool(named) or not (
            stretch.says_normal(reading) or (stretch.says_little(reading) and found.weight < _LEAST)
        )
    if reading.words[stretch.trigger].text == "non":
        return False
    return found.spoken > 0 or not named or any(one.symptom.name in said.said for one in named)


def doubt(
    stretch: Stretch, reading: Reading, said: SourceReading, found: Support, place: Place, section: str
) -> Severity | None:
    """How doubtful the stretch is, told from all signs together; None where it is not."""
    if not is_weighed(stretch, reading, said, found):
        return None
    known = weights()[stretch.polarity == DENIED]
    values = signs(stretch, reading, said, found, place, section)
    total = known.constant + sum(weight * values[name] for name, weight in known.signs.items())
    if total < known.low:
        return None
    return "medium" if total >= known.medium else "low"


def signs(
    stretch: Stretch, reading: Reading, said: SourceReading, found: Support, place: Place, section: str
) -> dict[str, float]:
    """The signs of a stretch by name, each about from 0 to 1; others for an affirmation than for a denial."""
    named = stretch.symptoms
    values = {**_of_words(stretch, reading), **_of_symptoms(named, said), "or-list": float(is_or_list(named, reading))}
    values |= _here(stretch, reading, said, place)
    if stretch.polarity == DENIED:
        return values | _of_denial(stretch, reading, said, found, place, section)
    return values | _of_affirmation(stretch, reading, said, found, section)


def _of_words(stretch: Stretch, reading: Reading) -> dict[str, float]:
    first, last = stretch.words[0], stretch.words[-1]
    texts = {word.text for word in reading.words[max(0, first - 2) : last + 1]}
    stems = stretch.stems(reading)
    return {
        "or": float("or" in texts),
        "licensed": float(not texts.isdisjoint(_LICENSED)),
        "emphasis": float(not texts.isdisjoint(_EMPHASIS)),
        "long": min(len(stems), _LONG) / _LONG,
        "few": float(len(stems) <= _FEW),
        "normal": float(stretch.says_normal(reading)),
    }


def _of_symptoms(named: Sequence[SaidOf], said: SourceReading) -> dict[str, float]:
    """The shares of the symptoms that the source has only as the stretch has them, or only otherwise."""
    alike = other = 0
    for one in named:
        kinds = {polarity for _, polarity in said.said.get(one.symptom.name, ())}
        same, against = (_NO, _YES) if one.polarity not in _YES else (_YES, _NO)
        alike += bool(kinds & same) and not kinds & against
        other += bool(kinds & against) and not kinds & same
    count = max(1, len(named))
    return {
        "symptom": float(bool(named)),
        "symptoms": min(len(named), _MANY) / _MANY,
        "symptom-alike": alike / count,
        "symptom-otherwise": other / count,
        "symptom-by-normal": float(any(one.normal for one in named)),
    }


def _here(stretch: Stretch, reading: Reading, said: SourceReading, place: Place) -> dict[str, float]:
    """What the source says of the words in the place where it speaks of the statement."""
    same, against = (_NO, _YES) if stretch.polarity == DENIED else (_YES, _NO)
    otherwise = heaviest = total = 0.0
    for one in stretch.stems(reading):
        weight = weight_of(one, said)
        total += weight
        kinds = _kinds(one, said, place)
        if kinds & against and not kinds & same:
            otherwise += weight
            heaviest = max(heaviest, weight)
    around = said.polarity[place.first : place.last]
    count = max(1, len(around))
    first, last = (stems_of(reading, [at]) for at in (stretch.words[0], stretch.words[-1]))
    return {
        "here-otherwise": otherwise / (total or 1.0),
        "here-heaviest": heaviest / _HEAVIEST,
        "here-first": float(any(_kinds(one, said, place) & same for one in first)),
        "here-last": float(any(_kinds(one, said, place) & same for one in last)),
        "here-denied": float(DENIED in around),
        "here-asked": around.count(ASKED) / count,
        "here-unsure": (around.count(OTHER) + around.count(UNCERTAIN)) / count,
    }


def _kinds(one: str, said: SourceReading, place: Place) -> set[str]:
    """What is said of a word within `place`."""
    places = said.stems.get(one, ())
    first = bisect_left(places, place.first)
    return {said.polarity[at] for at in places[first : bisect_right(places, place.last - 1, first)]}


def _of_denial(
    stretch: Stretch, reading: Reading, said: SourceReading, found: Support, place: Place, section: str
) -> dict[str, float]:
    first = {said.polarity[at] for one in stems_of(reading, stretch.words[:1]) for at in said.stems.get(one, ())}
    return {
        "mass-alike": min(found.denied * found.weight, _HEAVY) / _HEAVY,
        "mass-otherwise": min(found.affirmed * found.weight, _HEAVY) / _HEAVY,
        "whole-otherwise": float(found.affirmed > _WHOLE),
        "nearest-alike": _nearest(stretch, reading, said, place),
        "first-alike": float(DENIED in first and not first & _YES),
        "examination": float(_is_in(section, _EXAMINATION)),
    }


def _nearest(stretch: Stretch, reading: Reading, said: SourceReading, place: Place) -> float:
    """The share of the weight that is denied where it stands nearest to the place."""
    alike = total = 0.0
    for one in stretch.stems(reading):
        weight, places = weight_of(one, said), said.stems.get(one, ())
        total += weight
        at = bisect_left(places, place.middle)
        around = places[max(0, at - 1) : at + 1]
        if around and said.polarity[min(around, key=lambda each: abs(each - place.middle))] == DENIED:
            alike += weight
    return alike / (total or 1.0)


def _of_affirmation(
    stretch: Stretch, reading: Reading, said: SourceReading, found: Support, section: str
) -> dict[str, float]:
    stems = stretch.stems(reading)
    total = found.weight or 1.0
    spoken = standing_together(stems, said, _CLAUSE)[0] / total
    alike = standing_together(stems, said, _CLAUSE, _YES)[0] / total
    unheard = sum(weight_of(one, said) for one in stems if one not in said.stems) / total
    return {
        "mass-otherwise": min(found.denied * found.weight, _HEAVY) / _HEAVY,
        "alike-squared": found.affirmed**2,
        "clause-spoken": spoken,
        "clause-not-alike": spoken - alike,
        "examination-not-alike": _is_in(section, _EXAMINATION) * (1 - found.affirmed),
        "plan-unheard": _is_in(section, _PLAN) * unheard,
    }


def _is_in(section: str, words: Sequence[str]) -> bool:
    lowered = section.lower()
    return any(word in lowered for word in words)


@cache
def weights() -> dict[bool, Weights]:
    """The weights of `polarity_weights.tsv`: for denials (True) and affirmations (False)."""
    text = package_text("polarity_weights.tsv")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    found = {}
    for denied in (True, False):
        values = {name: float(value) for kind, name, value in rows if kind == ("denied" if denied else "affirmed")}
        constant, low, medium = (values.pop(name) for name in ("constant", "low", "medium"))
        found[denied] = Weights(values, constant, low, medium)
    return found
