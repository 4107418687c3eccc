"""The weighing of weak signs, its table of weights, and what of a statement is weighed."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.faithfulness.polarity.doubt import is_weighed, place_of, signs, weights
from daemon.faithfulness.polarity.polarity import DENIED, read_source, read_text
from daemon.faithfulness.polarity.stretches import stretches
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.rules.negation import certain_findings, negation_findings, support_of
from daemon.faithfulness.texts import Claim, Texts

VISIT = read_transcript(
    "[doctor] how is the knee ?\n"
    "[patient] i tried the ibuprofen and some ice , it did n't really help , so i stopped the ibuprofen .\n"
    "[doctor] any trouble climbing stairs ?\n"
    "[patient] no , i can do the stairs at work , but i can't kneel in the garden .\n"
    "[doctor] on exam there is no effusion . you have some tenderness when i press here on the inside .\n"
)
_WORDS = st.sampled_from(
    [
        "no",
        "denies",
        "reports",
        "fever",
        "cough",
        "or",
        "and",
        ",",
        ".",
        "if",
        "did",
        "not",
        "help",
        "with",
        "relief",
        "any",
        "mother",
        "lungs",
        "clear",
        "non",
        "-",
    ]
)
_STATEMENTS = st.lists(_WORDS, max_size=12).map(" ".join)


def _found(text: str, section: str = "HPI") -> list[tuple[str, str]]:
    return [(one.severity, one.detail) for one in negation_findings(Claim(text, (), section, True), VISIT)]


def test_what_no_rule_decides_on_is_doubted_by_many_signs() -> None:
    text = "She cannot climb stairs at work."

    assert list(certain_findings(Claim(text, (), "HPI", True), VISIT)) == []
    assert _found(text) == [("low", "cannot climb stairs at work")]


@pytest.mark.parametrize(
    "text",
    [
        "She cannot kneel in the garden.",
        "She denies instability.",
        "There is no effusion.",
        "She tried ibuprofen and ice without relief.",
        "Vital signs are normal.",
    ],
)
def test_what_stands_in_the_source_or_is_not_spoken_of_is_not(text: str) -> None:
    assert _found(text) == []


def test_how_something_went_is_told_apart_from_what_was_tried() -> None:
    assert _found("She tried ibuprofen and ice with good relief.") == [("high", "relief")]


def test_a_stretch_is_doubted_once() -> None:
    for text in ("She can kneel in the garden.", "There is effusion.", "She has trouble climbing stairs."):
        spans = sorted(one.span or (0, 0) for one in negation_findings(Claim(text, (), "HPI", True), VISIT))
        assert spans
        assert all(first[1] <= second[0] for first, second in pairwise(spans))


@pytest.mark.parametrize("denied", [True, False])
def test_every_weight_has_its_sign_and_the_higher_doubt_needs_more(denied: bool) -> None:
    text = "She denies fever." if denied else "She reports fever."
    said, reading = VISIT.learn(read_source), read_text(text)
    (stretch,) = stretches(reading)
    values = signs(stretch, reading, said, support_of(stretch, reading, said), place_of(reading, said), "HPI")

    assert (stretch.polarity == DENIED) == denied
    assert weights()[denied].signs.keys() <= values.keys()
    assert weights()[denied].low < weights()[denied].medium


@given(_STATEMENTS, st.lists(_STATEMENTS, max_size=3), st.sampled_from(["", "PHYSICAL EXAM", "PLAN"]))
def test_signs_are_shares_whatever_is_said(text: str, passages: list[str], section: str) -> None:
    said = Texts({f"p{at}": one for at, one in enumerate(passages)}).learn(read_source)
    reading = read_text(text)
    place = place_of(reading, said)
    for stretch in stretches(reading):
        held = support_of(stretch, reading, said)
        values = signs(stretch, reading, said, held, place, section)
        is_weighed(stretch, reading, said, held)
        assert all(math.isfinite(value) and -0.001 <= value <= 2 for value in values.values())
