"""Which handout a source is given: the most specific whose topic it is about, and that names nothing which the source does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daemon.documents.cues import find_cue
from daemon.faithfulness.diagnoses import Named, concept_of, find_diagnoses, is_named, named_in, names_patient
from daemon.model.finding import Caution
from daemon.model.handout import Handout
from daemon.model.passage import PageAnchor, Passage

OPENING_WORDS = 25
"""The first words of a memo, in which it says what it is to be: "Patient education on high blood pressure for …"."""

_Score = tuple[bool, int, int]


@dataclass(frozen=True, slots=True)
class Choice:
    """The handout, None where there is none to use; `cautions` name those that would have fitted and were not used, and why."""

    handout: Handout | None
    cautions: tuple[Caution, ...] = ()


def choose(handouts: Sequence[Handout], passages: Sequence[Passage]) -> Choice:
    """The handout for what was said; of equals the first. One without topics is general and comes after all others."""
    texts = [passage.text for passage in passages]
    names = [name for each in handouts for name in each.names]
    named = named_in(texts, names)
    opening = opening_words(passages)
    scored = [(score, each) for each in handouts if (score := _score(each, texts, opening, named)) is not None]
    ranked = [each for _, each in sorted(scored, key=lambda one: one[0], reverse=True)]
    cautions: list[Caution] = []
    for each in (*ranked, *(each for each in handouts if not each.topics)):
        foreign = list(dict.fromkeys(_foreign(each, named)))
        if not foreign:
            return Choice(each, tuple(cautions))
        cautions.append(_not_used(each, foreign))
    return Choice(None, tuple(cautions))


def opening_words(passages: Sequence[Passage]) -> str:
    """The first words of what was spoken or written; "" where all stands on forms."""
    said = (passage.text for passage in passages if not isinstance(passage.anchor, PageAnchor))
    return " ".join(" ".join(said).split()[:OPENING_WORDS])


def _score(handout: Handout, texts: Sequence[str], opening: str, named: Named) -> _Score | None:
    """By a topic in the memo's first words, then by the longest topic, then by how many there are; None without any."""
    found = [
        (find_cue([topic], opening) is not None, len(topic.split())) for topic in _topics_in(handout, texts, named)
    ]
    return (*max(found), len(found)) if found else None


def _topics_in(handout: Handout, texts: Sequence[str], named: Named) -> Iterator[str]:
    for topic in handout.topics:
        concept = concept_of(topic)
        if is_named(concept, named.affirmed) or (
            not find_diagnoses(topic) and any(find_cue([topic], text) for text in texts)
        ):
            yield topic


def _foreign(handout: Handout, named: Named) -> Iterator[str]:
    """The diagnoses that a handout names and the source does not give to the patient, in the handout's words.

    Where its author says which they are, the text is asked only for what it gives to its reader ("your asthma"): a handout on
    high blood pressure may speak of strokes.
    """
    for name in handout.names:
        if not is_named(concept_of(name), named.affirmed):
            yield name
    declared = {concept_of(name) for name in handout.names}
    for source in (handout.title, handout.text):
        for each in find_diagnoses(source):
            counts = names_patient(source, each) if declared else each.status == "affirmed"
            if counts and not is_named(each.concept, declared) and not is_named(each.concept, named.affirmed):
                yield each.text


def _not_used(handout: Handout, foreign: Sequence[str]) -> Caution:
    listed = ", ".join(f"“{name}”" for name in foreign)
    text = f"The handout “{handout.title}” was not used: it names {listed}, and the source does not say that the patient has it."
    return Caution("handout-not-used", "medium", text)
