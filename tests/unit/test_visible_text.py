"""Text from a document can't hide, reorder or overprint; what is ordinary stays as it is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.model.visible_text import plain_name, visible_text


@pytest.mark.parametrize(
    "text", ["BP 138/84 – “fine”, 37.5 °C, ½, µg", "José Núñez", "ẹ́", "حساسية", "שלום", "中文 🙂", ""]
)
def test_ordinary_text_stays(text: str) -> None:
    assert visible_text(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\u202eDEWEIVER\u202c", "⟨U+202E⟩DEWEIVER⟨U+202C⟩"),
        ("UN\u200bREVIEWED\u00ad\ufeff", "UNREVIEWED"),
        ("a\tb\r\nc\u2028d\u00a0e", "a b  c d e"),
        ("\x00\x1b[2J\ud800\ufffe\ue000", "[2J"),
        ("a" + "\u0308" * 50, "a" + "\u0308" * 4),
        ("\u3164\u2800\U000e0041\U000e0100x", "x"),
    ],
)
def test_what_deceives_is_shown_or_goes(text: str, shown: str) -> None:
    assert visible_text(text) == shown


@given(st.text())
def test_nothing_invisible_is_left_and_a_second_time_changes_nothing(text: str) -> None:
    shown = visible_text(text)
    assert all(unicodedata.category(char)[0] != "C" for char in shown)
    assert visible_text(shown) == shown
    assert not {"\u202e", "\u2067"} & set(plain_name(text))
    shown.encode()
