"""A table of what was said, with true and false statements of it: the false ones may not stand, nor the true ones fall."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.adapters.drafting.statement_check import Heard, reject
from daemon.adapters.drafting.statement_form import finished
from daemon.model.statement_request import Subject

TABLE = Path(__file__).parents[1] / "assets" / "statements.txt"


def table() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Mark, statement, lines."""
    for block in TABLE.read_text().split("\n\n"):
        rows = [row for row in block.splitlines() if row and not row.startswith("#")]
        lines = tuple(row for row in rows if row.startswith(("Doctor: ", "Patient: ", "Other: ")))
        yield from ((row[0], row[2:], lines) for row in rows if row not in lines)


def why(text: str, lines: tuple[str, ...]) -> str:
    subject: Subject = "the patient"
    if re.search(r"\b(?:she|her)\b", text, re.IGNORECASE):
        subject = "she"
    elif re.search(r"\b(?:he|his)\b", text, re.IGNORECASE):
        subject = "he"
    return reject(finished(text), Heard.of(lines), subject, "")


def test_no_false_statement_stands_and_no_true_one_falls_but_those_the_table_names() -> None:
    wrong = [row for row in table() if bool(why(row[1], row[2])) != (row[0] in "-?")]
    assert wrong == []


def test_the_table_is_as_large_as_it_claims() -> None:
    marks = [mark for mark, _, lines in table() if lines]
    assert set(marks) == set("+-~?")
    assert marks.count("-") + marks.count("~") >= 200
    assert marks.count("~") <= 0.05 * (marks.count("-") + marks.count("~"))
    assert marks.count("?") <= 0.12 * (marks.count("+") + marks.count("?"))


@pytest.mark.parametrize(
    ("lines", "text", "code"),
    [
        (("Patient: My back pain is much better now.",), "Back pain is much worse.", "opposite"),
        (("Patient: Headaches for three months and nausea for two days.",), "Nausea for 3 months.", "swapped"),
        (("Doctor: We go from lisinopril to losartan.",), "Switch from losartan to lisinopril.", "swapped"),
        (("Doctor: I doubt that it is a blood clot.",), "Blood clot.", "certainty"),
        (("Patient: I used to have migraines in my twenties.",), "Has migraines.", "past"),
        (("Patient: I sleep about five hours.",), "Sleeps well, about 5 hours.", "normal"),
        (("Doctor: Any falls or fractures?", "Patient: I don't remember."), "Denies falls or fractures.", "unknown"),
        (("Patient: My roommate tested positive for COVID.",), "Tested positive for COVID.", "another"),
        (("Patient: My mother-in-law died of colon cancer.",), "Family history of colon cancer.", "relative"),
        (("Doctor: The left ear is red, the right ear is clear.",), "Both ears are red.", "side"),
    ],
)
def test_what_turns_the_lines_round_has_a_code_of_its_own(lines: tuple[str, ...], text: str, code: str) -> None:
    assert why(text, lines) == code
