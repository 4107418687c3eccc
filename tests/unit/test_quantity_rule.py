"""Numbers of a statement against a conversation: bound to their unit, their drug, their measure and what they count."""

from __future__ import annotations

import pytest

from daemon.faithfulness.rules.quantity import quantity_findings
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding

TALK = (
    "So you are here for your blood pressure and your diabetes.",
    "Yes, I had back pain for three weeks now, and two kids at home.",
    "You are on lisinopril ten milligrams, is that right?",
    "Yes, lisinopril ten.",
    "And the metformin, how much do you take?",
    "Five hundred.",
    "Atorvastatin forty, the same as before.",
    "Your blood pressure was one thirty eight over eighty four, heart rate was sixty eight, and your temperature was ninety eight . six .",
    "Your hemoglobin a1c was eight point two, and the ldl is one fifty three.",
    "You walk four miles, and your boy is a nine year old.",
    "On a scale of one to ten, how bad is the pain?",
    "Like a seven.",
    "You have type two diabetes, and one plus edema of the legs.",
    "Let's see you back in four months, and a couple of days after that you get the vaccine.",
    "I was fourteen when they took my tonsils, and I woke at two in the morning in march.",
)


def talk(*more: str) -> Texts:
    return Texts({f"p{number}": text for number, text in enumerate((*TALK, *more), 1)})


def found(text: str, *more: str, evidence: tuple[str, ...] = ()) -> list[Finding]:
    return list(quantity_findings(Claim(text, evidence, inferred=not evidence), talk(*more)))


def severities(text: str, *more: str) -> list[str]:
    return [finding.severity for finding in found(text, *more)]


@pytest.mark.parametrize(
    "text",
    ["Lisinopril 10 mg.", "She takes metformin 500 mg.", "Atorvastatin 40 mg.", "Blood pressure 138/84 mmHg.", "Heart rate: 68 bpm.",
     "Hemoglobin A1c 8.2 %.", "LDL 153 mg/dL.", "Back pain for 3 weeks.", "She walks 4 miles.", "He is a 9-year-old boy.", "Pain 7/10.",
     "Type 2 diabetes.", "1+ edema.", "Follow up in 4 months.", "Temperature 98.6 F.", "Tonsillectomy when she was 14 years old.",
     "She woke at 2:00 am.", "Back pain for 21 days.", "Alert and oriented x3.", "She has 2 kids.", "", "Well."],
)  # fmt: skip
def test_what_was_said_so_is_not_doubted(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "detail"),
    [("Lisinopril 20 mg.", "20 mg"), ("Lisinopril 10 mcg.", "10 mcg"), ("He is a 9-month-old boy.", "9-month"), ("Back pain for 3 months.", "3 months"),
     ("She walks 4 yards.", "4"), ("She walks 4 feet.", "4 feet"), ("Blood pressure 148/84.", "148/84"), ("Hemoglobin A1c 9.2.", "9.2"),
     ("Back pain for 2 weeks.", "2 weeks"), ("Type 5 diabetes.", "5"), ("3+ edema.", "3"), ("Follow up in 4 weeks.", "4 weeks"),
     ("She woke at 5:00 am.", "5:00"), ("Pain 9/10.", "9/10"), ("Heart rate 84 bpm.", "84 bpm"), ("Weighed 300 pounds.", "300 pounds"),
     ("Follow up in 3 weeks.", "3 weeks"), ("Vitamin B12 was low.", "B12")],
)  # fmt: skip
def test_what_was_not_said_so_is_found_at_its_place(text: str, detail: str) -> None:
    (finding,) = found(text)
    assert (finding.code, finding.detail) == ("quantity-unsupported", detail)
    assert finding.span is not None
    assert text[slice(*finding.span)] == detail
    assert set(finding.evidence) <= talk().by_id.keys()


def test_a_dose_belongs_to_its_drug() -> None:
    more = ("Your simvastatin is one thousand milligrams.",)
    assert severities("Metformin 1000 mg.", *more) == ["high"]
    assert severities("Simvastatin 1000 mg.", *more) == []
    assert found("Metformin 1000 mg.", *more)[0].evidence == ("p16",)
    assert severities("Metformin 10 mg.") == ["high"]
    assert severities("Norvasc 10 mg.") == []  # a name that was misheard is another rule's


def test_the_drug_named_after_its_dose_has_it() -> None:
    more = ("We start 15 milligrams of meloxicam and 75 milligrams of clopidogrel.",)
    assert severities("Meloxicam 15 mg and clopidogrel 75 mg.", *more) == []
    assert severities("Meloxicam 75 mg and clopidogrel 15 mg.", *more) == ["high", "high"]


def test_a_unit_that_nobody_said_is_doubted_only_where_the_drug_or_the_measure_never_has_it() -> None:
    assert severities("Atorvastatin 40 mg.") == []
    assert severities("Atorvastatin 40 mcg.") == ["medium"]
    assert severities("Atorvastatin 40 units.") == ["medium"]
    assert severities("Levothyroxine 88 mg.", "Levothyroxine eighty eight.") == ["medium"]
    assert severities("Levothyroxine 88 mcg.", "Levothyroxine eighty eight.") == []
    assert severities("LDL 153 mcg/dL.") == ["medium"]
    assert severities("Blood pressure 138/84 cm.") == ["medium"]


def test_the_grave_are_those_that_stand_nowhere() -> None:
    assert severities("Back pain for 17 weeks.") == ["high"]
    assert severities("Follow up in 2 days.") == ["low"]  # "a couple of days"
    assert severities("Woke up in 03/2020.") == ["low"]  # the month without its year
    assert severities("Woke up in 07/2020.") == ["high"]
    assert severities("Follow up in 3 weeks.") == ["medium"]  # three weeks of pain


def test_a_range_goes_up() -> None:
    assert severities("Pain for 3 to 3 weeks.") == ["medium"]
    assert severities("Prednisone tapered from 40 to 20 mg.", "We taper the prednisone from 40 to 20 milligrams.") == []


def test_a_number_said_elsewhere_is_a_wrong_citation() -> None:
    assert [one.severity for one in found("Lisinopril 10 mg.", evidence=("p1",))] == ["medium"]
    assert [one.severity for one in found("Lisinopril 80 mg.", evidence=("p3",))] == ["high"]
    assert found("Lisinopril 10 mg.", evidence=("p3",)) == []


@pytest.mark.parametrize("name", [f"p{number}" for number in range(1, len(TALK) + 1)])
def test_a_quote_is_never_doubted(name: str) -> None:
    text = talk().by_id[name]
    for inferred in (True, False):
        assert list(quantity_findings(Claim(text, (name,), inferred=inferred), talk())) == []


def test_a_piece_of_a_number_is_no_quote() -> None:
    source = Texts({"p1": "Takes 15 mg of meloxicam and 2.5 mg of amlodipine."})
    for text in ("5 mg of meloxicam", "Takes 1", "and 2"):
        assert list(quantity_findings(Claim(text, ("p1",)), source)), text


def test_many_numbers_in_a_row_are_read() -> None:
    text = "1 2 3 4/5 6-7 8 9 10 11/12/13 14:15 " * 200
    assert isinstance(list(quantity_findings(Claim(text, ("p1",), inferred=True), talk())), list)


def test_a_number_said_by_itself_is_no_dose_where_the_drug_has_another() -> None:
    [finding] = found("Lisinopril 30 mg.", "I take it at eight thirty in the morning.")
    assert (finding.severity, finding.detail, finding.evidence) == ("high", "30 mg", ("p3",))
    assert severities("Amlodipine 30 mg.", "I take it at eight thirty in the morning.", "And amlodipine?") == []
