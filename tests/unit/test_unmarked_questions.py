"""A question that was heard without its mark is a question: what is answered to it is not what is taken."""

from __future__ import annotations

import pytest

from daemon.faithfulness.medicines.spoken_allergies import spoken_allergies
from daemon.faithfulness.reading.lines import asks_unmarked, lines_of, with_answers


@pytest.mark.parametrize(
    "said",
    [
        "Do you have any chest pain.",
        "Okay, have you had a fever",
        "Are you short of breath.",
        "Did you take the metformin today.",
        "Is there any family history of stroke.",
        "Does he wake at night.",
    ],
)
def test_what_asks_without_a_mark(said: str) -> None:
    assert asks_unmarked(said)


@pytest.mark.parametrize(
    "said",
    [
        "Do not take ibuprofen.",
        "Do you have any chest pain no I don't.",
        "Should you have any chest pain, call us.",
        "Were you to develop a rash, stop it.",
        "Have the patient return in 2 weeks.",
        "Does not smoke.",
        "Has had no fever.",
        "Is allergic to penicillin.",
        "I asked: do you have any chest pain.",
        "You do have some swelling.",
    ],
)
def test_what_tells_or_orders_asks_nothing(said: str) -> None:
    assert not asks_unmarked(said)


def test_what_is_answered_to_an_unmarked_question_about_allergies_is_an_allergy() -> None:
    lines = with_answers(lines_of([("p1", "Do you have any allergies."), ("p2", "Penicillin.")]), lambda _: False)
    assert [(row.allergy, row.evidence) for row in spoken_allergies(lines)] == [("Penicillin", ("p1", "p2"))]
