"""Which drugs the doubtful words of a sentence may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.faithfulness.medicines.guessed_drugs import guessed_drugs
from daemon.faithfulness.vocabulary.turning_words import turns_a_fact
from daemon.model.passage import Word


def words(text: str, sure: float = 0.3) -> tuple[Word, ...]:
    return tuple(Word(each, sure) for each in text.split())


@pytest.mark.parametrize(
    ("text", "run", "drug", "dosed"),
    [
        ("He takes loss out on 100 milligrams.", "loss out on", "losartan", True),
        ("Furos might 40 mg every morning.", "Furos might", "furosemide", True),
        ("Start put this alone 24 mg for five days.", "put this alone", "prednisolone", True),
        ("Van LaFaxen 37.5 mg for four weeks.", "Van LaFaxen", "venlafaxine", True),
        ("Gabé Penten 300 mg made her dizzy.", "Gabé Penten", "gabapentin", True),
        ("She stopped the glipiside in May.", "glipiside", "glipizide", False),
        ("No lorry spam.", "lorry spam.", "lorazepam", False),
    ],
)
def test_runs_of_words_are_taken_for_the_drugs_that_they_sound_like(
    text: str, run: str, drug: str, dosed: bool
) -> None:
    said = words(text)
    [guess] = [one for one in guessed_drugs(said) if one.name == drug]
    assert " ".join(word.text for word in said[guess.first : guess.end]) == run
    assert guess.dosed is dosed
    assert 0.5 <= guess.alike <= 1


def test_before_a_dose_less_is_enough() -> None:
    assert "propranolol" in {one.name for one in guessed_drugs(words("Properly and allow 40 mg."))}
    assert "propranolol" not in {one.name for one in guessed_drugs(words("Properly and allow it."))}


def test_a_sure_word_of_english_stays_out_where_it_adds_little() -> None:
    said = (Word("takes", 0.95), Word("norithendron", 0.1), Word("5", 0.9), Word("mg", 0.9))
    [guess] = [one for one in guessed_drugs(said) if one.name == "norethindrone"]
    assert (guess.first, guess.end) == (1, 2)


@pytest.mark.parametrize(
    "said",
    [
        words("the metform in May", 0.9),  # surely heard, no dose
        words("She takes lisinopril 20 mg."),
        words("She takes folic acid 1 mg."),
        words("He takes a rest", 0.65),  # English, heard fairly well
    ],
)
def test_nothing_is_guessed(said: tuple[Word, ...]) -> None:
    assert guessed_drugs(said) == ()


@pytest.mark.parametrize(
    ("said", "drug"),
    [
        (words("loss out on 100 mg", 0.9), "losartan"),
        (words("do not be ill 10 mg"), "donepezil"),
    ],
    ids=["surely heard", "with a word that turns a fact"],
)
def test_before_a_dose_also_what_may_not_be_replaced(said: tuple[Word, ...], drug: str) -> None:
    [guess] = [one for one in guessed_drugs(said) if one.name == drug]
    assert guess.surely
    assert guess.dosed


def test_no_run_goes_over_a_comma() -> None:
    assert all(guess.end - guess.first == 1 for guess in guessed_drugs(words("metform, in 500 mg")))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["no", "left", "ten", "glipiside", "metform", "in", "5", "mg", "é", "-", "", "lorry", "spam."]
            ),
            st.floats(0, 1),
        ),
        max_size=12,
    )
)
def test_no_guess_has_a_number_or_a_unit_and_none_to_be_replaced_turns_a_fact(
    said: list[tuple[str, float]],
) -> None:
    row = tuple(Word(text, sure) for text, sure in said)
    guesses = guessed_drugs(row, ("glipizide",))
    for one in guesses:
        assert 0 <= one.first < one.end <= len(row)
        inside = [word.text.strip(".") for word in row[one.first : one.end]]
        assert not {"5", "mg"} & set(inside)
        assert one.surely or not any(map(turns_a_fact, inside))
        alike = [other for other in guesses if other.name == one.name and other is not one]
        assert all(other.end <= one.first or one.end <= other.first for other in alike)
