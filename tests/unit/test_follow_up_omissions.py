"""Appointments, tests and referrals that were agreed and stand in no statement."""

from __future__ import annotations

import pytest

from daemon.faithfulness.omissions.follow_ups import omitted_follow_ups
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.texts import Texts
from daemon.faithfulness.vocabulary.orders import find_orders

NOTHING = Texts({"s1": "The patient presents for a visit."})


def missed(said: str, *statements: str) -> list[tuple[str, str]]:
    note = Texts({f"s{number}": text for number, text in enumerate(statements, 1)}) if statements else NOTHING
    return [(each.text, each.severity) for each in omitted_follow_ups(note, read_transcript(said))]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("[doctor] I'm going to order an MRI of your left knee.", "MRI of your left knee"),
        ("[doctor] let's get a cbc today", "cbc"),
        ("[doctor] I'll refer you to cardiology.", "cardiology"),
        ("[doctor] i'd like to refer you to physical therapy to strengthen that", "physical therapy"),
        ("[doctor] hey , dragon , order an echocardiogram .", "echocardiogram"),
        ("[doctor] you're due for a mammogram so we have to schedule for that", "mammogram"),
        ("We will obtain a lumbar spine x-ray.", "lumbar spine x-ray"),
        ("[doctor] i wan na see you back in two weeks , okay ?", "follow-up in two weeks"),
        ("[doctor] come back to see me in three to four months", "follow-up in three to four months"),
        ("Follow up in 6 weeks.", "follow-up in 6 weeks"),
        ("[doctor] and in about three weeks I'd like you to return to the clinic", "follow-up in about three weeks"),
    ],
)
def test_what_was_agreed_is_missed(said: str, text: str) -> None:
    assert missed(said) == [(text, "high")]


@pytest.mark.parametrize(
    "said",
    [
        "[doctor] I reviewed the MRI of your knee and it looks fine.",
        "[patient] I had a colonoscopy last year.",
        "[doctor] I don't think you need an x-ray.",
        "[doctor] let's hold off on the MRI.",
        "[doctor] did you go to physical therapy",
        "[patient] I was in the hospital for two weeks.",
        "[doctor] hey , dragon , show me the back x-ray .",
    ],
)
def test_what_was_done_or_put_off_is_not_missed(said: str) -> None:
    assert missed(said) == []


def test_what_depends_on_an_if_is_a_hint() -> None:
    assert missed("[doctor] if you are still in pain I'm going to order an MRI.") == [("MRI", "low")]


@pytest.mark.parametrize(
    ("said", "statement"),
    [
        ("[doctor] I'm going to order an ECG.", "EKG ordered today."),
        ("[doctor] let's get some blood work", "Order CBC and BMP."),
        ("[doctor] I'll refer you to a cardiologist.", "Referral to cardiology."),
        ("[doctor] I'll see you back in two weeks.", "The patient will return in 2 weeks."),
    ],
)
def test_other_words_and_narrower_names_stand_for_it(said: str, statement: str) -> None:
    assert missed(said, statement) == []


def test_a_result_of_the_same_test_leaves_a_hint() -> None:
    said = "[doctor] I'm going to repeat the echocardiogram."
    assert missed(said, "Echocardiogram last year showed an ejection fraction of 45%.") == [("echocardiogram", "low")]


def test_that_the_patient_came_for_a_follow_up_is_no_plan() -> None:
    said = "[doctor] I'll see you back in two weeks."
    assert missed(said, "The patient presents today for follow-up.") == [("follow-up in two weeks", "high")]


def test_each_is_said_once_as_it_was_said_most_firmly() -> None:
    source = read_transcript("[doctor] Maybe we could order an MRI.\n[doctor] Okay, I'm going to order an MRI.")
    found = list(omitted_follow_ups(NOTHING, source))
    assert [(each.kind, each.severity, each.evidence) for each in found] == [("follow-up", "high", ("p2",))]


def test_names_are_found_with_the_part_of_the_body() -> None:
    text = "MRI of the left shoulder, cervical spine x-rays, blood tests and an ultrasound"
    assert [(each.concept, text[slice(*each.span)]) for each in find_orders(text)] == [
        ("MRI", "MRI of the left shoulder"),
        ("x-ray", "cervical spine x-rays"),
        ("labs", "blood tests"),
        ("ultrasound", "ultrasound"),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "Review in 6 weeks.",
        "Clinic in 6 weeks.",
        "Asthma nurse review in 6 weeks.",
        "Full skin check in 6 weeks.",
        "6-week check with the practice nurse.",
        "Telephone consultation in 6/52.",
        "Back in 6 weeks.",
        "Will be seen again in six weeks.",
        "Outpatient appointment, 6-8 weeks.",
    ],
)
def test_any_word_of_being_seen_with_a_time_is_a_visit(statement: str) -> None:
    assert missed("Doctor: I'll see you in six weeks.", statement) == []


@pytest.mark.parametrize(
    "statement", ["Reviewed the records.", "Knee pain for six weeks.", "She reviewed six letters."]
)
def test_a_review_of_something_else_is_no_visit(statement: str) -> None:
    assert missed("Doctor: I'll see you in six weeks.", statement) == [("follow-up in six weeks", "high")]


@pytest.mark.parametrize(
    ("said", "text", "severity"),
    [
        ("We'll check your sodium in two weeks.", "sodium", "high"),
        ("BMP in two weeks because of the lisinopril.", "BMP", "medium"),
        ("Bloods again in two weeks.", "Bloods", "medium"),
        ("We'll do an FBC and U&Es today.", "FBC", "high"),
        ("Doctor: I'll refer you to CBT.", "CBT", "high"),
        ("Anti-D 1500 units was given into the left deltoid.", "Anti-D", "medium"),
        ("The dressing was changed today.", "dressing", "medium"),
    ],
)
def test_orders_in_other_words_are_missed(said: str, text: str, severity: str) -> None:
    assert (text, severity) in missed(said)


@pytest.mark.parametrize(
    ("said", "statement"),
    [
        ("Cardiology will admit you for an angiogram tomorrow.", "Admit under cardiology for angiography tomorrow."),
        ("We'll repeat the bloods in two weeks.", "Repeat FBC in 2 weeks."),
        ("We'll do an FBC today.", "CBC today."),
        ("Anti-D 1500 units was given into the left deltoid.", "Anti-D given."),
        ("We'll arrange a scan.", "Ultrasound scan to be arranged."),
    ],
)
def test_an_order_is_carried_by_its_other_names(said: str, statement: str) -> None:
    assert missed(said, statement) == []


@pytest.mark.parametrize(
    "said",
    [
        "I want you to start a low sodium diet.",
        "The flu shot was given last year in the pharmacy.",
        "We'll order an MRI of the knee. Actually, let's hold off on the MRI.",
        "We'll order a chest x-ray. Scratch that.",
    ],
)
def test_what_was_taken_back_or_done_before_is_not_missed(said: str) -> None:
    assert missed(said) == []
