"""ROUGE and its stems, held against the package rouge-score on texts of all kinds."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.stem.porter import PorterStemmer  # type: ignore[import-untyped]  # it ships no types
from rouge_score.rouge_scorer import RougeScorer  # type: ignore[import-untyped]  # it ships no types

from daemon.evaluation.porter import stem
from daemon.evaluation.rouge import rouge

TYPES = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
SCORERS = {stemmed: RougeScorer(TYPES, use_stemmer=stemmed) for stemmed in (True, False)}
ENDINGS = (
    "", "s", "sses", "ies", "ied", "eed", "ed", "ing", "y", "ational", "tional", "alli", "bli", "logi", "fulli", "ization", "icate", "ness",
    "ement", "ment", "ent", "sion", "tion", "ion", "ous", "e", "ll",
)  # fmt: skip
WORDS = st.builds(str.__add__, st.text("abdeiloswyzt", min_size=1, max_size=7), st.sampled_from(ENDINGS))
SENTENCES = st.lists(
    st.lists(st.sampled_from(["The", "patient", "patients", "denies", "pain", "5.5", "mg-daily", "no", "é", "'s"]), max_size=8).map(" ".join),
    max_size=4,
).map("\n".join)  # fmt: skip


def expected(gold: str, draft: str, *, stemmed: bool) -> list[float]:
    found = SCORERS[stemmed].score(gold, draft)
    return [found[each].fmeasure for each in TYPES]


@given(WORDS)
def test_a_stem_is_nltks(word: str) -> None:
    assert stem(word) == PorterStemmer().stem(word)


@pytest.mark.parametrize(
    "word", ["skies", "dying", "innings", "succeed", "is", "ties", "died", "enjoy", "fly", "geology", "hopefully"]
)
def test_a_stem_of_the_extensions_is_nltks(word: str) -> None:
    assert stem(word) == PorterStemmer().stem(word)


@given(SENTENCES, SENTENCES, st.booleans())
def test_every_figure_is_the_packages(gold: str, draft: str, stemmed: bool) -> None:
    assert rouge(gold, draft, stemmed=stemmed) == pytest.approx(expected(gold, draft, stemmed=stemmed))


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_will_do(gold: str, draft: str) -> None:
    assert rouge(gold, draft) == pytest.approx(expected(gold, draft, stemmed=True))


def test_long_texts_too() -> None:
    chance = random.Random(7)
    words = ["pain", "pains", "knee", "left", "takes", "taking", "5", "mg", "daily", "denies", "denied"]
    for _ in range(10):
        gold, draft = (
            "\n".join(" ".join(chance.choices(words, k=chance.randrange(30))) for _ in range(12)) for _ in range(2)
        )
        assert rouge(gold, draft) == pytest.approx(expected(gold, draft, stemmed=True))


def test_figures_by_hand() -> None:
    found = rouge("Denies chest pain.", "She denied pain in the chest.")
    assert found.rouge1 == pytest.approx(2 * 3 / (3 + 6))  # deni, chest, pain
    assert found.rouge2 == 0.0
    assert found.rouge_l == pytest.approx(2 * 2 / (3 + 6))
    assert rouge("Denies chest pain.", "She denied pain in the chest.", stemmed=False).rouge1 == pytest.approx(4 / 9)
    assert rouge("", "").rouge1 == 0.0
