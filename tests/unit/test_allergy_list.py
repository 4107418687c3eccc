"""Allergies as a list: what is not tolerated, with the reaction; and that there are none only where it is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.computed.allergies import COLUMNS, allergies
from daemon.computed.material import Computed, Material
from daemon.documents.form import read_form
from daemon.documents.loader import load_documents
from daemon.faithfulness.reading.lines import JOIN
from daemon.model.passage import Reading
from tests.fakes.passages import form, memo

DOCUMENTS = load_documents(None)


def listed(reading: Reading, document: str = "soap") -> Computed:
    spec = next(spec for spec in DOCUMENTS[document].sections if spec.computed == "allergies")
    return allergies(Material(DOCUMENTS[document], reading, read_form(DOCUMENTS[document], reading.passages)), spec)


def rows(reading: Reading, document: str = "soap") -> list[tuple[str, ...]]:
    return [row.cells for row in listed(reading, document).statements]


TOLD = [
    ("She is allergic to penicillin, hives.", [("penicillin", "hives")]),
    ("She is allergic to sulfa drugs.", [("sulfa drugs", "")]),
    ("Sulfa causes rash.", [("Sulfa", "rash")]),
    ("Latex gives her hives.", [("Latex", "hives")]),
    ("Codeine makes her nauseous and dizzy.", [("Codeine", "nauseous and dizzy")]),
    ("Penicillin allergy with anaphylaxis as a child.", [("Penicillin", "anaphylaxis")]),
    ("Allergies: penicillin, sulfa and codeine.", [("penicillin", ""), ("sulfa", ""), ("codeine", "")]),
    ("Allergic to shellfish (swelling, trouble breathing).", [("shellfish", "swelling, trouble breathing")]),
    ("Allergic to sulfa, which causes swelling of the lips, and to latex.", [("sulfa", "swelling of the lips"), ("latex", "")]),
    ("She is allergic to penicillin. It causes a rash.", [("penicillin", "a rash")]),
    ("Anaphylaxis to peanuts.", [("peanuts", "Anaphylaxis")]),
    ("She had a rash from amoxicillin.", [("amoxicillin", "a rash")]),
    ("Lisinopril caused a cough.", [("Lisinopril", "a cough")]),
    ("He is allergic to ceflexin.", [("ceflexin", "")]),
    ("She has seasonal allergies and takes Claritin.", [("seasonal allergies", "")]),
    ("Allergic to penicillin and takes metformin.", [("penicillin", "")]),
    ("NKDA.", [("NKDA", "")]),
    ("No known drug allergies.", [("No known drug allergies", "")]),
    ("He denies any drug allergies.", [("denies any drug allergies", "")]),
    ("No allergies to latex.", [("No allergies to latex", "")]),
    ("I am not allergic to anything.", [("am not allergic to anything", "")]),
    ("No known allergies except penicillin.", [("No known allergies except penicillin", ""), ("penicillin", "")]),
    ("Any allergies to medications? No.", [(f"Any allergies to medications?{JOIN}No.", "")]),
    ("Are you allergic to penicillin? Yes, I get hives.", [("penicillin", "hives")]),
    ("Do you have any allergies? Yes, penicillin. It gives me a rash.", [("penicillin", "a rash")]),
    ("Do you have any allergies? Oh yes, I cannot take sulfa drugs.", [("sulfa drugs", "")]),
    ("Any allergies? Yes, just molds.", [("molds", "")]),
    ("Any other allergies besides penicillin? No.", [("penicillin", ""), (f"Any other allergies besides penicillin?{JOIN}No.", "")]),
    ("What happens when you take sulfa? I get hives.", [("sulfa", "hives")]),
    ("Allergies were reviewed.", []),
    ("Do you have any allergies?", []),
    ("Her mother is allergic to sulfa.", []),
    ("Prednisone can cause nausea.", []),
    ("Refer to an allergist.", []),
    ("She has allergic rhinitis.", []),
    ("She tolerates penicillin well.", []),
    ("Pupils have a normal reaction to light.", []),
    ("She has a rash on both arms.", []),
    ("She takes penicillin 500 mg for five days.", []),
    ("No rash, no hives.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TOLD)
def test_what_is_said_of_allergies(text: str, expected: list[tuple[str, str]]) -> None:
    assert rows(memo([text])) == expected


def test_nothing_said_is_nothing_listed() -> None:
    found = listed(memo(["She has had a cough for three days."]))
    assert (found.statements, found.columns) == ((), ())


def test_one_allergy_said_twice_is_one_row_with_its_reaction() -> None:
    found = listed(memo(["She is allergic to penicillin.", "Penicillin gives her hives."]))
    assert found.columns == COLUMNS
    assert [(row.cells, row.evidence) for row in found.statements] == [(("Penicillin", "hives"), ("p2",))]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Allergies", "Penicillin - hives", "Latex (swelling, itching)"], [("Penicillin", "hives"), ("Latex", "swelling, itching")]),
        (["Allergies", "Sulfa: rash", "Bee stings | throat closing"], [("Sulfa", "rash"), ("Bee stings", "throat closing")]),
        (["Allergies: Codeine, aspirin"], [("Codeine", ""), ("aspirin", "")]),
        (["Allergies: NKDA"], [("Allergies: NKDA", "")]),
        (["Allergies: none"], [("Allergies: none", "")]),
        (["Drug allergies: the white pills from Dr. Ames"], [("the white pills from Dr. Ames", "")]),
        (["Allergies:", "Name: Mara Lindholm"], []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("document", ["intake", "soap"])
def test_a_forms_allergies_are_all_rows(lines: list[str], expected: list[tuple[str, str]], document: str) -> None:
    assert rows(form(lines), document) == expected


_PIECES = st.sampled_from(
    ["She is allergic to", "allergies", "no known", "penicillin", "latex", "sulfa", "hives", "a rash", "and", ",", ".", "?", "Yes", "No",
     "causes", "gives her", "NKDA", "except", "denies", "not allergic to", "It", "to", "which", "ceflexin", "her mother is"]
)  # fmt: skip


@given(st.lists(st.lists(_PIECES, min_size=1, max_size=12).map(" ".join), min_size=1, max_size=4))
def test_every_cell_stands_word_for_word_in_a_cited_passage(texts: list[str]) -> None:
    reading = memo(texts)
    for row in listed(reading).statements:
        cited = [" ".join(p.text.split()) for p in reading.passages if p.id in row.evidence]
        pieces = [piece for cell in (*row.cells, row.text) for piece in cell.split(JOIN)]
        assert all(any(piece in text for text in cited) for piece in pieces)
        assert row.cells[0]
