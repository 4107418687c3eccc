"""Each rule is asked: what it alone can say comes out where a draft and `check` ask for all."""

from __future__ import annotations

import pytest

from daemon.faithfulness.omissions import find_omissions
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.rules import verify_claim
from daemon.faithfulness.texts import Claim, Texts

SAID = {
    "p1": "She takes metformin 500 mg twice a day for diabetes.",
    "p2": "Stop warfarin. My mother has asthma.",
    "p3": "She denies chest pain. Pain in the right knee for two weeks.",
    "p4": "The strep test was negative.",
    "p5": "Start amlodipine 5 mg. Actually, scratch that.",
    "p6": "Mr. Lopez is a 58-year-old man.",
}
WRONG = [
    ("Metformin 850 mg.", "quantity-unsupported", ""),
    ("Metformin 500 mg once a week.", "frequency-unsupported", ""),
    ("She takes hydralazine.", "medication-unsupported", ""),
    ("Continue warfarin.", "medication-status", ""),
    ("The patient has a history of asthma.", "person-changed", ""),
    ("She reports chest pain.", "negation-flipped", ""),
    ("Pain in the left knee.", "laterality-unsupported", ""),
    ("Mr. Featherstone is a man.", "identity-unsupported", ""),
    ("Lungs: Clear to auscultation bilaterally, no wheezes.", "examination-unsupported", "PHYSICAL EXAM"),
    ("The strep test was positive.", "result-flipped", ""),
    ("Start amlodipine 5 mg.", "plan-retracted", ""),
    ("He works as a carpenter and keeps bees with his neighbours.", "statement-unsupported", "SOCIAL HISTORY"),
    ("Physical exam: Lungs are clear to auscultation bilaterally.", "section-wrong", "HISTORY OF PRESENT ILLNESS"),
]


@pytest.mark.parametrize(("text", "code", "section"), WRONG)
def test_a_rule_is_asked(text: str, code: str, section: str) -> None:
    found = verify_claim(Claim(text, tuple(SAID), section, inferred=True), Texts(SAID))
    assert code in {finding.code for finding in found}


def test_each_kind_of_omission_is_looked_for() -> None:
    said = read_transcript(
        "Doctor: Any chest pain?\nPatient: No. I have a cough.\nDoctor: Are you allergic to anything?\nPatient: Penicillin.\n"
        "Doctor: You have pneumonia. Your blood pressure is 138 over 84. Start azithromycin 500 mg daily. I will see you again in two weeks. "
        "If you get short of breath, go to the emergency room.\n"
    )
    kinds = {omission.kind for omission in find_omissions(Texts({}), said)}
    assert kinds == {
        "medication",
        "allergy",
        "number",
        "negated-symptom",
        "symptom",
        "diagnosis",
        "follow-up",
        "safety-advice",
    }
