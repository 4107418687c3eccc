"""The verify step: findings on each statement, none on what code wrote of the reading itself."""

from __future__ import annotations

from dataclasses import replace

from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
from daemon.documents.loader import load_documents
from daemon.model.draft import Draft, Section, Statement
from daemon.model.passage import PageAnchor
from daemon.steps.draft import draft
from daemon.steps.verify import verify
from tests.fakes.clock import FakeClock
from tests.fakes.drafter import FakeDrafter
from tests.fakes.passages import form, memo

SOAP, INTAKE = (load_documents(None)[key] for key in ("soap", "intake"))


def with_statement(text: str, *evidence: str) -> Draft:
    made = draft("j1", SOAP, memo(), FakeDrafter(), FakeClock())
    plan = Section("plan", "Plan", (Statement(text, evidence, "written"),))
    return replace(made, sections=(*made.sections[:3], plan))


def codes(checked: Draft) -> list[list[str]]:
    return [[finding.code for finding in s.findings] for section in checked.sections for s in section.statements]


def test_quotes_are_faithful() -> None:
    made = draft("j1", SOAP, memo(), FakeDrafter(), FakeClock())
    checked = verify(made, SOAP)
    assert not any(codes(checked))
    assert checked == made


def test_a_misheard_name_is_doubted_once_and_a_quote_is_doubted_for_nothing_else() -> None:
    said = memo(["She takes metaprolo 50 mg twice a day.", "He has no cough.", "He has a cough."])
    checked = verify(draft("j1", SOAP, said, QuotingDrafter(), FakeClock()), SOAP)
    assert [code for found in codes(checked) for code in found] == ["medication-misheard"]
    assert checked.cautions == ()


def test_what_was_taken_back_is_doubted_in_a_list_as_well() -> None:
    said = memo(
        ["Start lisinopril 10 milligrams daily.", "No, make that losartan 50 milligrams daily.", "Continue aspirin."]
    )
    checked = verify(draft("j1", SOAP, said, QuotingDrafter(), FakeClock()), SOAP)
    listed = next(section for section in checked.sections if section.title == "Medications").statements
    assert [[finding.code for finding in row.findings] for row in listed] == [["plan-retracted"], [], []]


def test_a_wrong_number_is_found_and_nothing_is_rewritten() -> None:
    made = with_statement("Start amoxicillin 2 grams three times a day.", "p12")
    checked = verify(made, SOAP)
    statement = checked.sections[3].statements[0]
    assert [finding.code for finding in statement.findings] == ["quantity-unsupported"]
    assert replace(statement, findings=()) == made.sections[3].statements[0]


def test_missing_evidence_is_found() -> None:
    assert codes(verify(with_statement("Rest."), SOAP))[-1] == ["evidence-missing"]
    assert codes(verify(with_statement("Rest.", "p99"), SOAP))[-1] == ["evidence-missing"]


def test_computed_sections_need_no_evidence() -> None:
    reading = replace(form(), unreadable=(PageAnchor("s1", 7, (0.0, 0.0, 0.1, 0.1)),))
    checked = verify(draft("j1", INTAKE, reading, FakeDrafter(), FakeClock()), INTAKE)
    assert checked.sections[-1].statements
    assert not any(codes(checked))


def test_verifying_twice_changes_nothing() -> None:
    once = verify(with_statement("Take 7 tablets.", "p12"), SOAP)
    assert verify(once, SOAP) == once
