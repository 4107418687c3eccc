"""Names, sexes, birth dates and relatives that were not said; " | " parts the passages."""

from __future__ import annotations

import pytest

from daemon.faithfulness.rules.identity import identity_findings
from daemon.faithfulness.texts import PATIENT, Claim, Texts
from daemon.model.finding import Finding

VISIT = "hello mr. garcia , i'm dr. nguyen . | you are 54 ? | yes i am . my mom had breast cancer ."
FOUND = (
    (VISIT, "Ms. Hawthorne presents.", "high", "Hawthorne"),
    (VISIT, "Dr. Okafor will see him.", "high", "Okafor"),
    (VISIT, "Mr. Garsia presents.", "low", "Garsia"),
    (VISIT, "Father had breast cancer.", "medium", "Father"),
    (VISIT, "A 54-year-old female.", "high", "female"),
    (VISIT, "Mr. Ostrow Protonix 40 mg.", "high", "Ostrow"),
    ("hi mr. garcia", "She reports pain.", "high", "She"),
    ("hi mr. garcia", "The patient lives with her cat.", "medium", "her"),
    ("sir , have a seat .", "She denies pain.", "high", "She"),
    ("hi catherine , i'm doctor lee", "Kathryn presents today.", "low", "Kathryn"),
    ("hi steven , i'm doctor lee", "Stephen denies pain.", "low", "Stephen"),
    ("hi martha", "Martha Collins is a 50-year-old female.", "low", "Collins"),
    ("This is a 60 year old with cough.", "Mr. Alvarez presents with cough.", "medium", "Alvarez"),
    ("Patient: John Smith. 44 y/o male.", "John Jones is a 44-year-old male.", "high", "Jones"),
    ("my husband drives me", "Her husband, Walter, drives her.", "medium", "Walter"),
    ("Date of birth: 03/04/1960", "DOB: 03/04/1961", "high", "03/04/1961"),
    ("what's your date of birth ? | march fourth nineteen sixty", "Date of birth 3/5/1960", "high", "3/5/1960"),
    ("cough", "DOB 3/5/1960", "medium", "3/5/1960"),
    (VISIT, "Rosalind reports increased fatigue.", "medium", "Rosalind"),
    (VISIT, "Medical Reasoning: Tobias understands and agrees with the plan.", "medium", "Tobias"),
    (VISIT, "Rosalind's records from 2020 were reviewed.", "medium", "Rosalind"),
    (VISIT, "I will follow up with Tobias via the portal.", "medium", "Tobias"),
    (VISIT, "Notably, Rosalind was experiencing stress.", "medium", "Rosalind"),
    (VISIT, "Referred by his primary care provider, Tobias, on 03/01/2021.", "medium", "Tobias"),
    (VISIT, "The options were discussed with Tobias.", "medium", "Tobias"),
    (VISIT, "I explained to McAllister that the tendon is intact.", "medium", "McAllister"),
    (VISIT, "Since the fall, Harding reports pain.", "medium", "Harding"),
    (VISIT, "Okonkwo was fine.", "low", "Okonkwo"),
)  # fmt: skip
FINE = (
    "Murphy's sign is negative.", "Lachman and McMurray tests are negative.", "Babinski absent, Romberg negative.", "Foley catheter placed.",
    "Crohn's disease is stable.", "Achilles tendon rupture.", "Tinel sign positive at the wrist.", "Epworth score 12.",
    "Patient went to Walmart in Houston, Texas.", "Johns Hopkins Hospital follow-up in January.", "COVID-19 vaccine by Pfizer.",
    "Dr. Nguyen will see him in March.", "Mr. Garcia's knee hurts.", "PLAN: Start Lasix.", "Nurse practitioner will call.",
    "Patient Education: Drink water.", "Hashimoto Thyroiditis is stable.", "Atrial Fibrillation is a chronic condition.",
    "Graves Disease presents today with tremor.", "Bell Palsy is a likely diagnosis.", "Heart Rate is 72.", "Blood Pressure is 120/80.",
    "Mother: breast cancer", "Mother had breast cancer.", "Mother Alive", "He reports pain.", "A 54-year-old gentleman.", "Referred to St. Mary Hospital.",
    "Spirometry was normal.", "Radiology reports no fracture.", "Seen at Walgreens for a vaccine.", "Aetna denied the claim.", "Florida was warm.",
    "Spurling's test was negative.", "Discussed with Orthopedics.", "Treated with Cipro.", "Homan's sign was negative.", "Stretching helps.",
    "Seen by Dermatology.", "Lives in Zanesville.", "Uses a Zephyrhills bottle.", "Consistent with Quervain disease.",
)  # fmt: skip


def findings(said: str, stated: str, speaker: str = "") -> list[Finding]:
    passages = {f"p{number}": text for number, text in enumerate(said.split(" | "), 1)}
    speakers = dict.fromkeys(passages, speaker) if speaker else {}
    return list(identity_findings(Claim(stated, tuple(passages), inferred=True), Texts(passages, speakers)))


@pytest.mark.parametrize(("said", "stated", "severity", "detail"), FOUND)
def test_who_was_not_spoken_of_is_found(said: str, stated: str, severity: str, detail: str) -> None:
    (finding,) = findings(said, stated)
    assert (finding.code, finding.severity, finding.detail) == ("identity-unsupported", severity, detail)
    assert finding.span is not None
    assert stated[slice(*finding.span)] == detail


@pytest.mark.parametrize("stated", FINE)
def test_what_is_no_name_or_was_said_is_left_alone(stated: str) -> None:
    assert not findings(VISIT, stated)


@pytest.mark.parametrize(
    ("said", "stated"),
    [
        ("Date of birth: 03/04/1960", "DOB March 4, 1960"),
        ("what's your date of birth ? | march fourth nineteen sixty", "DOB 3/4/1960"),
        ("Name: Doe, Jane", "Jane Doe presents."),
        ("Ms. O’Brien is a 30 year old female.", "Ms. O'Brien presents."),
        ("hi mrs. smith-jones", "Mrs. Smith-Jones presents"),
        ("José García is a 50-year-old man", "José García is a 50-year-old man"),
        ("my husband robert drives me", "Her husband, Robert, drives her."),
    ],
)
def test_the_same_person_written_otherwise_is_left_alone(said: str, stated: str) -> None:
    assert not findings(said, stated)


def test_how_the_patient_speaks_to_others_tells_no_sex() -> None:
    assert findings("i am fine ma'am", "He denies pain.")
    assert not findings("i am fine ma'am", "He denies pain.", PATIENT)


def test_a_swapped_relative_cites_who_was_spoken_of() -> None:
    (finding,) = findings(VISIT, "Father had breast cancer.")
    assert finding.evidence == ("p3",)
