"""What stands right before a dose and is no drug is held against the drugs that are often prescribed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.faithfulness.medicines.dosed_words import dosed_words
from daemon.faithfulness.medicines.drugs import drug_names
from daemon.faithfulness.medicines.suggested_words import suggested
from daemon.faithfulness.package_data import package_text
from daemon.model.doubtful_words import LOW_CONFIDENCE
from daemon.model.passage import Passage, TimeAnchor, Word


def words(text: str, sure: float = 0.3) -> tuple[Word, ...]:
    return tuple(Word(each, sure, at * 0.4, at * 0.4 + 0.3) for at, each in enumerate(text.split()))


def passage(text: str) -> Passage:
    said = words(text)
    return Passage("p1", text, TimeAnchor("s1", 0.0, len(said) * 0.4), 0.9, said)


@pytest.mark.parametrize(
    ("text", "drug"),
    [
        ("He takes loss out on 100 milligrams.", "losartan"),
        ("She takes leather oxide 88 mcg daily.", "levothyroxine"),
        ("Furos might 40 mg every morning.", "furosemide"),
        ("Start put this alone 24 mg for five days.", "prednisolone"),
        ("She has been on search line 100 milligrams.", "sertraline"),
        ("Van LaFaxen 37.5 mg for four weeks.", "venlafaxine"),
        ("Gabé Penten 300 mg made her dizzy.", "gabapentin"),
    ],
)
def test_a_drug_that_was_heard_as_other_words_is_suggested(text: str, drug: str) -> None:
    [found] = suggested([passage(text)])
    assert drug in {name for word in found.words for name in word.suggestions}


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("He takes loss out on 100 milligrams.", 0.9),  # surely heard
        ("She takes lisinopril 20 mg daily.", 0.3),  # a drug stands there
        ("She walked for 20 minutes.", 0.3),  # no dose
        ("The loss of weight is 20 pounds.", 0.3),
    ],
)
def test_elsewhere_nothing_is_suggested(text: str, sure: float) -> None:
    assert list(dosed_words(words(text, sure), LOW_CONFIDENCE)) == []


def test_the_drugs_that_are_listened_for_are_drugs() -> None:
    listed = [line for line in package_text("prescribed_drugs.txt").splitlines() if not line.startswith("#")]
    assert listed == sorted(set(listed))
    assert set(listed) <= set(drug_names())


@given(
    st.lists(
        st.sampled_from(["loss", "out", "on", "5", "mg", "mg.", "é", "-", "takes", "lisinopril", ","]), max_size=12
    )
)
def test_places_are_within_the_words(said: list[str]) -> None:
    row = words(" ".join(said))
    for dosed in dosed_words(row, LOW_CONFIDENCE):
        assert 0 <= dosed.first <= dosed.last < len(row)
        assert all(0.5 < score <= 1 for _, score in dosed.names)
