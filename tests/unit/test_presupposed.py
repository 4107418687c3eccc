"""Questions that take their matter for granted, and what a patient is called by what is said of nobody else."""

from __future__ import annotations

import pytest

from daemon.adapters.drafting.presupposed import presupposed
from daemon.adapters.drafting.statement_check import Heard, reject
from daemon.adapters.drafting.statement_visit import subject_of


@pytest.mark.parametrize(
    ("question", "answer", "stands"),
    [
        ("Okay, when did your headaches start?", "Two days ago.", "your headaches start."),
        ("How long have you had diabetes?", "Ten years.", "you had diabetes."),
        ("How long have you had chest pain?", "I never had it.", None),
        ("When was your last seizure?", "No, I have none.", None),
        ("How about fever?", "Two days ago.", None),
        ("When did you last have a fever?", "Yesterday.", None),
        ("Do you have a fever?", "Yes.", None),
        ("How long have you had this?", "", None),
    ],
)
def test_what_is_asked_when_or_how_long_is_so_unless_it_is_denied(
    question: str, answer: str, stands: str | None
) -> None:
    assert presupposed({"l1": question, "l2": answer} if answer else {"l1": question})["l1"] == (stands or question)


def test_an_answer_of_how_long_may_be_written_with_what_it_answers() -> None:
    heard = Heard.of(["Doctor: When were you diagnosed with type two diabetes?", "Patient: Two years ago."])
    assert not reject("Type 2 diabetes for two years.", heard, "the patient", "Past medical history")
    denied = Heard.of(["Doctor: How long have you had diabetes?", "Patient: I don't have diabetes."])
    assert reject("Type 2 diabetes.", denied, "the patient", "Past medical history")


def test_a_statement_of_a_number_and_small_words_says_them() -> None:
    heard = Heard.of(["Doctor: How old are you?", "Patient: I'm fifty seven."])
    assert not reject("She is 57 years old.", heard, "she", "Subjective")
    assert reject("She is 75 years old.", heard, "she", "Subjective") == "number"


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        (["She reports chest pain for two days.", "Her examination is normal."], "she"),
        (["He is well.", "His wife says she worries.", "He sleeps badly."], "he"),
        (["Other: What is her history?", "Doctor: She has anxiety, and she is anemic."], "she"),
        (["Patient: She is well, and her pain is gone.", "Doctor: Good."], "the patient"),
        (["She is well, he is not, she says."], "the patient"),
        (["She is well."], "the patient"),
        (["His mother says she is ill, and her father, too."], "the patient"),
    ],
)
def test_who_is_dictated_of_by_one_pronoun_is_called_by_it(said: list[str], subject: str) -> None:
    assert subject_of({f"p{number}": text for number, text in enumerate(said)}) == subject
