"""Two voices of a recording: who of them is the clinician, and a draft of them as of a conversation; of one voice, as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.drafting.conversation_groups import conversation, grouped
from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
from daemon.adapters.drafting.statement_visit import Visit
from daemon.documents.loader import load_documents
from daemon.faithfulness.reading.speaking import spoken_roles
from daemon.faithfulness.texts import DOCTOR, PATIENT
from daemon.model.passage import Passage
from tests.fakes.passages import MEMO, spoken

VISIT = (
    ("A", "What brings you in today?"),
    ("B", "My right knee has been hurting for three weeks."),
    ("A", "Did you injure it?"),
    ("B", "No, I did not fall."),
    ("A", "Do you have any allergies?"),
    ("B", "Only penicillin."),
    ("B", "I get a rash."),
    ("A", "Your knee is slightly swollen."),
    ("B", "Do I need surgery?"),
    ("A", "No."),
    ("A", "Take acetaminophen 1000 milligrams three times a day."),
)


def voiced(lines: Sequence[tuple[str, str]]) -> tuple[Passage, ...]:
    plain = spoken([text for _, text in lines])
    return tuple(replace(one, voice=voice) for one, (voice, _) in zip(plain, lines, strict=True))


def who(lines: Sequence[tuple[str, str]]) -> list[str]:
    roles = spoken_roles(voiced(lines))
    return [roles.get(f"p{number}", "") for number in range(1, len(lines) + 1)]


def swapped(lines: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [({"A": "B", "B": "A"}.get(voice, ""), text) for voice, text in lines]


@pytest.mark.parametrize("lines", [VISIT, swapped(VISIT), [("B", "Good morning."), *VISIT[1:]]])
def test_who_asks_is_the_clinician(lines: Sequence[tuple[str, str]]) -> None:
    asks = next(voice for voice, text in lines if "injure" in text)
    assert who(lines) == [DOCTOR if voice == asks else PATIENT for voice, _ in lines]


def test_a_patient_who_asks_more_is_no_clinician() -> None:
    asked = [("B", "Should I stop my pills?"), ("B", "Do you think it is broken?"), ("B", "Can I drive?")]
    roles = who([*VISIT, *asked, ("A", "You can drive when your knee bends.")])
    assert roles[0] == DOCTOR
    assert roles[-2] == PATIENT


@pytest.mark.parametrize(
    "lines",
    [
        [("A", text) for _, text in VISIT],
        [("", text) for _, text in VISIT],
        [("A", "Lungs are clear."), ("B", "Blood pressure is 130 over 80."), ("A", "Start lisinopril.")],
        [("A", "Is this pneumonia?"), ("B", "I do not think so."), ("A", "Is it asthma?"), ("B", "Any wheeze?")],
        # Who tells of "my knee" and asks is not the clinician.
        [("A", "My knee hurts, what is it?"), ("B", "Arthritis."), ("A", "My hip hurts, what is it?"), ("B", "The same."),
         ("A", "My back hurts, what is it?"), ("B", "You are old, and your joints are.")],
    ],
)  # fmt: skip
def test_where_it_is_not_clear_nobody_is_anybody(lines: Sequence[tuple[str, str]]) -> None:
    assert not any(who(lines))


@given(st.lists(st.tuples(st.sampled_from(["", "A", "B"]), st.sampled_from([text for _, text in VISIT])), max_size=20))
def test_voices_have_one_role_each_and_names_of_voices_mean_nothing(lines: list[tuple[str, str]]) -> None:
    roles = who(lines)
    known = {(voice, role) for (voice, _), role in zip(lines, roles, strict=True) if role}
    assert known in (set(), {("A", DOCTOR), ("B", PATIENT)}, {("A", PATIENT), ("B", DOCTOR)})
    assert who(swapped(lines)) == roles


def test_a_recording_of_two_voices_is_grouped_as_a_conversation() -> None:
    said, rest = conversation(voiced(VISIT))
    assert not rest
    lines = [talk.lines for talk in grouped(said)]
    assert any("Doctor: Did you injure it?\nPatient: No, I did not fall." in "\n".join(each) for each in lines)
    assert all(one.whole == one.text for one in said)  # what is quoted has no word that nobody said


def test_a_voice_that_nobody_knows_is_nobody() -> None:
    lines = [*VISIT[:7], ("", "Good."), *VISIT[7:]]
    said, _ = conversation(voiced(lines))
    assert [one.role for one in said if one.text == "Good."] == [""]


def test_a_dictation_with_a_voice_or_two_is_drafted_as_without() -> None:
    soap = load_documents(None)["soap"]
    memo = spoken(MEMO)
    one = tuple(replace(each, voice="A") for each in memo)
    two = tuple(replace(each, voice="AB"[number % 2]) for number, each in enumerate(memo))
    assert QuotingDrafter().draft(soap, one) == QuotingDrafter().draft(soap, memo)
    assert QuotingDrafter().draft(soap, two) == QuotingDrafter().draft(soap, memo)


def test_the_patient_who_speaks_of_her_is_not_she() -> None:
    lines = [*VISIT, ("B", "She drove me here."), ("B", "She says I limp."), ("B", "Her car is small.")]
    assert Visit.of(voiced(lines)).subject == "the patient"
    assert Visit.of(voiced([("", text) for _, text in lines])).subject == "she"
