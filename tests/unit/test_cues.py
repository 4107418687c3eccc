"""Cues: phrases of a document's TOML, found in what was said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.documents.cues import find_cue


@pytest.mark.parametrize(
    ("cue", "text", "kept"),
    [
        ("referral letter to …", "Referral letter to cardiology, Dr. Patel. She has angina.", "cardiology, Dr. Patel"),
        ("refer to …", "I would like to refer to Dr. Amy Wu.", "Dr. Amy Wu"),
        (
            "tried * without",
            "She tried ibuprofen, twice daily, without relief.",
            "tried ibuprofen, twice daily, without",
        ),
        ("subject …", "Subject: schedule change", "schedule change"),
        ("start … ", "start", None),
        ("today's visit", "For today’s visit nothing", "today’s visit"),
        ("urgent", "This is non-surgent", None),
        ("urgent", "URGENT, please", "URGENT"),
        ("dose of …", "a dose of 1.5 mg daily. Then stop.", "1.5 mg daily"),
        ("# mg", "She takes 20mg at night", "20mg"),
        ("# mg", "mg of what?", None),
        ("# milligrams", "forty milligrams", "forty milligrams"),
        ("bp #", "BP: 138/84 today", "BP: 138/84"),
        ("bp #", "Temp 37.2, BP138mmHg", "BP138"),
        ("bp #", "bp seventyish", None),
        ("pain * # out of", "Pain is about 7 out of 10.", "Pain is about 7 out of"),
        ("attach … note", "I attach the 2.5 cm scan and the note.", "attach the 2.5 cm scan and the note"),
        (
            "attach … photographs",
            "I will attach the note and both photographs.",
            "attach the note and both photographs",
        ),
        ("eight year old", "An eight year old girl", "eight year old"),
        ("eight year old", "A fifty-eight year old man", None),
        ("for @", "Request for L40.0 today", "for L40.0"),
        ("for @", "Request for T12 fracture", None),
        ("attach … note", "I attach it. A note follows.", None),
        ("attach … note", "I attach the keynote.", None),
    ],
)
def test_a_cue_is_found_and_what_it_keeps(cue: str, text: str, kept: str | None) -> None:
    found = find_cue([cue.strip()], text)
    assert (found and text[slice(*found.kept)]) == kept


def test_the_longest_cue_wins() -> None:
    found = find_cue(["letter", "referral letter to …", "referral letter"], "a referral letter to neurology")
    assert found is not None
    assert found.cue == "referral letter to …"


@given(st.text(max_size=200), st.lists(st.text("abc *…#", min_size=3, max_size=12), max_size=4))
def test_any_text_and_any_cue_are_survived(text: str, cues: list[str]) -> None:
    found = find_cue([cue for cue in cues if cue.strip()], text)
    assert found is None or 0 <= found.span[0] <= found.kept[0] <= found.kept[1] <= len(text)
