"""Who the patient is, found in one passage: what is theirs, and above all what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.computed.patient_facts import patient_facts


def facts(text: str) -> dict[str, str]:
    return {fact.kind: text[slice(*fact.value)] for fact in reversed(patient_facts(text))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The patient is Walter Nguyen, date of birth April 5th 1961.", {"name": "Walter Nguyen", "born": "April 5th 1961"}),
        ("the patient is walter nguyen date of birth april fifth nineteen sixty one",
         {"name": "walter nguyen", "born": "april fifth nineteen sixty one"}),
        ("Patient name Jane Doe, d o b March third nineteen sixty-six.", {"name": "Jane Doe", "born": "March third nineteen sixty-six"}),
        ("patient name jane doe d o b oh three oh three nineteen sixty six", {"name": "jane doe", "born": "oh three oh three nineteen sixty six"}),
        ("this is a 58-year-old woman named Maria Garcia Lopez", {"name": "Maria Garcia Lopez", "age": "58-year-old woman"}),
        ("Re: John Smith DOB 4/5/1961", {"name": "John Smith", "born": "4/5/1961"}),
        ("Referral letter for Mrs. Alvarez.", {"name": "Mrs. Alvarez"}),
        ("referral to endocrinology for mrs hannah berg date of birth january second nineteen fifty eight",
         {"name": "mrs hannah berg", "born": "january second nineteen fifty eight"}),
        ("I am referring Mr. Tom O'Brien to cardiology.", {"name": "Mr. Tom O'Brien"}),
        ("Thank you for seeing Walter Nguyen, a 64 year old man with angina.", {"name": "Walter Nguyen", "age": "64 year old man"}),
        ("Omar Haddad is 47 years old and comes in with pain.", {"name": "Omar Haddad", "age": "47 years old"}),
        ("Six year old girl, Ava Torres, with ear infections.", {"name": "Ava Torres", "age": "Six year old girl"}),
        ("Lucas, a 4 year old boy, has a cough.", {"name": "Lucas", "age": "4 year old boy"}),
        ("DOB: 02/03/1965 Sex: F MRN: 4471-A", {"born": "02/03/1965", "sex": "F", "record": "4471-A"}),
        ("mrn 4 4 7 1 2", {"record": "4 4 7 1 2"}),
        ("patient is juan de la cruz born may 5 1970", {"name": "juan de la cruz", "born": "may 5 1970"}),
        ("The patient is April Jones, born June 2 1980.", {"name": "April Jones", "born": "June 2 1980"}),
        ("She is a 34 year old G2P1.", {"age": "34 year old"}),
        ("This is Dr. Alan Smith dictating a referral letter for my patient Ellen Marsh.", {"name": "Ellen Marsh"}),
    ],
)  # fmt: skip
def test_what_is_said_of_the_patient(text: str, expected: dict[str, str]) -> None:
    assert facts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Her husband John Smith, date of birth 3/3/1950, brought her in.",
        "Her mother, Carla Torres, is worried.",
        "The mother, Mrs. Hill, says he coughs.",
        "I spoke with Dr. Amy Patel, who agreed.",
        "Referred by Anna Berg.",
        "Dear Dr. Romero,",
        "Prior authorization letter for Humira Pen.",
        "Referral for Crohn Disease.",
        "The patient is doing well.",
        "The patient is right handed.",
        "Her 5 year old son had a fever.",
        "He has a 10 year old knee replacement.",
        "His father had a heart attack at age 54.",
        "Her daughter was born March 3, 2020.",
        "birth date unknown",
        "MRN pending",
        "Takes 10 milligrams daily and 5 grams weekly.",
        "Emergency contact Peter Lindholm, born 3/3/1950.",
    ],
)
def test_what_is_not_the_patients(text: str) -> None:
    assert patient_facts(text) == ()


def test_a_mister_alone_is_not_firm() -> None:
    assert [(fact.kind, fact.firm) for fact in patient_facts("Mr. Hill's pain is worse.")] == [("name", False)]
    assert patient_facts("Please refer Mrs Jones to cardiology.")[0].firm


WORDS = st.sampled_from(
    [
        "patient",
        "name",
        "is",
        "Walter",
        "Nguyen",
        "Mrs.",
        "mr",
        "hill",
        "Dr.",
        "Lee",
        "date",
        "of",
        "birth",
        "dob",
        "April",
        "5th",
        "1961",
        "nineteen",
        "sixty",
        "one",
        "a",
        "58",
        "year",
        "old",
        "woman",
        ",",
        ".",
        ":",
        "her",
        "husband",
        "mrn",
        "4471",
        "named",
        "refer",
        "to",
        "for",
        "Re",
        "born",
        "on",
    ]
)


@given(st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=20).map(" ".join)))
def test_any_text_is_survived_and_every_fact_stands_in_it(text: str) -> None:
    for fact in patient_facts(text):
        assert fact.span[0] <= fact.value[0] < fact.value[1] <= fact.span[1] <= len(text)
        assert text[slice(*fact.value)].strip() == text[slice(*fact.value)]
