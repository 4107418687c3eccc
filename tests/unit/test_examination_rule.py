"""Findings of an examination and results that nobody made, and those that somebody did in other words."""

from __future__ import annotations

import pytest

from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.rules.examination import examination_findings
from daemon.faithfulness.texts import Claim, Texts

VISIT = read_transcript(
    """[doctor] hi there . any chest pain or wheezing lately ?
[patient] no , but my knee is swollen and my ankle is numb .
[doctor] okay . let me take a listen to your lungs . deep breath . those sound nice and clear .
[doctor] now your knee . does it hurt when i press here ?
[patient] yes , that hurts .
[doctor] there is some redness , and you can bend it all the way . i hear no murmur .
[doctor] your a1c came back at seven point four . i would like to order an mri of the knee ."""
)
DICTATION = Texts(
    {
        "p1": "Crackles at the right base. Heart regular, no murmur.",
        "p2": "Chest x-ray shows an infiltrate in the right lower lobe.",
        "p3": "Abdomen is soft.",
    }
)


def found(text: str, section: str = "Physical Exam", source: Texts = VISIT) -> list[tuple[str, str, str]]:
    claim = Claim(text, tuple(source.by_id), section, inferred=True)
    return [(one.code, one.severity, one.detail) for one in examination_findings(claim, source)]


@pytest.mark.parametrize(
    "text",
    [
        "Lungs are clear to auscultation bilaterally.",
        "No wheezes.",
        "Knee: Tender to palpation.",
        "Erythema of the knee.",
        "Full range of motion of the knee.",
        "No murmurs.",
        "Respiratory",
    ],
)
def test_what_was_examined_is_supported_in_clinical_words(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("Neck: Supple without lymphadenopathy.", "Supple"),
        ("Positive Lachman.", "Lachman"),
        ("Cranial nerves II–XII intact.", "Cranial nerves"),
        ("Normoactive bowel sounds.", "Normoactive"),
        ("Abdomen: soft, non-tender.", "soft"),
        ("Pupils are equal and reactive.", "Pupils"),
    ],
)
def test_what_nobody_examined_is_found(text: str, detail: str) -> None:
    ((code, severity, words),) = found(text)
    assert (code, severity) == ("examination-unsupported", "high")
    assert words.startswith(detail)


def test_what_the_patient_tells_is_no_finding_of_an_examination() -> None:
    ((code, severity, detail),) = found("Sensation is diminished to light touch at the wrist and the elbow.")
    assert (code, severity, detail) == ("examination-unsupported", "high", "Sensation")
    ((_, severity, detail),) = found("Ankle: Numbness to pinprick with vibration lost distally.")
    assert severity == "medium"
    assert detail == "Numbness"


def test_what_the_clinician_only_asks_is_no_finding_of_an_examination() -> None:
    ((_, severity, detail),) = found("Wheezing at the apices anteriorly.")
    assert (severity, detail) == ("medium", "Wheezing")


def test_the_opposite_is_found_with_the_passage_that_says_it() -> None:
    claim = Claim("A grade 3/6 systolic murmur is appreciated.", (), "Exam", inferred=True)
    (finding,) = examination_findings(claim, VISIT)
    assert (finding.severity, finding.detail) == ("high", "systolic murmur")
    (against,) = finding.evidence
    assert VISIT.by_id[against].endswith("i hear no murmur .")
    claim = Claim("Lungs are clear to auscultation.", ("p1",), "Objective")
    (finding,) = examination_findings(claim, DICTATION)
    assert (finding.severity, finding.evidence) == ("high", ("p1",))


def test_one_templated_word_among_what_was_found_is_a_lesser_doubt() -> None:
    assert [one[1] for one in found("Abdomen: soft with no hepatosplenomegaly.", "Objective", DICTATION)] == ["medium"]
    assert [one[1] for one in found("No hepatosplenomegaly.", "Objective", DICTATION)] == ["high"]


def test_a_dictation_is_a_clinician_s_throughout() -> None:
    assert found("Regular rate and rhythm, no murmurs.", "Objective", DICTATION) == []
    assert found("Lungs: Crackles at the right base.", "Objective", DICTATION) == []
    assert [one[2] for one in found("Wheezing on the left.", "Objective", DICTATION)] == ["Wheezing"]


def test_a_quotation_is_never_doubted() -> None:
    source = Texts({"p1": "Neck supple. Positive Lachman on the left."})
    claim = Claim("Positive Lachman on the left.", ("p1",), "Objective")
    assert list(examination_findings(claim, source)) == []


def test_history_and_symptoms_are_not_judged_as_an_examination() -> None:
    for section in ("History of Present Illness", "Review of Systems", "Family History"):
        assert found("Denies rash, wheezing and swollen glands.", section) == []
    assert found("Cardiac auscultation reveals a gallop.", "Assessment")


def test_results_need_a_passage_that_names_the_test() -> None:
    assert found("Hemoglobin A1c was 7.4.", "Results") == []
    assert found("Chest radiograph: right lower lobe infiltrate.", "Results", DICTATION) == []
    assert found("CT of the head shows no bleed.", "Results") == [("result-unsupported", "high", "CT")]
    assert found("Troponin was negative.", "Assessment and Plan") == [("result-unsupported", "medium", "Troponin")]
    assert found("Chest x-ray of the wrist shows no fracture.", "Results", DICTATION) == []
    assert found("X-ray shows no fracture of the wrist.", "Results", DICTATION) == [
        ("result-unsupported", "medium", "wrist")
    ]


def test_an_order_is_no_result() -> None:
    assert found("Order a CT of the head and a urinalysis.", "Plan") == []


def test_the_span_is_where_the_detail_stands() -> None:
    text = "Neck: 🙂 Supple."
    (finding,) = examination_findings(Claim(text, (), "Exam", inferred=True), VISIT)
    assert finding.span is not None
    assert text[slice(*finding.span)] == finding.detail == "Supple"
