"""Two rates: what of a note nothing supports, and what of the said it lacks."""

from __future__ import annotations

import pytest

from daemon.faithfulness.rates import Rates, rates
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.texts import Texts
from daemon.faithfulness.vocabulary.terms import terms

VISIT = read_transcript(
    "Doctor: Good morning, how are you today?\n"
    "Patient: Hi, thanks for seeing me. I have had high blood pressure for ten years and I take lisinopril.\n"
    "Doctor: Do you smoke or drink?\n"
    "Patient: No.\n"
    "Doctor: Any chest pain?\n"
    "Patient: Yes, and I threw up twice yesterday.\n"
    "Doctor: Does anything run in the family?\n"
    "Patient: My mom had breast cancer. I am allergic to penicillin.\n"
)
GOOD = (
    "Hypertension for 10 years, on lisinopril.",
    "Denies tobacco and alcohol use.",
    "Reports chest pain and emesis twice yesterday.",
    "Mother had breast cancer.",
    "Allergic to penicillin.",
)


def of(*statements: str) -> Rates:
    return rates(Texts({f"s{number}": text for number, text in enumerate(statements, 1)}), VISIT)


def test_a_note_that_says_all_in_other_words_has_low_rates() -> None:
    good = of(*GOOD)
    assert good.unsupported < 0.05
    assert good.omitted < 0.2
    assert good.facts > 10


def test_each_statement_that_is_left_out_raises_what_is_omitted() -> None:
    found = [of(*GOOD[:count]).omitted for count in range(len(GOOD), -1, -1)]
    assert found == sorted(found)
    assert found[0] < found[2] < found[-1] - 0.3


def test_what_is_carried_weighs_more_than_courtesy() -> None:
    assert of("Good morning, thanks for seeing me today.").omitted > of("Allergic to penicillin.").omitted + 0.05


@pytest.mark.parametrize(
    "statement",
    [
        "He takes warfarin 5 mg for atrial fibrillation.",
        "She is a retired nurse with two grandchildren.",
        "Colonoscopy in 2012 showed a polyp.",
    ],
)
def test_what_was_never_said_is_unsupported(statement: str) -> None:
    assert of(*GOOD, statement).unsupported > of(*GOOD).unsupported + 0.03


def test_each_invention_raises_what_is_unsupported() -> None:
    invented = ("Takes warfarin.", "Had a stroke in 2012.", "Father died of lung cancer.")
    found = [of(*GOOD, *invented[:count]).unsupported for count in range(4)]
    assert found == sorted(set(found))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Denies tobacco use.", "Reports tobacco use."),
        ("Reports chest pain.", "Denies chest pain."),
        ("Hypertension for 10 years.", "Hypertension for 12 years."),
    ],
)
def test_a_changed_sign_or_number_is_unsupported(right: str, wrong: str) -> None:
    assert of(wrong).unsupported > of(right).unsupported


def test_a_short_note_of_little_omits_less_than_a_short_note_of_much() -> None:
    little = read_transcript("Doctor: Any allergies?\nPatient: Yes, penicillin.\n")
    note = Texts({"s1": "Allergic to penicillin."})
    assert rates(note, little).omitted + 0.3 < rates(note, VISIT).omitted


def test_nothing_written_omits_all_and_claims_nothing() -> None:
    empty = rates(Texts({}), VISIT)
    assert empty.unsupported == 0.0
    assert empty.omitted > 0.9


def test_without_a_source_nothing_can_be_omitted() -> None:
    bare = rates(Texts({"s1": "Takes warfarin for atrial fibrillation."}), Texts({}))
    assert bare.omitted == 0.0
    assert bare.unsupported > 0.4
    assert bare.facts == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("short of breath", "dyspnea"),
        ("high blood pressure", "HTN"),
        ("I smoke", "smoker"),
        ("seventy six", "76"),
        ("Tylenol", "acetaminophen"),
        ("M R I", "MRI"),
        ("allergies", "allergic"),
        ("trouble with breathing hurts when I pee burns when I pee", "dysuria"),
    ],
)
def test_words_that_mean_the_same_are_one_term(one: str, other: str) -> None:
    assert terms(other)[0].key in {key for term in terms(one) for key in term.keys}


def test_a_denial_reaches_to_the_end_of_its_list_and_not_beyond() -> None:
    denied = {term.key: term.denied for term in terms("No fever, chills or cough, but she has a rash. Nausea.")}
    assert [denied[key] for key in ("=fever", "=chills", "=cough", "=rash", "=nausea")] == [
        True,
        True,
        True,
        False,
        False,
    ]
