"""Forms as people fill them in: what belongs together is one entry, whose it is stays clear, and nothing is paired wrongly."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.documents.form import Entry, read_form
from daemon.documents.loader import load_documents
from daemon.model.passage import PageAnchor, Passage

INTAKE = load_documents(None)["intake"]
Placed = tuple[str, float, float]  # text, left, top
HEIGHT = 0.02


def on_page(*lines: str | Sequence[Placed], turned: int = 0) -> list[Passage]:
    """Passages; a plain line stands on a row of its own. `turned`: quarter turns to the right of the whole page."""
    found: list[Passage] = []
    for number, line in enumerate(lines):
        row = [(line, 0.1, 0.0)] if isinstance(line, str) else line
        for text, left, down in row:
            top = 0.05 + 0.035 * number + down
            box = (left, top, min(left + 0.012 * len(text), 0.99), top + HEIGHT)
            for _ in range(turned):
                box = (1 - box[3], box[0], 1 - box[1], box[2])
            found.append(Passage(f"p{len(found) + 1}", text, PageAnchor("s1", 1, box), 0.9))
    return found


def read(*lines: str | Sequence[Placed], turned: int = 0) -> list[Entry]:
    return read_form(INTAKE, on_page(*lines, turned=turned))


def kind(wanted: str, *lines: str | Sequence[Placed], turned: int = 0) -> dict[str, str | None]:
    return {entry.text: entry.section for entry in read(*lines, turned=turned) if entry.kind == wanted}


def beside(*texts: str) -> list[Placed]:
    return [(text, 0.1 + 0.45 * number, 0.0) for number, text in enumerate(texts)]


# -- other people -------------------------------------------------------------------------------------------------------
def test_a_contact_under_a_heading_is_named_as_one() -> None:
    assert kind(
        "answer", "Name: Priya Raman", "Phone: 555-0177", "Emergency contact", "Name: Arjun Raman", "Phone: 555-0178"
    ) == {
        "Name: Priya Raman": "who",
        "Phone: 555-0177": "who",
        "Emergency contact Name: Arjun Raman": "contacts",
        "Emergency contact Phone: 555-0178": "contacts",
    }


@pytest.mark.parametrize("turned", [0, 1, 2, 3])
@pytest.mark.parametrize(
    "label", ["Emergency contact", "Parent/guardian", "Primary care physician", "Pharmacy", "Policy holder"]
)
def test_a_telephone_beside_another_name_is_that_persons(label: str, turned: int) -> None:
    found = kind(
        "answer", "Name: Rosa", "Sex: F", beside(f"{label}: Liv Nesbitt", "Phone: 555-0193"), "Age: 40", turned=turned
    )
    assert f"{label}: Liv Nesbitt Phone: 555-0193" in found
    assert "Phone: 555-0193" not in found


def test_a_telephone_without_its_persons_name_keeps_the_label() -> None:
    lines = ("Name: Rosa", beside("Emergency contact:", "Phone: 555-0193"))
    assert kind("answer", *lines)["Emergency contact: Phone: 555-0193"] == "contacts"
    assert list(kind("blank", *lines)) == ["Emergency contact:"]


def test_the_date_of_a_signature_goes_with_it() -> None:
    found = kind(
        "answer",
        beside("Name: Rosa", "Date: 11/16/2026"),
        "Sex: F",
        beside("Patient signature: R. D.", "Date: 11/17/2026"),
    )
    assert found["Patient signature: R. D. Date: 11/17/2026"] == "other"
    assert "Date: 11/16/2026" in found
    assert "Date: 11/17/2026" not in found


def test_a_heading_ends_where_a_label_of_another_section_stands() -> None:
    lines = ("PAST MEDICAL HISTORY: [X] HYPERTENSION", "TOBACCO: NONE", "DATE: 11/12/2026")
    assert kind("answer", *lines)["DATE: 11/12/2026"] == "other"


# -- what goes on on the next line --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "second", "section"),
    [
        ("Reason for visit: trouble sleeping since the", "move, low mood", "reason"),
        ("Problems at birth: jaundice, light therapy for", "two days", "history"),
        ("Current medications: Sertraline 50 mg in the", "morning, hydroxyzine as needed", "medications"),
        ("What brings you in today? cough at night", "wheezing when running", "reason"),
    ],
)
def test_a_wrapped_answer_is_one(first: str, second: str, section: str) -> None:
    (entry,) = [entry for entry in read("Name: Rosa", first, second, "Sex: F") if entry.section == section]
    assert entry.text == f"{first} {second}"
    assert entry.evidence == ("p2", "p3")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Current medications: lisinopril 20 mg", "metformin 500 mg"),
        ("Allergies: penicillin", "sulfa drugs"),
        ("Reason for visit: cough.", "fever since Monday"),
        ("Name: Mara Lindholm", "please ring the bell twice"),
    ],
)
def test_what_may_be_an_answer_of_its_own_stays_one(first: str, second: str) -> None:
    assert {first, second} <= kind("answer", first, second).keys()


def test_a_drug_and_its_reaction_are_one_and_the_next_drug_is_not() -> None:
    found = kind(
        "answer",
        "Allergies",
        "Drug: Aspirin",
        "Reaction: wheezing",
        "Drug: Latex",
        "Reaction:",
        "Drug: Iodine",
        "Reaction: rash",
    )
    assert list(found) == ["Drug: Aspirin Reaction: wheezing", "Drug: Latex", "Drug: Iodine Reaction: rash"]


def test_a_year_and_its_operation_are_one() -> None:
    found = kind("answer", "Surgeries", "Year: 2016", "What: Tonsils removed", beside("Year: 2020", "What: Appendix"))
    assert list(found) == ["Year: 2016 What: Tonsils removed", "Year: 2020 What: Appendix"]


def test_two_drugs_side_by_side_above_two_reactions_are_not_paired_by_order() -> None:
    found = kind(
        "answer", "Allergies", beside("Drug: Aspirin", "Drug: Latex"), beside("Reaction: wheezing", "Reaction: rash")
    )
    assert list(found) == ["Drug: Aspirin", "Drug: Latex", "Reaction: wheezing", "Reaction: rash"]


@given(st.lists(st.sampled_from(["Drug: A", "Reaction: b", "Drug:", "Reaction:", "Dose: 5 mg", "and so", "[X] Asthma", "Name: C",
                                 "Phone: 1", "Emergency contact: D", "Signed: E", "Date: 2", "Allergies", "x | y"]), max_size=12))  # fmt: skip
def test_whatever_is_joined_is_verbatim_and_no_answer_is_lost(lines: list[str]) -> None:
    passages = on_page("Name: Rosa", *lines)
    texts = {passage.id: passage.text for passage in passages}
    entries = read_form(INTAKE, passages)
    for entry in entries:
        words = " ".join(texts[name] for name in entry.evidence).split()
        assert all(word in words for word in entry.text.split())
    cited = {name for entry in entries for name in entry.evidence}
    said = {passage.id for passage in passages if passage.text[-1] in "b5gAC1DE2y"}
    assert said <= cited


# -- labels below ------------------------------------------------------------------------------------------------------
CAPTIONS = (
    [("Tomas", 0.11, 0.012), ("Okafor", 0.41, 0.012), ("07/22/1985", 0.71, 0.012)],
    [
        ("First name", 0.1, 0.0),
        ("Last name", 0.4, 0.0),
        ("Date of birth", 0.7, 0.0),
    ],
)


@pytest.mark.parametrize("turned", [0, 1, 3])
def test_captions_below_what_is_written(turned: int) -> None:
    assert kind("answer", *CAPTIONS, "", "Sex: F", "Age: 41", turned=turned) == {
        "First name Tomas": "who",
        "Last name Okafor": "who",
        "Date of birth 07/22/1985": "who",
        "Sex: F": "who",
        "Age: 41": "who",
    }


def test_the_head_of_a_table_is_no_row_of_captions() -> None:
    above = [("Tomas", 0.11, -0.01), ("Okafor", 0.41, -0.01)]
    found = kind(
        "answer",
        above,
        [("First name", 0.1, 0.0), ("Last name", 0.4, 0.0)],
        [("Rosa", 0.1, -0.012), ("Delgado", 0.4, -0.012)],
    )
    assert not any("Tomas" in text and "name" in text for text in found)


# -- boxes and choices ---------------------------------------------------------------------------------------------------
def test_ticks_below_a_question_keep_it_and_it_is_not_blank() -> None:
    lines = ("Name: Rosa", "What makes it worse?", "[ ] Standing", "[X] Sitting", "[X] Bending", "Sex: F")
    assert {"What makes it worse? Sitting", "What makes it worse? Bending"} <= kind("answer", *lines).keys()
    assert kind("blank", *lines) == {}


def test_a_question_without_a_tick_is_blank_once() -> None:
    assert list(kind("blank", "What makes it worse?", "[ ] Standing", "[ ] Sitting", "Sex: F")) == [
        "What makes it worse?"
    ]


def test_boxes_after_a_yes_no_question_are_not_its() -> None:
    found = kind("answer", "Do you smoke? [ ] Yes [X] No", "[X] Asthma", "[ ] Gout")
    assert list(found) == ["Do you smoke? No", "Asthma"]


def test_boxes_that_go_on_on_the_next_line_stay_under_their_heading() -> None:
    found = kind("answer", "PAST MEDICAL HISTORY: [X] GOUT [ ] STROKE", "[ ] ASTHMA [X] SHINGLES")
    assert found == {"PAST MEDICAL HISTORY: GOUT": "history", "PAST MEDICAL HISTORY: SHINGLES": "history"}


@pytest.mark.parametrize(
    ("line", "section"),
    [("Any allergies? [ ] Yes [X] No", "allergies"), ("Do you take any medications? [X] Yes [ ] No", "medications")],
)
def test_a_yes_or_no_stands_in_its_questions_section(line: str, section: str) -> None:
    assert list(kind("answer", "Name: Rosa", line).values())[1] == section


@pytest.mark.parametrize(
    "line",
    ["Do you have a pacemaker? YES NO", "Pacemaker: yes / no", "Rate your pain (circle one): 0 1 2 3 4 5 6 7 8 9 10",
     "Do you have a pacemaker? YES [unreadable]", "Mark the areas of your pain on the drawing:"],
)  # fmt: skip
def test_what_is_circled_or_drawn_is_never_guessed(line: str) -> None:
    assert list(kind("unsure", "Name: Rosa", line)) == [line]
    assert list(kind("answer", "Name: Rosa", line, "no pain" if "pain" in line else "Sex: F")) in (
        ["Name: Rosa"],
        ["Name: Rosa", "Sex: F"],
        ["Name: Rosa", "no pain"],
    )


# -- tables --------------------------------------------------------------------------------------------------------------
def test_a_vaccine_without_a_date_is_blank_and_a_drug_without_a_dose_is_not() -> None:
    vaccines = ("Immunizations", "Vaccine | Date | Site", "MMR | 02/20/2024 | arm", "Influenza")
    assert kind("blank", *vaccines).keys() == {"Influenza"}
    drugs = ("Medications", "Medication | Dose | How often", "Metformin | 500 mg | daily", "Aspirin")
    assert kind("answer", *drugs) == {"Metformin | 500 mg | daily": "medications", "Aspirin": "medications"}


@pytest.mark.parametrize(
    "head", ["Allergy | Reaction", "MEDICATIONS DOSE FREQUENCY", "Problem | Score (0-3)", "Relative | Condition | Age"]
)
def test_the_head_of_a_table_is_no_statement(head: str) -> None:
    assert head not in {entry.text for entry in read("Name: Rosa", head, "a | b | c") if entry.kind == "answer"}


def test_a_numbered_heading_over_labels_is_not_blank() -> None:
    lines = ("6. Contact and insurance", "Emergency contact:", "Insurance and member number:")
    assert list(kind("blank", *lines)) == ["Emergency contact:", "Insurance and member number:"]


def test_a_bare_label_keeps_its_heading() -> None:
    assert kind("answer", "Pregnancies", "How many: 1") == {"Pregnancies How many: 1": "history"}


def test_a_grid_of_yes_and_no_under_a_question() -> None:
    asked = "Do you have, or have you had, any of the following?"
    entries = read(
        "Name: Rosa", asked, "Chemotherapy [ ] Y [X] N", "Anemia [X][ ] N", "Artificial joint [X] Y [ ] N", "Sex: F"
    )
    assert [(e.text, e.section, e.kind) for e in entries][1:-1] == [
        ("Chemotherapy N", "history", "answer"),
        ("Anemia [X][ ] N", None, "unsure"),
        ("Artificial joint Y", "history", "answer"),
    ]


@pytest.mark.parametrize("asked", ["Have you had any of the following?", "Check all of these:"])
def test_a_question_for_ticks_takes_no_line_without_a_box(asked: str) -> None:
    lines = ("Name: Rosa", asked, "AIDS/HIV positive", "[ ] Y [X] N", "Sex: F")
    assert kind("answer", *lines).keys() == {"Name: Rosa", "Sex: F"}
    assert {"AIDS/HIV positive", "[ ] Y [X] N"} & kind("unsure", *lines).keys()


def test_a_yes_without_its_question_is_not_asserted() -> None:
    assert list(kind("unsure", "Name: Rosa", "[X] Yes [ ] No")) == ["[X] Yes [ ] No"]


@pytest.mark.parametrize(
    ("line", "doubted"),
    [
        ("Do you smoke? [?] Yes [ ] No", "Do you smoke? Yes"),
        ("Do you smoke? [ ] Yes [?] No", "Do you smoke? No"),
        ("[?] Asthma", "Asthma"),
    ],
)
def test_a_box_that_is_not_plain_is_neither_yes_nor_no(line: str, doubted: str) -> None:
    lines = ("Name: Rosa", line, "[X] Stroke", "Sex: F")
    assert list(kind("unsure", *lines)) == [doubted]
    assert not any("Asthma" in text or "smoke" in text for text in (*kind("answer", *lines), *kind("blank", *lines)))


def test_a_plain_tick_beside_one_that_is_not_counts() -> None:
    lines = ("Name: Rosa", "Do you smoke? [X] Yes [?] No")
    assert list(kind("unsure", *lines)) == ["Do you smoke? No"]
    assert "Do you smoke? Yes" in kind("answer", *lines)


def test_what_follows_if_yes_stays_with_the_question() -> None:
    found = kind("answer", "Name: Rosa", beside("Under a physician's care? [X] Yes [ ] No", "If yes: Dr. Osei"))
    assert "Under a physician's care? Yes If yes: Dr. Osei" in found


# -- lists behind a label ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("line", ["Allergies: Sulfa: rash", "Allergies: Penicillin: hives, Latex: itching"])
def test_what_is_listed_behind_a_label_leaves_nothing_blank(line: str) -> None:
    assert kind("blank", line) == {}


def test_a_column_s_name_behind_a_label_is_no_answer() -> None:
    assert kind("answer", "Allergies: Reaction:") == {}
