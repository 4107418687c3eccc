"""Symptoms that the patient reports and no statement carries."""

from __future__ import annotations

from daemon.faithfulness.omissions.reported_symptoms import omitted_reported_symptoms
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.texts import Texts

VISIT = read_transcript(
    "[doctor] any fever , or a rash ?\n[patient] no .\n[doctor] are you coughing ?\n[patient] yes , and i passed out once .\n"
    "[doctor] if you get dizzy , call me .\n[patient] okay .\n"
)


def _omitted(*statements: str, source: Texts = VISIT) -> list[tuple[str, str]]:
    note = Texts({f"s{number}": text for number, text in enumerate(statements, 1)})
    return [(one.text, one.severity) for one in omitted_reported_symptoms(note, source)]


def test_what_is_affirmed_is_missed_with_its_gravity_and_what_is_denied_or_feared_is_not() -> None:
    assert _omitted("Well today.") == [("cough", "low"), ("syncope", "medium")]


def test_a_statement_carries_it_in_other_words() -> None:
    assert _omitted("Coughing; one episode of loss of consciousness.") == []


def test_the_passages_are_the_question_and_its_answer() -> None:
    [cough, _] = omitted_reported_symptoms(Texts({}), VISIT)

    assert (cough.kind, cough.evidence) == ("symptom", ("p3", "p4"))


def test_what_is_also_denied_is_left_alone() -> None:
    assert _omitted("Well.", source=Texts({"a": "Denies nausea.", "b": "She has nausea after meals."})) == []
