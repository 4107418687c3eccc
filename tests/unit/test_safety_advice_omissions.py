"""What the patient was told to watch for and to avoid that stands in no statement."""

from __future__ import annotations

import pytest

from daemon.faithfulness.omissions.safety_advice import omitted_safety_advice
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.texts import Texts

NOTHING = Texts({"s1": "The patient presents for a visit."})


def missed(said: str, *statements: str) -> list[tuple[str, str]]:
    note = Texts({f"s{number}": text for number, text in enumerate(statements, 1)}) if statements else NOTHING
    return [(each.text, each.severity) for each in omitted_safety_advice(note, read_transcript(said))]


@pytest.mark.parametrize(
    ("said", "text", "severity"),
    [
        ("[doctor] If you get a fever, call us.", "If you get a fever, call us", "medium"),
        (
            "[doctor] go to the emergency room if you have chest pain",
            "go to the emergency room if you have chest pain",
            "high",
        ),
        (
            "[doctor] call me if your weight starts to go up , okay ?",
            "call me if your weight starts to go up",
            "medium",
        ),
        ("Please don't drive while taking this medicine.", "don't drive while taking this medicine", "medium"),
        ("[doctor] I want you to avoid NSAIDs.", "avoid NSAIDs", "medium"),
        ("[doctor] you should stop taking the ibuprofen", "stop taking the ibuprofen", "medium"),
        ("[doctor] watch out for any bleeding, please", "watch out for any bleeding, please", "low"),
    ],
)
def test_advice_is_missed(said: str, text: str, severity: str) -> None:
    assert missed(said) == [(text, severity)]


@pytest.mark.parametrize(
    "said",
    [
        "[doctor] Call me if you need anything.",
        "[doctor] If you would like to read more, call our front desk.",
        "[patient] If I get a fever I call my mother.",
        "[doctor] When did the fever start?",
        "[patient] I avoid alcohol.",
        "[doctor] okay so do n't worry about that",
        "[doctor] you do n't smoke , right ?",
        "[patient] I went to the emergency room with chest pain.",
        "[doctor] there is no swelling in the back of your eye",
    ],
)
def test_talk_is_no_advice(said: str) -> None:
    assert missed(said) == []


@pytest.mark.parametrize(
    ("said", "statement"),
    [
        ("[doctor] If you get a fever, call us.", "She will contact the office if she develops a fever."),
        ("[doctor] If you get a fever, call us.", "Strict return precautions were given."),
        ("[doctor] I want you to avoid NSAIDs.", "Advised to avoid NSAIDs and alcohol."),
        ("[doctor] don't drive while taking this", "Instructed not to drive."),
    ],
)
def test_advice_in_other_words_is_carried(said: str, statement: str) -> None:
    assert missed(said, statement) == []


def test_another_warning_does_not_stand_for_it() -> None:
    assert missed("[doctor] If you get a fever, call us.", "Advised to avoid running.") != []


def test_each_is_said_once_with_its_passage() -> None:
    source = read_transcript(
        "[doctor] You look well. If you get a fever, call us.\n[doctor] Again, call us if there is a fever."
    )
    found = list(omitted_safety_advice(NOTHING, source))
    assert [(each.kind, each.evidence) for each in found] == [("safety-advice", ("p2",))]


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ("Doctor: If you can't breathe, call 999.", "high"),
        ("Doctor: If those thoughts come back, ring the crisis line, or go to A and E, any time.", "high"),
        ("Doctor: If it gets worse, go straight to A&E.", "high"),
        ("Doctor: If he gets drowsy, take him to casualty.", "high"),
        ("Doctor: If you have thoughts of harming yourself, call 988.", "high"),
        ("Doctor: If the rash spreads, ring 111.", "high"),
        ("Doctor: Go to urgent care if the swelling gets worse.", "high"),
        ("She's to ring the labour ward if movements are reduced or if there's any bleeding.", "high"),
        ("Doctor: Tell the nurse straight away if the pain returns.", "medium"),
        ("Doctor: If the pain comes back, tell the nurse.", "medium"),
        ("Doctor: Come straight back if it starts bleeding.", "medium"),
        ("Doctor: Come back if he can't finish a sentence.", "medium"),
        ("Doctor: If the swelling persists, pop back and see us.", "high"),
        ("Doctor: If it gets worse, pop back and see us.", "medium"),
        ("Doctor: Bring him back if he gets a fever.", "medium"),
        ("Doctor: Ring us if it gets infected.", "medium"),
    ],
)
def test_advice_in_british_and_plain_words_is_missed(said: str, severity: str) -> None:
    assert [each for _, each in missed(said)] == [severity]


@pytest.mark.parametrize(
    ("said", "statement"),
    [
        ("Doctor: If you can't breathe, call 999.", "Call 999 if unable to breathe."),
        ("Doctor: If it gets worse, go straight to A&E.", "Attend A&E if worse."),
        ("Doctor: If it gets worse, go straight to A&E.", "Safety-netted."),
        ("Doctor: Tell the nurse straight away if the pain returns.", "To tell nursing staff if pain returns."),
        (
            "Doctor: Tell the nurse straight away if the pain returns.",
            "Patient to alert nurse immediately if pain recurs.",
        ),
        ("She's to ring the labour ward if movements are reduced.", "Ring labour ward if reduced movements."),
    ],
)
def test_advice_in_british_words_is_carried(said: str, statement: str) -> None:
    assert missed(said, statement) == []


@pytest.mark.parametrize(
    "said",
    [
        "[doctor] When you were in hospital, did the pain come back?",
        "[patient] I went to A and E because I couldn't breathe.",
        "[doctor] I'll ring the ward about a bed.",
        "[doctor] Tell me about the pain.",
        "[doctor] Tell me when the pain started.",
    ],
)
def test_talk_of_wards_and_calls_is_no_advice(said: str) -> None:
    assert missed(said) == []
