"""A model writes drafts only where it was measured to be as faithful as quotes, and people are told why or why not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from daemon.model.drafting_fitness import (
    LARGE_BYTES,
    LEAST_OF_EACH,
    LEAST_ROWS,
    LEAST_STANDING,
    LEAST_STATEMENTS,
    MOST_HIGH_RATE,
    MOST_QUOTED,
    REMEMBER,
    WAY,
    Candidate,
    Measured,
    choose,
    first_rows,
    fitness,
    is_sound,
    percent,
)

SMALL = Candidate("a" * 64, "b" * 64, 98_000_000)
LARGE = replace(SMALL, size_bytes=LARGE_BYTES)
GOOD = Measured("a" * 64, "b" * 64, "statement", "MTS-Dialog valid", 100, 612, 0.004, 0.991, 0.995, 0.9861, 0)
_BY_A_HAIR = [0.010000000000000002, 0.009999999999999998, 0.9799999999999999, 0.9800000000000001]
SHARES = (
    st.sampled_from(_BY_A_HAIR) | st.floats(0, 1) | st.floats(0.97, 1) | st.sampled_from([LEAST_STANDING, 0.0, 1.0])
)
RATES = st.floats(0, 1) | st.floats(0, 0.02) | st.sampled_from([MOST_HIGH_RATE, 0.0, 1.0])
MEASURED = st.builds(
    Measured,
    model_sha256=st.sampled_from(["a" * 64, "c" * 64]),
    adapter_sha256=st.sampled_from(["b" * 64, ""]),
    manner=st.sampled_from(["statement", "section"]),
    corpus=st.sampled_from(["one", "another"]),
    rows=st.integers(LEAST_ROWS - 1, LEAST_ROWS + 1),
    statements=st.integers(LEAST_STATEMENTS - 1, LEAST_STATEMENTS + 1),
    high_rate=RATES,
    drugs=SHARES,
    numbers=SHARES,
    negated=SHARES,
    schema_failures=st.integers(0, 1),
    way=st.sampled_from([WAY, WAY - 1]),
    quoted=st.floats(0, 1) | st.sampled_from([MOST_QUOTED, 0.0]),
    high_of_written=RATES,
    fewest=st.sampled_from([None, LEAST_OF_EACH - 1, LEAST_OF_EACH]),
)
WORSE: dict[str, Any] = {
    "high_rate": 1,
    "high_of_written": 1,
    "quoted": 1,
    "drugs": -1,
    "numbers": -1,
    "negated": -1,
    "schema_failures": 1,
}


def test_what_was_measured_to_be_faithful_is_fit_and_the_figures_are_told() -> None:
    found = fitness(SMALL, "statement", [GOOD])
    assert found.fit
    assert found.reason == (
        "measured on MTS-Dialog valid: 0.4 % of 612 statements with a high finding (at most 1 %); in the source stand: "
        "drugs 99.1 %, numbers 99.5 %, negated findings 98.61 % (at least 98 %)"
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"high_rate": 0.0101}, "1.01 % of statements with a high finding (at most 1 %)"),
        ({"drugs": 0.97999}, "97.99 % of drugs stand in the source (at least 98 %)"),
        ({"numbers": 0.5}, "50 % of numbers stand"),
        ({"negated": 0.0}, "0 % of negated findings stand"),
        ({"quoted": 0.951}, "95.1 % of statements quoted in the end, so that it writes nearly nothing (at most 90 %)"),
        ({"high_of_written": 0.5}, "50 % of what it wrote itself with a high finding"),
        (
            {"fewest": 0},
            "too little: 612 statements of 100 texts, with 0 of the rarest of drugs, numbers and denied findings",
        ),
        ({"schema_failures": 2}, "2 replies that could not be read"),
        ({"statements": LEAST_STATEMENTS - 1}, "too little: 299 statements of 100 texts"),
        ({"rows": LEAST_ROWS - 1}, "too little: 612 statements of 19 texts"),
        ({"way": WAY - 1}, "an older way of drafting; measure again"),
        ({"way": WAY + 1}, "an older way of drafting; measure again"),
        ({"manner": "section"}, "nobody has measured it in this manner"),
        ({"model_sha256": "c" * 64}, "nobody has measured it in this manner"),
        ({"adapter_sha256": ""}, "nobody has measured it in this manner"),
    ],
)
def test_each_bound_keeps_a_model_from_writing_and_is_named(change: dict[str, Any], said: str) -> None:
    found = fitness(SMALL, "statement", [replace(GOOD, **change)])
    assert not found.fit
    assert said in found.reason
    assert found.can_measure == (REMEMBER in found.reason)


def test_at_the_bounds_themselves_it_is_fit() -> None:
    least = {"drugs": LEAST_STANDING, "numbers": LEAST_STANDING, "negated": LEAST_STANDING}
    assert fitness(SMALL, "statement", [replace(GOOD, high_rate=MOST_HIGH_RATE, **least)]).fit


@given(st.lists(MEASURED, max_size=4), st.data(), st.sampled_from([SMALL, LARGE]))
def test_a_worse_measure_never_makes_a_model_fit(
    measured: list[Measured], data: st.DataObject, model: Candidate
) -> None:
    assume(measured)
    at = data.draw(st.integers(0, len(measured) - 1))
    name = data.draw(st.sampled_from(sorted(WORSE)))
    before = getattr(measured[at], name)
    if name == "schema_failures":
        after: float = before + data.draw(st.integers(0, 3))
    else:
        after = data.draw(st.floats(before, 1) if WORSE[name] > 0 else st.floats(0, before))
    worse = [*measured[:at], replace(measured[at], **{name: after}), *measured[at + 1 :]]
    for manner in model.manners:
        assert fitness(model, manner, measured).fit or not fitness(model, manner, worse).fit
    auto, still = (choose("auto", "auto", model, each) for each in (measured, worse))
    assert auto.drafter == "llm" or still.drafter == "quoting"


@given(st.lists(MEASURED, max_size=4), MEASURED)
def test_one_more_corpus_beyond_the_bounds_never_makes_a_model_fit(measured: list[Measured], more: Measured) -> None:
    assume(more.high_rate > MOST_HIGH_RATE)
    for manner in SMALL.manners:
        assert fitness(SMALL, manner, measured).fit or not fitness(SMALL, manner, [*measured, more]).fit


@given(st.lists(MEASURED, max_size=4))
def test_nothing_that_was_measured_of_other_weights_counts(measured: list[Measured]) -> None:
    others = [each for each in measured if each.model_sha256 != SMALL.model_sha256]
    assert choose("auto", "auto", SMALL, others).drafter == "quoting"


@pytest.mark.parametrize("figure", ["high_rate", "drugs", "numbers", "negated", "quoted", "high_of_written"])
def test_a_figure_that_is_no_number_is_neither_fit_nor_sound(figure: str) -> None:
    nan: dict[str, Any] = {figure: float("nan")}
    odd = replace(GOOD, **nan)
    assert not fitness(SMALL, "statement", [odd]).fit
    assert not is_sound(odd)
    assert is_sound(GOOD)


def test_what_a_person_said_overrules_what_was_measured_and_is_named() -> None:
    said_so = fitness(replace(SMALL, said=True), "section", [])
    assert (said_so.fit, said_so.reason) == (True, "whoever installed it said that it is fit for drafting")
    assert not fitness(replace(SMALL, said=False), "statement", [GOOD]).fit


@pytest.mark.parametrize(
    ("drafter", "manner", "model", "measured", "expected"),
    [
        ("auto", "auto", SMALL, [GOOD], ("llm", "statement", True)),
        ("auto", "section", SMALL, [GOOD], ("quoting", "section", False)),
        ("auto", "auto", SMALL, [], ("quoting", "statement", False)),
        ("auto", "auto", LARGE, [], ("quoting", "section", False)),
        ("auto", "auto", LARGE, [GOOD], ("llm", "statement", True)),
        ("auto", "auto", LARGE, [GOOD, replace(GOOD, manner="section")], ("llm", "section", True)),
        ("auto", "auto", SMALL, [GOOD, replace(GOOD, manner="section")], ("llm", "statement", True)),
        ("auto", "auto", None, [GOOD], ("quoting", "statement", False)),
        ("auto", "auto", replace(SMALL, said=True), [], ("llm", "statement", True)),
        ("auto", "auto", replace(LARGE, said=True), [], ("llm", "section", True)),
        ("llm", "auto", SMALL, [], ("llm", "statement", False)),
        ("llm", "auto", LARGE, [], ("llm", "section", False)),
        ("llm", "statement", LARGE, [], ("llm", "statement", False)),
        ("llm", "auto", SMALL, [GOOD], ("llm", "statement", True)),
        ("llm", "auto", None, [], ("llm", "statement", False)),
        ("quoting", "auto", SMALL, [GOOD], ("quoting", "statement", True)),
    ],
)
def test_the_choice(
    drafter: Any, manner: Any, model: Candidate | None, measured: list[Measured], expected: object
) -> None:
    found = choose(drafter, manner, model, measured)
    assert (found.drafter, found.manner, found.fit) == expected
    assert found.reason


def test_a_few_rows_of_a_corpus_say_nothing_beside_more_of_it() -> None:
    few = replace(GOOD, corpus=first_rows(GOOD.corpus, 12), rows=12, statements=46, negated=0.8889)
    assert not fitness(SMALL, "statement", [few]).fit
    for both in ([few, GOOD], [GOOD, few]):
        assert fitness(SMALL, "statement", both).fit
    assert not fitness(SMALL, "statement", [replace(few, corpus=first_rows("another", 12)), GOOD]).fit
    assert not fitness(SMALL, "statement", [few, replace(GOOD, way=WAY - 1)]).fit


def test_how_much_was_quoted_is_told() -> None:
    found = fitness(SMALL, "statement", [replace(GOOD, quoted=MOST_QUOTED, fewest=LEAST_OF_EACH)])
    assert found.fit
    assert "612 statements, 90 % of them quoted, with a high finding" in found.reason


def test_a_manner_that_writes_no_statements_needs_no_adapter() -> None:
    assert fitness(LARGE, "section", [replace(GOOD, manner="section", adapter_sha256="")]).fit


@given(SHARES)
def test_a_share_in_words_stays_on_its_side_of_the_bound(share: float) -> None:
    assert (float(percent(share).removesuffix(" %")) >= 98) == (share >= LEAST_STANDING)
    assert (float(percent(share, up=True).removesuffix(" %")) <= 1) == (share <= MOST_HIGH_RATE)
