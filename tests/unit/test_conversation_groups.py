"""A conversation in groups: every answer with its question, in order, nothing lost, and no word changed where it is quoted."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.adapters.drafting.conversation_groups import MOST_WORDS, Talk, conversation, grouped
from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
from daemon.adapters.drafting.section_classifier import LABELS
from daemon.adapters.drafting.selection import keeps
from daemon.documents.filler import is_filler
from daemon.documents.loader import load_documents
from daemon.model.passage import LineAnchor, Passage, Reading
from daemon.model.source import Source
from daemon.steps.draft import draft
from daemon.steps.verify import verify
from tests.fakes.clock import FakeClock
from tests.fakes.passages import FORM, MEMO, printed, spoken

QUOTING = QuotingDrafter()
SOAP = load_documents(None)["soap"]


def typed(lines: Sequence[str]) -> tuple[Passage, ...]:
    """Turns of a transcript in a text file."""
    return tuple(Passage(f"p{n}", line, LineAnchor("s1", n, n), 1.0) for n, line in enumerate(lines, 1))


def talks(*lines: str) -> list[Talk]:
    return grouped(conversation(typed(lines))[0])


def texts(*lines: str) -> list[tuple[str, ...]]:
    return [talk.lines for talk in talks(*lines)]


# -- what belongs together ---------------------------------------------------------------------------------------------
def test_a_question_and_its_answer_are_one_group() -> None:
    found = texts("Doctor: Any chest pain?", "Patient: No.", "Doctor: Do you smoke?", "Patient: Half a pack a day.")
    assert found == [
        ("Doctor: Any chest pain?", "Patient: No."),
        ("Doctor: Do you smoke?", "Patient: Half a pack a day."),
    ]


def test_a_filler_that_answers_stays_and_one_that_does_not_goes() -> None:
    found = texts(
        "Doctor: Any chest pain?", "Patient: Mhm.", "Doctor: Okay.", "Doctor: Your lungs are clear.", "Patient: Mhm."
    )
    assert found[0] == ("Doctor: Any chest pain?", "Patient: Mhm.")
    assert "Doctor: Okay." not in [line for lines in found for line in lines]


def test_a_question_that_points_back_has_its_matter() -> None:
    assert texts(
        "Patient: I have had pain in my left knee.",
        "Doctor: How long has that been going on?",
        "Patient: About five weeks.",
    ) == [
        (
            "Patient: I have had pain in my left knee.",
            "Doctor: How long has that been going on?",
            "Patient: About five weeks.",
        )
    ]


def test_what_a_long_story_told_is_before_the_question_that_points_back_to_it() -> None:
    story = "Patient: My left knee " + "hurts on every stair of the house " * 8
    (first, second) = talks(story, "Doctor: How long has that been going on?", "Patient: About five weeks.")
    assert second.before == first.said[-1]
    assert second.lines[0] == first.lines[-1]
    (group,) = [one for one in QUOTING.groups(SOAP, typed([story, *second.lines[1:]])) if len(one.passages) == 3]
    assert group.quotes[0].evidence == ("p2", "p3")


@pytest.mark.parametrize("check", ["okay?", "all right?", "does that sound good?"])
def test_what_only_checks_back_asks_nothing(check: str) -> None:
    found = texts(
        f"Doctor: I will order an echocardiogram, {check}",
        "Doctor: Continue lisinopril 20 mg a day as you take it now.",
        "Patient: Are there any side effects?",
    )
    assert found[0][0].startswith("Doctor: I will order")
    assert not any("lisinopril" in line and "side effects" in line for line in found[-1])
    assert found[-1] == ("Patient: Are there any side effects?",)


def test_a_question_without_its_mark_is_one() -> None:
    assert len(texts("Doctor: How about alcohol.", "Patient: No, I don't drink alcohol.")) == 1


def test_who_asks_may_explain_before_the_answer() -> None:
    found = texts(
        "Doctor: How is your mood?", "Doctor: I know you take Prozac.", "Patient: Much better than last year."
    )
    assert len(found) == 1


def test_what_is_broken_off_goes_on() -> None:
    found = texts("Doctor: I hear a murmur at the-", "Patient: Mhm.", "Doctor: left sternal border, two out of six.")
    assert found == [("Doctor: I hear a murmur at the-", "Doctor: left sternal border, two out of six.")]


def test_a_long_passage_is_cut_by_its_sentences() -> None:
    said = "[doctor]: on your heart exam , i do hear a three out of six systolic murmur . on your lung exam , i do hear fine crackles at both bases . your legs have one plus pitting edema up to the knee ."
    found = talks(said, "[patient]: okay .", "[doctor]: do you cough ?", "[patient]: no .")
    assert len(found) >= 3
    assert all(talk.size <= MOST_WORDS for talk in found)


# -- what is a conversation --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "passages", [spoken(MEMO), printed(FORM), typed(["Plan: rest.", "Allergies: none.", "Plan: MRI."])]
)
def test_a_dictation_a_form_and_a_note_are_none(passages: tuple[Passage, ...]) -> None:
    assert conversation(passages) == ([], list(passages))


def test_a_recorded_visit_without_names_is_one() -> None:
    visit = spoken(["Any chest pain?", "No.", "Any cough?", "A slight one.", "Do you smoke?", "Never did.", "Good."])
    said, rest = conversation(visit)
    assert not rest
    assert [talk.lines for talk in grouped(said)][:2] == [("Any chest pain?", "No."), ("Any cough?", "A slight one.")]


def test_a_packet_has_both() -> None:
    memo = spoken(["Start amoxicillin 500 milligrams."])
    visit = tuple(
        Passage(f"q{n}", line, LineAnchor("s2", n, n), 1.0)
        for n, line in enumerate(["Doctor: Any cough?", "Patient: No."], 1)
    )
    said, rest = conversation((*memo, *visit))
    assert [one.id for one in said] == ["q1", "q2"]
    assert rest == list(memo)


# -- the drafter's groups ----------------------------------------------------------------------------------------------
def test_a_pair_is_quoted_as_one_statement_without_a_finding() -> None:
    passages = typed(
        ["Doctor: Any chest pain?", "Patient: No.", "Doctor: Start lisinopril 10 mg daily.", "Patient: Sure."]
    )
    made = verify(draft("job", SOAP, Reading((Source("s1", "text", "0" * 64),), passages), QUOTING, FakeClock()), SOAP)
    (pair,) = [s for section in made.sections for s in section.statements if "chest pain" in s.text]
    assert (pair.text, pair.evidence) == ("Doctor: Any chest pain? Patient: No.", ("p1", "p2"))
    assert pair.findings == ()


def test_groups_of_a_memo_are_its_pieces() -> None:
    groups = QUOTING.groups(SOAP, spoken(MEMO))
    assert [one.lines for one in groups][:2] == [(MEMO[2],), (MEMO[3],)]
    assert [one.label for one in groups][:3] == ["GENHX", "MEDICATIONS", "ALLERGY"]
    assert all(one.rewritable for one in groups)


def test_a_form_is_never_rewritten() -> None:
    groups = QUOTING.groups(SOAP, printed(FORM))
    assert groups
    assert not any(one.rewritable or one.label for one in groups)


def test_what_tells_a_fact_is_never_selected_away() -> None:
    said = talks("Doctor: Hello there.", "Patient: Hi, good to see you.", "Doctor: Any chest pain?", "Patient: No.",
                 "Doctor: I am starting you on lisinopril 10 mg.", "Patient: Perfect.", "Doctor: Bye, nice to meet you.")  # fmt: skip
    kept = [talk.text for talk, keep in zip(said, keeps(said), strict=True) if keep]
    assert [text for text in kept if "chest pain" in text or "lisinopril" in text] == kept
    assert len(kept) == 2


LINES = st.lists(
    st.tuples(
        st.sampled_from(["Doctor", "Patient"]),
        st.sampled_from(["Any chest pain?", "No.", "Mhm.", "Okay.", "How long?", "About five weeks.", "I fell on my left knee", "and it hurts-",
                         "Start lisinopril 10 mg, okay?", "Thank you.", "What about cough", "?", "12", "my wife had it . and then i had it . it was in march , when we " * 3]),
    ),
    max_size=12,
).map(lambda said: ["Doctor: How are you?", "Patient: I cough.", *(f"{who}: {what}".strip() for who, what in said)])  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(LINES)
def test_nothing_is_lost_or_changed_and_all_is_in_order(lines: list[str]) -> None:
    passages = typed(lines)
    groups = QUOTING.groups(SOAP, passages)
    by_id = {one.id: " ".join(one.text.split()) for one in passages}
    in_groups = {name for one in groups for name in one.passages}
    assert in_groups <= by_id.keys()
    assert {one.id for one in passages if not is_filler(one.text)} <= in_groups
    assert [one.label in LABELS for one in groups] == [True] * len(groups)
    quotes = [quote for one in groups for quote in one.quotes]
    for quote in quotes:
        assert quote.text in " ".join(by_id[name] for name in quote.evidence)
    order = [int(name[1:]) for quote in quotes for name in quote.evidence]
    assert order == sorted(order)
    quoted = " ".join(quote.text for quote in quotes).split()
    assert quoted == [word for name in sorted(set(order)) for word in by_id[f"p{name}"].split()]
