"""Reading polarity is total, and its findings stand where they say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from daemon.faithfulness.omissions.symptoms import omitted_symptoms
from daemon.faithfulness.polarity.polarity import read_source, read_text
from daemon.faithfulness.rules.negation import negation_findings
from daemon.faithfulness.texts import DOCTOR, PATIENT, Claim, Texts

_WORDS = st.sampled_from(
    [
        "no",
        "not",
        "n't",
        "denies",
        "reports",
        "any",
        "fever",
        "chills",
        "chest",
        "pain",
        "or",
        "and",
        ",",
        ".",
        "?",
        ":",
        "-",
        "if",
        "she",
        "i",
        "okay",
        "yes",
        "nope",
        "without",
        "lungs",
        "clear",
        "mother",
        "possible",
        "hiking",
        "every",
        "weekend",
        "do",
        "you",
        "have",
        "\n",
        "positive",
        "for",
        "never",
        "İ",
        "🩺",
        "٣",
        "\x00",
    ]
)
_TEXTS = st.one_of(st.text(max_size=60), st.lists(_WORDS, max_size=14).map(" ".join))
_SPEAKERS = st.sampled_from([DOCTOR, PATIENT])


@st.composite
def _sources(draw: st.DrawFn) -> Texts:
    texts = draw(st.lists(_TEXTS, max_size=5))
    by_id = {f"p{number}": text for number, text in enumerate(texts)}
    speakers = {name: draw(_SPEAKERS) for name in by_id} if draw(st.booleans()) else {}
    return Texts(by_id, speakers)


@given(_TEXTS)
def test_each_word_has_one_polarity_and_each_symptom_stands_in_the_text(text: str) -> None:
    reading = read_text(text)

    assert len(reading.words) == len(reading.scopes.polarity) == len(reading.scopes.unit)
    assert all(0 <= one.first <= one.last < len(reading.words) for one in reading.said())
    assert all(text[word.start : word.end] for word in reading.words)


@given(_TEXTS, _sources())
def test_findings_stand_where_they_say_with_passages_that_exist(text: str, source: Texts) -> None:
    found = list(negation_findings(Claim(text, inferred=True), source))

    assert found == list(negation_findings(Claim(text, inferred=True), Texts(source.by_id, source.speakers)))
    for one in found:
        start, end = one.span or (0, 0)
        assert one.detail == text[start:end] != ""
        assert set(one.evidence) <= source.by_id.keys()


@given(_sources(), _sources())
def test_omissions_have_passages_and_a_text(note: Texts, source: Texts) -> None:
    for one in omitted_symptoms(note, source):
        assert one.text.startswith("no ")
        assert one.evidence
        assert set(one.evidence) <= source.by_id.keys()


@given(_sources())
def test_a_source_denies_none_of_its_own_passages(source: Texts) -> None:
    for name, text in source.by_id.items():
        assert list(negation_findings(Claim(text, (name,)), source)) == []


def test_long_texts_of_any_kind_are_read() -> None:
    for text in (
        "no " * 3_000,
        "chest " * 3_000,
        "?" * 100_000,
        "n't, " * 3_000,
        "any fever ? " * 3_000,
        "a" * 100_000,
    ):
        assert read_source(Texts({"p1": text})).ids == ["p1"]
