"""Rates and omissions of any text: total, deterministic, within their bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from daemon.faithfulness.omissions import find_omissions
from daemon.faithfulness.rates import rates
from daemon.faithfulness.texts import Texts

KINDS = ("diagnosis", "follow-up", "safety-advice")
_PIECES = st.sampled_from(
    ["if you", "get a fever", "call us", "diabetes", "no", "denies", "MRI", "I'd like to order an", "[ ]", "[X]", "family history of",
     "see you", "in two weeks", "don't take", "?", ".", "\n", "five", "70/", "mg", "\0", "😀", "M R I", "n't", "ß", "١٢", "avoid"]
)  # fmt: skip
_TEXT = st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=25).map(" ".join))
_TEXTS = st.lists(_TEXT, max_size=5).map(lambda texts: Texts({f"p{number}": text for number, text in enumerate(texts)}))


@given(_TEXTS, _TEXTS)
def test_rates_are_shares_and_the_same_each_time(note: Texts, source: Texts) -> None:
    found = rates(note, source)
    assert 0.0 <= found.unsupported <= 1.0
    assert 0.0 <= found.omitted <= 1.0
    assert found == rates(Texts(note.by_id), Texts(source.by_id))


@given(_TEXTS, _TEXT)
def test_what_is_written_besides_never_raises_what_is_omitted(source: Texts, more: str) -> None:
    assert rates(Texts({"s1": "", "s2": more}), source).omitted <= rates(Texts({"s1": ""}), source).omitted


@given(_TEXTS, _TEXTS)
def test_omissions_cite_passages_that_exist_and_say_something(note: Texts, source: Texts) -> None:
    for omission in find_omissions(note, source, KINDS):
        assert omission.text.strip()
        assert omission.evidence
        assert set(omission.evidence) <= set(source.by_id)


@given(_TEXTS)
def test_a_note_that_quotes_its_source_omits_no_diagnosis(source: Texts) -> None:
    assert not find_omissions(source, source, ("diagnosis",))
