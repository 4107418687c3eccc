"""Where cues put what was said, and how one sentence feeds several sections."""

from __future__ import annotations

import re
from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.adapters.drafting.cued_pieces import Cues
from daemon.computed.patient_facts import patient_facts
from daemon.documents.filler import words_that_say
from daemon.documents.loader import load_documents

DOCUMENTS = load_documents(None)
REFERRAL, EMAIL = Cues(DOCUMENTS["referral"]), Cues(DOCUMENTS["email"])


def placed(cues: Cues, text: str, filled: Collection[str] = ()) -> list[tuple[str, str]]:
    return [(place.section, place.text) for place in cues.places(text, filled)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Only for whom it is: no prose.
        ("Referral letter to cardiology, Dr. Patel.", [("recipient", "cardiology, Dr. Patel")]),
        ("okay so this is a referral to neurology doctor lee", [("recipient", "neurology doctor lee")]),
        ("Refer to Dr. Amy Wu in rheumatology please", [("recipient", "Dr. Amy Wu in rheumatology")]),
        ("Referral letter.", []),
        ("I'd like to dictate a referral letter for Mrs. Alvarez.", []),
        ("The patient is Walter Nguyen, date of birth April 5th 1961.", []),
        # One sentence, three sections: the sentence stays whole where it mainly belongs.
        ("Please refer Mrs Jones to cardiology for exertional chest pain, urgent.",
         [("recipient", "cardiology"), ("urgency", "urgent"), ("reason", "Please refer Mrs Jones to cardiology for exertional chest pain, urgent.")]),
        ("Letter to pulmonology for chronic cough in a smoker.", [("recipient", "pulmonology"), ("reason", "chronic cough in a smoker")]),
        ("I am referring him for chest tightness.", [("reason", "I am referring him for chest tightness.")]),
        ("Dear Dr. Romero, thank you for seeing Walter Nguyen, who has hematuria.",
         [("recipient", "Dr. Romero"), ("reason", "thank you for seeing Walter Nguyen, who has hematuria.")]),
        # Urgency: its clause, and never without its "not".
        ("This is urgent.", [("urgency", "This is urgent.")]),
        ("Please see her within two weeks.", [("urgency", "Please see her within two weeks.")]),
        ("This is not an urgent referral.", [("urgency", "This is not an urgent referral.")]),
        ("This is not an urgent referral for cough.", [("urgency", "not an urgent referral"), ("reason", "This is not an urgent referral for cough.")]),
        ("An urgent referral letter to cardiology.", [("urgency", "urgent referral"), ("recipient", "cardiology")]),
        # What only sounds so.
        ("She was seen at urgent care.", [("history", "She was seen at urgent care.")]),
        ("She had an urgent hysterectomy.", [("", "She had an urgent hysterectomy.")]),
        ("He was given a referral to a therapist in March.", [("", "He was given a referral to a therapist in March.")]),
        ("My question is whether he needs a stent.", [("question", "My question is whether he needs a stent.")]),
        ("Lungs are clear.", [("", "Lungs are clear.")]),
    ],
)  # fmt: skip
def test_a_referral(text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(placed(REFERRAL, text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This is an e-mail to the front desk.", [("to", "the front desk")]),
        ("Email to Dr. Lee regarding call coverage.", [("to", "Dr. Lee"), ("subject", "call coverage")]),
        (
            "email to maria and tom subject flu clinic on saturday",
            [("to", "maria and tom"), ("subject", "flu clinic on saturday")],
        ),
        ("Subject is broken autoclave.", [("subject", "broken autoclave")]),
        (
            "Email to Maria, please move my patients to Thursday.",
            [("to", "Maria"), ("", "please move my patients to Thursday.")],
        ),
        ("Maria, please send an email to the lab.", [("", "Maria, please send an email to the lab.")]),
    ],
)
def test_an_email(text: str, expected: list[tuple[str, str]]) -> None:
    assert placed(EMAIL, text) == expected


def test_a_line_is_filled_once() -> None:
    text = "I will refer her to ophthalmology as well."
    assert ("recipient", "ophthalmology") in placed(REFERRAL, text)
    assert placed(REFERRAL, text, {"recipient"}) == [("", text)]


def test_only_the_sentence_with_the_cue_goes_there() -> None:
    text = "He has diabetes. My question is whether he needs a pump. He lives alone."
    assert placed(REFERRAL, text) == [
        ("", "He has diabetes."),
        ("question", "My question is whether he needs a pump."),
        ("", "He lives alone."),
    ]


def test_a_note_without_cues_is_left_alone() -> None:
    soap = Cues(DOCUMENTS["soap"])
    text = "Lungs are clear. Refer to cardiology, urgent."
    assert placed(soap, text) == [("", text)]
    assert placed(soap, "This is a SOAP note.") == []


SAID = st.sampled_from(
    ["Please refer", "Mrs. Jones", "to cardiology", "to Dr. Patel", "for chest pain", "referral letter to", "urgent", ", urgent", "this is urgent", "within two weeks",
     "please see her", "and", ".", ". ", ",", "because", "she has diabetes", "my question is", "whether he needs a stent", "I am referring him", "email to", "the front desk",
     "subject", "schedule", "about the claim", "dear", "not", "the patient is Walter Nguyen", "date of birth April 5th 1961", "Dr. Lee", "on exam lungs are clear"]
)  # fmt: skip
WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


@settings(deadline=None, max_examples=300)
@given(st.lists(SAID, min_size=1, max_size=9).map(" ".join), st.sampled_from(["referral", "email", "prior-auth"]))
def test_no_word_that_says_something_is_lost(text: str, key: str) -> None:
    """Each stands in a quoted piece, in the words of a cue or a request, or is the patient's name or date of birth."""
    document = DOCUMENTS[key]
    places = Cues(document).places(text, ())
    assert all(place.text in text and place.text.strip() for place in places)
    quoted = {word.lower() for place in places for word in WORD.findall(place.text)}
    cues = {word for spec in document.sections for cue in spec.cues for word in cue.split()}
    asked = {word for cue in document.spoken_cues for word in cue.lower().split()}
    named = (
        [fact.span for fact in patient_facts(text)] if any(s.computed == "identity" for s in document.sections) else []
    )
    assert {word.lower() for word in words_that_say(text, named, cues | asked)} <= quoted
