"""Who does what by when: in the words that were said, or not stated."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.computed.actions import COLUMNS, NO_ONE, NO_TIME, actions, find_actions
from daemon.computed.material import Computed, Material
from daemon.documents.loader import load_documents
from daemon.model.draft import Statement
from tests.fakes.passages import memo

EMAIL = load_documents(None)["email"]
SPEC = next(spec for spec in EMAIL.sections if spec.computed == "actions")


def found(sentence: str) -> list[tuple[str, str, str]]:
    return [(one.who, one.what, one.when) for one in find_actions(sentence)]


def of(texts: Sequence[str], written: dict[str, tuple[Statement, ...]] | None = None) -> Computed:
    return actions(Material(EMAIL, memo(texts), (), written or {}), SPEC)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Maria, please move my Tuesday afternoon patients to Thursday or Friday, and call each of them by Friday noon.",
         [("Maria", "move my Tuesday afternoon patients to Thursday or Friday", ""), ("Maria", "call each of them", "by Friday noon")]),
        ("Maria please call Mrs. Lopez by Friday", [("Maria", "call Mrs. Lopez", "by Friday")]),
        ("maria please call mrs lopez by friday tom please order gloves before wednesday thank you",
         [("maria", "call mrs lopez", "by friday"), ("tom", "order gloves", "before wednesday")]),
        ("Can you order more gauze?", [("", "order more gauze", "")]),
        ("Also, could you please print the forms by 8 a.m. tomorrow.", [("", "print the forms", "by 8 a.m. tomorrow")]),
        ("remind Tom to submit his time sheet by end of day tomorrow", [("Tom", "submit his time sheet", "by end of day tomorrow")]),
        ("We need to renew the certificate before Tuesday.", [("", "renew the certificate", "before Tuesday")]),
        ("The front desk should confirm all appointments for Monday.", [("The front desk", "confirm all appointments for Monday", "")]),
        ("the front desk please confirm the appointments", [("the front desk", "confirm the appointments", "")]),
        ("Dr. Lee will cover my inbox next week.", [("Dr. Lee", "cover my inbox", "next week")]),
        ("I will send the new schedule by Thursday.", [("I", "send the new schedule", "by Thursday")]),
        ("Please ask the cleaning company to come on Saturday instead of Sunday.",
         [("", "ask the cleaning company to come on Saturday instead of Sunday", "")]),
        ("The autoclave needs to be serviced before the end of the month.", [("", "The autoclave needs to be serviced", "before the end of the month")]),
        ("Someone has to check the vaccine fridge within two days", [("", "check the vaccine fridge", "within two days")]),
        ("Could somebody fax us the reports as soon as possible?", [("", "fax us the reports", "as soon as possible")]),
        ("If the courier does not come by noon, call them.", [("", "If the courier does not come by noon, call them", "")]),
        ("Jen, update the list, send it to everyone, and print two copies by Friday",
         [("Jen", "update the list", ""), ("Jen", "send it to everyone", ""), ("Jen", "print two copies", "by Friday")]),
        ("In the meantime please use disposable instruments.", [("", "use disposable instruments", "")]),
        ("Order toner.", [("", "Order toner", "")]),
    ],
)  # fmt: skip
def test_an_action(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    ["", "I will be out of the office on Tuesday afternoon.", "The staff meeting is moved to Monday at eight thirty.", "Thank you for your help.",
     "Let me know if you have questions.", "Patients have been asking about parking.", "We moved the meeting.", "Change is hard.", "The order was late.",
     "Have a great weekend.", "Please note that the office is closed on Monday.", "she will call you", "We will run a flu clinic this Saturday."],
)  # fmt: skip
def test_no_action(sentence: str) -> None:
    assert found(sentence) == []


def test_the_list_has_evidence_and_says_what_was_not_said() -> None:
    made = of(["The office is closed on Monday.", "Please order more gauze.", "Tom, call the lab by noon."])
    assert made.columns == COLUMNS
    assert [(s.cells, s.evidence, s.manner) for s in made.statements] == [
        ((NO_ONE, "order more gauze", NO_TIME), ("p2",), "quoted"),
        (("Tom", "call the lab", "by noon"), ("p3",), "quoted"),
    ]
    assert made.statements[1].text == "Tom, call the lab by noon."
    assert of([]).statements == ()


def test_several_sentences_of_one_passage_are_apart() -> None:
    made = of(["Please order gauze. The office is closed. Call Mrs. Lopez by noon."])
    assert [s.text for s in made.statements] == ["Please order gauze.", "Call Mrs. Lopez by noon."]


def test_whom_the_email_is_for_is_no_action() -> None:
    written: dict[str, tuple[Statement, ...]] = {
        "to": (Statement("the front desk", ("p1",), "quoted"),),
        "body": (Statement("Please order gauze.", ("p2",), "quoted"),),
    }
    made = of(["Send an email to the front desk.", "Please order gauze."], written)
    assert [s.evidence for s in made.statements] == [("p2",)]


@pytest.mark.parametrize(
    "text",
    ["Her insulin was increased to 20 units.", "Mr. Hill has pneumonia.", "The patient's A1c is 9.4.",
     "Please call Walter Nguyen, date of birth April 5th 1961.", "She takes 40 milligrams of it."],
)  # fmt: skip
def test_clinical_detail_is_cautioned(text: str) -> None:
    cautions = of(["The meeting is on Monday.", text]).cautions
    assert [(c.code, c.severity, c.evidence) for c in cautions] == [("clinical-detail-in-email", "medium", ("p2",))]


@pytest.mark.parametrize(
    "text", ["Please order more lidocaine.", "The flu clinic is on Saturday.", "Maria, call Mrs. Lopez by Friday.", "Staff should park on Elm Street.", "We need 20 units."]
)  # fmt: skip
def test_office_matters_are_not(text: str) -> None:
    assert of([text]).cautions == ()


SAID = st.sampled_from(
    ["Maria", "Tom,", "please", "call", "Mrs. Lopez", "order", "gloves", "by Friday", "before Wednesday.", "and", ", and", "the front desk", "can you", "remind",
     "to", "we need to", "if", "thank you", "on Monday", "?", ".", "as soon as possible", "I will", "who", "by", "within two days"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(SAID, max_size=16).map(" ".join) | st.text(max_size=100))
def test_every_word_of_an_action_was_said(text: str) -> None:
    plain = " ".join(text.split())
    for one in find_actions(plain):
        assert one.who in plain
        assert one.what in plain
        assert one.when in plain
        assert one.what.strip()
