"""Symptoms that were denied and stand in no statement: what a clinician asked to rule something out has to stay readable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from daemon.faithfulness.polarity.polarity import AFFIRMED, DENIED, SourceReading, read_source
from daemon.faithfulness.polarity.words import Symptom, empty_words, stem, symptom_lexicon, words_of
from daemon.faithfulness.texts import DOCTOR, Texts
from daemon.model.finding import Omission

_FELT = frozenset(
    [
        "general",
        "heart",
        "lungs",
        "belly",
        "urine and sex",
        "nerves and head",
        "mind",
        "eyes, ears, nose and throat",
        "limbs and back",
        "skin",
    ]
)
"""The systems of the lexicon that hold what a patient can feel; results and habits have kinds of their own."""
_BLANKET = re.compile(
    r"\b(?:(?:denies|no|without|denied)(?: any| all| having any)? (?:other|additional|further|associated) (?:symptoms?|complaints?|concerns|issues|problems)"
    r"|(?:all )?(?:other|remaining)(?: \w+){0,3} (?:systems?|ros)(?: \w+){0,3} (?:negative|normal|unremarkable)|otherwise negative"
    r"|(?:ros|review of systems)(?: \w+){0,2} (?:negative|unremarkable)|no (?:acute )?complaints)\b",
    re.IGNORECASE,
)
"""What carries every denial at once."""


def omitted_symptoms(note: Texts, source: Texts) -> Iterator[Omission]:
    """Symptoms that the source denies, never affirms, and no statement names; none where a statement denies all others."""
    said, kept = source.learn(read_source), note.learn(read_source)
    denied = [one for one in _denied(source, said) if one[0].name not in kept.said]
    if not denied or any(_BLANKET.search(text) for text in note.by_id.values()):
        return
    for symptom, places in sorted(denied, key=lambda one: one[1]):
        if not in_other_words(symptom, kept):
            yield Omission(
                "negated-symptom", f"no {symptom.name}", said.evidence(places), "medium" if symptom.grave else "low"
            )


def _denied(source: Texts, said: SourceReading) -> Iterator[tuple[Symptom, list[int]]]:
    """The symptoms that are plainly denied, with the places where they are."""
    for name, found in said.said.items():
        symptom = symptom_lexicon().symptoms[name]
        if not felt(symptom) or any(polarity == AFFIRMED for _, polarity in found):
            continue
        places = [place for place, polarity in found if polarity == DENIED and is_told(place, source, said)]
        if places:
            yield symptom, places


def felt(symptom: Symptom) -> bool:
    """Whether it is something that a patient can feel, and that means something without a place beside it."""
    return not symptom.placed and symptom.system in _FELT


def is_told(place: int, source: Texts, said: SourceReading) -> bool:
    """Whether it is the patient who denies: a clinician who says "no murmurs" examines, and that has a section of its own."""
    number = said.passage[place]
    return place in said.answered or source.speakers.get(said.ids[number]) != DOCTOR


def in_other_words(symptom: Symptom, kept: SourceReading) -> bool:
    """Whether the note holds the words of the symptom's name, though not together."""
    stems = {stem(word.text) for word in words_of(symptom.name) if word.text not in empty_words()}
    return bool(stems) and all(one in kept.stems for one in stems)
