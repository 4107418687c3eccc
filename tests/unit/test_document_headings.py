"""A document's own headings, as they are said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.drafting.document_headings import DocumentHeadings
from daemon.documents.loader import load_documents

DOCUMENTS = load_documents(None)
REFERRAL = DocumentHeadings(DOCUMENTS["referral"])
EMAIL = DocumentHeadings(DOCUMENTS["email"])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Reason for referral: exertional chest pain", [("exertional chest pain", "reason")]),
        ("reason for referral colon exertional chest pain", [("exertional chest pain", "reason")]),
        ("Question.", [("", "question")]),
        ("Okay, and the question: does she need a stent?", [("does she need a stent?", "question")]),
        ("He has pain, reason for referral, chest pain, question: a stent?", [("He has pain", ""), ("chest pain", "reason"), ("a stent?", "question")]),
        ("Reason for\nreferral - chest pain", [("chest pain", "reason")]),
        ("Done so far, an EKG.", [("an EKG.", "plan")]),
    ],
)  # fmt: skip
def test_a_heading_cuts_and_is_left_out(text: str, parts: list[tuple[str, str]]) -> None:
    assert [(part.text, part.section) for part in REFERRAL.parts(text)] == parts


@pytest.mark.parametrize(
    "text",
    ["The reason for referral is chest pain.", "Question?", "She asked a question, and left.", "Priority was given to him, the question, and more",
     "History: diabetes.", "Assessment and plan", "No findings of note", ""],
)  # fmt: skip
def test_no_heading(text: str) -> None:
    assert [(part.text, part.section) for part in REFERRAL.parts(text)] == [(text, "")]


def test_an_emails_headings() -> None:
    assert [(p.text, p.section) for p in EMAIL.parts("Subject, schedule changes. Body: I am away.")] == [
        ("schedule changes.", "subject"),
        ("I am away.", "body"),
    ]


def test_a_note_has_no_headings_but_every_notes() -> None:
    headings = DocumentHeadings(DOCUMENTS["soap"])
    assert [p.section for p in headings.parts("Subjective: cough. Plan: rest.")] == [""]


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(["reason for referral", "question", ":", ",", ". ", "and", "pain", "colon"])).map(
        " ".join
    )
)
def test_no_word_but_a_headings_is_lost(text: str) -> None:
    plain = " ".join(text.split())
    rest = plain
    for part in REFERRAL.parts(text):
        assert part.text in rest
        rest = rest.split(part.text, 1)[1] if part.text else rest
