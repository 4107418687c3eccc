"""How often, when and by which way, against a conversation."""

from __future__ import annotations

from fractions import Fraction

import pytest

from daemon.faithfulness.quantity.frequencies import frequencies
from daemon.faithfulness.quantity.mentions import mentions
from daemon.faithfulness.quantity.routes import routes
from daemon.faithfulness.rules.frequency import frequency_findings
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding

TALK = (
    "You take the metformin twice a day, and the lisinopril every day?",
    "Yes, and I take the warfarin at night.",
    "The ibuprofen is every six hours as needed.",
    "I see my therapist every week, it helps with my mood.",
    "I smoke two packs a day.",
    "We give you the ceftriaxone by a shot, and the omeprazole is a capsule.",
    "Methotrexate is once a week, remember.",
    "The atorvastatin you just keep on taking.",
    "My blood sugar I check every morning.",
)


def found(text: str, *more: str, evidence: tuple[str, ...] = ()) -> list[Finding]:
    source = Texts({f"p{number}": said for number, said in enumerate((*TALK, *more), 1)})
    return list(frequency_findings(Claim(text, evidence, inferred=not evidence), source))


@pytest.mark.parametrize(
    "text",
    ["Metformin 500 mg twice daily.", "Metformin 500 mg bid.", "Metformin b.i.d.", "Metformin every 12 hours.", "Metformin in the morning and at night.",
     "Lisinopril daily.", "Lisinopril once a day.", "Lisinopril qd.", "Warfarin nightly.", "Warfarin at bedtime.", "Ibuprofen q6h prn.",
     "Ibuprofen four times a day.", "She sees a therapist weekly.", "She smokes 2 packs per day.", "Methotrexate weekly.", "Atorvastatin daily.",
     "Activities of daily living are normal.", "Seen a week ago.", "Return in a week.", "Omeprazole by mouth.", "Ceftriaxone IM.",
     "Heart rate 68 beats per minute.", "Stage IV lung cancer, on metformin.", "", "CN II-XII intact."],
)  # fmt: skip
def test_what_was_said_in_other_words_is_not_doubted(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "detail", "severity"),
    [("Metformin 500 mg four times daily.", "four times daily", "high"), ("Metformin 500 mg daily.", "daily", "high"),
     ("Metformin qid.", "qid", "high"), ("Lisinopril weekly.", "weekly", "high"), ("Lisinopril 10 mg a week.", "a week", "high"),
     ("Warfarin every morning.", "every morning", "medium"), ("Ibuprofen every 12 hours.", "every 12 hours", "high"),
     ("Ibuprofen q12h.", "q12h", "high"), ("Methotrexate daily.", "daily", "high"), ("She smokes 2 packs a month.", "a month", "high"),
     ("Ceftriaxone IV.", "IV", "high"), ("Methotrexate every other day.", "every other day", "high"),
     ("Atorvastatin three times a day.", "three times a day", "high"), ("Activities of monthly living.", "monthly", "high"),
     ("Atorvastatin IV.", "IV", "medium")],
)  # fmt: skip
def test_another_rate_is_found_at_its_place(text: str, detail: str, severity: str) -> None:
    (finding,) = found(text)
    assert (finding.code, finding.detail, finding.severity) == ("frequency-unsupported", detail, severity)
    assert finding.span is not None
    assert text[slice(*finding.span)] == detail


def test_the_passage_that_says_otherwise_is_named() -> None:
    (finding,) = found("Methotrexate 10 mg daily.")
    assert finding.evidence == ("p7",)


def test_what_is_said_later_in_the_talk_of_something_else_is_no_support() -> None:
    assert [one.severity for one in found("Lisinopril once a week.")] == ["high"]
    later = ("And the losartan?", "Yes.", "I go swimming three times a week.")
    assert found("Losartan three times a week.", *later) == []  # nobody said otherwise
    assert found(
        "Losartan three times a week.", "Losartan fifty milligrams a day.", "Ok.", "I go swimming three times a week."
    )


def test_a_citation_bounds_where_a_rate_may_stand() -> None:
    assert found("Methotrexate once a week.", evidence=("p7",)) == []
    assert found("She sees him every 3 months.", evidence=("p4",))


@pytest.mark.parametrize(
    ("text", "rates"),
    [("bid", {2}), ("t.i.d.", {3}), ("every other day", {Fraction(1, 2)}), ("q4-6h", {6, 4}), ("every Monday", {Fraction(1, 7)}), ("qod", {Fraction(1, 2)}),
     ("twice a week", {Fraction(2, 7)}), ("in the morning and in the evening", {1, 2}), ("two pills a day", {1, 2}), ("every 8 hours", {3}),
     ("monthly", {Fraction(1, 30)}), ("in a day", set()), ("every time", set()), ("one day she fell", set()), ("a day ago", set()), ("a day and a half", set())],
)  # fmt: skip
def test_rates_are_times_a_day(text: str, rates: set[Fraction]) -> None:
    assert {rate for one in frequencies(*mentions(text)) for rate in one.rates} == rates


def test_routes_are_read_where_something_is_given() -> None:
    assert [one.way for one in routes("Vancomycin IV, then 10 mg PO, 5 mg by mouth, 1 mg IM; stage IV; in CN IV")] == [
        "intravenous",
        "oral",
        "oral",
        "intramuscular",
    ]


@pytest.mark.parametrize("text", TALK)
def test_a_quote_is_never_doubted(text: str) -> None:
    for inferred in (True, False):
        assert list(frequency_findings(Claim(text, ("p1",), inferred=inferred), Texts({"p1": text}))) == []


def test_a_night_spoken_of_beside_a_rate_of_the_drug_is_no_rate_of_it() -> None:
    texts = {"p1": "so twice a day gabapentin", "p2": "and does it still bother you at night ?"}
    (one,) = frequency_findings(Claim("Once daily gabapentin.", ("p1",), inferred=True), Texts(texts))
    assert (one.detail, one.severity) == ("Once daily", "high")
    assert not list(frequency_findings(Claim("Twice daily gabapentin.", ("p1",), inferred=True), Texts(texts)))
