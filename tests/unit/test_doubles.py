"""One cause, one finding: overlapping doubts, items of one list, and a whole that is doubted for a piece of it."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.faithfulness.rules.doubles import GRAVITY, without_doubles
from daemon.model.finding import Finding, Severity

FLIP, EXAM, WHOLE, QUANTITY = (
    "negation-flipped",
    "examination-unsupported",
    "statement-unsupported",
    "quantity-unsupported",
)
LIST = "Endorses fever, chills, nausea, or vomiting."


def finding(text: str, piece: str, code: str, severity: Severity = "medium", evidence: tuple[str, ...] = ()) -> Finding:
    start = text.index(piece)
    return Finding(code, severity, piece, (start, start + len(piece)), evidence)


def told(text: str, *found: Finding) -> list[tuple[str, str, str]]:
    return [(one.code, one.severity, one.detail) for one in without_doubles(found, text)]


def test_a_denial_that_was_lost_before_a_list_is_one_doubt() -> None:
    words = ("fever", "chills", "nausea", "vomiting")
    items = [finding(LIST, item, FLIP, "high", (f"p{at}",)) for at, item in enumerate(words, 1)]
    (one,) = without_doubles(items, LIST)
    assert (one.detail, one.evidence) == ("fever, chills, nausea, or vomiting", ("p1", "p2", "p3", "p4"))


def test_items_with_more_than_a_list_between_them_are_two() -> None:
    text = "Endorses fever. His wife has chills."
    assert len(told(text, finding(text, "fever", FLIP), finding(text, "chills", FLIP))) == 2


@pytest.mark.parametrize(("evidence", "code"), [(("p1",), FLIP), ((), EXAM)])
def test_two_rules_on_the_same_words_are_one_doubt_as_grave_as_the_graver(evidence: tuple[str, ...], code: str) -> None:
    text = "Wheezes, rales, or rhonchi."
    found = finding(text, "Wheezes", EXAM, "high"), finding(text, "Wheezes", FLIP, "medium", evidence)
    assert told(text, *found) == [(code, "high", "Wheezes")]


def test_of_one_doubt_within_another_the_smaller_piece_is_told() -> None:
    text = "He endorses any hematuria."
    assert told(text, finding(text, "endorses any hematuria", FLIP), finding(text, "hematuria", FLIP, "high")) == [
        (FLIP, "high", "hematuria")
    ]


def test_a_whole_is_told_unless_a_piece_of_it_is_as_grave() -> None:
    text = "Takes xenon 50 mg daily"
    whole, piece = finding(text, text, WHOLE), finding(text, "50 mg", QUANTITY, "high")
    assert told(text, whole, piece) == [(QUANTITY, "high", "50 mg")]
    assert len(told(text, whole, finding(text, "50 mg", QUANTITY, "low"))) == 2


def test_different_faults_at_different_places_stay() -> None:
    text = "Takes xenon 50 mg, every 6 hours, on the left."
    found = (
        finding(text, "50 mg", QUANTITY),
        finding(text, "every 6 hours", "frequency-unsupported"),
        finding(text, "left", "laterality-unsupported"),
    )
    assert len(told(text, *found)) == 3


@given(
    st.lists(
        st.builds(
            lambda code, severity, start, length, evidence: Finding(
                code, severity, LIST[start : start + length], (start, start + length), evidence
            ),
            st.sampled_from([FLIP, EXAM, WHOLE, QUANTITY, "frequency-unsupported", "identity-unsupported"]),
            st.sampled_from(["high", "medium", "low"]),
            st.integers(0, 30),
            st.integers(1, 10),
            st.sampled_from([(), ("p1",), ("p2",)]),
        ),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_order_does_not_matter_and_nothing_graver_is_lost(found: list[Finding], random: Random) -> None:
    kept = without_doubles(found, LIST)
    shuffled = list(found)
    random.shuffle(shuffled)
    assert without_doubles(shuffled, LIST) == kept
    assert without_doubles(kept, LIST) == kept or {FLIP, EXAM} & {one.code for one in kept}
    assert min((GRAVITY[one.severity] for one in kept), default=9) == min(
        (GRAVITY[one.severity] for one in found), default=9
    )
    assert all(one.span is not None and LIST[slice(*one.span)] == one.detail for one in kept)
