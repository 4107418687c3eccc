"""A side that was not said, or was said of the other side; " | " parts the passages."""

from __future__ import annotations

import pytest

from daemon.faithfulness.persons.sides import sides_of_source
from daemon.faithfulness.rules.laterality import laterality_findings
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding

WRONG = (
    ("which knee is it ? | left .", "Right knee pain."),
    ("is it the left or the right ? | the right one . | ok so the right hip", "Left hip pain."),
    ("Visual acuity OD 20/40, OS 20/20.", "Visual acuity 20/40 in the left eye."),
    ("Otitis media of the right ear.", "Left otitis media."),
    ("Pain in the RUQ with Murphy sign.", "Left upper quadrant pain."),
    ("L knee pain for 3 weeks.", "R knee pain for 3 weeks."),
    ("Cataract surgery on the left eye in May.", "Cataract surgery of the right eye."),
    ("Left ventricular ejection fraction is 55%.", "Right ventricular ejection fraction is 55%."),
    ("Lungs: crackles at the left base.", "Crackles at the right base."),
    ("2 cm mass of the left breast.", "Right breast mass."),
    ("i had a stroke and my left side is weak .", "Right-sided weakness."),
    ("Patient is right handed. Injured her left hand.", "Right hand injury."),
    ("Patient is right handed. Injured her left hand.", "Left-hand-dominant."),
    ("Right knee ACL reconstruction in 2010. Now left knee pain after twisting.", "Right knee pain after twisting."),
    ("Right knee ACL reconstruction in 2010. Now left knee pain after twisting.", "Left knee ACL reconstruction 2010."),
    ("the pain is on the right side of my neck and goes down the left arm", "Pain in the left side of the neck."),
    ("Ciprodex AD twice daily", "Ciprodex drops to the left ear twice daily."),
    ("Lt hip replacement", "Right hip replacement"),
    ("so the right knee hurts | it's not the right knee it's the left knee", "Right knee pain."),
    ("all right , right now your knee is fine . | right here ? | he left the house", "Right knee pain."),
    ("both elbows hurt , the right one more", "Bilateral elbow pain, left worse than left."),
)  # fmt: skip
RIGHT = (
    ("which knee is it ? | left .", "Left knee pain."),
    ("Visual acuity OD 20/40, OS 20/20.", "Visual acuity OD 20/40."),
    ("Pain in the RUQ with Murphy sign.", "Right upper quadrant pain."),
    ("Status post R TKA, L knee pain.", "Left knee pain."),
    ("Left ventricular ejection fraction is 55%.", "Left ventricular function normal."),
    ("Edema of both legs.", "Edema of the left leg and right leg."),
    ("Swelling in both ankles.", "Swelling of the right ankle."),
    ("i had a stroke and my left side is weak .", "Left-sided weakness."),
    ("Patient is right handed. Injured her left hand.", "Left hand injury in a right-hand-dominant patient."),
    ("Right knee ACL reconstruction in 2010. Now left knee pain after twisting.", "Left knee pain after twisting."),
    ("bilateral knee osteoarthritis", "Right knee osteoarthritis."),
    ("grip is weaker on the left", "Grip strength is less on the left in comparison to the right."),
    ("your lungs are clear", "Lungs are clear to auscultation bilaterally."),
    ("my knee hurts", "The patient feels all right now and left early."),
)  # fmt: skip


def source(said: str) -> Texts:
    return Texts({f"p{number}": text for number, text in enumerate(said.split(" | "), 1)})


def findings(said: str, stated: str) -> list[Finding]:
    texts = source(said)
    return list(laterality_findings(Claim(stated, tuple(texts.by_id), inferred=True), texts))


@pytest.mark.parametrize(("said", "stated"), WRONG)
def test_the_other_side_is_found(said: str, stated: str) -> None:
    (finding,) = findings(said, stated)
    assert finding.code == "laterality-unsupported"
    assert finding.span is not None
    assert stated[slice(*finding.span)] == finding.detail


@pytest.mark.parametrize(("said", "stated"), RIGHT)
def test_the_side_that_was_said_is_left_alone(said: str, stated: str) -> None:
    assert not findings(said, stated)


def test_only_the_other_side_is_high_and_cites_who_said_it() -> None:
    (finding,) = findings("how are you ? | my left knee hurts", "Right knee pain.")
    assert (finding.severity, finding.detail, finding.evidence) == ("high", "Right", ("p2",))


def test_no_side_at_all_is_medium_and_cites_nothing() -> None:
    (finding,) = findings("my knee hurts", "Left knee pain.")
    assert (finding.severity, finding.evidence) == ("medium", ())


@pytest.mark.parametrize(
    "said",
    ["all right", "right now it hurts", "that's right , doctor", "right here ?", "i left home", "you're right", "put it right there"],
)  # fmt: skip
def test_right_and_left_are_no_sides_in_speech(said: str) -> None:
    assert not sides_of_source(source(f"my knee hurts | {said}"))


def test_a_quote_of_a_cited_passage_is_fine() -> None:
    said = "The left knee is swollen, the right knee is normal."
    assert not list(laterality_findings(Claim(said, ("p1",)), source(said)))
