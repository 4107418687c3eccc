"""What is somebody else's, told as the patient's; and one relative's illness told as another's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.faithfulness.evidence import PassageIndex
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.rules.experiencer import experiencer_findings
from daemon.faithfulness.texts import Claim
from daemon.model.finding import Finding

WRONG = (
    ("Patient: My mum takes warfarin.", "Medications", "Warfarin", "high", ["Warfarin"]),
    ("Patient: My wife takes citalopram 20 mg.", "", "Patient takes citalopram 20 mg.", "high", ["citalopram"]),
    ("Patient: My wife's working. She's on citalopram herself.", "", "Takes citalopram.", "high", ["citalopram"]),
    ("Patient: My sister is allergic to penicillin. I have no allergies.", "Allergies", "penicillin.", "high", ["penicillin"]),
    ("Patient: My brother is allergic to shellfish, not me.", "Allergies", "Shellfish", "high", ["Shellfish"]),
    ("Doctor: And the losartan?\nPatient: No, that's my daughter's.", "Medications", "Losartan", "high", ["Losartan"]),
    ("Patient: My father had colon cancer.", "", "Patient has a history of colon cancer.", "medium", ["colon cancer"]),
    ("Patient: My gran had breast cancer.", "Past medical history", "breast cancer.", "medium", ["breast cancer"]),
    ("Patient: My father had colon cancer. My mother had a stroke.", "", "Mother had colon cancer.", "high", ["colon cancer"]),
    ("Her sister had gout, her mother has asthma.", "Family history", "Mother with gout; sister with asthma.", "high", ["gout", "asthma"]),
    ("Patient: My nan had a stroke and my granddad had dementia.", "", "Grandmother had dementia.", "high", ["dementia"]),
)  # fmt: skip
RIGHT = (
    ("Patient: My mum takes warfarin and I take warfarin.", "", "Takes warfarin."),
    ("Patient: My wife says I should take aspirin.", "", "Takes aspirin."),
    ("Patient: I live with my wife and take lisinopril.", "", "Takes lisinopril."),
    ("Patient: My father had colon cancer.", "", "Father had colon cancer."),
    ("Patient: My father had colon cancer.", "Family history", "Colon cancer."),
    ("Patient: My father had colon cancer.", "", "Family history of colon cancer."),
    ("Patient: My mother and sister have diabetes.", "", "Sister with diabetes."),
    ("Patient: My mom died from a stroke and my father at eighty.", "", "Father died from a stroke."),
    ("Patient: My son has asthma. He takes albuterol.", "", "Asthma, on albuterol."),
    ("Patient: My mother has diabetes.\nDoctor: You have diabetes as well.", "", "Has diabetes."),
    ("Patient: My sister is allergic to latex.", "Allergies", "No latex allergy."),
)


def _found(source: str, section: str, text: str) -> list[Finding]:
    texts = read_transcript(source)
    cited = PassageIndex.of(texts.by_id).cite(text)
    found = list(experiencer_findings(Claim(text, cited, section, inferred=True), texts))
    for one in found:
        assert one.span is not None
        assert one.detail == text[slice(*one.span)]
        assert set(one.evidence) <= set(texts.by_id)
        assert one.evidence
    return found


@pytest.mark.parametrize(("source", "section", "text", "severity", "details"), WRONG)
def test_tells_another_person(source: str, section: str, text: str, severity: str, details: list[str]) -> None:
    assert [(one.code, one.severity, one.detail) for one in _found(source, section, text)] == [
        ("person-changed", severity, detail) for detail in details
    ]


@pytest.mark.parametrize(("source", "section", "text"), RIGHT)
def test_keeps_still(source: str, section: str, text: str) -> None:
    assert _found(source, section, text) == []


PIECES = ["my mother", "nan's", "has", "had", "takes", "gout", "warfarin", "allergic to", "latex", "she", "and", "I", "?", ".", "\n", "Patient:", "Doctor:", "\0", "é😀"]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=30), st.lists(st.sampled_from(PIECES), max_size=12), st.text(max_size=20)
)
def test_any_text(source: list[str], text: list[str], section: str) -> None:
    said, stated = " ".join(source), " ".join(text)
    assert _found(said, section, stated) == _found(said, section, stated)
