"""Which places of a recording are listened to once more, and what of the answer is taken over."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from daemon.faithfulness.medicines.second_hearing import MOST_GUESSES, Look, heard_again, second_looks
from daemon.faithfulness.reading.heard_words import weighed
from daemon.model.doubtful_words import FIRST_HEARD, is_marked, is_taken
from daemon.model.passage import PageAnchor, Passage, TimeAnchor, Word
from daemon.model.speech_names import SpeechNames

AS_HEARD, LIKELIER, MUCH_LIKELIER = -20.0, -15.0, -2.0
A_LITTLE_LESS_LIKELY, LESS_LIKELY = -26.0, -60.0


def heard(text: str, *unsure: str, sure: float = 0.95) -> Passage:
    """A passage of a recording; the words `unsure` are doubted."""
    words = tuple(
        Word(each, 0.2 if each.strip(".,") in unsure else sure, at * 0.4, at * 0.4 + 0.3)
        for at, each in enumerate(text.split())
    )
    return Passage("p1", text, TimeAnchor("s1", 0.0, len(words) * 0.4), 0.9, words)


def chances(look: Look, drug: str, likely: float = LIKELIER) -> list[float]:
    """As if `drug` were heard there."""
    return [AS_HEARD, *(likely if guess.name == drug else LESS_LIKELY for guess in look.guesses)]


def again(passage: Passage, drug: str, *usual: str, likely: float = LIKELIER) -> Passage:
    looks = second_looks([passage], SpeechNames((), usual))
    [found] = heard_again([passage], looks, [chances(look, drug, likely) for look in looks])
    return found


@pytest.mark.parametrize(
    ("first", "unsure", "drug", "after"),
    [
        ("She takes metform in 500 mg daily.", ["metform"], "metformin", "She takes metformin 500 mg daily."),
        ("We stopped the glipiside, too.", ["glipiside"], "glipizide", "We stopped the glipizide, too."),
        ("Warfare in 2.5 milligrams.", ["Warfare"], "warfarin", "Warfarin 2.5 milligrams."),
        ("Start riveroxaban 20mg.", ["riveroxaban"], "rivaroxaban", "Start rivaroxaban 20mg."),
        ("I injected triumphs in alone 40 mg.", ["in", "alone"], "triamcinolone", "I injected triamcinolone 40 mg."),
        ("She takes a pixabon 5 mg.", ["pixabon"], "apixaban", "She takes apixaban 5 mg."),
        ("No lorry spam.", ["spam"], "lorazepam", "No lorazepam."),
    ],
)  # fmt: skip
def test_a_drug_that_is_likelier_is_taken_over_and_nothing_else(
    first: str, unsure: list[str], drug: str, after: str
) -> None:
    assert again(heard(first, *unsure), drug).text == after


def test_what_is_taken_over_stays_marked_with_what_was_heard_at_first() -> None:
    passage = heard("Increase the furose mide to 60 mg.", "furose", "mide")
    [word] = [one for one in again(passage, "furosemide").words if one.suggestions]
    assert word.text == "furosemide"
    assert word.suggestions == ("first heard: furose mide",)
    assert is_marked(word)
    assert word.start == pytest.approx(0.8)
    assert word.end == pytest.approx(1.5)


def test_what_was_heard_at_first_stays_where_it_is_likelier() -> None:
    passage = heard("She takes metform in 500 mg daily.", "metform")
    assert again(passage, "metformin", likely=LESS_LIKELY) == passage


def test_where_nothing_could_be_told_nothing_changes() -> None:
    passage = heard("She takes metform in 500 mg daily.", "metform")
    assert heard_again([passage], second_looks([passage]), [[]]) == (passage,)


def test_a_drug_that_sounds_less_alike_has_to_be_likelier() -> None:
    passage = heard("She takes loss out on 100 mg.", "loss", "out")
    assert again(passage, "losartan", likely=A_LITTLE_LESS_LIKELY).text == passage.text
    assert again(passage, "losartan", likely=MUCH_LIKELIER).text == "She takes losartan 100 mg."
    passage = heard("She takes losartane 100 mg.", "losartane")
    assert again(passage, "losartan", likely=A_LITTLE_LESS_LIKELY).text == "She takes losartan 100 mg."


def test_of_two_drugs_that_are_as_likely_neither_is_taken_over_and_both_are_suggested() -> None:
    passage = heard("She takes sitalapram 10 mg.", "sitalapram")
    [look] = second_looks([passage])
    assert len(look.names) > 1
    [found] = heard_again([passage], [look], [[AS_HEARD, *(LIKELIER for _ in look.guesses)]])
    assert found.text == passage.text
    [word] = [word for word in found.words if word.suggestions]
    assert {"citalopram", "escitalopram"} <= set(word.suggestions)
    assert is_marked(word)


@pytest.mark.parametrize(
    ("first", "after"),
    [
        ("No glipiside since May.", "No glipizide since May."),
        ("She stopped glipiside 5 mg.", "She stopped glipizide 5 mg."),
        ("Left glipiside 5 mg.", "Left glipizide 5 mg."),
        ("Ten glipiside a day.", "Ten glipizide a day."),
        ("A kidney glipiside rash.", "A kidney glipizide rash."),
        ("She isn't glipiside free.", "She isn't glipizide free."),
    ],
)
def test_a_word_beside_it_stays(first: str, after: str) -> None:
    assert again(heard(first, "glipiside"), "glipizide", likely=MUCH_LIKELIER).text == after


def test_what_turns_a_fact_stays_however_unsure_it_is() -> None:
    passage = heard("She has no glipiside at home.", "no", "glipiside")
    assert again(passage, "glipizide", likely=MUCH_LIKELIER).text == "She has no glipizide at home."


@pytest.mark.parametrize(
    "passage",
    [
        heard("She takes warfare in since May."),
        heard("She takes lisinopril 20 mg daily.", "lisinopril"),
        heard("The knee hurts at night.", "knee", "night"),
        Passage("p1", "metform in 500 mg", PageAnchor("s1", 1, (0.1, 0.1, 0.5, 0.2)), 0.4),
    ],
    ids=["surely heard", "a drug", "like no drug", "a page"],
)
def test_nothing_else_is_asked_about(passage: Passage) -> None:
    assert second_looks([passage]) == ()


@pytest.mark.parametrize(
    ("text", "unsure", "drug", "doubted"),
    [
        ("She takes set it as in 10 mg.", [], "cetirizine", {"set"}),
        ("We start do not be ill 10 mg.", ["be", "ill"], "donepezil", {"not", "ill"}),
    ],
    ids=["surely heard", "with a word that turns a fact"],
)
def test_what_may_not_be_replaced_is_doubted_with_the_drug_beside_it(
    text: str, unsure: list[str], drug: str, doubted: set[str]
) -> None:
    found = again(heard(text, *unsure), drug, likely=MUCH_LIKELIER)
    assert found.text == text
    assert {word.text for word in found.words if drug in word.suggestions and is_marked(word)} == doubted
    [weighed_again] = weighed([found])
    assert {word.text for word in weighed_again.words if drug in word.suggestions and is_marked(word)} == doubted


def test_words_beside_a_drug_that_was_found_are_doubted_less() -> None:
    passage = heard("Resumed metform in 500 mg.", "metform", "in")
    [found] = weighed([again(passage, "metformin")])
    [before] = weighed([passage])
    assert found.words[0].confidence > before.words[0].confidence


def test_drugs_that_are_usual_here_may_sound_less_alike() -> None:
    passage = heard("We stopped guselkoo today.", "guselkoo")
    assert second_looks([passage]) == ()
    assert again(passage, "guselkumab", "guselkumab").text == "We stopped guselkumab today."


def test_a_look_has_the_words_around_within_the_sentence_and_few_guesses() -> None:
    passage = heard("She feels well. Since May she takes metform in 500 mg. No pain.", "metform")
    [look] = second_looks([passage], SpeechNames((), ("metoprolol", "methotrexate")))
    assert look.texts[0] == "she takes metform in 500 mg."
    assert "she takes metformin 500 mg." in look.texts
    assert look.start == pytest.approx(2.0)
    assert len(look.texts) == 1 + len(look.guesses) <= 1 + MOST_GUESSES


def test_each_place_is_asked_about_and_changed_by_itself() -> None:
    passage = heard("She takes metform in 500 mg. We stopped glipiside and start riveroxaban 20 mg today.", "metform", "glipiside", "riveroxaban")  # fmt: skip
    looks = second_looks([passage])
    assert len(looks) == 3
    answers = [chances(look, look.guesses[0].name) for look in looks]
    [found] = heard_again([passage], looks, answers)
    assert found.text == "She takes metformin 500 mg. We stopped glipizide and start rivaroxaban 20 mg today."


_NEVER_LOST = [
    "no", "not", "denies", "left", "both", "ten", "twenty-five", "stopped", "if", "daily", "5", "2.5", "mg", "isn't", "allergic",
]  # fmt: skip
_MISHEARD = [
    "glipiside",
    "metform",
    "riveroxaban",
    "warfare",
    "in",
    "furose",
    "mide",
    "a",
    "pixabon.",
    "lorry",
    "spam,",
]
_PLAIN = ["kidney", "she", "takes", "pain", "of"]
_SURE, _UNSURE = 0.95, 0.2

_words_heard = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(_NEVER_LOST), st.sampled_from([_SURE, _UNSURE])),
        st.tuples(st.sampled_from(_MISHEARD), st.sampled_from([_SURE, _UNSURE])),
        st.tuples(st.sampled_from(_PLAIN), st.just(_SURE)),
    ),
    min_size=1,
    max_size=12,
)


@given(_words_heard, st.data())
@example([("no", _SURE), ("glipiside", _UNSURE), ("5", _SURE), ("mg", _SURE)], None)
@settings(max_examples=300)
def test_whatever_is_answered_only_misheard_words_go(
    first: list[tuple[str, float]], data: st.DataObject | None
) -> None:
    words = tuple(Word(text, sure, at * 0.4, at * 0.4 + 0.3) for at, (text, sure) in enumerate(first))
    text = " ".join(word for word, _ in first)
    passage = Passage("p1", text, TimeAnchor("s1", 0.0, len(words) * 0.4), 0.9, words)
    looks = second_looks([passage])
    [found] = heard_again([passage], looks, [_answer(data, look) for look in looks])
    new = [word for word in found.words if is_taken(word)]
    assert all(map(is_marked, new))
    # With what was heard first in the place of each drug, it is the first hearing again but for the marks around it.
    put_back = " ".join(_first(word) if is_taken(word) else word.text for word in found.words)
    assert _bare(put_back) == _bare(passage.text)
    gone = " ".join(map(_first, new)).split()
    assert not set(gone) & {*_NEVER_LOST, "kidney", "pain"}


def _answer(data: st.DataObject | None, look: Look) -> Sequence[float]:
    many = len(look.texts)
    if data is None:
        return [AS_HEARD] + [0.0] * (many - 1)
    return data.draw(st.lists(st.floats(-1e5, 0.0), min_size=many, max_size=many) | st.just([]))


def _first(word: Word) -> str:
    return word.suggestions[0].removeprefix(FIRST_HEARD)


def _bare(text: str) -> list[str]:
    return [word.strip(".,") for word in text.split()]
