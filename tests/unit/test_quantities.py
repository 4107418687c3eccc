"""Statements and what was said: which numbers of the one stand in the other."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest

from daemon.faithfulness.evidence import cite
from daemon.faithfulness.quantity.quantities import quantities, unsupported_quantities
from daemon.faithfulness.reading.sentences import NoteSection, note_sections, sentences
from daemon.faithfulness.rules import verify_statement
from daemon.model.finding import Finding

SAID = {
    "pressure": [("138/84", "one thirty eight over eighty four"), ("BP 138/84", "systolic 138, diastolic 84"),
                 ("138 over 84", "138 / 84 mmHg"), ("systolic 138", "138/84")],
    "cardinal": [("105", "a hundred and five"), ("2500", "twenty five hundred"), ("2008", "two thousand eight"),
                 ("1984", "nineteen eighty four"), ("150,000", "a hundred and fifty thousand"), ("150,000", "150k"),
                 ("1 and 25", "one twenty five"), ("125", "one twenty five"), ("300 to 400", "three hundreds, four hundreds")],
    "decimal": [("8.2", "eight point two"), ("101.4", "one oh one point four"), ("0.5", "point five"),
                ("0.125 mg", "point one two five milligrams"), ("8.2, 2 months ago", "eight point two two months ago")],
    "fraction": [("0.5 tablet", "half a tablet"), ("0.5", "one half"), ("2.5", "two and a half"), ("1½ tablets", "1 1/2 tablets"),
                 ("1/2 tablet", "half a tablet"), ("1.5 hours", "an hour and a half"), ("half an hour", "thirty minutes")],
    "unit": [("98%", "ninety eight percent"), ("5 mg", "5mg"), ("10 mL", "ten cc"), ("14 days", "two weeks"),
             ("98.6 F", "ninety eight point six degrees"), ("54-year-old", "fifty four years old"), ("2-3 weeks", "two to three weeks"),
             ("3 x 4 cm", "three by four centimeters"), ("20 pack-years", "twenty pack years"), ("1 week ago", "a week ago"),
             ("5'10\"", "five foot ten"), ("1 tablet", "take a tablet")],
    "frequency": [("twice daily", "two times a day"), ("twice daily", "bid"), ("b.i.d.", "twice a day"), ("2x daily", "two times a day"),
                  ("t.i.d.", "three times per day"), ("q6h", "every six hours"), ("every 6 hours", "q 6 h"), ("once daily", "every day"),
                  ("q4-6h", "every four to six hours"), ("every 2 days", "every other day")],
    "ordinal": [("2nd toe", "second toe"), ("1st trimester", "first trimester"), ("the 23rd", "the twenty third")],
    "date": [("3/3/2024", "March third 2024"), ("March 3, 2024", "3/3/24"), ("DOB: 03/14/1962", "three fourteen sixty two"),
             ("2024-03-03", "the third of March twenty twenty four"), ("10/2020", "October of twenty twenty"),
             ("8:30 am", "eight thirty in the morning"), ("8 am", "8:00")],
    "roman": [("type II diabetes", "type two diabetes"), ("CN II-XII intact", "cranial nerves two through twelve"),
              ("stage 3 kidney disease", "stage IIIb kidney disease")],
    "name": [("B12", "vitamin b twelve"), ("A1c 8.2", "hemoglobin a one c eight point two"), ("HbA1c", "A1c"), ("H1N1", "h one n one"),
             ("L5-S1", "l five s one"), ("L4-L5", "l four five"), ("COVID-19", "covid nineteen"), ("SpO₂ 97 %", "o two is ninety seven"),
             ("PHQ 9 was 14", "PHQ-9 was fourteen")],
    "identifier": [("(555) 201-3344", "five five five two oh one three three four four"), ("555-201-3344", "555 201 3344")],
}  # fmt: skip

NOT_SAID = [
    ("50 mg", "fifteen milligrams"), ("15 mg", "fifty milligrams"), ("5 mg", "five micrograms"), ("5 mg", "5 mL"),
    ("138/85", "one thirty eight over eighty four"), ("38", "one thirty eight over eighty four"), ("84/138", "138/84"),
    ("twice daily", "three times a day"), ("twice daily", "twice a week"), ("q6h", "every eight hours"), ("bid", "tid"),
    ("B12", "b six"), ("L5-S1", "l four l five"), ("COVID-19", "the flu"), ("12 mg", "vitamin B12"), ("type 1", "type two"),
    ("25", "one hundred twenty five"), ("100", "a hundred and five"), ("2 tablets", "two milligrams"),
    ("3/4/2024", "March third 2024"), ("second toe", "third toe"), ("0.5 mg", "five milligrams"), ("2 weeks", "two days"),
    ("1,000 mg", "100 mg"), ("2 weeks", "a couple of weeks"), ("for 2 days", "to the day"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "evidence"), [pair for pairs in SAID.values() for pair in pairs])
def test_said_in_another_way_is_supported(statement: str, evidence: str) -> None:
    assert quantities(statement)
    assert unsupported_quantities(statement, evidence) == ()


@pytest.mark.parametrize(("statement", "evidence"), NOT_SAID)
def test_what_was_not_said_is_found(statement: str, evidence: str) -> None:
    assert unsupported_quantities(statement, evidence)


@pytest.mark.parametrize(
    "text",
    ["this one is better", "no one", "one of them", "one day she fell", "a second opinion", "at first", "a couple of weeks",
     "1. Hypertension\n2) Diabetes", "Otitis. 2. Dermatitis.", "once she was home", "I went to see her for that too", "oh well"],
)  # fmt: skip
def test_what_only_looks_like_a_number_does_not_count(text: str) -> None:
    assert quantities(text) == ()


def test_the_span_is_the_number_with_its_unit_as_written() -> None:
    statement = "Metformin 1,000 mg twice daily."
    (found,) = unsupported_quantities(statement, "metformin five hundred milligrams two times a day")
    assert (found.text, found.span, found.unit) == ("1,000 mg", (10, 18), "mg")


def test_a_number_is_never_read_across_two_passages() -> None:
    passages = {"p1": "The dose is one", "p2": "twenty five is her age"}
    assert verify_statement("125 mg", ["p1", "p2"], passages)
    assert verify_statement("Age 25", ["p1", "p2"], passages) == ()


@pytest.mark.parametrize("cited", [[], ["p9"]])
def test_a_statement_without_evidence_is_found_once(cited: list[str]) -> None:
    findings = verify_statement("Takes 5 mg.", cited, {"p1": "five milligrams"})
    assert [(finding.code, finding.severity) for finding in findings] == [("evidence-missing", "high")]


def test_a_passage_that_is_not_there_is_found_beside_the_number() -> None:
    findings = verify_statement("Takes 10 mg.", ["p1", "p9"], {"p1": "five milligrams"})
    assert findings[0] == Finding("evidence-missing", "high", "", None)
    assert Finding("quantity-unsupported", "high", "10 mg", (6, 11)) in findings


def test_citing_finds_the_passages_with_the_rare_words_and_the_numbers() -> None:
    passages = {
        "p1": "Good morning, how are you today?",
        "p2": "I have had this cough for three weeks now.",
        "p3": "And your blood pressure is one thirty eight over eighty four.",
        "p4": "I stopped smoking.",
    }
    assert cite("Blood pressure 138/84.", passages) == ("p3",)
    assert cite("Cough x 3 weeks.", passages) == ("p2",)
    assert cite("Denies rash.", passages) == ()
    assert cite("", passages) == ()
    assert len(cite("cough weeks blood pressure stopped smoking", passages, limit=2)) <= 2


NOTE = """Seen by Dr. Smith at 3 p.m. today. Pt. takes metformin 500 mg b.i.d. She feels well.
SUBJECTIVE
54 y.o. male with pain for 1.5 weeks, e.g. at night. Denies fever!
Assessment and Plan:
1. HTN. Continue lisinopril 10 mg q.d. Recheck in 2 wks.
2) DM type 2
- refill metformin
Medications
aspirin 81 mg
lisinopril 10 mg
## Follow-up
This is a long line that was wrapped by an editor at some column and
continues here in lower case. Return in 3 mo.
"""


def test_a_plain_note_is_split_under_its_headings() -> None:
    assert note_sections(NOTE) == (
        NoteSection(
            "Note", ("Seen by Dr. Smith at 3 p.m. today.", "Pt. takes metformin 500 mg b.i.d.", "She feels well.")
        ),
        NoteSection("SUBJECTIVE", ("54 y.o. male with pain for 1.5 weeks, e.g. at night.", "Denies fever!")),
        NoteSection(
            "Assessment and Plan",
            ("HTN.", "Continue lisinopril 10 mg q.d.", "Recheck in 2 wks.", "DM type 2", "refill metformin"),
        ),
        NoteSection("Medications", ("aspirin 81 mg", "lisinopril 10 mg")),
        NoteSection(
            "Follow-up",
            (
                "This is a long line that was wrapped by an editor at some column and\ncontinues here in lower case.",
                "Return in 3 mo.",
            ),
        ),
    )


def test_sentence_spans_are_in_order_and_verbatim() -> None:
    spans = sentences(NOTE)
    assert [NOTE[slice(*span)] for span in spans] == [
        statement for section in note_sections(NOTE) for statement in section.statements
    ]
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))


def test_an_empty_note_has_no_sections() -> None:
    assert note_sections("") == ()
    assert note_sections(" \n- \n...\n") == ()


@pytest.mark.parametrize("text", ["①/②/2000", "12:①②", "eight point ①", "0POINT0TWO0①", "②/2", "①-②-③④⑤"])
def test_what_looks_like_digits_and_is_none_is_no_number(text: str) -> None:
    assert not [one for one in quantities(text) if isinstance(one.value, Decimal) and "①" in one.text]
