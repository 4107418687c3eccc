"""Which places of a recording are listened to once more, and what of the answer is taken over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.faithfulness.medicines.second_hearing import MOST_NAMES, Look, heard_again, second_looks
from daemon.model.doubtful_words import is_marked
from daemon.model.passage import PageAnchor, Passage, TimeAnchor, Word
from daemon.model.speech_names import SpeechNames


def heard(text: str, *unsure: str, sure: float = 0.95) -> Passage:
    """A passage of a recording; the words `unsure` are doubted."""
    words = tuple(
        Word(each, 0.2 if each.strip(".,") in unsure else sure, at * 0.4, at * 0.4 + 0.3)
        for at, each in enumerate(text.split())
    )
    return Passage("p1", text, TimeAnchor("s1", 0.0, len(words) * 0.4), 0.9, words)


def again(passage: Passage, text: str, *usual: str) -> Passage:
    looks = second_looks([passage], SpeechNames((), usual))
    [found] = heard_again([passage], looks, [text] * len(looks))
    return found


@pytest.mark.parametrize(
    ("first", "unsure", "second", "after"),
    [
        ("She takes metform in 500 mg daily.", ["metform"], "She takes metformin 500mg daily.", "She takes metformin 500 mg daily."),
        ("We stopped the glipiside, too.", ["glipiside"], "We stopped the glipizide too.", "We stopped the glipizide, too."),
        ("Warfare in 2.5 milligrams.", ["Warfare"], "Warfarin 2.5mg", "Warfarin 2.5 milligrams."),
        ("Start riveroxaban 20mg.", ["riveroxaban"], "Start rivaroxaban 20 milligrams.", "Start rivaroxaban 20mg."),
    ],
)  # fmt: skip
def test_a_drug_is_taken_over_and_nothing_else(first: str, unsure: list[str], second: str, after: str) -> None:
    assert again(heard(first, *unsure), second).text == after


def test_what_is_taken_over_stays_marked_with_what_was_heard_at_first() -> None:
    [word] = [
        one
        for one in again(
            heard("Increase the furose mide to 60 mg.", "furose", "mide"), "Increase the furosemide to 60 mg."
        ).words
        if one.suggestions
    ]
    assert word.text == "furosemide"
    assert word.suggestions == ("first heard: furose mide",)
    assert is_marked(word)
    assert (word.start, word.end) == (0.8, pytest.approx(1.5))


@pytest.mark.parametrize(
    "second",
    [
        "",
        "She takes metformin 850 mg daily.",  # another dose
        "She does not take metformin or 500 mg daily.",  # other words beside it
        "She takes lisinopril 500 mg daily.",  # a drug that was not asked for
        "She takes metform in 500 mg daily.",
        "She takes metformin, she takes metformin, she takes metformin, she takes metformin, she takes metformin",
    ],
)
def test_an_answer_that_says_anything_else_changes_nothing(second: str) -> None:
    passage = heard("She takes metform in 500 mg daily.", "metform")
    assert again(passage, second) == passage


def test_what_was_heard_surely_is_not_asked_about() -> None:
    assert second_looks([heard("She takes warfare in 5 mg daily.")]) == ()
    assert second_looks([heard("She takes lisinopril 20 mg daily.", "lisinopril")]) == ()
    assert second_looks([heard("The knee hurts at night.", "knee", "night")]) == ()


def test_drugs_that_are_usual_here_may_sound_less_alike() -> None:
    passage = heard("I gave search line 50 mg.", "search")
    assert all("sertraline" not in look.names for look in second_looks([passage]))
    assert again(passage, "I gave sertraline 50 mg.", "sertraline").text == "I gave sertraline 50 mg."


def test_a_look_is_as_long_as_a_sentence_and_asks_for_few_names() -> None:
    passage = heard("She feels well. She takes metform in 500 mg. No pain.", "metform")
    [look] = second_looks([passage], SpeechNames((), ("metoprolol", "methotrexate")))
    assert (look.first, look.last) == (3, 8)
    assert look.start == pytest.approx(1.2)
    assert "metformin" in look.names
    assert len(look.names) <= MOST_NAMES


def test_of_a_long_sentence_the_clause_is_listened_to() -> None:
    text = "Weight is 16 kg, " + "and the left drum is red and bulging " * 4 + "today, amaxicillin 640 mg twice a day."
    [look] = second_looks([heard(text, "amaxicillin")])
    assert text.split()[look.first] == "amaxicillin"
    assert "amoxicillin" in look.names


def test_two_sentences_of_one_passage_are_changed_each() -> None:
    passage = heard("She takes metform in 500 mg. We stopped glipiside today.", "metform", "glipiside")
    looks = second_looks([passage])
    [found] = heard_again([passage], looks, ["She takes metformin 500 mg.", "We stopped glipizide today."])
    assert found.text == "She takes metformin 500 mg. We stopped glipizide today."


def test_a_page_is_not_listened_to() -> None:
    line = Passage("p1", "metform in 500 mg", PageAnchor("s1", 1, (0.1, 0.1, 0.5, 0.2)), 0.4)
    assert second_looks([line]) == ()


@given(
    st.lists(
        st.sampled_from(
            ["she", "takes", "metform", "in", "metformin", "glipizide", "500", "5", "mg", "no", "not", "daily", "pain"]
        ),
        max_size=12,
    )
)
def test_whatever_is_answered_numbers_and_what_turns_a_fact_round_stay(answer: list[str]) -> None:
    passage = heard("No pain, she takes metform in 500 mg, not daily.", "metform", "in")
    found = again(passage, " ".join(answer)).text
    assert found in {passage.text, "No pain, she takes metformin 500 mg, not daily."}


@given(st.text(max_size=60))
def test_no_answer_breaks_anything(untrusted: str) -> None:
    passage = heard("She takes metform in 500 mg daily.", "metform")
    assert heard_again([passage], [Look(0, 0, 6, 0.0, 2.8, ("metformin",))], [untrusted])[0].id == "p1"
