"""What a doubtful word may have been; nothing is ever put in its place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.faithfulness.medicines.suggested_words import suggested
from daemon.faithfulness.vocabulary.hotwords import speech_names
from daemon.model.passage import Anchor, PageAnchor, Passage, TimeAnchor, Word

NAMES = speech_names(["Dr. Whitfield", "Ashford Cardiology", "Okafor", "Mills"], {})
SPOKEN = TimeAnchor("s1", 0.0, 1.0)


def _passage(text: str, anchor: Anchor = SPOKEN, sure: float = 0.9) -> Passage:
    """Words in brackets are doubtful."""
    words = tuple(Word(each.strip("[]"), 0.3 if each[0] == "[" else sure) for each in text.split())
    return Passage("p1", " ".join(word.text for word in words), anchor, 0.8, words)


def _suggestions(text: str, anchor: Anchor = SPOKEN) -> dict[str, tuple[str, ...]]:
    (passage,) = suggested([_passage(text, anchor)], NAMES)
    return {word.text: word.suggestions for word in passage.words if word.suggestions}


@pytest.mark.parametrize(
    ("text", "word", "meant"),
    [
        ("We will start [semaglorette] 0.25 mg weekly.", "semaglorette", "semaglutide"),
        ("and [listenopro] 40 mg.", "listenopro", "lisinopril"),
        ("She also takes [Rasuvastatin] 20 mg", "Rasuvastatin", "rosuvastatin"),
        ("twice daily and [empagliflausin]", "empagliflausin", "empagliflozin"),
        ("Medications are met for [men] 1,000 milligrams daily.", "men", "metformin"),
        ("Refer him to Doctor [Wheatfield] today", "Wheatfield", "Whitfield"),
        ("at [Ashfort] cardiology.", "Ashfort", "Ashford"),
        ("Thanks to Dr. [Oak] for the referral", "Oak", "Okafor"),
    ],
)
def test_a_misheard_name_is_suggested(text: str, word: str, meant: str) -> None:
    assert _suggestions(text)[word][0] == meant


@pytest.mark.parametrize(
    "text",
    [
        "He eats three [meals] a day.", "The [decision] is hers.", "She [certainly] agrees.", "The [approach] is slow.", "[hydralazine] was stopped",
        "in the [ambient] air", "a [funnel] web", "The [left] [knee] is [swollen].", "He is an [actor].", "The [basics] were explained.", "[Oak] trees",
    ],
)  # fmt: skip
def test_english_is_left_alone(text: str) -> None:
    assert _suggestions(text) == {}


def test_sure_words_and_scans_have_none() -> None:
    assert _suggestions("and listenopro 40 mg.") == {}
    assert _suggestions("and [listenopro] 40 mg.", PageAnchor("s1", 1, (0.0, 0.0, 1.0, 1.0))) == {}


@given(
    st.lists(
        st.sampled_from(
            [
                "[listenopro]",
                "[Oak]",
                "for",
                "40",
                "mg.",
                "takes",
                "the",
                "[Ashfort],",
                "[x]",
                "-",
                "0.25",
                "[met]",
                "men",
            ]
        ),
        max_size=12,
    )
)
def test_nothing_but_suggestions_changes(words: list[str]) -> None:
    passage = _passage(" ".join(words))
    (after,) = suggested([passage], NAMES)
    assert replace(after, words=tuple(replace(word, suggestions=()) for word in after.words)) == passage
    assert all(len(word.suggestions) <= 3 for word in after.words)
    assert all(word.text not in word.suggestions for word in after.words)


def test_what_recognition_said_is_never_suggested_twice() -> None:
    (passage,) = suggested([_passage("She takes [lysinoprol] 20 mg.")], NAMES)
    (word,) = [word for word in passage.words if word.suggestions]
    assert word.suggestions.count("lisinopril") == 1
    assert suggested([passage], NAMES) == (passage,)
