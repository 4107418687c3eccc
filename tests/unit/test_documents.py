"""Documents: what the packaged ones hold, and what is refused of a practice's own."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from daemon.adapters.drafting.section_classifier import LABELS as CLASSIFIER_LABELS
from daemon.documents.filler import is_filler
from daemon.documents.form import Entry, read_form
from daemon.documents.form_words import FieldIndex
from daemon.documents.loader import LABELS, DocumentError, load_documents, parse_document
from tests.fakes.passages import FORM, printed

INTAKE = load_documents(None)["intake"]
GOOD = """
key = "letter"
title = "Letter"
accepts = ["recording"]
[[section]]
key = "body"
title = "Body"
ask = "Write it."
"""


def test_packaged_documents() -> None:
    documents = load_documents(None)
    soap = [section.key for section in documents["soap"].sections]
    assert soap == ["subjective", "objective", "assessment", "plan", "medication-list", "allergy-list", "other"]
    defaults = {d.default_for: key for key, d in documents.items() if d.default_for is not None}
    assert defaults == {"recording": "soap", "scan": "intake"}
    assert {s.computed for s in documents["intake"].sections} == {
        "", "medications", "allergies", "blank-fields", "unreadable",
    }  # fmt: skip
    assert all(section.ask or section.computed for d in documents.values() for section in d.sections)


def test_labels_are_the_classifiers() -> None:
    assert set(CLASSIFIER_LABELS) == LABELS
    for document in load_documents(None).values():
        labels = {label for section in document.sections for label in section.labels}
        assert not labels or labels >= LABELS - {
            "FAM/SOCHX"
        }  # one that asks the classifier has a place for all it may say


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (("title", "titel"), "titel"),
        (('"Letter"', "7"), "title"),
        (('["recording"]', '["fax"]'), "accepts"),
        (('["recording"]', "[]"), "accepts"),
        (('ask = "Write it."', 'ask = "Write it."\nlabels = ["HPI"]'), "labels"),
        (('ask = "Write it."', 'ask = "Write it."\nlabels = ["CC", "CC"]'), "labels"),
        (('ask = "Write it."', 'ask = "Write it."\nrules = ["no-such-rule"]'), "rules"),
        (('ask = "Write it."', 'ask = "Write it."\nfields = ["Upper Case"]'), "fields"),
        (('ask = "Write it."', 'ask = "Write it."\ncomputed = "unreadable"'), "body"),
        (('ask = "Write it."', 'computed = "everything"'), "computed"),
        (('ask = "Write it."', ""), "body"),
        (('key = "body"', 'key = "../body"'), "key"),
        (('accepts = ["recording"]', 'accepts = ["recording"]\ndefault_for = "scan"'), "default_for"),
        (("[[section]]", "[[section]"), "-"),
        (("[[section]]", '[[section]]\nkey = "body"\ntitle = "B"\nask = "x"\n[[section]]'), "section.key"),
    ],
)
def test_a_broken_document_names_file_key_and_reason(change: tuple[str, str], key: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_document("letter.toml", GOOD.replace(*change, 1).encode())
    error = caught.value
    assert error.code == "document-invalid"
    assert error.file == "letter.toml"
    assert key in error.key
    assert error.reason
    assert all(part in str(error) for part in ("letter.toml", error.key, error.reason))
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_practice_adds_and_overrides(tmp_path: Path) -> None:
    (tmp_path / "letter.toml").write_text(GOOD)
    (tmp_path / "soap.toml").write_text(
        GOOD.replace('"letter"', '"soap"').replace("[[", 'default_for = "recording"\n[[', 1)
    )
    (tmp_path / "._letter.toml").write_bytes(b"\x00\x05\x16\x07")
    documents = load_documents(tmp_path)
    assert {"letter", "intake"} <= documents.keys()
    assert documents["soap"].title == "Letter"
    assert documents["soap"].default_for == "recording"


def test_a_practices_default_takes_the_packaged_ones_place(tmp_path: Path) -> None:
    (tmp_path / "letter.toml").write_text(GOOD.replace("[[", 'default_for = "recording"\n[[', 1))
    documents = load_documents(tmp_path)
    assert documents["letter"].default_for == "recording"
    assert documents["soap"].default_for is None


@pytest.mark.parametrize(("second", "key"), [(GOOD, "key"), (GOOD.replace("letter", "other"), "default_for")])
def test_two_own_documents_may_not_claim_the_same(tmp_path: Path, second: str, key: str) -> None:
    for name, text in (("a.toml", GOOD), ("b.toml", second)):
        (tmp_path / name).write_text(text.replace("[[", 'default_for = "recording"\n[[', 1))
    with pytest.raises(DocumentError) as caught:
        load_documents(tmp_path)
    assert caught.value.key == key
    assert caught.value.file.endswith("b.toml")


def test_a_kind_without_a_default_is_refused(tmp_path: Path) -> None:
    (tmp_path / "soap.toml").write_text(GOOD.replace('"letter"', '"soap"'))
    with pytest.raises(DocumentError, match="no document is the default for a recording"):
        load_documents(tmp_path)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError):
        load_documents(tmp_path / "nowhere")


# -- forms --------------------------------------------------------------------------------------------------------------
def entries(*lines: str) -> list[Entry]:
    return read_form(INTAKE, printed(lines))


def answers(*lines: str) -> dict[str, str | None]:
    return {entry.text: entry.section for entry in entries(*lines) if entry.kind == "answer"}


def kinds(kind: str, *lines: str) -> list[str]:
    return [entry.text for entry in entries(*lines) if entry.kind == kind]


def test_a_whole_form() -> None:
    assert answers(*FORM) == {
        "Name: Mara Lindholm": "who",
        "Date of birth: 02/03/1965": "who",
        "Lisinopril | 20 mg | once a day": "medications",
        "Sulfa drugs | rash": "allergies",
        "High blood pressure": "history",
        "Family history: Mother: stroke. Father: type 2 diabetes.": "family",
    }
    assert kinds("blank", *FORM) == ["Phone:"]
    assert kinds("unsure", *FORM) == []


@pytest.mark.parametrize("box", ["[ ]", "[]", "☐", "□", "( )"])
def test_an_empty_box_says_nothing(box: str) -> None:
    assert answers("Past medical history", f"{box} Asthma {box} Diabetes") == {}


@pytest.mark.parametrize("box", ["[X]", "[x]", "☑", "☒", "[✓]", "(X)"])
def test_a_ticked_box_speaks_for_its_own_label_alone(box: str) -> None:
    assert answers("Past medical history", f"[ ] Asthma {box} Diabetes [ ] Stroke") == {"Diabetes": "history"}


def test_boxes_behind_their_labels() -> None:
    assert answers("Past medical history", "Asthma [ ]", "Diabetes [X]", "Stroke [ ]") == {"Diabetes": "history"}


def test_a_question_with_boxes() -> None:
    assert answers("Do you smoke? [ ] Yes [X] No") == {"Do you smoke? No": "social"}
    assert kinds("blank", "Do you smoke? [ ] Yes [ ] No") == ["Do you smoke?"]


def test_a_condition_that_lost_its_box_is_not_asserted() -> None:
    lines = ("Past medical history", "[ ] Asthma", "Stroke", "[X] Diabetes", "[X]")
    assert answers(*lines) == {"Diabetes": "history"}
    assert kinds("unsure", *lines) == ["Stroke", "[X]"]


def test_boxes_under_an_unknown_heading_do_not_fall_under_the_one_before() -> None:
    found = answers("Allergies", "Latex | rash", "Things we would like to know", "[X] Eczema", "[ ] Asthma")
    assert found["Latex | rash"] == "allergies"
    assert found["Eczema"] == "history"


@pytest.mark.parametrize("label", ["Emergency contact:", "Insurance: ______", "Preferred pharmacy:"])
def test_a_label_without_an_answer_is_blank(label: str) -> None:
    assert kinds("blank", label, "Occupation: baker") == [label.rstrip("_ ")]


def test_a_heading_without_lines_is_blank_and_one_with_lines_is_not() -> None:
    lines = ("ALLERGIES", "CURRENT MEDICATIONS", "Lisinopril 20 mg")
    assert kinds("blank", *lines) == ["ALLERGIES"]
    assert answers(*lines) == {"Lisinopril 20 mg": "medications"}


def test_an_answer_below_its_label() -> None:
    assert answers("Reason for visit: ", "cough for a week") == {"cough for a week": "reason"}
    assert answers("Please describe your concerns:", "cough for a week", "Sex: F") == {
        "Please describe your concerns: cough for a week": "reason",
        "Sex: F": "who",
    }


def test_labels_side_by_side() -> None:
    assert answers("NAME: MARA LINDHOLM DOB: 02/03/1965 SEX: F") == {
        "NAME: MARA LINDHOLM": "who",
        "DOB: 02/03/1965": "who",
        "SEX: F": "who",
    }


def test_a_heading_keeps_general_labels_and_lets_special_ones_go() -> None:
    found = answers("ALLERGIES", "Medications: penicillin", "Reaction: rash", "Occupation: baker")
    assert found == {
        "Medications: penicillin": "allergies",
        "Reaction: rash": "allergies",
        "Occupation: baker": "social",
    }


@pytest.mark.parametrize(
    "line",
    ["Please print clearly", "Page 1 of 2", "NEW PATIENT INTAKE FORM", "Check all that apply", "For office use only",
     "I hereby authorize the practice to release any medical information"],
)  # fmt: skip
def test_printed_matter_is_no_answer(line: str) -> None:
    assert entries("Name: Mara Lindholm", line)[1:] == []


def test_what_is_not_understood_stays() -> None:
    assert answers("Name: Mara Lindholm", "please ring the bell twice") == {
        "Name: Mara Lindholm": "who",
        "please ring the bell twice": None,
    }


@pytest.mark.parametrize("slip", ["Allergles", "Al1ergies", "ALLERGIES:", "3. Allergies", "Allergies (list all)"])
def test_slips_and_trimmings_of_a_label(slip: str) -> None:
    match = FieldIndex(INTAKE).whole(slip)
    assert match is not None
    assert match.section == "allergies"


# -- dictation ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    ["Okay, um, let's see.", "This is Doctor Lee dictating.", "End of dictation.", "Thank you.", "…", "Uh, so, well."],
)
def test_filler(text: str) -> None:
    assert is_filler(text)


@pytest.mark.parametrize(
    "text",
    ["Okay, no fever.", "So, metformin.", "Well appearing.", "Let's see her in two weeks.", "One.", "No.", "Yes, 5 milligrams.",
     "This is Doctor Lee, she has asthma.", "Well, that's all her pain.", "Thank you for referring Mr. Hill."],
)  # fmt: skip
def test_nothing_clinical_is_filler(text: str) -> None:
    assert not is_filler(text)
