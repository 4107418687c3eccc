"""Diagnoses that were named as the patient's and stand in no statement."""

from __future__ import annotations

import pytest

from daemon.faithfulness.omissions.diagnoses import omitted_diagnoses
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.texts import Texts

NOTHING = Texts({"s1": "The patient presents for a visit."})


def missed(said: str, *statements: str) -> list[tuple[str, str]]:
    note = Texts({f"s{number}": text for number, text in enumerate(statements, 1)}) if statements else NOTHING
    return [(each.text, each.severity) for each in omitted_diagnoses(note, read_transcript(said))]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Past medical history is significant for hypertension.", "hypertension"),
        ("[doctor] so i understand you have type 2 diabetes", "type 2 diabetes"),
        ("[doctor] how are you doing\n[patient] my asthma is acting up", "asthma"),
        ("Assessment: acute sinusitis.", "sinusitis"),
        ("[X] Diabetes", "Diabetes"),
        ("[doctor] this is consistent with plantar fasciitis", "plantar fasciitis"),
        ("[patient] I was diagnosed with lupus years ago.", "lupus"),
    ],
)
def test_what_the_patient_has_is_missed(said: str, name: str) -> None:
    assert missed(said) == [(name, "high")]


@pytest.mark.parametrize(
    "said",
    [
        "She denies any history of diabetes.",
        "[patient] my mother had breast cancer",
        "[patient] a friend of mine has lupus",
        "Pneumonia was ruled out.",
        "[doctor] any history of endometriosis",
        "[doctor] Do you have asthma?\n[patient] No.",
        "[doctor] if you get pneumonia we will treat that",
        "[doctor] this medicine lowers your risk of stroke",
        "[doctor] are you keeping to the low sodium diet",
        "I would like to check for anemia.",
    ],
)
def test_what_is_not_the_patients_is_not_missed(said: str) -> None:
    assert missed(said) == []


@pytest.mark.parametrize(
    "line", ["Family history: diabetes and stroke.", "FHx: asthma", "[ ] Diabetes", "Diabetes: no"]
)
def test_what_a_form_does_not_give_to_the_patient_is_not_missed(line: str) -> None:
    assert not list(omitted_diagnoses(NOTHING, Texts({"p1": line})))


@pytest.mark.parametrize(
    ("said", "statement"),
    [
        ("She has high blood pressure.", "Hypertension, well controlled."),
        ("She has a history of cancer.", "History of breast cancer."),
        ("She has GERD.", "Acid reflux."),
        ("He has chronic kidney disease.", "Denies chronic kidney disease."),
        ("He has complex regional pain syndrome.", "Regional pain syndrome, complex."),
    ],
)
def test_another_name_a_narrower_one_and_a_denial_stand_for_it(said: str, statement: str) -> None:
    assert missed(said, statement) == []


def test_a_broader_name_leaves_a_hint() -> None:
    assert missed("She has breast cancer.", "History of cancer.") == [("breast cancer", "low")]


def test_each_is_said_once_with_all_its_passages_in_order() -> None:
    source = read_transcript("She has gout. She has asthma. Her gout is worse today.")
    found = list(omitted_diagnoses(NOTHING, source))
    assert [(each.kind, each.text, each.evidence) for each in found] == [
        ("diagnosis", "gout", ("p1", "p3")),
        ("diagnosis", "asthma", ("p2",)),
    ]


def test_the_narrower_of_two_speaks_for_both() -> None:
    assert missed("She has cancer. It is a breast cancer that she has.") == [("breast cancer", "high")]


def test_what_may_be_a_verb_is_only_a_hint() -> None:
    assert missed("[doctor] you have a little strain there") == [("strain", "low")]


def test_the_third_of_a_list_is_missed_alone() -> None:
    said = "Past medical history includes gerd, anxiety and asthma."
    assert missed(said, "GERD.", "Anxiety.") == [("asthma", "high")]
