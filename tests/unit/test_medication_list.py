"""Medications as a list: what is taken, with its dose; what is not taken, and whose it is, by the words that say so."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.computed.drug_rows import NO_NAME
from daemon.computed.material import Computed, Material
from daemon.computed.medications import COLUMNS, medications
from daemon.documents.form import read_form
from daemon.documents.loader import load_documents
from daemon.faithfulness.reading.lines import JOIN
from daemon.model.draft import Statement
from daemon.model.passage import Reading
from tests.fakes.passages import form, memo

DOCUMENTS = load_documents(None)


def listed(reading: Reading, document: str = "soap", written: Sequence[Statement] = ()) -> Computed:
    spec = next(spec for spec in DOCUMENTS[document].sections if spec.computed == "medications")
    entries = read_form(DOCUMENTS[document], reading.passages)
    return medications(Material(DOCUMENTS[document], reading, entries, {spec.key: tuple(written)}), spec)


def said(*texts: str) -> list[tuple[str, str, str]]:
    """Name, dose and status of each row."""
    computed = listed(memo(texts))
    at = [computed.columns.index(column) if column in computed.columns else None for column in COLUMNS[:3]]
    rows = [tuple(row.cells[n] if n is not None else "" for n in at) for row in computed.statements]
    return [(name, dose, status) for name, dose, status in rows]


TOLD = [
    ("She takes metformin 1000 mg twice daily.", [("metformin", "1000 mg twice daily", "takes")]),
    ("He is on 20 milligrams of lisinopril.", [("lisinopril", "20 milligrams", "on")]),
    ("Take 20 mg of prednisone once a day.", [("prednisone", f"20 mg{JOIN}once a day", "Take")]),
    ("Continue atorvastatin.", [("atorvastatin", "", "Continue")]),
    ("Start amoxicillin 1 gram three times a day for five days.", [("amoxicillin", "1 gram three times a day for five days", "Start")]),
    ("I want you to take ibuprofen 600 mg with food.", [("ibuprofen", "600 mg with food", "take")]),
    ("Increase the lisinopril from 10 mg to 20 mg daily.", [("lisinopril", "10 mg to 20 mg daily", "Increase")]),
    ("Albuterol inhaler two puffs every four hours as needed.", [("Albuterol", "inhaler two puffs every four hours as needed", "")]),
    ("Lisinopril 20 mg in the morning and 10 mg at night.", [("Lisinopril", "20 mg in the morning and 10 mg at night", "")]),
    ("take 20 mg lisinopril and 500 mg metformin", [("lisinopril", "20 mg", "take"), ("metformin", "500 mg", "take")]),
    ("She is on a beta blocker.", [("beta blocker", "", "on")]),
    ("Stop the lisinopril.", [("lisinopril", "", "Stop")]),
    ("Lisinopril was discontinued because of a cough.", [("Lisinopril", "", "was discontinued")]),
    ("She stopped taking sertraline.", [("sertraline", "", "stopped")]),
    ("He was on warfarin.", [("warfarin", "", "was on")]),
    ("She no longer takes gabapentin.", [("gabapentin", "", "no longer takes")]),
    ("Tried ibuprofen without relief.", [("ibuprofen", "", "without relief")]),
    ("Tylenol did not help.", [("Tylenol", "", "did not help")]),
    ("I took some ibuprofen yesterday.", [("ibuprofen", "", "took")]),
    ("She isn't taking her aspirin.", [("aspirin", "", "isn't taking")]),
    ("He does not want to be on a statin.", [("statin", "", "does not want")]),
    ("She denies taking aspirin.", [("aspirin", "", "denies taking")]),
    ("No aspirin or ibuprofen.", [("aspirin", "", "No"), ("ibuprofen", "", "No")]),
    ("i do n't take any tylenol .", [("tylenol", "", "do n't take")]),
    ("Her mother takes warfarin.", [("warfarin", "", "mother takes")]),
    ("We discussed starting a statin.", [("statin", "", "discussed")]),
    ("We could try sertraline.", [("sertraline", "", "could try")]),
    ("Are you on any aspirin? No.", [("aspirin", "", "No.")]),
    ("Are you still taking the Eliquis? Yes, I am.", [("Eliquis", "", "Yes, I am.")]),
    ("Do you take metformin? I stopped it last month.", [("metformin", "", "I stopped it last month.")]),
    ("Switch from Zoloft to Lexapro 10 mg.", [("Lexapro", "10 mg", "Switch from Zoloft to"), ("Zoloft", "", "Switch from")]),
    (
        "Continue metformin 500 mg, stop lisinopril, and start losartan 50 mg daily.",
        [("metformin", "500 mg", "Continue"), ("losartan", "50 mg daily", "start"), ("lisinopril", "", "stop")],
    ),
    ("She takes metformin and checks her sugar twice a day.", [("metformin", "", "takes")]),
    ("Creatinine 1.2 mg/dL, glucose 110 mg/dL.", []),
    ("Potassium was 4.2.", []),
    ("She has had a cough for three weeks.", []),
    ("Limit salt to 2300 mg daily.", []),
    ("She drinks 8 ounces of water twice a day.", []),
    ("She is allergic to penicillin.", []),
    ("Her mother is allergic to sulfa.", []),
    ("No medications.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rows"), TOLD)
def test_what_is_said_of_a_drug(text: str, rows: list[tuple[str, str, str]]) -> None:
    assert said(text) == rows


def test_two_doses_are_two_rows_and_the_same_one_is_one() -> None:
    rows = said(
        "He takes lisinopril 10 mg daily.", "Continue lisinopril, 20 mg daily.", "He takes lisinopril, 10 mg daily."
    )
    assert [dose for _, dose, _ in rows] == ["10 mg daily", "20 mg daily"]


def test_a_dose_that_follows_belongs_to_the_drug_it_speaks_of() -> None:
    found = listed(memo(["He is on insulin 10 units at bedtime.", "Increase it to 12 units."]))
    assert [row.cells[:3] for row in found.statements] == [
        ("insulin", "10 units at bedtime", "on"),
        ("insulin", "12 units", "Increase"),
    ]
    assert found.statements[1].evidence == ("p1", "p2")


def test_the_answer_to_a_question_for_allergies_is_no_medicine() -> None:
    assert said("Are you allergic to anything?", "Yes, penicillin.", "What do you take?", "Metformin.") == [
        ("Metformin", "", "")
    ]


def test_an_answer_gives_the_dose_that_was_asked_for() -> None:
    found = listed(memo(["Doctor: How much metformin do you take?", "Patient: 500 mg twice a day."]))
    assert [row.cells[:2] for row in found.statements] == [("metformin", "500 mg twice a day")]
    assert found.cautions == ()


def test_a_misheard_name_stays_and_is_doubted() -> None:
    found = listed(memo(["She takes sifting your 300 mg twice daily and metformin 500 mg BID."]))
    assert [row.cells[:2] for row in found.statements] == [
        ("sifting your", "300 mg twice daily"),
        ("metformin", "500 mg BID"),
    ]
    [caution] = found.cautions
    assert (caution.code, caution.severity, caution.evidence) == ("medication-unknown", "medium", ("p1",))
    assert "“sifting your” is not in the list of medicines" in caution.text


def test_what_a_misheard_name_sounds_like_is_a_hint_for_who_checks_it() -> None:
    [caution] = listed(memo(["She takes metaprolo 50 mg twice daily."])).cautions
    assert "“metaprolo” is not in the list of medicines; it sounds like metoprolol" in caution.text


def test_a_dose_without_any_name_is_not_given_to_another_drug() -> None:
    found = listed(memo(["Take prednisone.", "And take 500 mg twice a day."]))
    assert [row.cells[0] for row in found.statements] == ["prednisone", NO_NAME]
    assert len(found.cautions) == 1


def test_what_is_not_taken_does_not_read_like_a_current_medication() -> None:
    found = listed(
        memo(["Her mother takes warfarin 5 mg daily.", "Stop lisinopril 10 mg.", "She takes aspirin 81 mg daily."])
    )
    assert [row.text for row in found.statements] == [
        "aspirin 81 mg daily",
        "Stop lisinopril 10 mg.",
        "Her mother takes warfarin 5 mg daily.",
    ]


def test_what_a_drafter_placed_here_and_no_row_carries_stays() -> None:
    written = [
        Statement("She takes a little blue one.", ("p2",), "quoted"),
        Statement("She takes aspirin.", ("p1",), "quoted"),
    ]
    found = listed(memo(["She takes aspirin.", "She takes a little blue one."]), "intake", written)
    assert [row.text for row in found.statements] == ["She takes aspirin.", "She takes a little blue one."]
    assert found.statements[1].cells[-1] == "She takes a little blue one."


def test_a_forms_medications_are_all_rows() -> None:
    lines = ["Current medications", "Lisinopril | 10 mg | once daily", "Metformin 500mg BID, fish oil", "Fooberol 20 mg",
             "a little white pill", "Allergies", "Penicillin", "Family history: Mother: takes warfarin"]  # fmt: skip
    for document in ("intake", "soap"):
        found = listed(form(lines), document)
        assert [row.cells[:2] for row in found.statements] == [
            ("Lisinopril", "10 mg, once daily"),
            ("Metformin", "500mg BID"),
            ("fish oil", ""),
            ("Fooberol", "20 mg"),
            ("a little white pill", ""),
        ]
        assert [caution.evidence for caution in found.cautions] == [("p4",), ("p5",)]


def test_a_form_without_medications_has_no_rows_and_one_that_says_none_says_so() -> None:
    assert listed(form(["Current medications:", "Name: Mara Lindholm"]), "intake").statements == ()
    found = listed(form(["Current medications: none"]), "intake")
    assert [row.text for row in found.statements] == ["Current medications: none"]
    assert found.cautions == ()


def test_columns_without_anything_in_them_are_left_out() -> None:
    assert listed(form(["Current medications", "Lisinopril 10 mg"]), "intake").columns == COLUMNS[:2]
    assert listed(memo(["Stop lisinopril."])).columns == ("Medication", "Status as said", "Said as")


_PIECES = st.sampled_from(
    ["She takes", "stop", "metformin", "Tylenol", "lisinopril", "20 mg", "twice daily", "500 milligrams", "and", ",", "her mother takes",
     "sifting your", "was stopped", "?", ".", "No", "of", "it", "Yes", "for her blood pressure", "is allergic to", "a statin"]
)  # fmt: skip
_SENTENCES = st.lists(st.lists(_PIECES, min_size=1, max_size=12).map(" ".join), min_size=1, max_size=4)


@given(_SENTENCES)
def test_every_cell_stands_word_for_word_in_a_cited_passage(texts: list[str]) -> None:
    reading = memo(texts)
    for row in listed(reading).statements:
        cited = [" ".join(p.text.split()) for p in reading.passages if p.id in row.evidence]
        assert cited
        for cell in (*row.cells, row.text):
            for piece in cell.split(JOIN):
                assert piece in {"", NO_NAME} or any(piece in text for text in cited)


@given(st.lists(st.lists(_PIECES, min_size=1, max_size=8).map(" ".join), min_size=1, max_size=5))
def test_every_cell_of_a_form_stands_in_its_entry(lines: list[str]) -> None:
    reading = form(["Current medications", *lines])
    for row in listed(reading, "intake").statements:
        cited = " ".join(" ".join(p.text.split()) for p in reading.passages if p.id in row.evidence)
        plain = re.sub(r"\W+", " ", cited)
        assert all(re.sub(r"\W+", " ", piece).strip() in plain for cell in row.cells for piece in cell.split(JOIN))
