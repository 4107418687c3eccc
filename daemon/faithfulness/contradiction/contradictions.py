"""Where what was said contradicts itself: pure rules, each made to be right rather than to find everything.

1. A part of the body on both sides. 2. One measurement with two values. 3. One drug in two doses. 4. A symptom affirmed and denied.
5. A drug that is an allergy. 6. What is ruled out altogether and stated. 7. Who the patient is.

What is past, feared, somebody else's, a question, a comparison or said to have changed contradicts nothing. A rule that says nothing
proves nothing: most contradictions of a note are beyond words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from daemon.faithfulness.contradiction.allergies import contradicting_allergies
from daemon.faithfulness.contradiction.contradiction import Contradiction, Passage, Sentence, sentences_of
from daemon.faithfulness.contradiction.habits import contradicting_habits
from daemon.faithfulness.contradiction.person import contradicting_persons
from daemon.faithfulness.contradiction.sides import contradicting_sides
from daemon.faithfulness.contradiction.symptoms import contradicting_symptoms
from daemon.faithfulness.contradiction.values import contradicting_doses, contradicting_values

__all__ = ["Contradiction", "Passage", "find_contradictions"]

_RULES: tuple[Callable[[Sequence[Sentence]], Iterator[Contradiction]], ...] = (
    contradicting_allergies,
    contradicting_persons,
    contradicting_sides,
    contradicting_doses,
    contradicting_values,
    contradicting_symptoms,
    contradicting_habits,
)


def find_contradictions(passages: Sequence[Passage]) -> tuple[Contradiction, ...]:
    """The contradictions within and between `passages`, given as (id, text, source id); the most dangerous kinds first.

    Each names two passages in the order given. Two passages of the same words never contradict each other.
    """
    sentences = sentences_of(passages)
    return tuple(one for rule in _RULES for one in rule(sentences))
