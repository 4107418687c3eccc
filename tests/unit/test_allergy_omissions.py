"""Allergies that were said and stand in no statement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.faithfulness.omissions.allergies import omitted_allergies
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.texts import Texts
from daemon.model.finding import Omission

LEFT_OUT = [
    ("[doctor] any allergies ?\n[patient] just penicillin , i get hives .", [("penicillin (hives)", "high")]),
    ("[doctor] do you have any allergies ?\n[patient] yes . penicillin .", [("penicillin", "high")]),
    ("[doctor] allergic to anything ?\n[patient] um yeah . i forget the name . oh , lortab .", [("lortab", "high")]),
    ("She is allergic to sulfa.", [("sulfa", "high")]),
    ("Allergies: penicillin", [("penicillin", "high")]),
    ("ALLERGIES\nPenicillin - hives\nLatex\nMEDICATIONS\nlisinopril 20 mg daily", [("Penicillin (hives)", "high"), ("Latex", "high")]),
    ("[patient] i'm allergic to shrimp , my throat closes up .", [("shrimp (throat closes)", "high")]),
    ("[doctor] you're allergic to percocet , vicodin , is that right ?\n[patient] yes , that's correct .", [("percocet", "high"), ("vicodin", "high")]),
    ("[doctor] what happens when you take codeine ?\n[patient] oh , i get a rash .", [("codeine (a rash)", "medium")]),
    ("[patient] i have seasonal allergies .", [("seasonal allergies", "low")]),
]  # fmt: skip
CARRIED = [
    ("She is allergic to penicillin.", "Penicillin."),
    ("She is allergic to penicillin.", "Allergies: PCN."),
    ("She is allergic to penicillin.", "She has an allergy to penicillin and takes nothing."),
    ("She is allergic to shrimp.", "Shrimp: hives."),
    ("[patient] i have seasonal allergies .", "History of seasonal allergies."),
    ("[patient] my mother is allergic to penicillin .", "Doing well."),
    ("[doctor] any allergies ?\n[patient] no .", "NKDA."),
    ("[doctor] any allergies ?\n[patient] no .", "None."),
    ("You are allergic to regulin and vicodin.", "Reglan. Vicodin."),
    ("[doctor] any allergies ?\n[patient] yes , that's correct .", "Doing well."),
]


def _omitted(said: str, *statements: str) -> list[Omission]:
    note = Texts({f"s{number}": text for number, text in enumerate(statements, 1)})
    return list(omitted_allergies(note, read_transcript(said)))


@pytest.mark.parametrize(("said", "left_out"), LEFT_OUT)
def test_an_allergy_in_no_statement_is_left_out(said: str, left_out: list[tuple[str, str]]) -> None:
    found = _omitted(said, "The patient is doing well.")
    assert [(one.text, one.severity) for one in found] == left_out
    assert {one.kind for one in found} == {"allergy"}
    assert all(one.evidence and set(one.evidence) <= set(read_transcript(said).by_id) for one in found)


@pytest.mark.parametrize(("said", "statement"), CARRIED)
def test_an_allergy_that_a_statement_names_is_carried(said: str, statement: str) -> None:
    assert _omitted(said, statement) == []


def test_a_drug_that_is_taken_is_no_word_on_an_allergy() -> None:
    said = "She is allergic to penicillin."
    assert _omitted(said, "Start penicillin 500 mg daily.")[0].text == "penicillin"


@pytest.mark.parametrize(
    "said", ["[doctor] any drug allergies ?\n[patient] no .", "No known drug allergies.", "Allergies: NKDA"]
)
def test_that_none_are_known_is_a_low_omission(said: str) -> None:
    (found,) = _omitted(said, "Doing well.")
    assert (found.kind, found.severity) == ("allergy", "low")


def test_one_allergen_is_named_once_with_its_reaction() -> None:
    said = "She is allergic to penicillin. We spoke. Allergic to PCN, hives."
    (found,) = _omitted(said, "Doing well.")
    assert found.evidence == ("p1", "p3")


@given(st.text(max_size=400), st.lists(st.text(max_size=100), max_size=3))
def test_any_text_is_read(said: str, statements: list[str]) -> None:
    assert _omitted(said, *statements) == _omitted(said, *reversed(statements))


def test_a_very_long_source_is_read() -> None:
    assert len(_omitted("allergic to penicillin \0 \U0001f600 \n" * 500, "")) == 1
