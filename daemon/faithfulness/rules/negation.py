"""`negation-flipped` and `certainty-changed`: what was denied is affirmed, what was affirmed denied, what was doubted stated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from daemon.faithfulness.polarity import (
    AFFIRMED,
    ASKED,
    DENIED,
    KIN,
    NORMAL,
    Reading,
    SaidOf,
    SourceReading,
    read_source,
    read_text,
)
from daemon.faithfulness.polarity_support import Support, support
from daemon.faithfulness.polarity_words import empty_words, stem
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding, Severity

# Shares of a stretch's weight, from the sentences and twins of ACI-Bench's training part: recall against false alarms.
_MOST, _HALF, _SOME = 0.7, 0.5, 0.4
_LESS, _NEARLY, _LITTLE = 0.75, 0.6, 0.3
_PLAINLY = 0.8
_SPOKEN = 0.6  # of a symptom's words, from which on the source speaks of it in words that the lexicon lacks
_HEAVY = 5.0  # nats: so much of a long stretch stands together by no chance
_LEAST_WEIGHT = 2.0  # nats: a single common word says nothing
_NOT_FELT = frozenset(["tests", "habits and history"])
"""What a chart may say of a patient without a word in the visit."""
_USE_D = _USE_A = _USE_OR = True
_D1, _D2, _A1 = 0.35, 1.0, 0.05
_AFFIRMING = frozenset(["reports", "reported", "endorses", "positive", "complains", "there", "reveal", "reveals"])
_OPPOSITE = {AFFIRMED: DENIED, DENIED: AFFIRMED}


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Words of a statement of which one thing is said, by their numbers."""

    polarity: str
    words: tuple[int, ...]
    trigger: int


def negation_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """What the statement denies and the source affirms, or the reverse: a symptom by its name, or the words of a stretch."""
    said = source.learn(read_source)
    reading = read_text(claim.text)
    for stretch in _stretches(reading):
        symptoms = tuple(_flipped_symptoms(stretch, reading, said, claim.text))
        yield from (
            symptoms
            or tuple(_flipped(stretch, reading, said, claim.text))
            or _unheard(stretch, reading, said, claim.text)
        )


def _flipped_symptoms(stretch: _Stretch, reading: Reading, said: SourceReading, text: str) -> Iterator[Finding]:
    """The symptoms of a stretch of which the source says the opposite wherever it speaks of them."""
    named = reading.said()
    for one in named:
        if one.last not in stretch.words or one.polarity not in _OPPOSITE or one.symptom.name == "pain":
            continue
        if any(other.symptom == one.symptom and other.polarity != one.polarity and not other.normal for other in named):
            continue
        places = said.said.get(one.symptom.name, [])
        kinds = {polarity for _, polarity in places}
        start, end = reading.words[one.first].start, reading.words[one.last].end
        if _OPPOSITE[one.polarity] in kinds and one.polarity not in kinds:
            evidence = said.evidence([place for place, polarity in places if polarity == _OPPOSITE[one.polarity]])
            plain = kinds == {_OPPOSITE[one.polarity]} and not one.symptom.placed
            yield Finding("negation-flipped", "high" if plain else "medium", text[start:end], (start, end), evidence)
        elif (
            one.polarity == AFFIRMED
            and not one.normal
            and not one.symptom.placed
            and _never_affirmed(one, kinds, reading, said)
        ):
            yield Finding("negation-flipped", "medium", text[start:end], (start, end))


def _never_affirmed(one: SaidOf, kinds: set[str], reading: Reading, said: SourceReading) -> bool:
    """Whether the source only asks for a symptom, or speaks of it in no words at all."""
    if one.symptom.system in _NOT_FELT:
        return False
    if kinds:
        return kinds == {ASKED}
    return support(_stems(reading, range(one.first, one.last + 1)), said).spoken < _SPOKEN


def _flipped(stretch: _Stretch, reading: Reading, said: SourceReading, text: str) -> Iterator[Finding]:
    """A stretch most of whose words the source says otherwise of, at one place, and nowhere as the statement does."""
    found = support(_stems(reading, stretch.words), said, frozenset({AFFIRMED, stretch.polarity} - {DENIED}))
    if stretch.polarity == DENIED:
        other = found.affirmed < _PLAINLY and _is_unspoken(stretch, reading, said)
        severity = None if other else _doubt_of_denial(found)
        places = found.affirming
    else:
        severity = (
            None if _says_normal(reading, stretch) or _says_little(reading, stretch) else _doubt_of_affirmation(found)
        )
        places = found.denying
    if severity is not None and found.weight >= _LEAST_WEIGHT:
        start = reading.words[min(stretch.words[0], stretch.trigger)].start
        end = reading.words[stretch.words[-1]].end
        yield Finding("negation-flipped", severity, text[start:end], (start, end), said.evidence(places))


def _unheard(stretch: _Stretch, reading: Reading, said: SourceReading, text: str) -> Iterator[Finding]:
    """What is stressed to be so or not so without anything like it in the source."""
    found = support(_stems(reading, stretch.words), said)
    symptoms = [one for one in reading.said() if one.last in stretch.words]
    if stretch.polarity == DENIED:
        doubted = (
            _USE_D and not symptoms and _denies_clause(stretch, reading) and found.denied < _D1 and found.near < _D2
        )
    else:
        doubted = (
            stretch.polarity == AFFIRMED
            and _is_stressed(reading, stretch.words[0])
            and (
                (_USE_OR and _is_or_list(symptoms, reading))
                or (
                    _USE_A
                    and (len(stretch.words) > 1 or _is_positive(reading, stretch.words[0]))
                    and found.affirmed < _A1
                    and not _says_normal(reading, stretch)
                )
            )
        )
    if doubted:
        start, end = reading.words[min(stretch.words[0], stretch.trigger)].start, reading.words[stretch.words[-1]].end
        yield Finding("negation-flipped", "medium", text[start:end], (start, end), said.evidence(found.affirming))


def _is_unspoken(stretch: _Stretch, reading: Reading, said: SourceReading) -> bool:
    """Whether a stretch names symptoms, and the source none of them."""
    names = {one.symptom.name for one in reading.said() if one.last in stretch.words}
    return bool(names) and not names & said.said.keys()


def _denies_clause(stretch: _Stretch, reading: Reading) -> bool:
    """Whether a denial is of something done, not of a symptom: "denies that she …", "has not been …"."""
    trigger = reading.words[stretch.trigger].text
    return len(stretch.words) > 1 and (trigger.startswith("den") or trigger in ("not", "never"))


def _is_stressed(reading: Reading, first: int) -> bool:
    """Whether "reports", "positive for" or "there is" leads to the word `first`."""
    before = [word.text for word in reading.words[max(0, first - 3) : first]]
    return any(text in _AFFIRMING for text in before)


def _is_positive(reading: Reading, first: int) -> bool:
    """Whether "positive for" stands right before the word `first`."""
    return [word.text for word in reading.words[max(0, first - 2) : first]] == ["positive", "for"]


def _is_or_list(symptoms: Sequence[SaidOf], reading: Reading) -> bool:
    """Whether symptoms are listed with "or", as they are only where they are denied."""
    if len({one.symptom.name for one in symptoms}) < 2:
        return False
    between = reading.words[symptoms[0].last : symptoms[-1].first]
    return any(word.text == "or" for word in between)


def _doubt_of_denial(found: Support) -> Severity | None:
    if found.affirmed >= _MOST and found.denied < _LESS * found.affirmed:
        return "high"
    if found.affirmed >= _HALF and found.denied < _HALF * found.affirmed:
        return "medium"
    if (
        found.affirmed * found.weight >= _HEAVY
        and found.denied < _LITTLE * found.affirmed
        and found.near < _HALF * found.affirmed
    ):
        return "medium"
    if found.affirmed >= _SOME and found.denied < _LITTLE * found.affirmed and found.near < _NEARLY * found.affirmed:
        return "medium"
    return None


def _doubt_of_affirmation(found: Support) -> Severity | None:
    if found.denied >= _MOST and found.affirmed < _HALF * found.denied:
        return "high"
    return "medium" if found.denied >= _SOME and found.affirmed < _NEARLY * found.denied else None


def _says_normal(reading: Reading, stretch: _Stretch) -> bool:
    return any(word.text in NORMAL for word in reading.words[stretch.words[0] : stretch.words[-1] + 1])


def _says_little(reading: Reading, stretch: _Stretch) -> bool:
    """Whether an affirmed stretch is a single word, and not stressed: "it did help"."""
    before = reading.words[stretch.words[0] - 1].text if stretch.words[0] else ""
    return len(stretch.words) == 1 and before not in ("do", "does", "did")


def _stems(reading: Reading, places: Iterable[int]) -> list[str]:
    words = (reading.words[at].text for at in places)
    return sorted({stem(word) for word in words if word not in empty_words()})


def _stretches(reading: Reading) -> list[_Stretch]:
    """The affirmed and the denied stretches of a statement that have words of their own."""
    units: dict[tuple[int, str], list[int]] = {}
    for at, word in enumerate(reading.words):
        if word.text not in empty_words() and len(word.text) > 1:
            units.setdefault((reading.scopes.unit[at], reading.scopes.polarity[at]), []).append(at)
    starts: dict[int, int] = {}
    for first, _, kind in reading.scopes.triggers:
        if kind == DENIED:
            starts.setdefault(reading.scopes.unit[first], first)
    return [
        _Stretch(polarity, tuple(words), starts.get(unit, words[0]))
        for (unit, polarity), words in units.items()
        if polarity in (AFFIRMED, DENIED, KIN) and not _is_label(reading, words[-1])
    ]


def _is_label(reading: Reading, last: int) -> bool:
    """Whether the stretch that ends with the word `last` is only the name of what follows: "Neck: …"."""
    after = reading.words[last + 1].text if last + 1 < len(reading.words) else ""
    return after == ":"
