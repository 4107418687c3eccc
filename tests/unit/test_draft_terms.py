"""What two texts share, and what of it matters: for any text, in order, apart, and inside."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.adapters.rendering.draft_doubts import doubts, doubts_in
from daemon.adapters.rendering.draft_excerpts import clipped
from daemon.adapters.rendering.draft_pieces import cut
from daemon.adapters.rendering.draft_terms import shared, terms
from daemon.model.passage import Passage, TimeAnchor, Word

CLINICAL = st.sampled_from(
    ["no", "denies", "metformin", "lisinopril/HCTZ", "500", "mg", "twice", "a", "day", ";", "fifty", "1/2", "½", "(left)", "isn't",
     "12.5", "the", "and", "она", "糖尿病", "e\u0301", "every"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(CLINICAL, max_size=14).map(" ".join))


@pytest.mark.parametrize(
    ("passage", "statement", "expected"),
    [
        ("She has had a dry cough for two weeks, and she denies fever.", "Dry cough for two weeks, no fever.",
         ["dry cough for two weeks", "denies fever"]),
        ("No, I stopped taking the metformin in May.", "Metformin was stopped in May.", ["stopped", "metformin in May"]),
        ("Start losartan fifty milligrams once a day.", "Losartan 50 mg daily", ["losartan fifty milligrams once a day"]),
        ("Take two tablets every day for two weeks.", "Daily, not twice a day", ["every day"]),
        ("Any fever?", "He sleeps well.", []),
    ],
)  # fmt: skip
def test_what_supports_a_statement_is_found_in_other_words(passage: str, statement: str, expected: list[str]) -> None:
    assert [passage[start:end] for start, end in shared(terms(passage), terms(statement))] == expected


@given(TEXTS, TEXTS)
@settings(max_examples=150, deadline=None)
def test_what_is_shared_lies_inside_in_order_and_apart(here: str, there: str) -> None:
    found = shared(terms(here), terms(there))
    assert all(0 <= start < end <= len(here) for start, end in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))
    assert shared(terms(here), terms("")) == ()
    own = terms(here)
    assert bool(shared(own, own)) == bool(own.places)


@given(TEXTS, st.lists(st.tuples(TEXTS, st.floats(0, 1)), max_size=6), TEXTS)
@settings(max_examples=150, deadline=None)
def test_unsure_words_lie_inside_and_lose_no_text(text: str, more: list[tuple[str, float]], statement: str) -> None:
    words = [Word(one, 0.1) for one in text.split()] + [Word(one, sure) for one, sure in more]
    known = doubts(Passage("p1", text, TimeAnchor("s1", 0, 1), 0.5, tuple(words)), terms(text))
    unsure = [doubt.unsure for doubt in known]
    assert all(0 <= one.span[0] < one.span[1] <= len(text) for one in unsure)
    assert "".join(piece.text for piece in cut(text, unsure=unsure)) == text
    there = doubts_in(terms(statement), known)
    pieces = cut(statement, unsure=there)
    assert "".join(piece.text for piece in pieces) == statement
    assert "".join(piece.text for piece in pieces if piece.doubtful) == "".join(
        statement[slice(*one.span)] for one in there
    )


@given(TEXTS, TEXTS, st.integers(20, 60))
@settings(max_examples=100, deadline=None)
def test_what_is_clipped_is_short_and_a_part_of_the_whole(text: str, about: str, most: int) -> None:
    long = f"{text} {text} {about} {text}"
    pieces = cut(long, supports=shared(terms(long), terms(about)))
    shown = "".join(piece.text for piece in clipped(pieces, most))
    assert len(shown) <= most + 30 + len("… …")
    assert shown.removeprefix("… ").removesuffix(" …") in long
