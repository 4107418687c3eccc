"""Which passages are headings, which only begin with one, and which are neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.drafting.section_classifier import LABELS
from daemon.adapters.drafting.spoken_headings import _LABELS, spoken_heading


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Subjective.", "subjective"),
        ("OBJECTIVE", "objective"),
        ("Assessment and plan.", "assessment and plan"),
        ("A/P:", "a p"),
        ("Assessment & Plan", "assessment and plan"),
        ("Plan colon", "plan"),
        ("Okay, now the physical exam.", "physical exam"),
        ("Moving on to the plan.", "plan"),
        ("Vitals today.", "vitals"),
        ("Review of systems", "review of systems"),
        ("Current medications:", "current medications"),
        ("Past medical history", "past medical history"),
    ],
)
def test_a_passage_that_is_only_a_heading(text: str, name: str) -> None:
    heading = spoken_heading(text)
    assert heading is not None
    assert (heading.name, heading.alone) == (name, True)


@pytest.mark.parametrize(
    ("text", "name", "broad"),
    [
        ("Assessment: hypertension, not at goal.", "assessment", True),
        ("Plan colon start lisinopril", "plan", True),
        ("Objective, blood pressure 138/84", "objective", True),
        ("Assessment and plan hypertension not at goal", "assessment and plan", True),
        ("Labs: A1c 7.9", "labs", False),
        ("Allergies: penicillin", "allergies", False),
        ("Physical exam. Lungs clear.", "physical exam", True),
    ],
)
def test_a_heading_glued_to_a_statement(text: str, name: str, broad: bool) -> None:
    heading = spoken_heading(text)
    assert heading is not None
    assert (heading.name, heading.alone, heading.broad) == (name, False, broad)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Any allergies?",
        "Medications?",
        "Plan to start lisinopril tomorrow.",
        "Subjective fevers at home.",
        "Medications were reconciled.",
        "Planned surgery on Friday.",
        "Exam's normal.",
        "Her assessment at school showed dyslexia.",
        "The patient has a treatment plan from cardiology.",
        "Vitals are stable.",
    ],
)
def test_no_heading(text: str) -> None:
    assert spoken_heading(text) is None


def test_headings_name_labels_of_the_classifier() -> None:
    assert {label for labels in _LABELS.values() for label in labels} <= set(LABELS)


@given(st.sampled_from(sorted(_LABELS)), st.sampled_from(["", ".", ":", " colon", ",", " -"]), st.booleans())
def test_every_heading_is_heard_however_it_is_said(name: str, end: str, loud: bool) -> None:
    text = (name.upper() if loud else name.capitalize()) + end
    heading = spoken_heading(text)
    assert heading is not None
    assert heading.alone
    assert heading.labels == frozenset(_LABELS[name])
    assert spoken_heading(f"{name}?") is None
