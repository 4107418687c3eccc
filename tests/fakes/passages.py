"""Passages of made-up recordings and forms, to draft from."""

from __future__ import annotations

from collections.abc import Sequence

from daemon.model.passage import PageAnchor, Passage, Reading, TimeAnchor
from daemon.model.source import Source

MEMO = (
    "Okay, um, let's see.",
    "Subjective.",
    "Mara Lindholm is a 61 year old woman with cough and fever for four days.",
    "She takes lisinopril 20 milligrams once a day.",
    "She is allergic to sulfa drugs.",
    "Objective.",
    "Temperature is 38.4 and pulse is 96.",
    "There are crackles at the right base.",
    "Assessment.",
    "Pneumonia of the right lower lobe.",
    "Plan.",
    "Start amoxicillin 1 gram three times a day for five days.",
    "Return in two days if she is not better.",
    "End of dictation.",
)
FORM = (
    "Pine Street Clinic",
    "NEW PATIENT INTAKE FORM",
    "Name: Mara Lindholm",
    "Date of birth: 02/03/1965",
    "Phone:",
    "2. Current medications",
    "Medication | Dose | How often",
    "Lisinopril | 20 mg | once a day",
    "3. Allergles",
    "Sulfa drugs | rash",
    "4. Past medical history (mark all that apply)",
    "[ ] Asthma",
    "[X] High blood pressure",
    "[ ] Stroke",
    "Family history: Mother: stroke. Father: type 2 diabetes.",
    "Page 1 of 1",
)


def spoken(texts: Sequence[str]) -> tuple[Passage, ...]:
    """Passages of a recording, three seconds each."""
    return tuple(
        Passage(f"p{n}", text, TimeAnchor("s1", 3.0 * (n - 1), 3.0 * n), 0.9) for n, text in enumerate(texts, 1)
    )


def printed(texts: Sequence[str], source: str = "s1") -> tuple[Passage, ...]:
    """Passages of a scan, one below the other on one page."""
    return tuple(
        Passage(f"p{n}", text, PageAnchor(source, 1, (0.1, 0.03 * n, 0.8, 0.03 * n + 0.02)), 0.9)
        for n, text in enumerate(texts, 1)
    )


def memo(texts: Sequence[str] = MEMO) -> Reading:
    return Reading((Source("s1", "recording", "0" * 64),), spoken(texts))


def form(texts: Sequence[str] = FORM) -> Reading:
    return Reading((Source("s1", "scan", "0" * 64),), printed(texts))
