"""The rules behind a long visit: windows, pieces of a passage, what is believed of a reply, and what a merge may do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.drafting.llm_reply import read_merged, without_repeats
from daemon.adapters.drafting.llm_windows import Costs, Part, cut, read_costs, windows
from daemon.model.draft import Statement

PARTS = st.lists(
    st.builds(Part, st.just("p1"), st.sampled_from(["Any pain?", "No.", "It hurts here."]), st.integers(1, 60)), min_size=1, max_size=30
)  # fmt: skip


@given(PARTS, st.integers(10, 120))
def test_windows_hold_all_parts_in_order_and_fit(parts: list[Part], room: int) -> None:
    found = windows(parts, room)
    assert [part for window in found for part in window] == parts
    assert all(sum(part.tokens for part in window) <= room or len(window) == 1 for window in found)


def test_windows_are_even_and_end_behind_answers() -> None:
    parts = [Part(f"p{n}", "It hurts here.", 10) for n in range(11)]
    assert [len(window) for window in windows(parts, 100)] == [6, 5]
    asking = [parts[0], Part("q", "Any pain?", 10), *parts[1:3]]
    assert [[part.id for part in window] for window in windows(asking, 20)] == [["p0"], ["q", "p1"], ["p2"]]


@given(st.text(alphabet="ab .?\u00e9", max_size=400), st.integers(1, 12))
def test_pieces_are_the_text(text: str, pieces: int) -> None:
    found = cut(text, pieces)
    assert len(found) <= pieces
    assert "".join("".join(found).split()) == "".join(text.split())
    assert not found or max(map(len, found)) <= len(text.strip()) / pieces * 3 + 3


def test_a_text_is_cut_behind_sentences_or_between_words() -> None:
    assert cut("One is here. Two is there. Three is gone.", 2) == ["One is here.", "Two is there. Three is gone."]
    assert all(not piece.startswith("ord") for piece in cut("word " * 50, 7))


@pytest.mark.parametrize(
    "untrusted",
    [
        {}, {"context_tokens": 9}, {"context_tokens": "9", "shared_tokens": 1, "passages": [1], "sections": [1]},
        {"context_tokens": 9, "shared_tokens": 1, "passages": [1, 2], "sections": [1]},
        {"context_tokens": 9, "shared_tokens": 1, "passages": [-1], "sections": [1]},
        {"context_tokens": 9, "shared_tokens": True, "passages": [1], "sections": [1]},
        {"context_tokens": 9, "shared_tokens": 1, "passages": [1], "sections": []},
    ],
)  # fmt: skip
def test_costs_that_cannot_be_believed(untrusted: dict[str, object]) -> None:
    assert read_costs(untrusted, 1) is None


def test_costs() -> None:
    reply = {"context_tokens": 4096, "shared_tokens": 100, "passages": [7], "sections": [30, 50]}
    assert read_costs(reply, 1) == (costs := Costs(4096, 100, 50, (7,)))
    assert (costs.writing, costs.room) == (800, 3146)
    assert Costs(1024, 100, 50, ()).writing == 256


def test_merged_statements_cite_what_all_of_theirs_cited_and_must_suit_it() -> None:
    old = (
        Statement("Takes lisinopril.", ("p1", "p2"), "written"),
        Statement("Takes lisinopril daily.", ("p2", "p4"), "written"),
    )
    passages = {"p1": "I take lisinopril.", "p2": "Lisinopril, yes.", "p4": "daily"}
    reply = {
        "sections": [{"key": "plan", "statements": [{"text": "Takes lisinopril daily.", "evidence": ["m1", "m2"]}]}]
    }
    assert read_merged(reply, "plan", old, passages) == (
        Statement("Takes lisinopril daily.", ("p1", "p2", "p4"), "written"),
    )
    assert read_merged(reply, "plan", old, dict.fromkeys(passages, "Nice weather.")) is None
    assert read_merged({}, "plan", old, passages) is None


def test_only_written_repeats_are_joined() -> None:
    written = Statement("No fever.", ("p1",), "written")
    again, quote = Statement("no  fever.", ("p9",), "written"), Statement("No fever.", ("p3",), "quoted")
    assert without_repeats([written, quote, again, quote]) == (
        Statement("No fever.", ("p1", "p9"), "written"),
        quote,
        quote,
    )
