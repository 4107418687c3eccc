"""Which places of a recording are listened to once more, and what of the answer is taken over."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from daemon.faithfulness.medicines.second_hearing import MOST_NAMES, Look, heard_again, second_looks
from daemon.model.doubtful_words import FIRST_HEARD, is_marked
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
        ("I injected triumphs in alone 40 mg.", ["in", "alone"], "I injected triamcinolone 40mg.", "I injected triamcinolone 40 mg."),
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


@pytest.mark.parametrize(
    ("first", "second", "after"),
    [
        ("No glipiside since May.", "Glipizide since May.", "No glipizide since May."),
        ("She stopped glipiside 5 mg.", "She glipizide 5 mg.", "She stopped glipizide 5 mg."),
        ("Left glipiside 5 mg.", "Glipizide 5 mg.", "Left glipizide 5 mg."),
        ("Ten glipiside a day.", "Glipizide a day.", "Ten glipizide a day."),
        ("A kidney glipiside rash.", "A glipizide rash.", "A kidney glipizide rash."),
        ("She isn't glipiside free.", "She glipizide free.", "She isn't glipizide free."),
    ],
)
def test_a_word_beside_it_that_was_surely_heard_stays(first: str, second: str, after: str) -> None:
    assert again(heard(first, "glipiside"), second).text == after


def test_what_turns_a_fact_stays_however_unsure_it_is() -> None:
    passage = heard("She has no glipiside at home.", "no", "glipiside")
    assert again(passage, "She has glipizide at home.").text == "She has no glipizide at home."


def test_what_was_heard_surely_is_not_asked_about() -> None:
    assert second_looks([heard("She takes warfare in 5 mg daily.")]) == ()
    assert second_looks([heard("She takes lisinopril 20 mg daily.", "lisinopril")]) == ()
    assert second_looks([heard("The knee hurts at night.", "knee", "night")]) == ()


def test_drugs_that_are_usual_here_may_sound_less_alike() -> None:
    passage = heard("We stopped search line today.", "search", "line")
    assert second_looks([passage]) == ()
    assert again(passage, "We stopped sertraline today.", "sertraline").text == "We stopped sertraline today."


def test_before_a_dose_a_drug_that_is_often_prescribed_may_sound_less_alike() -> None:
    passage = heard("I gave search line 50 mg.", "search", "line")
    assert again(passage, "I gave sertraline 50 mg.").text == "I gave sertraline 50 mg."


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


_NEVER_LOST = [
    "no",
    "not",
    "denies",
    "left",
    "both",
    "ten",
    "twenty-five",
    "stopped",
    "if",
    "daily",
    "5",
    "2.5",
    "mg",
    "isn't",
    "allergic",
]
_MISHEARD = ["glipiside", "metform", "riveroxaban", "warfare", "in", "furose", "mide"]
_DRUGS = ["glipizide", "metformin", "rivaroxaban", "warfarin", "furosemide"]
_PLAIN = ["kidney", "she", "takes", "pain", "of"]
_SURE, _UNSURE = 0.95, 0.2

_words_heard = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(_NEVER_LOST), st.sampled_from([_SURE, _UNSURE])),
        st.tuples(st.sampled_from(_MISHEARD), st.sampled_from([_SURE, _UNSURE])),
        st.tuples(st.sampled_from(_PLAIN), st.just(_SURE)),
    ),
    min_size=1,
    max_size=9,
)


@st.composite
def _hearings(draw: st.DrawFn) -> tuple[list[tuple[str, float]], list[str]]:
    """Words with how sure they are, and an answer: the same words, some left out, some others, drugs for what was misheard."""
    first = draw(_words_heard)
    others = st.sampled_from([*_DRUGS, *_NEVER_LOST, *_PLAIN])
    answer = [draw(st.one_of(st.just(word), st.just(""), others, st.sampled_from(_DRUGS))) for word, _ in first]
    return first, [word for word in answer if word]


@given(_hearings())
@example(([("no", _SURE), ("glipiside", _UNSURE), ("5", _SURE), ("mg", _SURE)], ["glipizide", "5", "mg"]))
@example(([("glipiside", _UNSURE), ("ten", _SURE)], ["glipizide"]))
@settings(max_examples=400)
def test_whatever_is_answered_only_misheard_words_go(hearing: tuple[list[tuple[str, float]], list[str]]) -> None:
    first, answer = hearing
    words = tuple(Word(text, sure, at * 0.4, at * 0.4 + 0.3) for at, (text, sure) in enumerate(first))
    text = " ".join(word for word, _ in first)
    passage = Passage("p1", text, TimeAnchor("s1", 0.0, len(words) * 0.4), 0.9, words)
    look = Look(0, 0, len(words) - 1, 0.0, len(words) * 0.4, tuple(_DRUGS))
    [found] = heard_again([passage], [look], [" ".join(answer)])
    before = [word for word, _ in first]
    new = [word for word in found.words if word.suggestions]
    assert all(word.text in _DRUGS and is_marked(word) for word in new)
    # With what was heard first in the place of each drug, it is the first hearing again.
    put_back = " ".join(_first(word) if word.suggestions else word.text for word in found.words)
    assert put_back == passage.text
    gone = " ".join(map(_first, new)).split()
    assert not set(gone) & {*_NEVER_LOST, "kidney", "pain"}
    assert [word for word in before if word in _NEVER_LOST] == [
        each for each in found.text.split() if each in _NEVER_LOST
    ]


def _first(word: Word) -> str:
    return word.suggestions[0].removeprefix(FIRST_HEARD)


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
