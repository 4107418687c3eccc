"""What a source says was examined: where each finding is reported, and of which part of the body."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from daemon.faithfulness.rules.examination_words import Hit, hits, vocabulary
from daemon.faithfulness.texts import DOCTOR, PATIENT, Texts
from daemon.faithfulness.vocabulary.concepts import Word, words_by_id

_BEFORE_CUE, _AFTER_CUE = 25, 90  # words that belong to an examination around a word with which somebody examines
_REGION_REACH = 30  # words between a finding and the part of the body it is of
_ASKING = frozenset({"any", "experienced", "experiencing", "having", "ever", "noticed"})
_TELLING = frozenset({"i", "i'm", "n't", "not", "no", "without", "don't", "didn't", "doesn't", "isn't"})
_ASK_REACH = 12


class Reported(NamedTuple):
    """A finding at a place; `aside` says that it is only asked for or told, not part of an examination."""

    place: int
    denied: bool
    aside: bool
    passage: str


class Examined(NamedTuple):
    """Findings and parts of the body by name, with their places counted in words through all passages of a clinician."""

    signs: Mapping[str, Sequence[Reported]]
    regions: Mapping[str, Sequence[int]]
    examined: Mapping[str, Sequence[int]]
    wholes: Sequence[int]
    named: frozenset[str]
    tests: frozenset[str]
    order: Mapping[str, int]

    def near(self, place: int, regions: Iterable[str]) -> bool:
        """Whether one of the regions is named close to a place."""
        return any(
            _close(self.regions.get(name, ()), place)
            for region in regions
            for name in vocabulary().related.get(region, ())
        )

    def names(self, regions: Iterable[str]) -> bool:
        """Whether one of the regions is named anywhere; a wide one ("arm") counts as named."""
        return any(region in self.named or len(vocabulary().related[region]) == 1 for region in regions)

    def speaks_of(self, regions: Iterable[str]) -> bool:
        """Whether one of the regions, or one in it or around it, is named anywhere."""
        return any(name in self.named for region in regions for name in vocabulary().related[region])

    def has_examined(self, regions: Iterable[str]) -> bool:
        """Whether one of the regions is named where somebody examines."""
        return any(self.examined.get(name) for region in regions for name in vocabulary().related.get(region, ()))


def _close(places: Sequence[int], place: int) -> bool:
    at = bisect_left(places, place - _REGION_REACH)
    return at < len(places) and places[at] <= place + _REGION_REACH


def examined(source: Texts) -> Examined:
    """What the clinician's passages report. Where nobody is named as one, all passages are a clinician's: a dictation, a form."""
    row: list[tuple[int, Hit, bool, str]] = []
    tagged = DOCTOR in source.speakers.values()
    offset = 0
    for name, found in source.learn(words_by_id).items():
        told = tagged and source.speakers.get(name) == PATIENT
        row += [
            (offset + hit.first, hit, told or (tagged and _is_asked(hit, found)), name)
            for hit in hits(source.by_id[name], found)
        ]
        offset += len(found)
    zone = _zone(row, offset) if tagged else bytearray(b"\1") * (offset + 1)
    return _gathered(row, zone, {name: place for place, name in enumerate(source.by_id)})


def _is_asked(hit: Hit, found: Sequence[Word]) -> bool:
    if hit.kind != "sign":
        return False
    before = {word.text for word in found[max(0, hit.first - _ASK_REACH) : hit.first]}
    return not _ASKING.isdisjoint(before) and _TELLING.isdisjoint(before)


def _zone(row: Sequence[tuple[int, Hit, bool, str]], length: int) -> bytearray:
    """A byte a word: whether it belongs to an examination."""
    zone = bytearray(length + 1)
    signs = vocabulary().signs
    for place, hit, aside, _ in row:
        if not aside and (hit.kind == "cue" or (hit.kind == "sign" and signs[hit.name].alone)):
            first, last = max(0, place - _BEFORE_CUE), min(length, place + _AFTER_CUE)
            zone[first : last + 1] = b"\1" * (last + 1 - first)
    return zone


def _gathered(row: Sequence[tuple[int, Hit, bool, str]], zone: bytearray, order: Mapping[str, int]) -> Examined:
    signs: dict[str, list[Reported]] = defaultdict(list)
    regions: dict[str, list[int]] = defaultdict(list)
    inside: dict[str, list[int]] = defaultdict(list)
    wholes: list[int] = []
    tests = {hit.name for _, hit, _, _ in row if hit.kind == "test"}
    for place, hit, aside, name in row:
        if hit.kind == "sign":
            signs[hit.name].append(Reported(place, hit.denied, aside or not zone[place], name))
        elif hit.kind == "region":
            regions[hit.name].append(place)
            if zone[place] and not aside:
                inside[hit.name].append(place)
        elif hit.kind == "whole" and zone[place] and not aside:
            wholes.append(place)
    return Examined(signs, regions, inside, wholes, frozenset(regions), frozenset(tests), order)
