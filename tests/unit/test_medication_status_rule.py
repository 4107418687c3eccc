"""A drug that goes on where it was stopped, and the other way round; what the source decides last counts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.faithfulness.evidence import PassageIndex
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.rules.medication_status import medication_status_findings
from daemon.faithfulness.texts import Claim
from daemon.model.finding import Finding

WRONG = (
    ("Stop warfarin.", "", "Continue warfarin.", "high", "Continue warfarin"),
    ("Doctor: You take warfarin.\nPatient: Yes.\nDoctor: Stop warfarin.", "Plan", "Continue warfarin 5 mg.", "high", "Continue warfarin"),
    ("Doctor: You take warfarin.\nPatient: Yes.\nDoctor: Stop warfarin.", "Medications", "On warfarin", "medium", "On warfarin"),
    ("Stay on warfarin, no need to stop it.", "Plan", "Stop warfarin.", "high", "Stop warfarin"),
    ("Increase the lisinopril.", "Plan", "Decrease the lisinopril.", "high", "Decrease the lisinopril"),
    ("Doctor: We'll go up on the sertraline.", "Plan", "Reduce sertraline.", "high", "Reduce sertraline"),
    ("Doctor: Are you still taking zopiclone?\nPatient: No, I stopped that in May.", "", "Continues zopiclone.", "high", "Continues zopiclone"),
    ("Doctor: You're on naproxen. It hurts your kidneys. I want you to stop it.", "Plan", "Continue naproxen.", "high", "Continue naproxen"),
    ("Patient: The Jardiance I never picked up.", "Medications", "Jardiance daily", "high", "Jardiance"),
    ("Patient: I ran out of albuterol.", "", "Uses albuterol daily.", "medium", "Uses albuterol"),
)  # fmt: skip
RIGHT = (
    ("Doctor: You take warfarin. Stop warfarin.", "", "Was taking warfarin."),
    ("Stop warfarin.", "", "History of warfarin use."),
    ("Stop warfarin.", "Plan", "Stop warfarin."),
    ("Doctor: If you bleed, stop the aspirin.", "Plan", "Continue aspirin."),
    ("Doctor: Should we stop metformin?\nPatient: No.", "Plan", "Continue metformin."),
    ("Doctor: Hold the apixaban two days before surgery.", "Plan", "Continue apixaban."),
    ("Doctor: You stopped the lisinopril. I want you to restart lisinopril.", "Plan", "Continue lisinopril."),
    ("Patient: I take ibuprofen.\nDoctor: Stop the ibuprofen.", "HPI", "He has been taking ibuprofen."),
    ("Doctor: We could stop the amlodipine.", "Plan", "Continue amlodipine."),
    ("Doctor: Stop the aspirin, keep taking the clopidogrel.", "Plan", "Stop aspirin and continue clopidogrel."),
    ("Doctor: I want you to continue naproxen.", "Plan", "Continue naproxen."),
)


def _found(source: str, section: str, text: str) -> list[Finding]:
    texts = read_transcript(source)
    cited = PassageIndex.of(texts.by_id).cite(text)
    found = list(medication_status_findings(Claim(text, cited, section, inferred=True), texts))
    for one in found:
        assert one.span is not None
        assert one.detail == text[slice(*one.span)]
        assert set(one.evidence) <= set(texts.by_id)
        assert one.evidence
    return found


@pytest.mark.parametrize(("source", "section", "text", "severity", "detail"), WRONG)
def test_tells_the_other_status(source: str, section: str, text: str, severity: str, detail: str) -> None:
    assert [(one.code, one.severity, one.detail) for one in _found(source, section, text)] == [
        ("medication-status", severity, detail)
    ]


@pytest.mark.parametrize(("source", "section", "text"), RIGHT)
def test_keeps_still(source: str, section: str, text: str) -> None:
    assert _found(source, section, text) == []


def test_a_quote_of_the_source_is_not_doubted() -> None:
    for line in ("Stop warfarin.", "Continue warfarin."):
        assert _found(f"{line} Stop warfarin.", "Plan", line) == []


PIECES = [
    "stop",
    "continue",
    "warfarin",
    "Lipitor",
    "not",
    "if",
    "it",
    "?",
    ".",
    "\n",
    "Doctor:",
    "Patient:",
    "No",
    "on",
    "\0",
    "é😀",
]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=30), st.lists(st.sampled_from(PIECES), max_size=12), st.text(max_size=20)
)
def test_any_text(source: list[str], text: list[str], section: str) -> None:
    said, stated = " ".join(source), " ".join(text)
    assert _found(said, section, stated) == _found(said, section, stated)
