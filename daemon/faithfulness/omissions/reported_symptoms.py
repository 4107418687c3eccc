"""Symptoms that the patient reports and that stand in no statement."""

from __future__ import annotations

from collections.abc import Iterator

from daemon.faithfulness.omissions.symptoms import felt, in_other_words, is_told
from daemon.faithfulness.polarity.polarity import AFFIRMED, DENIED, SourceReading, read_source
from daemon.faithfulness.polarity.words import Symptom, symptom_lexicon
from daemon.faithfulness.texts import Texts
from daemon.model.finding import Omission


def omitted_reported_symptoms(note: Texts, source: Texts) -> Iterator[Omission]:
    """Symptoms that the source affirms, never denies, and no statement names, in the order in which they were said.

    Medium where it must not be lost (a red flag of the lexicon), low otherwise: most notes leave out some of what troubles little.
    """
    said, kept = source.learn(read_source), note.learn(read_source)
    for symptom, places in sorted(_reported(source, said), key=lambda one: one[1]):
        if symptom.name not in kept.said and not in_other_words(symptom, kept):
            yield Omission("symptom", symptom.name, said.evidence(places), "medium" if symptom.grave else "low")


def _reported(source: Texts, said: SourceReading) -> Iterator[tuple[Symptom, list[int]]]:
    """The symptoms that are plainly affirmed, with the places where they are."""
    for name, found in said.said.items():
        symptom = symptom_lexicon().symptoms[name]
        if not felt(symptom) or any(polarity == DENIED for _, polarity in found):
            continue
        places = [place for place, polarity in found if polarity == AFFIRMED and is_told(place, source, said)]
        if places:
            yield symptom, places
