"""Denied symptoms that no statement carries."""

from __future__ import annotations

import pytest

from daemon.faithfulness.omissions.symptoms import omitted_symptoms
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.texts import Texts

VISIT = read_transcript(
    "[doctor] any fever , or a rash ?\n[patient] no .\n[doctor] are you coughing ?\n[patient] yes .\n"
    "[doctor] on exam there is no murmur .\n[patient] good .\n"
)


def _omitted(*statements: str, source: Texts = VISIT) -> list[tuple[str, str]]:
    note = Texts({f"s{number}": text for number, text in enumerate(statements, 1)})
    return [(one.text, one.severity) for one in omitted_symptoms(note, source)]


def test_what_was_asked_and_denied_is_missed_with_its_gravity() -> None:
    assert _omitted("She has a cough.") == [("no fever", "medium"), ("no rash", "low")]


def test_the_passages_are_the_question_and_its_answer() -> None:
    omission = next(omitted_symptoms(Texts({}), VISIT))

    assert (omission.kind, omission.evidence) == ("negated-symptom", ("p1", "p2"))


def test_a_statement_carries_it_in_other_words_and_whatever_it_says_of_it() -> None:
    assert _omitted("Afebrile.", "Reports hives.") == []


@pytest.mark.parametrize(
    "blanket", ["She denies any other symptoms.", "All other systems reviewed and negative.", "ROS otherwise negative."]
)
def test_a_blanket_denial_carries_all(blanket: str) -> None:
    assert _omitted(blanket) == []


def test_what_is_affirmed_elsewhere_is_not_plainly_denied() -> None:
    source = Texts({"a": "Denies nausea.", "b": "She has nausea after meals."})

    assert _omitted("Well.", source=source) == []


def test_a_dictated_denial_counts() -> None:
    assert _omitted("Well.", source=Texts({"a": "He denies chest pain."})) == [("no chest pain", "medium")]
