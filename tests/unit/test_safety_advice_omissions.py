"""What the patient was told to watch for and to avoid that stands in no statement."""

from __future__ import annotations

import pytest

from daemon.faithfulness.omissions.safety_advice import omitted_safety_advice
from daemon.faithfulness.texts import Texts
from daemon.faithfulness.transcript import read_transcript

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
