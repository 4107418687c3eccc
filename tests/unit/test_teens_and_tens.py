"""A number that is easily taken for another, where it was not surely heard, is doubted with the other beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.faithfulness.reading.heard_words import weighed
from daemon.faithfulness.reading.teens_and_tens import other_ten
from daemon.model.doubtful_words import is_marked
from daemon.model.passage import Passage, TimeAnchor, Word


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("50", "15"),
        ("15mg", "50mg"),
        ("13", "30"),
        ("90", "19"),
        ("30-year-old", "13-year-old"),
        ("10", ""),
        ("11", ""),
        ("20", ""),
        ("45", ""),
        ("150", ""),
        ("1.50", ""),
        ("50.5", ""),
        ("15-50", ""),
        ("fifty", ""),
        ("", ""),
    ],
)
def test_the_number_that_it_is_mistaken_for(text: str, other: str) -> None:
    assert other_ten(text) == other


@given(st.integers(13, 99))
def test_the_other_of_the_other_is_itself(number: int) -> None:
    other = other_ten(str(number))
    assert other == "" or other_ten(other) == str(number)


@pytest.mark.parametrize(("sure", "marked"), [(0.55, True), (0.9, False)])
def test_it_is_doubted_where_it_was_not_surely_heard(sure: float, marked: bool) -> None:
    said = "She takes methotrexate 50 milligrams once a week."
    words = tuple(Word(each, sure if each == "50" else 0.97) for each in said.split())
    [found] = weighed([Passage("p1", said, TimeAnchor("s1", 0.0, 4.0), 0.9, words)])
    [number] = [word for word in found.words if word.text == "50"]
    assert is_marked(number) is marked
    assert number.suggestions == (("15",) if marked else ())
