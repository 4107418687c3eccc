"""What a memo's first words ask for: beginnings that ask, beginnings that only sound like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.documents.spoken_request import FIRST_WORDS, spoken_request

CUES = [
    ("soap", "soap note"),
    ("soap", "progress note"),
    ("referral", "referral letter"),
    ("referral", "referral to"),
    ("email", "e-mail"),
    ("prior-auth", "prior authorization"),
    ("prior-auth", "prior authorization letter"),
    ("prior-auth", "letter of medical necessity"),
    ("education", "patient education"),
    ("education", "patient handout"),
    ("gap-analysis", "gap analysis"),
]
ASKING = {
    "Referral letter to cardiology for Maria Delgado.": "referral",
    "referral letter to cardiology": "referral",
    "Um, okay so, referral letters for Dr. Patel": "referral",
    "This is Dr. Maria Delgado-Smith, orthopedics. Referral letter to physical therapy.": "referral",
    "This is Dr. Smith from Lakeside Family Medicine dictating a referral letter to cardiology.": "referral",
    "I need a referral letter for my patient Jane Doe to neurology.": "referral",
    "Go ahead and write a new referral letter to Dr. Patel.": "referral",
    "I'd like to dictate a referral letter to dermatology.": "referral",
    "Urgent referral letter to cardiology, chest pain.": "referral",
    "Referral letter from Dr. Smith to Dr. Patel.": "referral",
    "This referral letter is for Jane Doe.": "referral",
    "Patient Jane Doe, date of birth March 3rd, 1972. Referral letter to cardiology.": "referral",
    "Referral letter to cardiology for a patient who was sent home last week.": "referral",
    "This is a referral to cardiology.": "referral",
    "Referral letter for the chart, thank you. She was sent by her PCP.": "referral",
    "Okay, this is Dr. Smith dictating a prior authorization letter for Humira.": "prior-auth",
    "Let's do a prior auth for Ozempic.": "prior-auth",
    "Prior authorization letter for Humira, which was denied last month.": "prior-auth",
    "Prior authorization letter after Humira was denied.": "prior-auth",
    "Dictating a letter of medical necessity for a power wheelchair.": "prior-auth",
    "Please write an e-mail to the front desk.": "email",
    "Could you please draft an email to the front desk?": "email",
    "E mail to Susan about the schedule.": "email",
    "E-mail: front desk, please call Mr. Chen.": "email",
    "Email the front desk to call her.": "email",
    "SOAP note.": "soap",
    "Okay, this is Dr. Smith, dictating a soap note from Maria del Gado.": "soap",
    "Subnote Maria Delgado 54 years old": "soap",
    "Prior off for Ozenbick.": "prior-auth",
    "Gop analysis for yesterday's visit.": "gap-analysis",
    "Referral letter, the cardiology, from Maria del Gado Just pain on exertion": "referral",
    "Soap note, Maria Delgado, 54.": "soap",
    "S.O.A.P. note for today.": "soap",
    "Soup note on Mr. Chen.": "soap",
    "November 21st, 2026. SOAP note.": "soap",
    "Maria Delgado MD dictating, progress note for Tom Lee.": "soap",
    "New progress note.": "soap",
    "Today is Monday, November twenty first. Patient education handout on asthma.": "education",
    "Patient hand out on sleep hygiene": "education",
    "Hello, it's doctor Patel. Gap analysis please.": "gap-analysis",
}
TRAPS = [
    "The patient brought a referral letter from her PCP.",
    "She has a referral letter from her PCP.",
    "Referral letter from her PCP was received today.",
    "Referral letter from Dr. Jones recommends an echocardiogram.",
    "Referral letter from Lakeside Neurology dated May third.",
    "Referral letter that the patient brought mentions a murmur.",
    "Referral letter she brought says migraine.",
    "A referral letter was brought by the patient.",
    "I received a referral letter to cardiology.",
    "The referral letter to cardiology went out last week.",
    "Referral to cardiology was placed last visit.",
    "Referral letter?",
    "Referral to cardiology made in May.",
    "Referral to neurology placed today.",
    "Patient handout on asthma given.",
    "No referral letter was sent.",
    "Plan: referral to cardiology.",
    "Fifty four year old with a referral letter.",
    "This is a 45-year-old woman with a referral letter from urgent care.",
    "This is Dr. Smith reviewing a referral letter from her PCP.",
    "Good morning, how are you? I brought the referral letter.",
    "Hi doctor, can you write me a referral letter?",
    "I need a referral letter for my insurance.",
    "Prior authorization was denied for Humira.",
    "Prior authorization for Humira was denied.",
    "Prior authorizations are pending for two drugs.",
    "Her prior authorization is pending.",
    "Patient needs a prior authorization for Humira.",
    "Without prior authorization the plan will not pay.",
    "Regarding the prior authorization letter, she called.",
    "Did you get the email I sent?",
    "Email from the patient: she feels better.",
    "Email address is on file.",
    "Maria Delgado is here. SOAP note later.",
    "So note that the patient is allergic to penicillin.",
    "The soap note from last visit was reviewed.",
    "SOAP note from last visit reviewed.",
    "Okay so she washed it with soap. Note the redness.",
    "Progress noted in range of motion.",
    "We discussed patient education handouts.",
    "",
    "?!",
]


@pytest.mark.parametrize(("said", "key"), ASKING.items())
def test_a_memo_that_asks_is_heard(said: str, key: str) -> None:
    found = spoken_request(said, CUES)
    assert found is not None
    assert found.key == key
    shown = found.words.removeprefix("… ")
    assert shown in said
    assert len(shown.split()) <= 7
    assert found.words.startswith("… ") != said.startswith(shown)


@pytest.mark.parametrize("said", TRAPS)
def test_a_memo_that_only_mentions_one_asks_for_nothing(said: str) -> None:
    assert spoken_request(said, CUES) is None


def test_the_longer_cue_wins_and_of_two_alike_the_first() -> None:
    cues = [("a", "letter"), ("b", "letter to the school"), ("c", "letter")]
    assert [spoken_request(said, cues).key for said in ("Letter to the school.", "Letter.")] == ["b", "a"]  # type: ignore[union-attr]  # found, or the test fails


@given(st.text(max_size=400), st.lists(st.text(max_size=30), max_size=4))
def test_any_text_and_any_cue_are_borne(said: str, cues: list[str]) -> None:
    spoken_request(said, [("key", cue) for cue in cues])


OTHER = st.sampled_from(
    [
        "she",
        "he",
        "patient",
        "cough",
        "denies",
        "fever",
        "reviewed",
        "has",
        "brought",
        "her",
        "knee",
        "mother",
        "pcp",
        "no",
        "without",
        "they",
    ]
)


@given(st.lists(OTHER, min_size=1, max_size=80), st.sampled_from(sorted(ASKING)))
def test_behind_other_words_nothing_is_asked_for(before: list[str], asking: str) -> None:
    assert spoken_request(" ".join(before) + ". " + asking, CUES) is None


@given(st.integers(FIRST_WORDS, 3 * FIRST_WORDS))
def test_nor_after_too_much_filler(count: int) -> None:
    assert spoken_request("um " * count + "referral letter to cardiology", CUES) is None
    assert spoken_request("um " * (FIRST_WORDS - 2) + "referral letter", CUES) is not None
