"""Rules of the layout alone: what is marked where, and what stands in which column."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.adapters.rendering.draft_pieces import mark_cells
from daemon.adapters.rendering.draft_view import Label, draft_view
from daemon.adapters.rendering.summary_room import longer_column, split_columns
from daemon.model.draft import Section, Statement
from daemon.model.finding import Finding
from tests.fakes import forms

LABEL = Label("Memo 12", "7f3k", 1, UTC)


@given(
    st.lists(st.text(alphabet="ab 1", max_size=6), min_size=1, max_size=4),
    st.lists(st.text(alphabet="ab 1", max_size=3), max_size=4),
)
@settings(max_examples=80, deadline=None)
def test_cells_keep_their_text_and_every_number_is_shown(cells: list[str], details: list[str]) -> None:
    numbered = [(Finding("quantity-changed", "high", detail), nth) for nth, detail in enumerate(details, 1)]
    marked, loose = mark_cells(" ".join(cells), cells, numbered)
    assert ["".join(piece.text for piece in cell) for cell in marked] == cells
    shown = {number for cell in marked for piece in cell for number in piece.checks} | set(loose)
    assert shown == set(range(1, len(details) + 1))


@given(st.lists(st.integers(0, 30), max_size=8))
@settings(max_examples=60, deadline=None)
def test_two_columns_hold_all_sections_in_order_and_are_even(counts: list[int]) -> None:
    answers = [Statement(f"Answer {n}", ("p1",), "quoted") for n in range(30)]
    sections = tuple(Section(f"s{n}", "S", tuple(answers[:count])) for n, count in enumerate(counts))
    views = draft_view(replace(forms.summary(), sections=sections), LABEL).sections
    left, right = split_columns(views, 60)
    assert (*left, *right) == views
    assert (
        longer_column(views, 60)
        <= max([*(count + 2 for count in counts), 0]) + sum(max(count, 1) + 2 for count in counts) / 2
    )
