"""Where a passage of run-together speech is cut, and above all where not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.drafting.spoken_pieces import spoken_pieces


def cut(*texts: str) -> list[str]:
    return [piece.text for pieces in spoken_pieces(texts) for piece in pieces if piece.text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("latex gives her hives, objective, they are red", ["latex gives her hives", "they are red"]),
        ("was 40%, impression, heart failure, 1.", ["was 40%", "heart failure, 1."]),
        ("Subjective, Lily is four.", ["Lily is four."]),
        ("Assessment & plan: gout", ["gout"]),
        ("A/P: gout", ["gout"]),
        ("lungs clear, and the plan: rest, ice", ["lungs clear", "rest, ice"]),
        ("It hurts, objective.", ["It hurts"]),
        ("Assessment, gout, plan colon colchicine 0.6 mg", ["gout", "colchicine 0.6 mg"]),
        ("No rash. Allergies: penicillin. Exam. Lungs clear.", ["No rash.", "Allergies: penicillin.", "Lungs clear."]),
        ("Physical exam, lungs clear", ["lungs clear"]),
    ],
)
def test_headings_between_separators_cut(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Her history, exam, and labs are fine",
        "We discussed the diagnosis, plan, risks and benefits",
        "I reviewed the note, assessment, plan.",
        "Exam, labs and imaging were normal",
        "She takes lisinopril, allergies, penicillin",
        "The plan is to rest, ice and elevate",
        "Her objective is to walk, with a cane",
        "First impression, assessment, and plan?",
        "Allergies: penicillin",
        "Labs: A1c 7.9",
        "Early pregnancy, planned, no bleeding",
        "plant based diet, plane travel next week",
    ],
)
def test_anything_else_stays_whole(text: str) -> None:
    assert cut(text) == [text]


def test_a_misheard_heading_needs_its_place_and_keeps_its_words() -> None:
    assert cut("Assessment, otitis, planned, rest") == ["otitis", "planned, rest"]
    assert cut("Assessment.", "Otitis.", "Planned, rest") == ["Otitis.", "Planned, rest"]
    assert [p.placed_as for p in spoken_pieces(["Impression, gout, planned, rest"])[0]] == [
        "impression, gout,",
        "plan, rest",
    ]
    assert cut("Plan.", "surgery, planned, for Friday") == ["surgery, planned, for Friday"]
    assert cut("Assessment.", "Gout.", "Plung.", "Rest.") == ["Gout.", "Rest."]
    assert cut("Plung.") == ["Plung."]


def test_a_heading_alone_is_placed_but_not_quoted() -> None:
    pieces = spoken_pieces(["Objective.", "Allergies.", "Vitals"])
    assert [piece.text for found in pieces for piece in found] == ["", "", ""]
    assert all(piece.placed_as for found in pieces for piece in found)


@given(st.lists(st.text(max_size=60), max_size=5))
def test_each_passage_has_pieces_that_are_its_own(texts: list[str]) -> None:
    found = spoken_pieces(texts)
    assert len(found) == len(texts)
    for text, pieces in zip(texts, found, strict=True):
        assert pieces
        assert all(piece.text in " ".join(text.split()) for piece in pieces)
