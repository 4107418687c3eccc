"""Numbers that were said: which of them a note has to carry, and how grave it is if it does not."""

from __future__ import annotations

import pytest

from daemon.faithfulness.omissions.numbers import omitted_numbers
from daemon.faithfulness.texts import Texts


def omitted(said: str, note: str = "") -> list[tuple[str, str]]:
    found = list(omitted_numbers(Texts({"s1": note}), Texts({"p1": said})))
    assert all(one.kind == "number" and one.evidence == ("p1",) for one in found)
    return [(one.text, one.severity) for one in found]


@pytest.mark.parametrize(
    ("said", "text"),
    [("Your blood pressure was one thirty eight over eighty four today.", "blood pressure 138/84"),
     ("Your hemoglobin a1c came back at eight point two.", "A1c 8.2"), ("Heart rate was sixty eight.", "heart rate 68"),
     ("The ejection fraction is forty five percent.", "ejection fraction 45%"), ("LDL 153 mg/dL.", "LDL 153 mg/dL"),
     ("Temperature was ninety seven . seven and normal.", "temperature 97.7"), ("It is an eight out of ten.", "pain 8/10"),
     ("His creatinine is 1.4 now.", "creatinine 1.4"), ("I see a three centimeter mass there.", "I see a three centimeter mass there")],
)  # fmt: skip
def test_what_is_measured_is_grave(said: str, text: str) -> None:
    assert omitted(said) == [(text, "high")]


@pytest.mark.parametrize(
    ("said", "text", "severity"),
    [("I've had this cough for three weeks, you know.", "I've had this cough for three weeks", "medium"), ("It began two days ago.", "It began two days ago", "medium"),
     ("I will see you back in two weeks.", "will see you back in two weeks", "low"), ("The walk takes twenty minutes.", "The walk takes twenty minutes", "low"),
     ("I have a thirty pack year history.", "I have a thirty pack year history", "medium"), ("I lost ten pounds.", "I lost ten pounds", "medium"),
     ("It started a week ago.", "It started a week ago", "low"), ("Your LDL should be below 100.", "LDL 100", "low"),
     ("On March 3, 2024 she fell.", "On March 3, 2024 she fell", "low")],
)  # fmt: skip
def test_the_rest_is_less_grave(said: str, text: str, severity: str) -> None:
    assert omitted(said) == [(text, severity)]


@pytest.mark.parametrize(
    "said",
    ["Take metformin 500 mg twice a day.", "Two tablets every six hours.", "I have two kids.", "This one is better.", "The type two diabetes.",
     "I'll be back in a second.", "The week was good.", "Call 555-201-3344.", "", "Your temperature 3 thousand."],
)  # fmt: skip
def test_doses_and_plain_talk_are_left_out(said: str) -> None:
    assert omitted(said) == []


@pytest.mark.parametrize(
    ("said", "note"),
    [("Your blood pressure was one thirty eight over eighty four.", "BP 138/84 mmHg."), ("I've been coughing for two weeks.", "Cough for 14 days."),
     ("The a1c was eight point two.", "Hemoglobin A1c 8.2 %."), ("Systolic 138 over 84.", "Systolic 138, diastolic 84."),
     ("I've had it for fourteen days.", "Present for 2 weeks."), ("She's fifty four years old.", "54-year-old female."),
     ("It's an eight out of ten.", "Pain 8/10."), ("Temperature ninety seven . seven.", "Temp 97.7 F."), ("Two to three weeks.", "For 2-3 weeks.")],
)  # fmt: skip
def test_what_the_note_says_in_another_form_is_carried(said: str, note: str) -> None:
    assert omitted(said)
    assert omitted(said, note) == []


def test_a_small_number_of_something_else_carries_nothing() -> None:
    assert omitted("I've been coughing for two weeks.", "Type 2 diabetes.") == [
        ("I've been coughing for two weeks", "medium")
    ]
    assert omitted("Strength is four out of five.", "On 4 drugs. Seen 5 times.") == [
        ("Strength is four out of five", "medium")
    ]


def test_what_is_said_twice_is_reported_once_with_its_first_passage() -> None:
    source = Texts({"p1": "Pulse 72.", "p2": "Pulse 72 again.", "p3": "A1c 9.1."})
    assert [(one.text, one.evidence) for one in omitted_numbers(Texts({}), source)] == [
        ("heart rate 72", ("p1",)),
        ("A1c 9.1", ("p3",)),
    ]
