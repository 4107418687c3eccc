"""The tables of names that are made ahead hold what the lists say."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from daemon.faithfulness.medicines.sound_alike import sounding_like
from daemon.faithfulness.vocabulary.terms import terms

ROOT = Path(__file__).parent.parent.parent
MADE = runpy.run_path(str(ROOT / "scripts" / "make_name_tables.py"))["tables"]()


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_table_is_up_to_date(name: str) -> None:
    held = (ROOT / "daemon" / "faithfulness" / "words" / name).read_text(encoding="utf-8")
    assert held == MADE[name], "run scripts/make_name_tables.py"


def test_the_longest_name_is_one_term() -> None:
    assert [term.key for term in terms("congestive heart failure")] == ["+heart failure"]
    assert [term.key for term in terms("Lipitor")] == [term.key for term in terms("atorvastatin")] == ["&atorvastatin"]


def test_a_name_is_found_by_its_sound() -> None:
    assert "metformin" in [one.generic for one in sounding_like("met for men")]
