"""Sides and denials that were surely heard as other words are doubted, with what they may have been."""

from __future__ import annotations

import pytest

from daemon.faithfulness.medicines.suggested_words import suggested
from daemon.faithfulness.reading.heard_words import weighed
from daemon.faithfulness.reading.misheard_turning_words import misheard_as
from daemon.model.doubtful_words import is_marked
from daemon.model.passage import Passage, TimeAnchor, Word


def read(text: str) -> tuple[Word, ...]:
    """The words as a draft has them, all surely heard."""
    words = tuple(Word(each, 0.98, float(at), at + 0.5) for at, each in enumerate(text.split()))
    return suggested(weighed([Passage("p1", text, TimeAnchor("s1", 0.0, float(len(words))), 0.9, words)]))[0].words


@pytest.mark.parametrize(
    ("text", "word", "meant"),
    [
        ("Pain in the white knee for two weeks.", "white", "right"),
        ("Cellulitis of the white lower leg.", "white", "right"),
        ("The write shoulder is stiff.", "write", "right"),
        ("Swelling of the lift ankle.", "lift", "left"),
        ("A mass in the laughed breast.", "laughed", "left"),
        ("Today she the nice fever.", "nice", "denies"),
        ("The patient Denise chest pain.", "Denise", "denies"),
    ],
)
def test_what_it_may_have_been_is_suggested(text: str, word: str, meant: str) -> None:
    [found] = [each for each in read(text) if each.text == word]
    assert is_marked(found)
    assert found.suggestions == (meant,)


@pytest.mark.parametrize(
    "text",
    [
        "The white blood cell count is normal.",
        "A white patch on the tongue.",
        "Her fingers turn white in the cold.",
        "White, knee-high stockings.",
        "The fingers: white fingers in the cold.",
        "She cannot lift boxes.",
        "It was a nice visit.",
        "She slept well on the nights off.",
        "Dennis is her brother.",
        "Please write to the office.",
        "The right knee hurts.",
    ],
)
def test_what_is_meant_so_is_left_alone(text: str) -> None:
    words = text.split()
    assert {misheard_as(words, at) for at in range(len(words))} == {""}


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("It was 1.76 months ago.", {"1.76"}),
        ("Felt at 8.1 pm on the foot.", {"8.1"}),
        ("The pulse is 7 8 and regular.", {"7", "8"}),
        ("She takes a big 7-5-milligrams twice.", {"7-5-milligrams"}),
        ("It was 1.5 months ago.", set()),
        ("The creatinine is 1.76 today.", set()),
        ("She came at 8 pm.", set()),
        ("A score of 7 of 10, 8 weeks ago.", set()),
        ("Take 1-2 tablets.", set()),
        ("Call 555-0134.", set()),
    ],
)
def test_two_numbers_in_one_are_doubted(text: str, doubted: set[str]) -> None:
    assert {word.text for word in read(text) if is_marked(word)} == doubted
