"""An omission that a finding about the same explains is a hint; every other one stays as grave as it was."""

from __future__ import annotations

import pytest

from daemon.faithfulness.checking import check_note
from daemon.faithfulness.omissions.explained import hinted
from daemon.faithfulness.reading.sentences import note_sections
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.model.finding import Finding, Omission

WEEKS = Omission("number", "pain for three weeks", ("p1",), "medium")
WRONG = Finding("quantity-unsupported", "high", "6 weeks", (0, 7), ("p1",))
SWAPPED = Finding("medication-unsupported", "high", "Zestril", (0, 7), (), ("metformin",))
METFORMIN = Omission("medication", "Metformin 500 mg", ("p2",))


@pytest.mark.parametrize(("omission", "found"), [(WEEKS, WRONG), (METFORMIN, SWAPPED)])
def test_what_a_finding_tells_is_a_hint(omission: Omission, found: Finding) -> None:
    (one,) = hinted([omission], [((), [found])])
    assert (one.severity, one.text, one.evidence) == ("low", omission.text, omission.evidence)


@pytest.mark.parametrize(
    ("omission", "found"),
    [
        (WEEKS, Finding("quantity-unsupported", "high", "6 weeks", (0, 7), ("p9",))),
        (WEEKS, Finding("quantity-unsupported", "high", "50 mg", (0, 5), ("p1",))),
        (WEEKS, Finding("quantity-unsupported", "low", "6 weeks", (0, 7), ("p1",))),
        (WEEKS, Finding("negation-flipped", "high", "weeks", (0, 5), ("p1",))),
        (METFORMIN, Finding("medication-unsupported", "high", "Zestril", (0, 7), ("p2",), ("aspirin",))),
        (Omission("allergy", "metformin: 3 weeks of rash", ("p1",)), WRONG),
    ],
)
def test_what_no_finding_tells_stays(omission: Omission, found: Finding) -> None:
    assert hinted([omission], [((), [found])]) == (omission,)


def test_a_statement_without_a_finding_of_its_own_passage_explains_by_what_it_rests_on() -> None:
    found = Finding("quantity-unsupported", "high", "6 weeks", (0, 7))
    assert hinted([WEEKS], [(("p1",), [found])])[0].severity == "low"


def test_a_changed_pressure_is_told_once() -> None:
    source = read_transcript("[doctor] your blood pressure is 120/70 today .\n[patient] okay , good .")
    note = check_note(note_sections("VITALS\n\nBlood pressure: 120/700 mmHg"), source)
    findings = [one for section in note.sections for statement in section.statements for one in statement.findings]
    assert [one.detail for one in findings if one.severity != "low"] == ["120/700 mmHg"]
    assert [one.severity for one in note.omissions] == ["low"]
