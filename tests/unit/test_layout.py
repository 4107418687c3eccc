"""Reading order: rows keep their cells, columns are told from tables, and a choice stays with its question."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.engines.layout import UNREADABLE, in_reading_order
from daemon.engines.line import Line

SKEW = 0.0052  # 0.3 degrees


def line(text: str, left: float, top: float, skew: float = 0.0) -> Line:
    """As the OCR gives it: the box of a short line shows no slope, though it stands on a crooked page."""
    width = 0.0115 * len(text)
    shift = skew * (left + width / 2)
    return Line(text, 0.99, left, top + shift, left + width, top + shift + 0.018, skew if width > 0.2 else 0.0)


def texts(*lines: Line) -> list[str]:
    return [found.text for found in in_reading_order(lines)]


TYPED = [
    [(0.055, "NAME: MARCUS T. ELLERY"), (0.37, "DOB: 12/05/1959"), (0.565, "SEX: M")],
    [(0.055, "ADDRESS: 9 COOPER LANE"), (0.448, "PHONE: 555-0123")],
    [(0.055, "CHIEF COMPLAINT: RIGHT SHOULDER PAIN AFTER A FALL")],
    [(0.055, "MEDICATIONS"), (0.263, "DOSE"), (0.389, "FREQUENCY")],
    [(0.055, "WARFARIN"), (0.263, "4 MG"), (0.391, "ONCE A DAY")],
    [(0.055, "LISINOPRIL"), (0.263, "20 MG"), (0.391, "ONCE A DAY")],
    [(0.055, "TAMSULOSIN"), (0.263, "0.4 MG"), (0.391, "AT BEDTIME")],
    [(0.055, "ALLERGIES: IODINE CONTRAST (RASH). NO FOOD ALLERGIES.")],
    [(0.055, "FAMILY HISTORY: BROTHER - PROSTATE CANCER."), (0.6, "MOTHER - DEMENTIA")],
    [(0.055, "ALCOHOL: 4 BEERS A WEEK"), (0.354, "DRUGS: NONE")],
    [(0.055, "OCCUPATION: RETIRED CARPENTER")],
    [(0.055, "SIGNED: M. T. ELLERY"), (0.374, "DATE: 11/12/2026")],
]


@pytest.mark.parametrize("skew", [-0.026, -SKEW, 0.0, SKEW, 0.026])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_crooked_typewritten_form_keeps_its_rows_from_left_to_right(skew: float, seed: int) -> None:
    lines = [line(text, left, 0.14 + 0.033 * n, skew) for n, row in enumerate(TYPED) for left, text in row]
    random.Random(seed).shuffle(lines)
    tables = range(3, 7)
    expected = []
    for n, row in enumerate(TYPED):
        cells = [text for _, text in row]
        expected += [" | ".join(cells)] if n in tables else cells
    assert texts(*lines) == expected


@given(st.integers(5, 14), st.integers(2, 4), st.floats(0.1, 0.3))
def test_a_table_is_never_torn(rows: int, columns: int, first: float) -> None:
    lefts = [0.05, *(0.05 + first + 0.15 * n for n in range(1, columns))]
    lines = [
        line(f"r{row} c{column} {'x' * (row * 7 % 5)}".strip(), left, 0.1 + 0.03 * row)
        for row in range(rows)
        for column, left in enumerate(lefts)
    ]
    found = texts(*lines)
    assert len(found) == rows
    for row, text in enumerate(found):
        assert [cell.split()[:2] for cell in text.split(" | ")] == [[f"r{row}", f"c{n}"] for n in range(columns)]


def test_an_empty_cell_keeps_its_place() -> None:
    rows = [
        ("Vaccine", "Date", "Site", "Reaction"),
        ("DTaP", "04/12/23", "thigh", "fever"),
        ("MMR", "02/20/24", "", "none"),
    ]
    lines = [
        line(text, 0.05 + 0.2 * column, 0.1 + 0.03 * row)
        for row, cells in enumerate(rows)
        for column, text in enumerate(cells)
        if text
    ]
    assert texts(*lines)[2] == "MMR | 02/20/24 | | none"


def test_fields_side_by_side_are_no_table() -> None:
    lines = [
        line(text, left, 0.1 + 0.03 * n)
        for n, row in enumerate([("Name: A", "DOB: 1"), ("Parent: B", "Phone: 2"), ("School: C", "Grade: 3")])
        for left, text in zip((0.05, 0.5), row, strict=True)
    ]
    assert texts(*lines) == ["Name: A", "DOB: 1", "Parent: B", "Phone: 2", "School: C", "Grade: 3"]


def test_columns_below_rows_that_cross_them() -> None:
    head = [
        line("Name: Rosa Delgado", 0.05, 0.05),
        line("Date of birth: 01/02/1980", 0.33, 0.05),
        line("Sex: F", 0.66, 0.05),
    ]
    left = [line(f"Left {n}:", 0.05, 0.1 + 0.035 * n) for n in range(14)]
    right = [line(f"[ ] Right {n}", 0.5, 0.11 + 0.026 * n) for n in range(18)]
    assert texts(*head, *left, *right) == [x.text for x in [*head, *left, *right]]


def test_answers_a_little_higher_than_their_labels_are_no_column_of_their_own() -> None:
    labels = [line(f"Label {n}:", 0.05, 0.1 + 0.05 * n) for n in range(12)]
    answers = [line(f"answer {n}", 0.5, 0.092 + 0.05 * n) for n in range(12)]
    assert texts(*labels, *answers) == [x.text for pair in zip(labels, answers, strict=True) for x in pair]


def test_a_stroke_far_behind_a_label_that_could_not_be_read_stays_with_it() -> None:
    stroke = Line("", 0.0, 0.25, 0.1, 0.26, 0.12)
    assert texts(line("Sex:", 0.05, 0.1), stroke, line("Name: Rosa", 0.05, 0.2)) == [f"Sex: {UNREADABLE}", "Name: Rosa"]


@pytest.mark.parametrize("choices", [("[X] Yes", "[ ] No"), ("[ ] Yes", "[X] No"), ("YES", "NO"), ("YES NO",)])
def test_a_choice_stays_with_its_question_however_far(choices: tuple[str, ...]) -> None:
    asked = line("Do you have a pacemaker?", 0.05, 0.1)
    found = texts(asked, *(line(text, 0.5 + 0.1 * n, 0.1) for n, text in enumerate(choices)))
    assert found == [" ".join([asked.text, *choices])]


def test_a_choice_of_which_one_word_is_hidden_says_so() -> None:
    hidden = Line("", 0.0, 0.6, 0.098, 0.65, 0.12)
    found = texts(line("Do you have a pacemaker?", 0.05, 0.1), line("YES", 0.5, 0.1), hidden)
    assert found == [f"Do you have a pacemaker? YES {UNREADABLE}"]


def test_the_first_number_of_a_scale_is_no_answer() -> None:
    asked = line("Rate your pain:", 0.05, 0.1)
    scale = [line(str(n), 0.25 + 0.05 * n, 0.1) for n in range(11) if n != 7]
    assert texts(asked, *scale) == ["Rate your pain: 0 1 2 3 4 5 6 8 9 10"]


def test_a_grid_of_yes_and_no_keeps_each_pair_with_its_own_words() -> None:
    row = [line("Anemia", 0.05, 0.1), line("[X] Y[ ] N Asthma", 0.3, 0.1), line("[ ] Y [X] N", 0.6, 0.1)]
    assert texts(*row) == ["Anemia [X] Y[ ] N", "Asthma [ ] Y [X] N"]


def test_what_stands_behind_yes_and_no_is_not_lost_in_them() -> None:
    row = [line("Under a physician's care? [X] Yes [ ] No", 0.05, 0.1), line("If yes: Dr. Osei", 0.53, 0.1)]
    assert texts(*row) == ["Under a physician's care? [X] Yes [ ] No", "If yes: Dr. Osei"]


# -- lists side by side ------------------------------------------------------------------------------------------------
def two_lists(left: list[str], right: list[str], apart: float = 0.5) -> list[Line]:
    sides = [(0.05, left), (apart, right)]
    return [line(text, at, 0.1 + 0.035 * n) for at, side in sides for n, text in enumerate(side)]


MEDICINES = ["CURRENT MEDICATIONS", "Lisinopril 20 mg daily", "Metformin 500 mg twice daily", "Atorvastatin 40 mg"]
ALLERGIES = ["Allergies:", "Penicillin - hives", "Latex - itching", "FAMILY HISTORY", "Mother: breast cancer"]


def test_lists_below_headings_that_stand_side_by_side_are_read_one_after_the_other() -> None:
    assert texts(*two_lists(MEDICINES, ALLERGIES)) == [*MEDICINES, *ALLERGIES]


def test_they_end_where_a_table_or_a_line_across_begins() -> None:
    rows = [
        [line(f"r{row} c{column}", 0.05 + 0.2 * column, 0.4 + 0.03 * row) for column in range(4)] for row in range(3)
    ]
    across = line("Please sign here when you have read all of the above", 0.05, 0.35)
    found = texts(*two_lists(MEDICINES, ALLERGIES), across, *(cell for row in rows for cell in row))
    assert found[: len(MEDICINES) + len(ALLERGIES)] == [*MEDICINES, *ALLERGIES]
    assert found[-1] == "r2 c0 | r2 c1 | r2 c2 | r2 c3"


@pytest.mark.parametrize(
    "head",
    [
        ["Medication", "Dose"],
        ["Medication", "Reason"],
        ["Allergy", "Reaction"],
        ["Condition", "Year"],
        ["Surgery or procedure", "Date"],
    ],
)
def test_a_table_of_two_columns_is_none(head: list[str]) -> None:
    left, right = ([name, *(f"{name} {n}" for n in range(4))] for name in head)
    assert texts(*two_lists(left, right)) == [" | ".join(pair) for pair in zip(left, right, strict=True)]


def test_a_table_s_head_may_stand_in_the_middle_of_its_columns() -> None:
    head = [line(text, left, 0.1) for text, left in (("Medication", 0.1), ("Dose", 0.37), ("How often", 0.6))]
    cells = [
        ("Warfarin", "2.5 mg", "every evening"),
        ("Digoxin", "125 mcg", "daily"),
        ("Insulin", "14 units", "at bedtime"),
    ]
    body = [
        line(text, 0.05 + 0.28 * n, 0.14 + 0.035 * row) for row, each in enumerate(cells) for n, text in enumerate(each)
    ]
    assert texts(*head, *body) == ["Medication | Dose | How often", *(" | ".join(each) for each in cells)]
