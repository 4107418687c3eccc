"""What plainly belongs under another heading, and what does not."""

from __future__ import annotations

import pytest

from daemon.documents.loader import RULES, load_documents
from daemon.faithfulness.reading.headings import kind_of
from daemon.faithfulness.rules.section import section_findings
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.draft import Draft, Section, Statement
from daemon.steps.draft import draft
from daemon.steps.verify import section_rules, verify
from tests.fakes.clock import FakeClock
from tests.fakes.drafter import FakeDrafter
from tests.fakes.passages import memo

EMPTY = Texts({"p1": "nothing"})


def found(text: str, section: str) -> list[tuple[str, str]]:
    return [(one.severity, one.detail) for one in section_findings(Claim(text, ("p1",), section), EMPTY)]


@pytest.mark.parametrize(
    ("text", "section", "severity", "detail"),
    [
        ("Lungs are clear to auscultation.", "Subjective", "medium", "Lungs are clear"),
        ("There is 1+ pitting edema.", "HPI", "medium", "1+ pitting edema"),
        ("Start metformin 500 mg.", "HISTORY OF PRESENT ILLNESS", "low", "Start"),
        ("We will order an MRI.", "Subjective", "low", "We will order"),
        ("The patient reports burning with urination.", "Plan", "low", "The patient reports"),
        ("BP 138/84, pulse 72.", "Assessment", "low", "BP 138/84"),
        ("She is allergic to penicillin.", "Current Medications", "medium", "allergic to"),
        ("Lisinopril 20 mg daily.", "Allergies", "medium", "20 mg daily"),
    ],
)
def test_what_belongs_elsewhere_is_found(text: str, section: str, severity: str, detail: str) -> None:
    assert found(text, section) == [(severity, detail)]


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("Lungs are clear to auscultation.", "Physical Examination"),
        ("Lungs are clear to auscultation.", "Objective"),
        ("In the emergency room her lungs were clear to auscultation.", "HPI"),
        ("He was told of a tenderness over the spleen.", "Subjective"),
        ("Start metformin 500 mg.", "Assessment and Plan"),
        ("The patient reports burning with urination.", "Assessment and Plan"),
        ("Blood pressure 138/84 at home.", "HPI"),
        ("Patient reports taking lisinopril 20 mg daily.", "MEDICATIONS"),
        ("Penicillin 250 mg daily: allergic to it, hives.", "Allergies"),
        ("Continue with lunch.", "Some other heading"),
        ("Lungs are clear to auscultation.", ""),
    ],
)
def test_what_may_stand_there_is_left_alone(text: str, section: str) -> None:
    assert found(text, section) == []


def test_headings_are_known_whatever_their_case_and_marks() -> None:
    assert kind_of("1. PHYSICAL EXAM:") == kind_of("physical  exam") == "examination"
    assert kind_of("Assessment & Plan") == kind_of("A/P") == "assessment-plan"
    assert kind_of("Favourite recipes") == kind_of("") == kind_of("plan " * 50) == ""


def test_a_quotation_is_not_told_where_it_belongs() -> None:
    source = Texts({"p1": "Start metformin 500 mg."})
    assert list(section_findings(Claim("Start metformin 500 mg.", ("p1",), "Subjective"), source)) == []
    assert list(section_findings(Claim("Start metformin 500 mg.", ("p1",), "Subjective", inferred=True), source))


def test_every_rule_that_a_document_may_ask_for_is_applied() -> None:
    assert set(section_rules({})) == RULES


def test_the_note_s_subjective_holds_no_findings_of_an_examination() -> None:
    soap = load_documents(None)["soap"]
    assert soap.sections[0].rules == ("no-exam-findings",)
    made = draft("j1", soap, memo(), FakeDrafter(), FakeClock())
    text = "Lungs are clear to auscultation."
    statement = Statement(text, ("p1",), "written")
    checked = verify(_with(made, Section("subjective", "What was told", (statement,))), soap)
    codes = [finding.code for finding in checked.sections[0].statements[0].findings]
    assert codes.count("section-wrong") == 1
    checked = verify(_with(made, Section("subjective", "Subjective", (statement,))), soap)
    codes = [finding.code for finding in checked.sections[0].statements[0].findings]
    assert codes.count("section-wrong") == 1


def _with(made: Draft, section: Section) -> Draft:
    return Draft(**{**{name: getattr(made, name) for name in made.__slots__}, "sections": (section,)})
