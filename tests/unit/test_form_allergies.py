"""An answer below a question for allergies is an allergy, and never a medicine that is taken."""

from __future__ import annotations

import pytest

from daemon.computed.allergies import allergy_rows
from daemon.computed.form_lists import form_rows
from daemon.computed.material import Material
from daemon.documents.form import read_form
from daemon.documents.loader import load_documents
from tests.fakes.passages import form


def material(lines: list[str]) -> Material:
    document = load_documents(None)["intake"]
    reading = form(lines)
    return Material(document, reading, read_form(document, reading.passages))


@pytest.mark.parametrize(
    ("lines", "allergies"),
    [
        (["Do you have allergies?", "Yes: Penicillin"], ["Penicillin"]),
        (["Do you have any allergies? Yes: Penicillin"], ["Penicillin"]),
        (["Do you have any drug allergies?", "[X] Yes [ ] No", "If yes, list: Penicillin"], ["Penicillin"]),
        (["Are you allergic to any medicine?", "Penicillin"], ["Penicillin"]),
        (["Do you have allergies?", "No"], ["No"]),
    ],
)
def test_the_answer_is_an_allergy(lines: list[str], allergies: list[str]) -> None:
    found = material(lines)
    assert [row.allergy for row in allergy_rows(found)] == allergies
    assert list(form_rows(found)) == []


def test_a_medicine_with_a_dose_below_the_question_stays_a_medicine() -> None:
    found = material(["Do you have allergies?", "Lisinopril 10 mg daily"])
    assert [row.name for row in form_rows(found)] == ["Lisinopril"]
    assert allergy_rows(found) == []


def test_what_stands_under_another_question_is_no_allergy() -> None:
    found = material(["Do you have allergies?", "No", "Do you take anything?", "Yes: Lisinopril"])
    assert "Lisinopril" not in {row.allergy for row in allergy_rows(found)}


def test_an_answer_of_which_only_a_part_was_read_is_not_listed_as_a_medicine() -> None:
    found = material(["Are you allergic to anything?", "[X] Yes", "Penicillin"])
    assert list(form_rows(found)) == []
    assert {entry.section for entry in found.entries} == {"allergies"}
