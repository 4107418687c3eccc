"""The classifier behind `quoting`: the run time reproduces the trainer, reads speech like print, and minds order and headings."""

from __future__ import annotations

import json
import string
import subprocess
import sys
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.drafting.section_classifier import LABELS, SectionClassifier
from daemon.adapters.drafting.section_features import NUMBER, char_counts, spoken_words, word_counts

ASSETS = Path(__file__).resolve().parents[1] / "assets"
SOAP: Mapping[str, Sequence[str]] = {
    "S": ("FAM/SOCHX", "GENHX", "PASTMEDICALHX", "CC", "PASTSURGICAL", "ALLERGY", "ROS", "MEDICATIONS", "IMMUNIZATIONS",
          "GYNHX", "OTHER_HISTORY"),
    "O": ("EXAM", "LABS", "IMAGING", "PROCEDURES"),
    "A": ("ASSESSMENT", "DIAGNOSIS"),
    "P": ("PLAN", "DISPOSITION", "EDCOURSE"),
}  # fmt: skip


@pytest.fixture(scope="module")
def classifier() -> SectionClassifier:
    return SectionClassifier.load()


def sides(classifier: SectionClassifier, texts: Sequence[str], *, order_matters: bool = True) -> str:
    return "".join(placement.section for placement in classifier.place(texts, SOAP, order_matters=order_matters))


def dictated_memos(name: str = "dictation_sections") -> list[list[tuple[str, str]]]:
    rows = [line.split("\t") for line in (ASSETS / f"{name}.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    return [[(side, text) for _, side, text in memo] for _, memo in groupby(rows, key=lambda row: row[0])]


def dictation_accuracy(
    classifier: SectionClassifier, *, order_matters: bool, name: str = "dictation_sections"
) -> float:
    hits = [
        side == guess
        for memo in dictated_memos(name)
        for (side, _), guess in zip(
            memo, sides(classifier, [text for _, text in memo], order_matters=order_matters), strict=True
        )
    ]
    return sum(hits) / len(hits)


# -- what the classifier sees ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("BP 138/84.", "bp one thirty eight over eighty four"),
        ("Start amoxicillin 500mg, 3 times a day.", "start amoxicillin five hundred milligrams three times a day"),
        ("A 4-year-old boy", "a four year old boy"),
        ("Temp is 101.4", "temp is one oh one point four".replace("oh ", "")),
        ("He doesn't smoke", "he does n't smoke"),
        ("X-ray: no fracture", "xray no fracture"),
        ("SpO2 98%", "spo2 ninety eight percent"),
    ],
)
def test_speech_and_print_look_the_same(typed: str, said: str) -> None:
    assert spoken_words(typed) == spoken_words(said)


@given(
    st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=9), max_size=12),
    st.sampled_from([", ", "; ", ".\n", " - "]),
)
def test_case_and_punctuation_change_nothing(words: list[str], separator: str) -> None:
    assert spoken_words(separator.join(words).upper() + "!") == spoken_words(" ".join(words))


@given(st.text())
def test_any_text_gives_plain_words(text: str) -> None:
    for word in spoken_words(text):
        assert word == NUMBER or not any(character.isspace() for character in word)


def test_counts_know_pairs_ends_and_pieces() -> None:
    one, other = spoken_words("no fever no chills"), spoken_words("fever no chills no")
    assert word_counts(one) != word_counts(other)
    assert word_counts(["no", "no"])[word_counts(["no"]).most_common()[0][0]] >= 1
    assert char_counts(one, {}) == char_counts(other, {})
    assert char_counts(["fever"], {}) != char_counts(["fevers"], {})


# -- the run time against the trainer ----------------------------------------------------------------------------------


def test_run_time_reproduces_the_trainer(classifier: SectionClassifier) -> None:
    """The fixture is scikit-learn's, in float64; what differs is the weights' eight bits."""
    stored = json.loads((ASSETS / "section_probabilities.json").read_text(encoding="utf-8"))
    reference = np.array(stored["probabilities"])
    ours = classifier.probabilities(stored["texts"])
    assert len(reference) >= 25
    assert np.abs(ours - reference).max() < 0.02
    assert (ours.argmax(axis=1) == reference.argmax(axis=1)).all()


@given(st.lists(st.text(max_size=80), max_size=4))
def test_rows_are_distributions(texts: list[str]) -> None:
    rows = SectionClassifier.load().probabilities(texts) if not texts else _shared().probabilities(texts)
    assert rows.shape == (len(texts), len(LABELS))
    assert np.allclose(rows.sum(axis=1), 1.0, atol=1e-5)
    assert (rows >= 0).all()


_LOADED: list[SectionClassifier] = []


def _shared() -> SectionClassifier:
    if not _LOADED:
        _LOADED.append(SectionClassifier.load())
    return _LOADED[0]


def test_a_text_does_not_depend_on_its_company(classifier: SectionClassifier) -> None:
    texts = ["Lungs are clear.", "Start prednisone.", "Lungs are clear."]
    together = classifier.probabilities(texts)
    assert np.allclose(together[0], together[2])
    assert np.allclose(together[1], classifier.probabilities(texts[1:2])[0], atol=1e-6)


def test_numpy_is_imported_late_and_scikit_learn_never() -> None:
    code = (
        "import sys, daemon.adapters.drafting.section_classifier as c; assert 'numpy' not in sys.modules; "
        "c.SectionClassifier.load().probabilities(['cough']); assert 'sklearn' not in sys.modules and 'scipy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# -- how well it places ------------------------------------------------------------------------------------------------


def test_dictation_that_was_not_trained_on(classifier: SectionClassifier) -> None:
    trained = (Path(__file__).resolve().parents[2] / "scripts" / "dictation_sentences.tsv").read_text(encoding="utf-8")
    memos = [*dictated_memos(), *dictated_memos("dictation_blind")]
    assert not [text for memo in memos for _, text in memo if f"\t{text}\n" in trained]
    assert dictation_accuracy(classifier, order_matters=False) >= 0.85
    assert dictation_accuracy(classifier, order_matters=True) >= 0.90


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("I'm ordering an MR of the left knee.", "P"),
        ("Stop the new soap.", "P"),
        ("No tennis for now", "P"),
        ("The Tdap vaccine was given today in the left arm.", "P"),
        ("He agreed to increase sertraline to 150 milligrams every morning", "P"),
        ("Think that she has a tear of the medial meniscus.", "A"),
        ("Rate controlled.", "A"),
    ],
)
def test_telegraphic_dictation_is_placed_without_its_neighbours(
    classifier: SectionClassifier, text: str, side: str
) -> None:
    assert sides(classifier, [text], order_matters=False) == side


def test_stored_figures_are_those_of_these_weights(classifier: SectionClassifier) -> None:
    figures = classifier.metadata["figures"]
    for order_matters, name in ((False, "one by one"), (True, "in order")):
        recomputed = dictation_accuracy(classifier, order_matters=order_matters)
        assert figures[f"dictation; {name}"]["accuracy"] == pytest.approx(recomputed, abs=0.001)
        recomputed = dictation_accuracy(classifier, order_matters=order_matters, name="dictation_blind")
        assert figures[f"blind dictation; {name}"]["accuracy"] == pytest.approx(recomputed, abs=0.001)
    assert figures["both; one by one"]["accuracy"] >= 0.89
    assert figures["both; in order"]["accuracy"] >= 0.94
    assert figures["both; in order"]["macro_f1"] >= 0.76
    assert figures["both; one by one"]["macro_f1"] >= 0.76


# -- order and headings ------------------------------------------------------------------------------------------------


def test_order_gives_a_short_passage_its_neighbours_side(classifier: SectionClassifier) -> None:
    memo = [
        "Blood pressure one twenty over eighty.",
        "Lungs clear to auscultation.",
        "No change.",
        "Abdomen soft, nontender.",
    ]
    assert sides(classifier, memo, order_matters=False) == "OOSO"
    assert sides(classifier, memo) == "OOOO"


def test_a_heading_alone_is_no_statement_and_rules_what_follows(classifier: SectionClassifier) -> None:
    memo = [
        "Subjective.",
        "No swelling.",
        "Objective.",
        "No swelling.",
        "Plan.",
        "Unchanged.",
        "Assessment.",
        "Unchanged.",
    ]
    placements = classifier.place(memo, SOAP, order_matters=True)
    assert [placement.heading for placement in placements] == [True, False] * 4
    assert "".join(placement.section for placement in placements) == "SSOOPPAA"


def test_an_unannounced_plan_is_found_behind_an_assessment(classifier: SectionClassifier) -> None:
    memo = ["Assessment.", "Medial meniscus tear.", "Get an MRI of the knee.", "Crutches for a week."]
    assert sides(classifier, memo) == "AAPP"


def test_a_glued_heading_stays_a_statement(classifier: SectionClassifier) -> None:
    (placement,) = classifier.place(["Assessment: hypertension, not at goal."], SOAP, order_matters=True)
    assert placement.section == "A"
    assert not placement.heading


def test_assessment_and_plan_lets_the_classifier_choose(classifier: SectionClassifier) -> None:
    memo = [
        "Assessment and plan.",
        "This is most likely viral bronchitis.",
        "Start albuterol two puffs every six hours.",
    ]
    assert sides(classifier, memo)[1:] == "AP"


def test_strong_evidence_leaves_a_heading_behind(classifier: SectionClassifier) -> None:
    memo = [
        "Vitals.",
        "Blood pressure 120/80.",
        "Lungs clear to auscultation.",
        "Start lisinopril 10 mg daily, recheck in two weeks.",
    ]
    assert sides(classifier, memo) == "OOOP"


def test_a_form_s_lines_stand_for_themselves(classifier: SectionClassifier) -> None:
    sections = {"allergies": ["ALLERGY"], "medications": ["MEDICATIONS"], "blank": [], "family": ["FAM/SOCHX"]}
    lines = ["Allergic to penicillin, hives", "Takes metformin 500 mg twice a day", "Mother has diabetes"]
    placements = classifier.place(lines, sections, order_matters=False)
    assert [placement.section for placement in placements] == ["allergies", "medications", "family"]


def test_no_passages_no_placements(classifier: SectionClassifier) -> None:
    assert classifier.place([], SOAP, order_matters=True) == []


def test_sections_without_any_label_are_refused(classifier: SectionClassifier) -> None:
    with pytest.raises(ValueError, match="no section"):
        classifier.place(["Cough."], {"notes": [], "other": ["UNKNOWN"]}, order_matters=True)


@given(
    st.lists(st.sampled_from(["Plan.", "No fever.", "", "Vitals", "Assessment: gout", "¿?", "x" * 500]), max_size=6),
    st.booleans(),
)
def test_every_passage_gets_one_section(texts: list[str], order_matters: bool) -> None:
    placements = _shared().place(texts, SOAP, order_matters=order_matters)
    assert len(placements) == len(texts)
    assert all(placement.section in SOAP and 0.0 <= placement.probability <= 1.0 for placement in placements)
