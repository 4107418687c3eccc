"""A relative's drugs and allergies, and plans that were taken back, are left out of no note."""

from __future__ import annotations

import pytest

from daemon.faithfulness.omissions import find_omissions
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.texts import Texts

NOTHING = Texts({"s1": "Seen today."})


def missed(said: str) -> list[str]:
    return [one.text for one in find_omissions(NOTHING, read_transcript(said), ("medication", "allergy"))]


@pytest.mark.parametrize(
    "said",
    [
        "Patient: My wife's working. She's on citalopram herself, 20 milligrams.",
        "Patient: My wife takes citalopram 20 milligrams.",
        "Patient: My mum takes warfarin 5 mg.",
        "Patient: My mum's allergic to penicillin.",
        "Patient: My sister is allergic to peanuts.",
        "Patient: And statins in the past, no sorry, that's Mum, Mum can't take statins.",
        "Doctor: I was going to add in montelukast, four milligrams at night, actually no, let's leave that out.",
        "Doctor: Let's start montelukast 4 mg. Actually, let's hold off on the montelukast.",
        "Start aspirin 81 mg. Scratch that.",
    ],
)
def test_what_is_anothers_or_taken_back_is_not_missed(said: str) -> None:
    assert missed(said) == []


def test_the_drug_that_replaces_another_is_the_one_that_is_missed() -> None:
    said = "enoxaparin forty milligrams once a day no hang on we've changed that it's apixaban 2.5 mg twice a day"
    assert missed(said) == ["apixaban 2.5 mg twice a day"]


@pytest.mark.parametrize(
    ("said", "drug"),
    [
        ("Patient: My wife loves dogs. I take citalopram 20 mg.", "citalopram 20 mg"),
        ("Patient: My mum takes warfarin 5 mg. I take warfarin 3 mg too.", "warfarin 3 mg"),
        ("Patient: My wife is on citalopram. I'm allergic to penicillin.", "penicillin"),
        ("Doctor: Start aspirin 81 mg. Hold on to the rail on the stairs.", "aspirin 81 mg"),
        ("Doctor: Start aspirin 81 mg. Actually, let's hold off on the MRI.", "aspirin 81 mg"),
    ],
)
def test_the_patients_own_is_missed(said: str, drug: str) -> None:
    assert drug in missed(said)
