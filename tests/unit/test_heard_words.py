"""How far each word of a recording is trusted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.faithfulness.reading.heard_words import doubts, weighed
from daemon.faithfulness.vocabulary.plain_words import is_plain_word
from daemon.model.doubtful_words import is_marked
from daemon.model.passage import PageAnchor, Passage, TimeAnchor, Word
from daemon.model.speech_names import SpeechNames


def heard(text: str, sure: float = 0.95, **unsure: float) -> Passage:
    """A passage of a recording; `unsure` names words with another probability."""
    words = tuple(Word(each, unsure.get(each.strip(".,"), sure)) for each in text.split())
    return Passage("p1", text, TimeAnchor("s1", 0.0, 4.0), 0.9, words)


def marked(passage: Passage, *names: str) -> set[str]:
    [found] = weighed([passage], SpeechNames(names))
    return {word.text.strip(".,") for word in found.words if is_marked(word)}


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("She takes glipiside 5 mg before breakfast.", {"glipiside"}),
        ("I started low-permide 2 mg as needed.", {"low-permide"}),
        ("The cardinology note is here.", {"cardinology"}),
        ("He has hemoptosis and a fever.", {"hemoptosis"}),
    ],
)
def test_what_is_no_word_is_doubted_however_sure_recognition_is(text: str, doubtful: set[str]) -> None:
    assert marked(heard(text)) == doubtful


def test_words_where_a_drug_would_stand_are_doubted_before_a_dose() -> None:
    assert "trust" in marked(heard("We increased trust him 40 mg twice daily.", trust=0.75, him=0.7))
    assert marked(heard("We had to trust him for 40 minutes.", trust=0.75, him=0.7)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "She takes lisinopril 20 mg daily and metformin 500 mg twice a day.",
        "No chest pain, no shortness of breath.",
        "Blood pressure is 118 over 72, pulse 64, temperature 98.6.",
        "The creatinine is 1.9 and the hemoglobin A1c is 8.4 percent.",
        "Urinalysis and an x-ray of the left knee in 2024.",
        "Palpitations, photophobia and a subdural hematoma in 1998.",
    ],
)
def test_what_was_heard_well_is_left_alone(text: str) -> None:
    assert marked(heard(text)) == set()


def test_a_number_as_nobody_says_it_is_doubted_sooner() -> None:
    assert marked(heard("The dose is 8.10 mg now.", **{"8.10": 0.6})) == {"8.10"}
    assert marked(heard("The dose is 8.1 mg now.", **{"8.1": 0.6})) == set()


def test_a_drug_that_is_one_is_doubted_where_recognition_was_not_sure() -> None:
    assert marked(heard("She takes hydralazine 25 mg daily.", hydralazine=0.15)) == {"hydralazine"}


def test_the_practice_s_own_names_are_words() -> None:
    text = "She was sent by Okafor on Monday."
    assert marked(heard(text, Okafor=0.8)) == {"Okafor"}
    assert marked(heard(text, Okafor=0.8), "Dr. Okafor") == set()


def test_a_line_of_a_page_is_left_as_it_is() -> None:
    line = Passage("p1", "glipiside 5 mg", PageAnchor("s1", 1, (0.1, 0.1, 0.5, 0.2)), 0.9, (Word("glipiside", 0.9),))
    assert weighed([line]) == (line,)


@given(st.lists(st.tuples(st.text(max_size=12), st.floats(0, 1)), max_size=8))
def test_any_words_are_weighed_one_by_one(words: list[tuple[str, float]]) -> None:
    passage = Passage(
        "p1", " ".join(text for text, _ in words), TimeAnchor("s1", 0.0, 4.0), 0.9, tuple(Word(*one) for one in words)
    )
    [found] = weighed([passage])
    assert [word.text for word in found.words] == [text for text, _ in words]
    assert (found.text, found.confidence) == (passage.text, passage.confidence)
    assert all(0 <= word.confidence <= 1 for word in found.words)


@given(st.floats(0, 0.99), st.floats(0, 0.01))
def test_the_surer_recognition_is_the_less_a_plain_word_is_doubted(sure: float, more: float) -> None:
    one, other = (
        doubts([Word("the", 0.9), Word("knee", share), Word("hurts.", 0.9)])[1] for share in (sure, sure + more)
    )
    assert other <= one


@pytest.mark.parametrize(
    "word", ["knee", "102.4", "10mg", "a1c", "x-ray", "light-headedness", "lisinopril", "eardrums", "%", ""]
)
def test_plain_words(word: str) -> None:
    assert is_plain_word(word)


@pytest.mark.parametrize("word", ["glipiside", "furos", "cyber-lisk", "ramipral"])
def test_words_that_are_none(word: str) -> None:
    assert not is_plain_word(word)


@pytest.mark.parametrize("word", ["denies", "left", "no", "10", "mg"])
def test_a_mere_guess_among_sure_words_is_doubted_whatever_it_is(word: str) -> None:
    text = "She denies pain in the left knee, has no fever and takes 10 mg daily."
    assert word not in marked(heard(text))
    assert word in marked(heard(text, **{word: 0.04}))
