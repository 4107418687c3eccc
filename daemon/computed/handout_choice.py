"""Which handout a source is given: the most specific whose topic it is about, and that names nothing which the source does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daemon.documents.cues import find_cue
from daemon.documents.handout_text import Words, blocks
from daemon.faithfulness.vocabulary.diagnoses import (
    Named,
    concept_of,
    find_diagnoses,
    is_named,
    named_in,
    names_patient,
)
from daemon.model.finding import Caution
from daemon.model.handout import Handout
from daemon.model.passage import PageAnchor, Passage

OPENING_WORDS = 25
LEAST_OPENING_WORDS = 4
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
    """The first sentence of what was spoken or written, with the next where it is a mere word or two; "" where all stands on forms."""
    words: list[str] = []
    for passage in passages:
        if not isinstance(passage.anchor, PageAnchor) and len(words) < LEAST_OPENING_WORDS:
            words += passage.text.split()
    return " ".join(words[:OPENING_WORDS])


def _score(handout: Handout, texts: Sequence[str], opening: str, named: Named) -> _Score | None:
    """By a topic in the memo's first words, then by the longest topic, then by how many there are; None without any."""
    found = [
        (_is_about(topic, [opening], named_in([opening])), len(topic.split()))
        for topic in handout.topics
        if _is_about(topic, texts, named)
    ]
    return (*max(found), len(found)) if found else None


def _is_about(topic: str, texts: Sequence[str], named: Named) -> bool:
    """Whether texts hold the words of a topic; of a diagnosis, whether they say under any of its names that the patient has it."""
    is_diagnosis = any(each.text == topic for each in find_diagnoses(topic))
    if is_diagnosis:
        return is_named(concept_of(topic), named.affirmed)
    return any(find_cue([topic], text) for text in texts)


def _foreign(handout: Handout, named: Named) -> Iterator[str]:
    """The diagnoses that a handout names and the source does not give to the patient, in the handout's words.

    Where its author says which they are, the text is asked only for what it gives to its reader ("your asthma"): a handout on
    high blood pressure may speak of strokes.
    """
    for name in handout.names:
        if not is_named(concept_of(name), named.affirmed):
            yield name
    declared = {concept_of(name) for name in handout.names}
    for source in (handout.title, *_units(handout)):
        for each in find_diagnoses(source):
            counts = names_patient(source, each) if declared else each.status == "affirmed"
            if counts and not is_named(each.concept, declared) and not is_named(each.concept, named.affirmed):
                yield each.text


def _units(handout: Handout) -> Iterator[str]:
    """The text block by block, an item of a list behind the words that lead in to it: "Call us if you have: asthma"."""
    lead = ""
    for block in blocks(handout.text):
        text = "".join(part.text if isinstance(part, Words) else " " for part in block.parts)
        if block.kind in {"bullet", "numbered"}:
            yield f"{lead} {text}"
        else:
            lead = text.rstrip().removesuffix(":") if text.rstrip().endswith(":") else ""
            yield text


def _not_used(handout: Handout, foreign: Sequence[str]) -> Caution:
    listed = ", ".join(f"“{name}”" for name in foreign)
    text = f"The handout “{handout.title}” was not used: it names {listed}, and the source does not say that the patient has it."
    return Caution("handout-not-used", "medium", text)
