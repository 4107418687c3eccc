"""Labels and answers that stand apart on a form: whose an answer is, what was left blank, and pages that are no forms."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.documents.form import Entry, read_form
from daemon.documents.loader import load_documents
from daemon.model.passage import PageAnchor, Passage

DOCUMENTS = load_documents(None)
Placed = tuple[str, float]  # text, left
PITCH, HEIGHT = 0.06, 0.02


def page(*rows: Sequence[Placed], pitch: float = PITCH, slope: float = 0.0) -> list[Passage]:
    found: list[Passage] = []
    for number, row in enumerate(rows):
        for text, left in row:
            top = 0.05 + pitch * number - slope * left
            box = (left, top, min(left + 0.011 * len(text), 0.99), top + HEIGHT)
            found.append(Passage(f"p{len(found) + 1}", text, PageAnchor("s1", 1, box), 0.9))
    return found


def read(*rows: Sequence[Placed], document: str = "intake", slope: float = 0.0) -> list[Entry]:
    return read_form(DOCUMENTS[document], page(*rows, slope=slope))


def texts(kind: str, entries: Sequence[Entry]) -> list[str]:
    return [entry.text for entry in entries if entry.kind == kind]


@pytest.mark.parametrize("slope", [0.0, 0.025, -0.025])
def test_an_answer_far_to_the_right_belongs_to_its_label(slope: float) -> None:
    found = read(
        [("Tobacco:", 0.08), ("never", 0.6)],
        [("Hospital stays:", 0.08)],
        [("Alcohol:", 0.08), ("1 glass of wine a week", 0.6)],
        slope=slope,
    )
    assert texts("answer", found) == ["Tobacco: never", "Alcohol: 1 glass of wine a week"]
    assert texts("blank", found) == ["Hospital stays:"]
    assert [entry.evidence for entry in found] == [("p1", "p2"), ("p3",), ("p4", "p5")]
    assert {entry.section for entry in found} == {"social", "history"}


def test_right_aligned_answers_of_labels_without_a_colon() -> None:
    found = read(
        [("Full name", 0.08), ("Yusuf Karaca", 0.8)],
        [("Policy holder", 0.08)],
        [("Date of birth", 0.08), ("06/09/1994", 0.82)],
        [("Do you smoke?", 0.08), ("never", 0.88)],
    )
    assert texts("answer", found) == ["Full name Yusuf Karaca", "Date of birth 06/09/1994", "Do you smoke? never"]
    assert texts("blank", found) == ["Policy holder"]
    assert found[0].label == len("Full name")


def test_a_label_of_the_right_column_is_no_answer_of_the_left() -> None:
    found = read(
        [("Sex:", 0.08), ("F", 0.3), ("Height:", 0.55)],
        [("Phone:", 0.08), ("Weight:", 0.55), ("150 lb", 0.75)],
    )
    assert texts("answer", found) == ["Sex: F", "Weight: 150 lb"]
    assert texts("blank", found) == ["Height:", "Phone:"]


def test_an_answer_that_two_labels_could_have_is_neithers_and_none_is_called_blank() -> None:
    found = read([("Name: Rosa", 0.08), ("Concerns: cough", 0.5)], [("Phone:", 0.08), ("and fever", 0.6)])
    assert "Phone:" not in texts("blank", found)
    assert not any("Phone: and" in text for text in texts("answer", found))
    assert texts("unsure", found) == ["Phone:"]


def test_a_married_patient_is_no_heading() -> None:
    found = read([("Marital status:", 0.08), ("married", 0.4)], [("Conditions:", 0.08), ("asthma", 0.4)])
    assert texts("answer", found) == ["Marital status: married", "Conditions: asthma"]


def test_boxes_beside_a_label_are_not_taken_for_writing() -> None:
    found = read([("Do you smoke?", 0.08), ("[ ] Yes", 0.4), ("[ ] No", 0.6)])
    assert texts("answer", found) == []
    assert texts("blank", found) == ["Do you smoke?"]


@pytest.mark.parametrize(
    ("label", "lines", "wanted"),
    [
        ("Reason for visit:", ("Headaches,", "worse at night"), ["Reason for visit: Headaches, worse at night"]),
        ("Medications:", ("Metformin 500 mg", "Prenatal vitamin"),
         ["Medications: Metformin 500 mg", "Medications: Prenatal vitamin"]),
        ("Allergies:", ("Latex", "penicillin, rash"), ["Allergies: Latex", "Allergies: penicillin, rash"]),
    ],
)  # fmt: skip
def test_further_lines_of_an_answer(label: str, lines: tuple[str, str], wanted: list[str]) -> None:
    found = read([(label, 0.08), (lines[0], 0.4)], [(lines[1], 0.4)], [("Sex:", 0.08), ("F", 0.4)])
    assert texts("answer", found) == [*wanted, "Sex: F"]
    assert all(entry.evidence[0] in {"p1", "p4"} for entry in found)


BOXES: tuple[list[Placed], ...] = (
    [("Last name", 0.08), ("First name", 0.4), ("Date of birth", 0.7)],
    [("Okafor", 0.085), ("Daniel", 0.405), ("11/03/1962", 0.705)],
    [],
    [("Home phone", 0.08), ("Email", 0.4)],
    [("d.o@mail.example", 0.405)],
    [],
    [("Emergency contact", 0.08), ("Relationship", 0.4), ("Phone", 0.7)],
    [("Grace Okafor", 0.085), ("wife", 0.405), ("734-555-0120", 0.705)],
    [],
    [("Allergies", 0.08), ("Pharmacy", 0.4)],
    [("Sulfa", 0.085)],
)


def test_labels_above_the_boxes_one_writes_in() -> None:
    found = read_form(DOCUMENTS["intake"], page(*BOXES, pitch=0.024))
    assert texts("answer", found) == [
        "Last name Okafor",
        "First name Daniel",
        "Date of birth 11/03/1962",
        "Email d.o@mail.example",
        "Emergency contact Grace Okafor Relationship wife Phone 734-555-0120",
        "Allergies Sulfa",
    ]
    assert texts("blank", found) == ["Home phone", "Pharmacy"]
    assert {entry.text: entry.section for entry in found}["Allergies Sulfa"] == "allergies"


def test_a_pages_name_is_no_blank_and_is_not_over_who_the_patient_is() -> None:
    title = [("HEALTH HISTORY", 0.08)]
    found = read(title, [("Surgeries:", 0.08), ("appendix 1999", 0.4)], [("Hospital stays:", 0.08)])
    assert texts("blank", found) == ["Hospital stays:"]
    listed = read([("MEDICATION LIST", 0.08)], [("Patient name", 0.08), ("Harold Fisk", 0.3)])
    assert [(entry.text, entry.section) for entry in listed] == [("Patient name Harold Fisk", "who")]


REPORT = (
    [("RADIOLOGY REPORT", 0.08)],
    [("Patient: Rosa Delgado", 0.08)],
    [("Findings: Five lumbar vertebrae.", 0.08)],
    [("No fracture is seen.", 0.08)],
    [("Impression: No acute fracture.", 0.08)],
)
FINDINGS = [
    "RADIOLOGY REPORT",
    "Findings: Five lumbar vertebrae. No fracture is seen.",
    "Impression: No acute fracture.",
]


@pytest.mark.parametrize(
    ("document", "section"), [("intake", "other"), ("soap", "objective"), ("referral", "findings")]
)
def test_a_report_stays_together_among_results(document: str, section: str) -> None:
    found = read(*REPORT, document=document)
    assert [entry.text for entry in found if entry.section == section] == FINDINGS


def test_a_letter_stays_together_and_gives_its_medications_to_their_list() -> None:
    found = read(
        [("Dear Dr. Hale,", 0.08)],
        [("She was told to return if she develops weakness or", 0.08)],
        [("loses control of her bladder.", 0.08)],
        [("Plan: physical therapy", 0.08)],
        [("Medications: ibuprofen 400 mg", 0.08)],
    )
    assert [(entry.text, entry.section) for entry in found] == [
        ("Dear Dr. Hale,", "other"),
        ("She was told to return if she develops weakness or loses control of her bladder.", "other"),
        ("Plan: physical therapy", "other"),
        ("Medications: ibuprofen 400 mg", "medications"),
    ]


def test_a_form_with_boxes_is_no_report() -> None:
    found = read(*REPORT, [("[X] Asthma", 0.08)])
    assert ("Asthma", "history") in [(entry.text, entry.section) for entry in found]


@pytest.mark.parametrize("label", ["Insurance:", "Phone:", "Address:", "Pharmacy:", "Emergency contact:"])
def test_what_only_identifies_or_insures_is_not_in_the_note(label: str) -> None:
    (found,) = read([(label, 0.08), ("Buckeye 12", 0.4)], document="soap")
    assert (found.text, found.section) == (f"{label} Buckeye 12", "other")


@given(
    st.lists(
        st.lists(
            st.tuples(
                st.sampled_from(["Name:", "Phone", "Allergies", "Rosa D", "[X] Asthma", "a | b", "and so", "Sex: F"]),
                st.sampled_from([0.08, 0.3, 0.55, 0.75]),
            ),
            max_size=3,
            unique_by=lambda placed: placed[1],
        ).map(lambda row: sorted(row, key=lambda placed: placed[1])),
        max_size=8,
    )
)
def test_whatever_is_paired_is_verbatim_and_nothing_written_is_lost_or_called_blank(rows: list[list[Placed]]) -> None:
    passages = page(*rows)
    entries = read_form(DOCUMENTS["intake"], passages)
    said = {passage.id: passage.text for passage in passages}
    for entry in entries:
        words = " ".join(said[name] for name in entry.evidence).split()
        assert all(word in words for word in entry.text.split())
    cited = {name for entry in entries if entry.kind != "blank" for name in entry.evidence}
    assert {name for name, text in said.items() if text in {"Rosa D", "Sex: F"}} <= cited
