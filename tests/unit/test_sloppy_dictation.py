"""Letters, e-mails and handouts from text as whisper's base model writes it: stops where the speaker breathed, misheard drugs."""

from __future__ import annotations

import pytest

from daemon.adapters.drafting.clauses import is_tail, stands_alone
from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
from daemon.adapters.drafting.spoken_pieces import Piece, halves
from daemon.documents.handouts import load_handouts, slots_of
from daemon.documents.loader import load_documents
from daemon.model.draft import Draft, Section
from daemon.steps.draft import draft
from tests.fakes.clock import FakeClock
from tests.fakes.passages import memo

DOCUMENTS = load_documents(None)
HANDOUTS = load_handouts(None, slots_of(DOCUMENTS))
QUOTING = QuotingDrafter()


def made(key: str, *heard: str) -> Draft:
    return draft("j1", DOCUMENTS[key], memo(heard), QUOTING, FakeClock(), handouts=HANDOUTS)


def section(of: Draft, key: str) -> Section:
    return next(each for each in of.sections if each.key == key)


def texts(of: Draft, key: str) -> list[str]:
    return [one.text for one in section(of, key).statements]


def rows(of: Draft, key: str) -> list[tuple[str, ...]]:
    return [one.cells for one in section(of, key).statements]


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("For the last six weeks", False),
        ("when he climbs one flight of stairs", False),
        ("If it swells, she should call", True),
        ("On exam the knee is swollen", True),
        ("start losartan 50 mg daily", True),
        ("no murmur", False),
    ],
)
def test_what_stands_alone(text: str, alone: bool) -> None:
    assert stands_alone(text) is alone


def test_what_is_the_end_of_the_sentence_before() -> None:
    assert is_tail("Every other week, for 12 months")
    assert not is_tail("Given her age")
    assert not is_tail("She takes it for 12 months")


def test_no_half_is_a_mere_time() -> None:
    text = "For the last six weeks, he gets a tightness in the chest when he climbs one flight of stairs and it goes away within five minutes of rest."
    assert halves(Piece(text, text)) == []
    assert texts(made("referral", "Referral letter to cardiology.", text), "history") == [text]


def test_a_prior_authorization_with_stops_in_the_wrong_places() -> None:
    found = made(
        "prior-auth",
        "Prior authorization letter for Grace Holloway, date of birth, September 12, 1972, I'm requesting approval for a Dalamumab 40mg under the skin.",
        "Every other week, for 12 months, the diagnosis is moderate to severe plaque psoriasis.",
        "Her tuberculosis test in October was negative, will attach the dermatology note and the photographs.",
    )
    assert texts(found, "request") == [
        "I'm requesting approval for a Dalamumab 40mg under the skin.",
        "Every other week, for 12 months",
    ]
    assert texts(found, "diagnosis") == ["the diagnosis is moderate to severe plaque psoriasis."]
    assert texts(found, "findings") == ["Her tuberculosis test in October was negative"]
    assert texts(found, "enclosures") == ["will attach the dermatology note and the photographs."]
    assert texts(found, "patient") == ["Grace Holloway", "September 12, 1972"]


def test_a_half_without_a_clause_of_its_own_is_no_half() -> None:
    text = "She has had a cough for three weeks that is worse at night and keeps the whole family awake, and in the evening on most days."
    assert halves(Piece(text, text)) == []


def test_a_sentence_without_end_is_left_whole() -> None:
    found = made("prior-auth", "she has tried it, the diagnosis is gout, " * 60)
    assert len(texts(found, "tried") + texts(found, "diagnosis")) == 1


def test_a_time_stands_with_its_urgency_and_thanks_answer_nothing() -> None:
    asked = made(
        "referral",
        "I suspect gout and hope that you will see her within two weeks.",
        "Should she hold the warfarin? Thank you for seeing her.",
    )
    assert texts(asked, "urgency") == ["see her within two weeks"]
    assert [one.evidence for one in section(asked, "medications").statements] == [("p2",)]
    noted = section(made("soap", "Should she hold the warfarin? Thank you for seeing her."), "medication-list")
    assert "Thank you" not in str(noted.statements)


def test_a_heading_does_not_swallow_the_next_statement() -> None:
    found = made(
        "prior-auth",
        "She is insured by Blue Cross, member number, X R T 4 4 9, we'll send the labs and the chart notes.",
    )
    assert texts(found, "coverage") == ["She is insured by Blue Cross", "X R T 4 4 9"]
    assert texts(found, "enclosures") == ["we'll send the labs and the chart notes."]


def test_a_subject_run_into_the_first_sentence() -> None:
    found = made(
        "email",
        "Email to the front desk, subject, schedule changes next week will be out of the office on Tuesday afternoon.",
        "Tom, please order two boxes of medium gloves before Wednesday.",
    )
    assert texts(found, "subject") == ["schedule changes next week"]
    assert texts(found, "body")[0] == "schedule changes next week will be out of the office on Tuesday afternoon."
    assert rows(found, "actions") == [("Tom", "order two boxes of medium gloves", "before Wednesday")]


def test_a_request_in_mid_sentence_is_an_action() -> None:
    found = made("email", "We will be open from 9 to 1, Angela can you print the consent forms by Thursday.")
    assert rows(found, "actions") == [("Angela", "print the consent forms", "by Thursday")]


def test_misheard_drugs_a_question_and_an_introduction() -> None:
    found = made(
        "referral",
        "Medications are met for men 1,000 milligrams twice daily.",
        "Rossovastatin, 20 milligrams daily, and aspirin 81 milligrams daily.",
        "My question is whether we should start a beta blocker now, and how long should we hold the apixaban? Thank you for seeing her.",
    )
    assert rows(found, "medications") == [
        ("met for men", "1,000 milligrams twice daily", ""),
        ("Rossovastatin", "20 milligrams daily", ""),
        ("aspirin", "81 milligrams daily", ""),
        ("beta blocker", "", "My question is whether we should start a beta blocker"),
        ("apixaban", "", "how long should we hold the apixaban"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Plan, stop lysinoprol and recheck the pressure.", [("lysinoprol", "stop")]),
        ("He takes, listen up, 20 milligrams daily.", [("listen up", "takes")]),
        ("He agreed to increase such a lot to 150 milligrams every morning, he will continue weekly therapy.", [("such a lot", "increase")]),
        ("She has high cholesterol, and we will start with exercise.", []),
    ],
)  # fmt: skip
def test_a_drug_that_was_not_recognised_keeps_what_is_done_with_it(text: str, expected: list[tuple[str, str]]) -> None:
    found = section(made("soap", text), "medication-list")
    status = found.columns.index("Status as said") if found.statements else 0
    assert [(one.cells[0], one.cells[status]) for one in found.statements] == expected


@pytest.mark.parametrize(
    ("heard", "row", "code"),
    [
        ("He has known known drug allergies.", "He has known known drug allergies.", "allergy-unclear"),
        ("She is allergic to colon, which makes her vomit.", "colon", "allergy-unknown"),
        ("Allergies. Penicillin, hives.", "Penicillin", ""),
        ("Her mother says she is allergic to amoxicillin.", "amoxicillin", ""),
        ("Allergies to penicillin were denied.", "Allergies to penicillin were denied.", ""),
        ("Sulphur drugs gave him a rash.", "Sulphur drugs", ""),
    ],
)
def test_no_allergy_that_is_spoken_of_is_left_out(heard: str, row: str, code: str) -> None:
    found = made("referral", heard)
    assert [cells[0] for cells in rows(found, "allergies")] == [row]
    assert [caution.code for caution in found.cautions] == ([code] if code else [])


def test_no_rush_is_no_urgency_and_a_visit_today_none_either() -> None:
    found = made(
        "referral", "Seen today, Maria Castle, 47, for her left knee.", "There is no vomiting, no rush, no discharge."
    )
    assert texts(found, "urgency") == []
    assert texts(found, "patient")[0] == "Maria Castle"
    assert texts(made("referral", "I suspect gout, please see her within two weeks."), "urgency") == [
        "please see her within two weeks"
    ]


def test_a_handout_of_sloppy_dictation() -> None:
    found = made(
        "education",
        "Patient education, hand out for Mrs. Alvarez.",
        "We talk today about her ankle.",
        "Keep the foot up.",
    )
    shown = [one.text for one in section(found, "handout").statements if one.evidence]
    assert shown == ["We talk today about her ankle.", "Keep the foot up."]
    assert texts(found, "not-in-handout") == []
    assert [each.key for each in found.sections] == ["handout", "not-in-handout"]


@pytest.mark.parametrize(
    ("heard", "shown"),
    [
        ("Subnote, Helen Bran is a 64-year-old woman with a cough.", "Helen Bran is a 64-year-old woman with a cough."),
        ("SOAP note for Helen Bran, who has a cough.", "SOAP note for Helen Bran, who has a cough."),
        (
            "Patient is Helen Bran. SOAP note. She has a cough.",
            "Patient is Helen Bran. SOAP note. She has a cough.",
        ),
    ],
)
def test_a_request_is_no_content_and_a_name_is_never_lost_with_it(heard: str, shown: str) -> None:
    assert [one.text for each in made("soap", heard).sections for one in each.statements if each.columns == ()] == [
        shown
    ]
