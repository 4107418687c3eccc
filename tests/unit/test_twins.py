"""Errors as they are put into sentences: one of a kind, in good grammar, and of another meaning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.evaluation.corpus import Encounter
from daemon.evaluation.invented import invented_examinations
from daemon.evaluation.twin_negations import flipped
from daemon.evaluation.twins import KINDS, MAKERS, Twin, twins_of
from daemon.faithfulness.reading.sentences import note_sections
from daemon.faithfulness.reading.transcript import read_transcript

SENTENCE = "Mr. Hill denies pain in his left knee and takes metformin 500 mg twice daily."


def test_a_sentence_has_one_twin_of_each_kind_it_has_a_place_for() -> None:
    twins = {twin.kind: twin for twin in twins_of(SENTENCE, "Plan")}
    assert set(twins) == set(KINDS) - {"examination"}
    assert all(
        twin.original == SENTENCE and twin.text != SENTENCE and twin.section == "Plan" for twin in twins.values()
    )
    assert twins["drug"].text == SENTENCE.replace("metformin", "metronidazole")
    assert twins["laterality"].text == SENTENCE.replace("left", "right")
    assert twins["frequency"].text == SENTENCE.replace("twice daily", "four times daily")
    assert twins["unit"].text == SENTENCE.replace("mg", "mcg")
    assert twins["negation"].text == SENTENCE.replace("denies", "reports")
    assert twins["identity"].text != SENTENCE.replace("Mr. Hill", "Mr. ")
    assert list(twins_of("Rest.", "Plan")) == []


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("No murmurs, gallops, or rubs.", "Positive for murmurs, gallops, or rubs."),
        ("Right knee: No pain with movement.", "Right knee: positive for pain with movement."),
        ("There is no evidence of any fracture.", "There is evidence of fracture."),
        ("No fractures were noted.", "Fractures were noted."),
        ("He denies having any pain.", "He reports having pain."),
        ("She has had no falls.", "She has had falls."),
        ("It has not had any effect.", "It has had some effect."),
        ("She has a cough.", "She does not have a cough."),
        ("Denies fever.", "Reports fever."),
        ("Abdomen is soft without masses.", "Abdomen is soft with masses."),
    ],
)
def test_yes_and_no_are_swapped_in_good_grammar(said: str, other: str) -> None:
    assert list(flipped(said)) == [other]


@pytest.mark.parametrize(
    "said", ["If she does not improve, we operate.", "She is no longer ill.", "No known allergies.", "Rest."]
)
def test_what_has_no_plain_opposite_is_left(said: str) -> None:
    assert list(flipped(said)) == []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("laterality", "Pain in the left and right knee."),
        ("laterality", "She left the room right now."),
        ("unit", "A 76-year-old man."),
        ("frequency", "Needs help with activities of daily living."),
        ("frequency", "He came a week ago."),
        ("quantity", "Scale 0-10 (0 = none), 3/6 murmur, A1c, 01/02/2021."),
        ("drug", "He takes a statin."),
        ("identity", "He rests."),
    ],
)  # fmt: skip
def test_what_would_be_no_error_is_not_made(kind: str, said: str) -> None:
    assert list(MAKERS[kind](said)) == []


@pytest.mark.parametrize(
    ("kind", "said", "others"),
    [
        ("quantity", "Take 40 mg.", {"Take 80 mg.", "Take 400 mg.", "Take 20 mg."}),
        ("quantity", "Pulse 67.", {"Pulse 87.", "Pulse 76."}),
        ("quantity", "TSH 2.68.", {"TSH 4.68."}),
        ("quantity", "BP 138/84.", {"BP 158/84.", "BP 183/84."}),
        ("quantity", "In three weeks.", {"In four weeks."}),
        ("unit", "In three weeks.", {"In three months."}),
        ("drug", "Start Lasix and Celebrex.", {"Start Luvox and Celebrex.", "Start Lasix and Celexa."}),
        ("identity", "Ms. Ann Diaz is well.", None),
    ],
)  # fmt: skip
def test_errors_are_slips_that_people_make(kind: str, said: str, others: set[str] | None) -> None:
    made = set(MAKERS[kind](said))
    assert (
        made == others
        if others is not None
        else all(text.startswith("Ms. Ann ") and "Diaz" not in text for text in made)
    )


def _encounter(name: str, note: str) -> Encounter:
    return Encounter(name, read_transcript("[doctor] hello"), note_sections(note))


def test_an_examination_is_invented_from_another_note_and_not_from_words_of_its_own() -> None:
    own = _encounter("a", "PHYSICAL EXAM\nLungs are clear to auscultation bilaterally.")
    bare = _encounter("b", "PLAN\nRest and fluids for a week.")
    other = _encounter(
        "c", "PHYSICAL EXAM\nRespiratory\nLungs: Clear to auscultation bilaterally.\nNo edema of the lower legs."
    )
    assert list(invented_examinations([own, bare, other], 0)) == [
        Twin("examination", "PHYSICAL EXAM", "No edema of the lower legs.", "")
    ]
    assert list(invented_examinations([own], 0)) == []


@given(st.text(max_size=80))
def test_any_text_has_the_same_twins_each_time(text: str) -> None:
    twins = list(twins_of(text, ""))
    assert twins == list(twins_of(text, ""))
    assert all(twin.text != text for twin in twins)
