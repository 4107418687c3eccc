"""Results that came out the other way than a statement says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.faithfulness.evidence import PassageIndex
from daemon.faithfulness.reading.sentences import note_sections
from daemon.faithfulness.reading.source_text import read_source
from daemon.faithfulness.rules.result_values import result_value_findings
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding

FLIPPED = (
    ('The COVID test was positive.', 'COVID test negative.'),
    ('HIV test came back positive.', 'HIV negative.'),
    ('The pregnancy test is positive.', 'Pregnancy test negative.'),
    ('Blood group is O negative.', 'Blood group O positive.'),
    ('Troponin is raised.', 'Troponin normal.'),
    ('Biopsy was benign.', 'Biopsy was malignant.'),
    ('Rapid strep was negative.', 'Positive strep test.'),
    ('Doctor: so your EKG looks normal.', 'EKG abnormal.'),
    ('Doctor: the urine shows nitrites and leukocyte esterase are both negative.', 'UA: nitrite positive, leukocyte esterase negative.'),
    ('Doctor: she tested positive for flu.', 'Influenza negative.'),
    ('Doctor: she tested positive for flu.', 'Tested negative for influenza.'),
    ('Doctor: the D-dimer was not elevated.', 'D-dimer elevated.'),
    ('Doctor: hemoglobin is low.', 'Hemoglobin normal.'),
    ('Doctor: potassium is a little high.', 'Potassium low.'),
    ('Doctor: chest x-ray was clear.', 'Chest x-ray abnormal.'),
    ('Doctor: HLA-B27 came back positive.', 'HLA-B27 negative.'),
    ('Doctor: the anti-Jo antibody is positive.', 'Anti-Jo antibody negative.'),
    ('Doctor: PCR for HSV not detected.', 'HSV detected.'),
    ('Doctor: quantiferon was negative.', 'TB test positive.'),
    ('Doctor: hep C antibody reactive.', 'Hepatitis C antibody non-reactive.'),
    ('Doctor: Pap smear was abnormal.', 'Pap within normal limits.'),
    ('Doctor: your lyme titer was negative.', 'Lyme positive.'),
    ('Doctor: FIT test was positive.', 'FOBT negative.'),
    ('Doctor: straight leg raise is positive on the right.', 'Straight leg raise negative on the right.'),
    ('Doctor: TSH is within normal limits.', 'TSH elevated.'),
    ('Doctor: LFTs were normal but CRP was elevated.', 'LFTs elevated. CRP elevated.'),
    ('Doctor: LFTs were normal but CRP was elevated.', 'CRP normal.'),
    ('she is a positive person. RPR nonreactive', 'RPR reactive'),
    ('Doctor: her rh is negative.', 'Rh positive.'),
    ('Doctor: Your rapid flu came back positive.', 'Rapid flu negative.'),
    ('Her monospot is negative.', 'Monospot positive.'),
    ("Doctor: so the wound culture didn't grow anything, culture negative.", 'Wound culture positive.'),
    ('Doctor: The mammogram was normal.', 'Mammogram abnormal.'),
    ('Blood cultures are positive.', 'Blood cultures negative.'),
    ('Doctor: your PSA is elevated.', 'PSA within normal limits.'),
    ('Doctor: your PSA is within the normal range.', 'PSA elevated.'),
    ('GBS negative, rubella immune, blood group A positive.', 'GBS positive.'),
    ('GBS negative, rubella immune, blood group A positive.', 'A negative blood group.'),
    ("Phalen's test is positive bilaterally.", "Phalen's negative."),
    ('Murphy sign negative.', 'Positive Murphy sign.'),
    ('Doctor: we did a drug screen, it was positive.', 'Urine drug screen negative.'),
    ('Doctor: strep test?\nDoctor: It was negative.', 'Strep positive.'),
    ('Doctor: The calcium was high, albumin was normal.', 'Calcium low, albumin normal.'),
    ('Doctor: The troponins were negative times two.', 'Troponins positive.'),
    ('Doctor: Thyroid function was abnormal, TSH was high.', 'TSH low.'),
    ('ER positive, PR negative, HER2 negative.', 'ER negative, PR negative, HER2 negative.'),
    ('Doctor: echo was normal. EKG showed some abnormal beats.', 'Echocardiogram abnormal.'),
    ('Doctor: The x-ray of your left wrist is normal. X-ray of the right wrist is abnormal.', 'X-ray right wrist normal.'),
    ('Doctor: Cologuard was positive so we need a colonoscopy.', 'Cologuard negative.'),
    ('Doctor: BRCA testing was negative.', 'BRCA positive.'),
    ('Doctor: norovirus PCR positive.', 'Norovirus PCR negative.'),
    ('Doctor: White cell count is raised at 14.', 'White cell count normal at 14.'),
    ('Doctor: White cell count is 14, raised.', 'WBC normal.'),
    ('Doctor: Was your Pap normal?\nPatient: No, it was abnormal.', 'Pap normal.'),
    ('Doctor: ketones not detected in urine.', 'Ketones detected in urine.'),
)  # fmt: skip
TRUE = (
    ('Blood group is O negative.', 'Blood group O negative.'),
    ('Doctor: your husband tested positive for flu.', 'Influenza negative.'),
    ("Doctor: if the flu test is positive we'll treat.", 'Flu test negative.'),
    ("Doctor: flu test was negative on Monday. It's positive today: flu test positive.", 'Flu test positive.'),
    ('Doctor: the D-dimer was not elevated.', 'D-dimer normal.'),
    ('Doctor: chest x-ray was clear.', 'Knee x-ray abnormal.'),
    ('Doctor: chest x-ray was clear.', 'Chest x-ray normal.'),
    ('Doctor: straight leg raise is positive on the right.', 'Straight leg raise negative on the left.'),
    ('Doctor: your ultrasound was normal.', 'Ultrasound unremarkable.'),
    ('Doctor: You have low back pain.', 'MRI normal.'),
    ('Doctor: LFTs were normal but CRP was elevated.', 'LFTs normal, CRP elevated.'),
    ('GBS negative, rubella immune, blood type A pos.', 'Blood type: A positive. GBS negative.'),
    ('Doctor: The lump we took out was benign.', 'Biopsy benign.'),
    ('ER positive, PR negative, HER2 negative.', 'ER positive, PR negative, HER2 negative.'),
    ('Patient: I tested positive for chlamydia last year. Doctor: Chlamydia test today negative.', 'Chlamydia negative.'),
    ('Doctor: The x-ray of your left wrist is normal. X-ray of the right wrist is abnormal.', 'X-ray left wrist normal.'),
    ('Doctor: Cologuard was positive so we need a colonoscopy.', 'Cologuard positive.'),
    ("Doctor: your liver enzymes are up, they're elevated.", 'Liver enzymes elevated.'),
    ('Doctor: We will check HIV; most people are negative.', 'HIV positive.'),
    ('Doctor: Was your Pap normal?\nPatient: Yes.', 'Pap normal.'),
    ('Urine shows a trace of protein, no glucose. UA otherwise negative.', 'UA positive for protein.'),
)  # fmt: skip


def findings(said: str, note: str) -> list[Finding]:
    source = read_source(said).texts
    index = PassageIndex.of_source(source)
    return [
        one
        for section in note_sections(note)
        for text in section.statements
        for one in result_value_findings(Claim(text, index.cite(text), section.title, inferred=True), source)
    ]


@pytest.mark.parametrize(("said", "note"), FLIPPED)
def test_a_result_that_came_out_the_other_way_is_found(said: str, note: str) -> None:
    (finding, *_) = findings(said, note)
    assert (finding.code, finding.severity) == ("result-flipped", "high")
    assert finding.detail
    assert finding.detail in note
    assert finding.evidence
    assert set(finding.evidence) <= set(read_source(said).texts.by_id)


@pytest.mark.parametrize(("said", "note"), TRUE)
def test_a_result_as_it_was_reported_is_left_alone(said: str, note: str) -> None:
    assert not findings(said, note)


_PIECES = st.sampled_from(
    [
        "HIV test",
        "positive",
        "negative",
        "not",
        "detected",
        "troponin",
        "was",
        "normal",
        "within normal limits",
        "raised",
        "O negative",
        "strep",
        ":",
        "?",
        "\n",
        "\x00",
        "for",
        "and",
        "low",
        "culture",
    ]
)
_TEXTS = st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=12).map(" ".join))


@settings(max_examples=150, deadline=None)
@given(st.lists(_TEXTS, max_size=5), _TEXTS)
def test_any_text_is_read_and_every_finding_is_a_piece_of_it(said: list[str], text: str) -> None:
    source = Texts({f"p{number}": each for number, each in enumerate(said)})
    claim = Claim(text, tuple(source.by_id), "Plan", inferred=True)
    found = list(result_value_findings(claim, source))
    assert found == list(result_value_findings(claim, Texts(source.by_id)))
    for one in found:
        assert one.span is not None
        assert one.detail == text[slice(*one.span)] != ""
        assert one.evidence
        assert set(one.evidence) <= set(source.by_id)


@pytest.mark.parametrize(
    "said",
    [
        "Strep negative. Strep positive.",
        "If the strep test is positive we treat.",
        "Her brother had a positive strep test.",
    ],
)
def test_no_result_of_the_patient_for_sure_speaks_against_nothing(said: str) -> None:
    assert not findings(said, "Strep test negative.")


def test_the_word_for_the_result_is_the_span() -> None:
    (finding,) = findings("Doctor: Troponin is raised.", "Labs: troponin was within normal limits.")
    assert (finding.detail, finding.evidence) == ("within normal limits", ("p1",))
