"""The checklist: what counts as documented, and above all what must not be called missing."""

from __future__ import annotations

import pytest

from daemon.computed.checklist import documented, missing, visit_kind
from daemon.computed.material import Material
from daemon.documents.form import read_form
from daemon.documents.loader import DocumentError, load_documents, parse_document
from daemon.model.document import SectionSpec
from daemon.model.passage import Passage, Reading
from daemon.model.source import Source
from tests.fakes.passages import printed, spoken

GAP = load_documents(None)["gap-analysis"]
_ALL = SectionSpec("all", "All", "")


def _material(passages: tuple[Passage, ...], labels: dict[str, tuple[str, ...]] | None = None) -> Material:
    reading = Reading((Source("s1", "scan", "0" * 64),), passages)
    return Material(GAP, reading, read_form(GAP, passages), labels=labels or {})


def _said(*texts: str) -> Material:
    return _material(spoken(texts))


def _found(material: Material) -> dict[str, str]:
    return {one.cells[0]: one.cells[1] for one in documented(material, _ALL).statements}


def _missing(material: Material) -> dict[str, str]:
    return {one.cells[0]: one.cells[1] for one in missing(material, _ALL).statements}


@pytest.mark.parametrize(
    "texts",
    [
        ("No known drug allergies.",),
        ("NKDA",),
        ("ALLERGIES: NKDA",),
        ("Allergies", "NKDA"),
        ("ALLERGIES", "Penicillin: hives"),
        ("Allergies:", "1. Penicillin - hives"),
        ("Allergies.", "None."),
        ("Allergies, none.",),
        ("She is allergic to sulfa.",),
        ("He denies any allergies to medications.",),
        ("He has no allergies.",),
        ("Not allergic to anything.",),
        ("Any allergies?", "No."),
        ("Are you allergic to any medicines?", "Penicillin."),
        ("He has seasonal allergies but no known drug allergies.",),
        ("She has seasonal allergies and is allergic to codeine.",),
        ("No known medication allergies were reported, weight was not measured.",),
    ],
)
def test_allergies_that_stand_there_are_never_called_missing(texts: tuple[str, ...]) -> None:
    assert "Allergies" in _found(_said(*texts))
    assert "Allergies" not in _missing(_said(*texts))
    assert "Allergies" in _found(_material(printed(texts)))


@pytest.mark.parametrize(
    "texts",
    [
        ("She feels well.",),
        ("Allergies were not asked.",),
        ("I did not ask about allergies.",),
        ("Allergies, not documented.",),
        ("Allergies: unknown",),
        ("Allergies: to be confirmed at the next visit.",),
        ("No allergies were recorded.",),
        ("Allergies:", "Medications: lisinopril 10 mg"),
        ("Allergies:", "Signature:"),
        ("Allergies:",),
        ("Any allergies?",),
        ("[ ] Allergies to penicillin",),
        ("She has seasonal allergies.",),
    ],
)
def test_what_was_not_asked_or_left_empty_is_missing(texts: tuple[str, ...]) -> None:
    assert "Allergies" in _missing(_said(*texts))
    assert "Allergies" not in _found(_said(*texts))


def test_a_source_that_says_that_it_was_not_asked_is_quoted_in_the_reason() -> None:
    (row,) = [
        one for one in missing(_said("Allergies were not asked."), _ALL).statements if one.cells[0] == "Allergies"
    ]
    assert row.cells[1].endswith("The source says: “Allergies were not asked.”")
    assert row.evidence == ("p1",)
    assert row.manner == "printed"
    assert row.text == f"{row.cells[0]}: {row.cells[1]}"


@pytest.mark.parametrize(
    ("texts", "item"),
    [
        (("BP 120/80, temperature not taken.",), "Vital signs"),
        (("Blood pressure today is one twenty over eighty.",), "Vital signs"),
        (("Temp 38.2",), "Vital signs"),
        (("Takes no medications.",), "Current medications"),
        (("MEDICATIONS", "metformin 1000 mg BID"), "Current medications"),
        (("She takes metformin 500mg twice a day.",), "Dose and frequency of the medications"),
        (("Return in 2 weeks.",), "Follow-up interval"),
        (("Follow-up: 3 months",), "Follow-up interval"),
        (("Call us if it gets worse.",), "When to call or come back sooner"),
        (("Impression:", "Tension headache"), "Assessment or diagnosis"),
        (("She comes in for a cough.",), "Reason for the visit"),
        (("A 40 year old woman with knee pain.",), "Reason for the visit"),
        (("Past medical history is unremarkable.",), "Past medical history"),
    ],
)  # fmt: skip
def test_what_is_said_one_way_or_another_is_documented(texts: tuple[str, ...], item: str) -> None:
    assert item in _found(_said(*texts))


@pytest.mark.parametrize(
    ("texts", "item"),
    [
        (("She has a history of high blood pressure.",), "Vital signs"),
        (("Vital signs were not taken.",), "Vital signs"),
        (("HISTORY OF PRESENT ILLNESS", "Doing well."), "Past medical history"),
        (("Here for a follow up visit.",), "Follow-up interval"),
        (("Physical exam deferred.",), "Examination"),
        (("PHYSICAL EXAM",), "Examination"),
        (("ASSESSMENT AND PLAN",), "Assessment or diagnosis"),
        (("She has a cough.", "Take amoxicillin 500 mg twice daily for ten days."), "Onset and duration"),
    ],
)
def test_what_only_looks_like_it_is_missing(texts: tuple[str, ...], item: str) -> None:
    assert item in _missing(_said(*texts))


def test_the_classifier_can_tell_what_no_cue_does() -> None:
    passages = spoken(["Pupils equal, neck supple, nothing to feel in the axilla."])
    assert "Examination" in _missing(_material(passages))
    assert "Examination" in _found(_material(passages, {"p1": ("EXAM",)}))


def test_an_item_of_another_is_not_asked_for_without_it() -> None:
    reaction = "Reaction to each allergy, or that there is none"
    assert reaction not in _missing(_said("She feels well."))
    assert reaction in _missing(_said("She is allergic to sulfa."))
    assert reaction in _found(_said("She is allergic to sulfa, it gave her hives."))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("New patient here to establish care.", {"New patient"}),
        ("She denies cough and fever.", set()),
        ("A 54 year old man with a past medical history significant for depression.", set()),
        ("Fifty-eight year old man, doing well.", set()),
        ("Eight year old boy, doing well.", {"Child"}),
        ("Annual physical.", {"Preventive visit"}),
        ("Video visit for depression.", {"Telehealth", "Mental health"}),
        ("Any chest pain?", set()),
    ],
)
def test_the_kind_of_visit_is_recognised_by_what_it_is_about(text: str, kinds: set[str]) -> None:
    told = visit_kind(_said(text), _ALL).statements
    assert {one.text.split(",")[0] for one in told if one.evidence} == kinds
    assert told


def test_what_a_kind_of_visit_asks_for_is_asked_of_it_alone() -> None:
    risk = "Risk of suicide or self-harm"
    assert next(iter(_missing(_said("Here for depression.")))) == risk
    assert risk not in _missing(_said("Here for a wart."))
    assert risk in _found(_said("Here for depression.", "He denies suicidal thoughts."))


def test_nothing_read_is_all_missing() -> None:
    everything = [one.item for one in GAP.expects if not one.visits and not one.given]
    assert list(_missing(_material(()))) == everything
    assert not _found(_material(()))


def test_long_sentences_are_quoted_shortly_around_what_was_found() -> None:
    text = f"{'He talked about his garden and the weather for quite a while, ' * 4}no known drug allergies, and {'more of it ' * 20}."
    quote = _found(_said(text))["Allergies"]
    assert "no known drug allergies" in quote
    assert len(quote) < 180


@pytest.mark.parametrize(
    ("line", "reason"),
    [('given = "Nothing"', "no item"), ('visits = ["x"]', "no visit"), ('aside = ["A"]', "aside")],
)
def test_a_checklist_that_means_nothing_is_refused(line: str, reason: str) -> None:
    toml = f'key = "x"\ntitle = "X"\naccepts = ["text"]\n[[section]]\nkey = "a"\ntitle = "A"\ncomputed = "missing"\n[[expect]]\nitem = "I"\nwhy = "W"\n{line}\n'
    with pytest.raises(DocumentError, match=reason):
        parse_document("x.toml", toml.encode())
