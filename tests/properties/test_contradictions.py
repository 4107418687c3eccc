"""Contradictions over any passages: no crash, no dependence on order, none between equal words."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.faithfulness.contradiction.contradictions import find_contradictions

_SENTENCES = (
    "Left knee pain since Monday.", "On exam the right knee is tender.", "The left knee is tender.", "MRI of the right knee shows a tear.",
    "Blood pressure is 138/84.", "BP 148/90.", "Repeat blood pressure is 130/80.", "Pulse 72.", "Heart rate 110.", "Weight 180 lb.",
    "She reports fever.", "She denies fever.", "No fever, chills or cough.", "He has a cough.", "Any cough?", "No.",
    "She is allergic to penicillin.", "No known drug allergies.", "Start amoxicillin 500 mg daily.", "Allergies:", "Sulfa, rash.",
    "Bactrim DS twice daily.", "She takes lisinopril 10 mg daily.", "Continue lisinopril 20 mg daily.", "He takes no medications.",
    "She is a never smoker.", "She smokes one pack per day.", "A 58-year-old woman.", "A 63-year-old man.", "His prostate is enlarged.",
    "DOB 03/04/1962", "Date of birth: 03/04/1972", "Name: Walter Nguyen", "Patient name: Grace Holloway", "She is pregnant.",
)  # fmt: skip
_STATED = tuple(one for one in _SENTENCES if one not in {"Any cough?", "No.", "Allergies:", "Sulfa, rash."})
"""Without what means something by its neighbours only."""


def _found(texts: Sequence[str]) -> set[tuple[str, str]]:
    passages = [(f"p{number}", text, "s1") for number, text in enumerate(texts)]
    return {(one.kind, one.what) for one in find_contradictions(passages)}


@settings(deadline=None)
@given(st.lists(st.one_of(st.text(max_size=80), st.sampled_from(_SENTENCES)), max_size=8))
def test_any_passages_are_survived_and_what_is_cited_is_there(texts: list[str]) -> None:
    passages = [(f"p{number}", text, "s1") for number, text in enumerate(texts)]
    for one in find_contradictions(passages):
        first, second = (int(name.removeprefix("p")) for name in one.passages)
        assert 0 <= first <= second < len(texts)
        assert one.why.endswith(".")


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(_STATED), max_size=8, unique=True).flatmap(
        lambda texts: st.tuples(st.just(texts), st.permutations(texts))
    )
)
def test_the_order_of_passages_changes_nothing(orders: tuple[list[str], list[str]]) -> None:
    assert _found(orders[0]) == _found(orders[1])


@settings(deadline=None)
@given(st.sampled_from(_SENTENCES), st.integers(2, 5))
def test_the_same_words_never_contradict(text: str, times: int) -> None:
    assert _found([text] * times) == set()


@settings(deadline=None)
@given(st.lists(st.sampled_from(_STATED), max_size=6, unique=True))
def test_saying_all_twice_contradicts_no_more(texts: list[str]) -> None:
    assert _found([*texts, *texts]) == _found(texts)
