"""What a stuck model writes is cut; what people say several times stays."""

from __future__ import annotations

import pytest

from daemon.engines.loops import loop_at


@pytest.mark.parametrize(
    "said",
    [
        "No, no, no. The pain is in the knee.",
        "No no no no no, he never smoked.",
        "Pain is ten out of ten, ten out of ten, and then ten out of ten again.",
        "Yes. Yes. Yes. Yes.",
        "Zero zero zero zero five five five five",
        "",
    ],
)
def test_what_is_said_more_than_once_stays(said: str) -> None:
    assert loop_at(said.split()) is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("She takes metformin " + "and the pain " * 6, "She takes metformin and the pain"),
        ("no " * 12, "no"),
        (
            "The knee hurts. " + "I'm going to go to the next one. " * 7,
            "The knee hurts. I'm going to go to the next one.",
        ),
    ],
)
def test_a_loop_is_cut_after_what_may_have_been_said(said: str, kept: str) -> None:
    words = said.split()
    assert " ".join(words[: loop_at(words)]) == kept
