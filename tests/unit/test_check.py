"""Checking a whole note: what counts as cited, what the note says, and what the list shows."""

from __future__ import annotations

import json

from daemon.cli.check import checked, report_of
from daemon.cli.check_list import check_list
from daemon.faithfulness.checking import check_note, note_texts
from daemon.faithfulness.reading.sentences import NoteSection
from daemon.faithfulness.reading.transcript import Transcript
from daemon.faithfulness.texts import Texts

PASSAGES = [{"id": "a", "text": "Take metformin 500 mg daily."}, {"id": "b", "text": "Your weight is 180 pounds."}]


def _draft(evidence: list[str]) -> str:
    statement = {"text": "Metformin 500 mg daily.", "evidence": evidence}
    return json.dumps({"sections": [{"title": "Plan", "statements": [statement]}], "passages": PASSAGES})


def _codes(note: str, source: str | None) -> list[str]:
    report, _ = checked(note, source)
    return [one.code for section in report.sections for each in section.statements for one in each.findings]


def test_a_draft_is_held_against_what_it_cites() -> None:
    assert _codes(_draft(["a"]), None) == []
    assert "quantity-unsupported" in _codes(_draft(["b"]), None)
    assert _codes(_draft([]), None) == ["evidence-missing"]
    assert _codes(_draft(["a"]), json.dumps({"passages": PASSAGES})) == []


def test_what_a_draft_cites_counts_for_nothing_in_another_source() -> None:
    other = json.dumps({"passages": [{"id": "b", "text": PASSAGES[0]["text"]}, {"id": "a", "text": "Hello."}]})
    report, _ = checked(_draft(["a"]), other)
    (statement,) = report.sections[0].statements
    assert (statement.evidence, statement.findings) == (("b",), ())


def test_a_row_with_both_note_and_dialogue_needs_no_source() -> None:
    row = {"note": "PLAN\nMetformin 850 mg daily.", "dialogue": "Doctor: Take metformin 500 mg daily.\nPatient: Okay."}
    assert _codes(json.dumps(row), None) == ["quantity-unsupported"]


def test_a_statement_says_more_under_its_heading() -> None:
    sections = [
        NoteSection("Allergies", ("Penicillin.",)),
        NoteSection("Note", ("Rest.",)),
        NoteSection("Lung cancer", ()),
    ]
    assert list(note_texts(sections).by_id.values()) == ["Allergies: Penicillin.", "Rest.", "Lung cancer: "]


def test_headings_of_the_same_name_have_keys_of_their_own() -> None:
    source = Texts({"p1": "Rest."})
    report = check_note(
        [NoteSection("A/P", ("Rest.",)), NoteSection("A/P", ("Rest.",)), NoteSection("薬", ("Rest.",))], source
    )
    keys = [section["key"] for section in report_of(report, Transcript(source))["sections"]]
    assert keys == ["a-p", "a-p-2", "薬"]


def test_the_gravest_comes_first_and_slight_doubts_are_counted_unless_asked_for() -> None:
    source = Texts({"p1": "Take metformin 500 mg daily.", "p2": "No fever."})
    note = [
        NoteSection(
            "Plan", ("Patient reports fever.", "Metformin 850 mg daily.", "We spoke of gardening and of his boat.")
        )
    ]
    report = check_note(note, source)
    few, every = (list(check_list(report, Transcript(source), show_all)) for show_all in (False, True))
    signs = [line[0] for line in every if line[:1] in {"▲", "◆", "●"}]
    assert signs == sorted(signs, key="▲◆●".index)
    assert set(few) - {few[0], few[1]} <= set(every)
    assert any("»850 mg«" in line for line in few)
    slight = sum(
        one.severity == "low" for section in report.sections for each in section.statements for one in each.findings
    )
    slight += sum(one.severity == "low" for one in report.omissions)
    assert sum(sign == "●" for sign in signs) == slight
    assert not any(line.startswith("●") for line in few)
