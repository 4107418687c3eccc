"""`negation-flipped` and `certainty-changed`: what was denied is affirmed, what was affirmed denied, what was doubted stated."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from daemon.faithfulness.polarity.doubt import doubt, place_of
from daemon.faithfulness.polarity.polarity import (
    AFFIRMED,
    ASKED,
    DENIED,
    UNCERTAIN,
    Reading,
    SaidOf,
    SourceReading,
    read_source,
    read_text,
)
from daemon.faithfulness.polarity.stretches import Stretch, is_or_list, stems_of, stretches
from daemon.faithfulness.polarity.support import Support, support
from daemon.faithfulness.polarity.traces import doubled_denials, lost_denials, turned_conditions
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding, Severity

# Shares of a stretch's weight, from the sentences and twins of ACI-Bench's training part: recall against false alarms.
_PLAINLY, _MOST, _HALF, _SOME = 0.8, 0.8, 0.5, 0.4
_EVEN, _LESS, _NEARLY, _LITTLE = 0.85, 0.75, 0.6, 0.3
_HEARD, _UNHEARD = 0.35, 0.05
_SPOKEN = 0.7  # of a symptom's words, from which on the source speaks of it in words that the lexicon lacks
_HEAVY = 5.0  # nats: so much of a long stretch stands together by no chance
_LEAST_WEIGHT = 2.0  # nats: a single common word says nothing
_HABITS = "habits and history"
_NOT_FELT = frozenset(["tests", _HABITS])
"""What a chart may say of a patient without a word in the visit."""
_OPPOSITE = {AFFIRMED: DENIED, DENIED: AFFIRMED}


def negation_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """What the statement denies and the source affirms, or the reverse: a symptom by its name, or the words of a stretch.

    What a passage says in the same words is never in doubt. Where no rule decides on a stretch, many weak signs may.
    """
    if _is_quoted(claim, source):
        return
    said = source.learn(read_source)
    reading = read_text(claim.text)
    found = _supported(reading, said)
    plain = list(_certain(claim, source, reading, found))
    yield from plain
    place, decided = place_of(reading, said), _Spans(plain)
    for stretch, held in found:
        start, end = stretch.span(reading)
        if decided.overlap(start, end):
            continue
        severity = doubt(stretch, reading, said, held, place, claim.section)
        if severity is not None:
            evidence = said.evidence(held.affirming if stretch.polarity == DENIED else held.denying)
            yield Finding("negation-flipped", severity, claim.text[start:end], (start, end), evidence)


class _Spans:
    """Where findings stand, to be asked in logarithmic time."""

    def __init__(self, found: Sequence[Finding]) -> None:
        spans = sorted(one.span for one in found if one.span is not None)
        self._starts = [start for start, _ in spans]
        self._ends = list(accumulate((end for _, end in spans), max))

    def overlap(self, start: int, end: int) -> bool:
        """Whether a finding stands anywhere from `start` to before `end`."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._ends[before - 1] > start


def certain_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """What the rules alone find, without the weighing of signs."""
    if not _is_quoted(claim, source):
        reading = read_text(claim.text)
        yield from _certain(claim, source, reading, _supported(reading, source.learn(read_source)))


def support_of(stretch: Stretch, reading: Reading, said: SourceReading) -> Support:
    """What the source says of a stretch; what is told of relatives counts as a yes for what is told of relatives."""
    return support(stretch.stems(reading), said, frozenset({AFFIRMED, stretch.polarity} - {DENIED}))


def _supported(reading: Reading, said: SourceReading) -> list[tuple[Stretch, Support]]:
    return [(stretch, support_of(stretch, reading, said)) for stretch in stretches(reading)]


def _certain(
    claim: Claim, source: Texts, reading: Reading, found: Sequence[tuple[Stretch, Support]]
) -> Iterator[Finding]:
    said, text = source.learn(read_source), claim.text
    named = reading.said()
    yield from _changed_certainty(named, reading, said, text)
    yield from _by_grammar(reading, source, text)
    kinds: dict[str, set[str]] = {}
    for one in named:
        if not one.normal:
            kinds.setdefault(one.symptom.name, set()).add(one.polarity)
    for stretch, held in found:
        yield from (
            tuple(_flipped_symptoms(stretch, kinds, reading, said, text))
            or tuple(_flipped(stretch, held, reading, said, text))
            or tuple(_unheard(stretch, held, reading, said, text))
        )


def _is_quoted(claim: Claim, source: Texts) -> bool:
    text = claim.text.strip()
    return any(text in source.by_id[one] for one in source.cited(claim))


def _by_grammar(reading: Reading, source: Texts, text: str) -> Iterator[Finding]:
    """Traces of a denial that was lost, denials of denials, and conditions that the source has the other way round."""
    for first, last in (*lost_denials(reading), *doubled_denials(reading)):
        yield _finding("medium", reading, first, last, text)
    for one, passages in turned_conditions(reading, source):
        yield _finding("medium", reading, one.first, one.last, text, passages)


def _finding(
    severity: Severity, reading: Reading, first: int, last: int, text: str, evidence: tuple[str, ...] = ()
) -> Finding:
    start, end = reading.words[first].start, reading.words[last].end
    return Finding("negation-flipped", severity, text[start:end], (start, end), evidence)


def _changed_certainty(named: list[SaidOf], reading: Reading, said: SourceReading, text: str) -> Iterator[Finding]:
    """Symptoms and diagnoses that the source only holds possible and the statement tells as facts."""
    for one in named:
        places = said.said.get(one.symptom.name, [])
        if one.symptom.system == _HABITS or one.polarity != AFFIRMED or not places:
            continue
        if {polarity for _, polarity in places} == {UNCERTAIN}:
            start, end = _span(one, reading)
            evidence = said.evidence([place for place, _ in places])
            yield Finding("certainty-changed", "low", text[start:end], (start, end), evidence)


def _flipped_symptoms(
    stretch: Stretch, named: Mapping[str, set[str]], reading: Reading, said: SourceReading, text: str
) -> Iterator[Finding]:
    """The symptoms of a stretch of which the source says the opposite wherever it speaks of them, or which it never affirms."""
    for one in stretch.symptoms:
        if one.polarity not in _OPPOSITE or one.symptom.name == "pain":
            continue
        if named.get(one.symptom.name, set()) - {one.polarity}:
            continue
        start, end = _span(one, reading)
        places = said.said.get(one.symptom.name, [])
        kinds = {polarity for _, polarity in places}
        against = [place for place, polarity in places if polarity == _OPPOSITE[one.polarity]]
        if against and one.polarity not in kinds:
            plain = len(kinds) == 1 and not one.symptom.placed
            severity: Severity = "high" if plain else "medium"
            yield Finding("negation-flipped", severity, text[start:end], (start, end), said.evidence(against))
        elif one.polarity == AFFIRMED and not one.normal and _never_affirmed(one, kinds, reading, said):
            yield Finding("negation-flipped", "medium", text[start:end], (start, end))


def _never_affirmed(one: SaidOf, kinds: set[str], reading: Reading, said: SourceReading) -> bool:
    """Whether the source only asks for a symptom, or speaks of it in no words at all."""
    if one.symptom.placed or one.symptom.system in _NOT_FELT:
        return False
    if kinds:
        return kinds == {ASKED}
    return support(stems_of(reading, range(one.first, one.last + 1)), said).spoken < _SPOKEN


def _flipped(stretch: Stretch, found: Support, reading: Reading, said: SourceReading, text: str) -> Iterator[Finding]:
    """A stretch most of whose words the source says otherwise of, at one place, and nowhere as the statement does."""
    if found.weight < _LEAST_WEIGHT:
        return
    if stretch.polarity == DENIED:
        severity, places = _doubt_of_denial(found), found.affirming
        if found.affirmed < _PLAINLY and _is_unspoken(stretch, reading, said):
            return
    else:
        most = _EVEN if stretch.is_stressed(reading) else _NEARLY
        severity, places = _doubt_of_affirmation(found, most), found.denying
        if stretch.says_normal(reading) or stretch.says_little(reading):
            return
    if severity is not None:
        start, end = stretch.span(reading)
        yield Finding("negation-flipped", severity, text[start:end], (start, end), said.evidence(places))


def _doubt_of_denial(found: Support) -> Severity | None:
    if found.affirmed >= _MOST and found.denied < _LESS * found.affirmed:
        return "high"
    if found.affirmed >= _HALF and found.denied < _HALF * found.affirmed:
        return "medium"
    if found.denied >= _LITTLE * found.affirmed:
        return None
    heavy = found.affirmed * found.weight >= _HEAVY and found.near < _HALF * found.affirmed
    some = found.affirmed >= _SOME and found.near < _NEARLY * found.affirmed
    return "medium" if heavy or some else None


def _doubt_of_affirmation(found: Support, most: float) -> Severity | None:
    if found.denied >= _MOST and found.affirmed < _HALF * found.denied:
        return "high"
    return "medium" if found.denied >= _SOME and found.affirmed < most * found.denied else None


def _is_unspoken(stretch: Stretch, reading: Reading, said: SourceReading) -> bool:
    """Whether a stretch names symptoms, and the source none of them."""
    names = {one.symptom.name for one in stretch.symptoms}
    return bool(names) and not names & said.said.keys()


def _unheard(stretch: Stretch, found: Support, reading: Reading, said: SourceReading, text: str) -> Iterator[Finding]:
    """What is stressed to be so or not so without anything like it in the source."""
    symptoms = stretch.symptoms
    if stretch.polarity == DENIED:
        doubted = not symptoms and stretch.denies_clause(reading) and found.denied < _HEARD
    else:
        doubted = (stretch.polarity == AFFIRMED and stretch.is_stressed(reading)) and (
            (found.affirmed < _PLAINLY and is_or_list(symptoms, reading)) or _is_new(stretch, reading, found)
        )
    if doubted:
        start, end = stretch.span(reading)
        yield Finding("negation-flipped", "medium", text[start:end], (start, end), said.evidence(found.affirming))


def _is_new(stretch: Stretch, reading: Reading, found: Support) -> bool:
    worded = len(stretch.words) > 1 or stretch.is_positive(reading)
    return worded and found.affirmed < _UNHEARD and not stretch.says_normal(reading)


def _span(one: SaidOf, reading: Reading) -> tuple[int, int]:
    return reading.words[one.first].start, reading.words[one.last].end
