"""What a text affirms, denies or doubts."""

from __future__ import annotations

import pytest

from daemon.faithfulness.polarity.polarity import AFFIRMED, ASKED, DENIED, KIN, UNCERTAIN, read_source, read_text
from daemon.faithfulness.polarity.words import symptom_lexicon
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.texts import DOCTOR, PATIENT, Texts


def _said(text: str) -> dict[str, str]:
    return {one.symptom.name: one.polarity for one in read_text(text).said()}


def _heard(transcript: str) -> dict[str, set[str]]:
    reading = read_source(read_transcript(transcript))
    return {name: {polarity for _, polarity in places} for name, places in reading.said.items()}


@pytest.mark.parametrize(
    ("text", "symptom", "polarity"),
    [
        ("She reports chest pain.", "chest pain", AFFIRMED),
        ("She denies fever, chills, or chest pain.", "chest pain", DENIED),
        ("Denies chest pain but reports nausea.", "nausea", AFFIRMED),
        ("Negative for hematuria.", "hematuria", DENIED),
        ("The patient has never had seizures.", "seizure", DENIED),
        ("Neck supple without lymphadenopathy.", "lymphadenopathy", DENIED),
        ("i do n't have any shortness of breath", "shortness of breath", DENIED),
        ("I don’t get dizzy.", "dizziness", DENIED),
        ("no wheezing the heart has a murmur", "murmur", AFFIRMED),
        ("Possible pneumonia.", "pneumonia", UNCERTAIN),
        ("Rule out pneumonia.", "pneumonia", UNCERTAIN),
        ("Call us if you have a fever.", "fever", UNCERTAIN),
        ("I do not think you have pneumonia.", "pneumonia", DENIED),
        ("Her mother had seizures.", "seizure", KIN),
        ("Abdomen non-tender.", "tenderness", DENIED),
        ("Fever: none", "fever", DENIED),
        ("Lungs are clear to auscultation.", "wheezing", DENIED),
        ("Patient is afebrile.", "fever", DENIED),
    ],
)
def test_a_trigger_reaches_as_far_as_its_clause(text: str, symptom: str, polarity: str) -> None:
    assert _said(text)[symptom] == polarity


@pytest.mark.parametrize(
    "text", ["No increase in chest pain.", "No change in her headaches.", "There is no doubt about the seizures."]
)
def test_a_denial_of_something_else_does_not_deny_the_symptom(text: str) -> None:
    assert DENIED not in _said(text).values()


@pytest.mark.parametrize(
    ("transcript", "symptom", "polarity"),
    [
        ("[doctor] any fever or chills ?\n[patient] no .", "chills", DENIED),
        ("[doctor] any fever ?\n[patient] nope , not really .", "fever", DENIED),
        ("[doctor] any chest pain ?\n[patient] uh , no i have n't , just some cough .", "chest pain", DENIED),
        ("[doctor] any chest pain ?\n[patient] uh , no i have n't , just some cough .", "cough", AFFIRMED),
        ("[doctor] do you have headaches ?\n[patient] mm-hmm .", "headache", AFFIRMED),
        ("[doctor] are you dizzy ?\n[patient] a little bit .", "dizziness", AFFIRMED),
        ("[doctor] you don't have any chest pain , do you ?\n[patient] no .", "chest pain", DENIED),
        ("[doctor] okay , no nausea ?\n[patient] right .", "nausea", DENIED),
        ("[doctor] okay any history of seizures\n[patient] no", "seizure", DENIED),
        ("[doctor] any fever ? any chills ?\n[patient] no .", "fever", DENIED),
        ("[doctor] any nausea ?\n[patient] what was that ?", "nausea", ASKED),
        ("Any fever? No. Any cough? Yes, for a week.", "fever", DENIED),
        ("Any fever? No. Any cough? Yes, for a week.", "cough", AFFIRMED),
    ],
)
def test_an_answer_says_what_was_asked(transcript: str, symptom: str, polarity: str) -> None:
    assert _heard(transcript)[symptom] == {polarity}


def test_an_answer_to_one_of_several_settles_the_others_not() -> None:
    heard = _heard("[doctor] any vomiting or constipation ?\n[patient] no vomiting but constipation .")

    assert heard["vomiting"] >= {DENIED}
    assert AFFIRMED in heard["constipation"]
    assert DENIED not in heard["constipation"]


def test_yes_to_a_list_affirms_none_of_it_plainly() -> None:
    heard = _heard("[doctor] any vomiting , diarrhea or fever ?\n[patient] yeah .")

    assert AFFIRMED not in heard["vomiting"] | heard["diarrhea"] | heard["fever"]


def test_a_tag_asks_nothing() -> None:
    assert _heard("[doctor] you have some wheezing , okay ?\n[patient] no problem .")["wheezing"] == {AFFIRMED}


def test_evidence_is_the_question_with_its_answer() -> None:
    source = Texts({"p1": "Any fever?", "p2": "No.", "p3": "Okay."}, {"p1": DOCTOR, "p2": PATIENT, "p3": DOCTOR})
    reading = read_source(source)

    assert reading.evidence([place for place, _ in reading.said["fever"]]) == ("p1", "p2")


@pytest.mark.parametrize(
    ("wording", "name"),
    [
        ("short of breath", "shortness of breath"), ("trouble breathing", "shortness of breath"), ("swollen", "edema"),
        ("febrile", "fever"), ("passed out", "syncope"), ("heart racing", "palpitations"), ("burning when you pee", "dysuria"),
        ("tingling in her fingers", "numbness"), ("erythema", "redness"), ("pain in his chest", "chest pain"), ("rales", "crackles"),
    ],
)  # fmt: skip
def test_lay_and_clinical_words_name_the_same(wording: str, name: str) -> None:
    assert name in _said(wording)


def test_the_lexicon_is_large_and_each_name_finds_itself() -> None:
    symptoms = symptom_lexicon().symptoms

    assert len(symptoms) >= 270
    assert [name for name in symptoms if name not in _said(name)] == []
