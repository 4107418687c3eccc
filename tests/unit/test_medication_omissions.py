"""Drugs that were said and stand in no statement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.faithfulness.omissions.medications import omitted_medications
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.texts import Texts
from daemon.model.finding import Omission

LEFT_OUT = [
    ("[doctor] continue lisinopril 20 mg daily .", "lisinopril 20 mg daily", "high"),
    ("[patient] i take metformin 500 milligrams twice a day", "metformin 500 milligrams twice a day", "high"),
    ("[doctor] we will start 20 mg of prednisone once a day .", "20 mg of prednisone once a day", "high"),
    ("[doctor] stop the ibuprofen .", "ibuprofen", "high"),
    ("[doctor] please don't take any ibuprofen .", "ibuprofen", "medium"),
    ("[doctor] what medications do you take ?\n[patient] just lisinopril .", "lisinopril", "high"),
    ("[doctor] do you take metformin ?\n[patient] yes , i do .", "metformin", "high"),
    ("[doctor] let's continue you on the keppra , okay ?", "keppra", "high"),
    ("[patient] i saw a commercial for ozempic .", "ozempic", "low"),
    ("[doctor] do you take aspirin ?\n[patient] no .", "aspirin", "low"),
    ("[doctor] do you take your lisinopril ?\n[patient] yes .\n[doctor] how much ?\n[patient] 20 mg every morning .", "lisinopril 20 mg every morning", "high"),
    ("Medications: lisinopril 20 mg daily", "lisinopril 20 mg daily", "high"),
    ("She takes insulin every night.", "insulin every night", "medium"),
]  # fmt: skip
NOTES = [
    ("[doctor] continue lisinopril 20 mg daily .", "Lisinopril 20 mg daily."),
    ("[doctor] continue lisinopril 20 mg daily .", "Zestril was continued at 20 mg."),
    ("[doctor] continue lisinopril 20 mg daily .", "Lisinopril 40 mg daily."),
    ("[doctor] continue lisinopril twenty milligrams daily .", "Continue lisinopril. Take 20 mg."),
    ("[patient] my mother takes warfarin .", "Doing well."),
    ("[patient] i'm allergic to penicillin .", "Doing well."),
    ("[doctor] continue lisinopril .", "Lisinipril is continued."),
    ("[doctor] continue atorvastatin and keep on the statin .", "Atorvastatin continued."),
]


def _omitted(said: str, *statements: str) -> list[Omission]:
    note = Texts({f"s{number}": text for number, text in enumerate(statements, 1)})
    return list(omitted_medications(note, read_transcript(said)))


@pytest.mark.parametrize(("said", "text", "severity"), LEFT_OUT)
def test_a_drug_in_no_statement_is_left_out(said: str, text: str, severity: str) -> None:
    (found,) = _omitted(said, "The patient is doing well.")
    assert (found.kind, found.text, found.severity) == ("medication", text, severity)
    assert set(found.evidence) <= set(read_transcript(said).by_id)


@pytest.mark.parametrize(("said", "statement"), NOTES)
def test_a_drug_under_any_of_its_names_is_carried(said: str, statement: str) -> None:
    assert _omitted(said, statement) == []


def test_a_class_alone_is_a_hint_and_without_the_dose_more() -> None:
    (without,) = _omitted("[doctor] continue the atorvastatin .", "Continue the statin.")
    (dosed,) = _omitted("[doctor] continue the atorvastatin 40 mg .", "Continue the statin.")
    assert (without.severity, dosed.severity) == ("low", "medium")


def test_a_dose_that_no_statement_tells_is_left_out() -> None:
    (found,) = _omitted("[doctor] continue lisinopril 20 mg daily .", "Continue lisinopril.")
    assert (found.text, found.severity, found.evidence) == ("lisinopril 20 mg daily", "medium", ("p1",))


def test_each_drug_is_named_once_with_its_dose() -> None:
    said = "[doctor] still on lisinopril ?\n[patient] yes .\n[doctor] increase the zestril to 40 mg ."
    (found,) = _omitted(said, "Doing well.")
    assert "40 mg" in found.text
    assert found.evidence == ("p3", "p1")


def test_a_magnesium_level_carries_no_magnesium_that_is_taken() -> None:
    (found,) = _omitted("[doctor] let's start you on a magnesium supplement .", "Magnesium is 1.7.")
    assert found.severity == "high"


def test_a_misheard_drug_with_its_dose_is_left_out_as_it_was_heard() -> None:
    said = "Continue lysinoprol 20 mg daily."
    (found,) = _omitted(said, "Doing well.")
    assert (found.text, found.severity, found.evidence) == ("lysinoprol", "medium", ("p1",))
    for statement in ("Lisinopril 20 mg.", "Lysinoprol 20 mg.", "Zestril and lisinopril."):
        assert _omitted(said, statement) == []


@given(st.text(max_size=400), st.lists(st.text(max_size=100), max_size=3))
def test_any_text_is_read(said: str, statements: list[str]) -> None:
    assert _omitted(said, *statements) == _omitted(said, *reversed(statements))


def test_a_very_long_source_is_read() -> None:
    assert len(_omitted("we continue lisinopril 20 mg daily .\n" * 500, "\0 \U0001f600")) == 1
