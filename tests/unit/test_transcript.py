"""Sources as people and tools write them: who speaks, when, and what; and notes as they come in files."""

from __future__ import annotations

import json
from typing import Any

import pytest

from daemon.faithfulness.reading.note_text import read_note
from daemon.faithfulness.reading.sentences import NoteSection, note_sections, spoken_sentences
from daemon.faithfulness.reading.source_text import read_source
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.model.errors import PermanentError

TWO = {"p1": "Any fever?", "p2": "No."}
DOCTOR_AND_PATIENT = {"p1": "doctor", "p2": "patient"}


@pytest.mark.parametrize(
    "text",
    [
        "[doctor] Any fever?\n[patient] No.",
        "Doctor: Any fever?\n Patient: No.\n",
        "Dr. Lee: Any fever?\r\nPt: No.",
        "DR SMITH: Any fever?\nPATIENT: No.",
        "D: Any fever?\nP: No.",
        "**Doctor:** Any fever?\n**Patient:** No.",
        "- Doctor: Any fever?\n- Patient: No.",
        "[doctor]: Any fever?\n[patient]: No.",
    ],
)
def test_speakers_are_known_by_their_roles(text: str) -> None:
    found = read_transcript(text)
    assert (dict(found.by_id), dict(found.speakers)) == (TWO, DOCTOR_AND_PATIENT)


@pytest.mark.parametrize(
    "text",
    [
        "[00:00:41] Doctor: Any fever?\n[00:00:44] Patient: No.",
        "0:41 - Doctor: Any fever?\n0:44 - Patient: No.",
        "0:41 Doctor: Any fever?\n0:44 Patient: No.",
        "(0:41) Doctor: Any fever?\n(0:44) Patient: No.",
        "Doctor (0:41): Any fever?\nPatient (0:44): No.",
        "Doctor  0:41\nAny fever?\n\nPatient  0:44\nNo.",
        "WEBVTT\n\n00:41.000 --> 00:44.000 align:start\n<v Doctor>Any\nfever?\n\n00:44.000 --> 00:44.000\n<v Patient>No.\n",
        "1\n00:00:41,000 --> 00:00:44,000\nDoctor: Any fever?\n\n2\n00:00:44,000 --> 00:00:44,000\nPatient: No.\n",
        json.dumps([{"speaker": "Doctor", "text": "Any fever?", "start": 41, "end": 44}, {"speaker": "Patient", "text": "No.", "start": 44}]),
        json.dumps({"passages": [
            {"id": "p1", "text": "Any fever?", "speaker": "doctor", "anchor": {"source": "s1", "start": 41.0, "end": 44.0}},
            {"id": "p2", "text": "No.", "speaker": "patient", "anchor": {"source": "s1", "start": 44.0, "end": 44.0}}]}),
    ],
)  # fmt: skip
def test_times_are_kept_where_there_are_any(text: str) -> None:
    found = read_source(text)
    said = {name: " ".join(words.split()) for name, words in found.texts.by_id.items()}
    assert (said, dict(found.texts.speakers)) == (TWO, DOCTOR_AND_PATIENT)
    assert dict(found.times) == {"p1": (41.0, 44.0), "p2": (44.0, 44.0)}


def test_a_range_of_times_without_names_is_read() -> None:
    found = read_source("[00:00.000 --> 00:05.500] Any fever?\n[00:05.500 --> 01:02:07.250] No.")
    assert dict(found.times) == {"p1": (0.0, 5.5), "p2": (5.5, 3727.25)}
    assert dict(found.texts.by_id) == TWO
    assert dict(found.texts.speakers) == {}


def test_pieces_that_follow_the_clock_are_joined_to_sentences() -> None:
    segments = [
        {"id": 0, "start": 0.0, "end": 2.0, "text": " Increase metformin to"},
        {"id": 1, "start": 2.0, "end": 4.0, "text": " 500 mg."},
        {"id": 2, "start": 4.0, "end": 5.0, "text": " No fever."},
    ]
    found = read_source(json.dumps({"text": "…", "language": "en", "segments": segments}))
    assert dict(found.texts.by_id) == {"p1": "Increase metformin to 500 mg.", "p2": "No fever."}
    assert dict(found.times) == {"p1": (0.0, 4.0), "p2": (4.0, 5.0)}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Allergies: penicillin\n[X] Diabetes\nWeight: 180", ["Allergies: penicillin", "[X] Diabetes", "Weight: 180"]),
        ("Plan: rest.\nNONE", ["Plan: rest.", "NONE"]),
        ("I take it at\n10:30 is when I take it", ["I take it at", "10:30 is when I take it"]),
        ("[inaudible] and then\n[X] cough", ["[inaudible] and then", "[X] cough"]),
        ("Patient: Jane Roe\n" + "Her knee hurts.\n" * 9, ["Patient: Jane Roe", *["Her knee hurts."] * 9]),
    ],
)
def test_labels_of_a_form_are_no_speakers_and_nothing_of_it_is_lost(text: str, lines: list[str]) -> None:
    found = read_transcript(text)
    assert (list(found.by_id.values()), dict(found.speakers)) == (lines, {})


def test_names_that_come_again_are_speakers() -> None:
    found = read_transcript("Anna: Hi.\nBen: Hi.\nAnna: Fever?\nBen: Weight: 180")
    assert list(found.by_id.values()) == ["Hi.", "Hi.", "Fever?", "Weight: 180"]
    assert set(found.speakers.values()) == {"other"}


@pytest.mark.parametrize(
    "data",
    [
        {"dialogue": "[doctor] Any fever?\n[patient] No."},
        {"transcript": [{"role": "doctor", "content": "Any fever?"}, {"role": "patient", "content": "No."}]},
        {"conversation": {"turns": [{"speaker": "Dr. Lee", "utterance": "Any fever?"}, {"speaker": "Patient", "utterance": "No."}]}},
        ["Doctor: Any fever?", "Patient: No."],
    ],
)  # fmt: skip
def test_json_without_times_is_read(data: Any) -> None:
    found = read_source(json.dumps(data)).texts
    assert (dict(found.by_id), dict(found.speakers)) == (TWO, DOCTOR_AND_PATIENT)


@pytest.mark.parametrize(
    "text", ["", "  \n", '{"foo": 1}', '{"dialogue": "a', '{"passages": [1]}', "[1, 2]", "[" * 100_000, "{}"]
)
def test_a_source_of_an_unknown_form_is_refused(text: str) -> None:
    with pytest.raises(PermanentError, match="source-unreadable"):
        read_source(text)


NOTE = (NoteSection("Subjective", ("Denies fever.", "Feels well.")), NoteSection("Plan", ("Rest.",)))


@pytest.mark.parametrize(
    "data",
    [
        {"note": "Subjective: Denies fever. Feels well.\nPLAN\n- Rest."},
        {"sections": {"Subjective": "Denies fever. Feels well.", "Plan": ["Rest."]}},
        {"sections": [{"title": "Subjective", "text": "Denies fever. Feels well."}, {"heading": "Plan", "content": "Rest."}]},
        [{"section": "Subjective", "text": "Denies fever.\nFeels well."}, {"name": "Plan", "body": ["Rest."]}],
        {"Subjective": "Denies fever. Feels well.", "Plan": "1. Rest.", "date": "2026-01-01"},
        {"resourceType": "Composition", "status": "final", "section": [
            {"title": "Subjective", "text": {"status": "generated", "div": '<div xmlns="x"><p>Denies fever.</p><p>Feels well.</p></div>'}},
            {"title": "Plan", "text": {"status": "generated", "div": "<div><b>Rest.</b></div>"}}]},
    ],
)  # fmt: skip
def test_a_note_in_json_is_read(data: Any) -> None:
    sections, _ = read_note(json.dumps(data))
    assert [(one.title.lower(), one.statements) for one in sections if one.statements] == [
        (one.title.lower(), one.statements) for one in NOTE
    ]


def test_a_draft_brings_its_evidence_and_not_what_the_document_prints() -> None:
    statements = [
        {"text": "Denies fever.", "evidence": ["p2"], "manner": "quoted"},
        {"text": "Signed by nobody.", "evidence": [], "manner": "printed"},
    ]
    sections, _ = read_note(
        json.dumps({"schema": "chartdraft.draft/1", "sections": [{"key": "s", "title": "S", "statements": statements}]})
    )
    assert sections == (NoteSection("S", ("Denies fever.",), (("p2",),)),)


@pytest.mark.parametrize("text", ["", '{"foo": 1}', "[3]", '{"note": ', "[]", "{" * 50, '{"sections": []}'])
def test_a_note_of_an_unknown_form_is_refused(text: str) -> None:
    with pytest.raises(PermanentError, match="note-unreadable"):
        read_note(text)


def test_half_a_character_in_json_is_printable() -> None:
    sections, _ = read_note('{"note": "Rest \\ud800 now."}')
    assert sections[0].statements[0] == "Rest \ufffd now."


def test_headings_with_text_on_their_line_are_headings() -> None:
    text = "**Subjective:** Cough.\nA/P: 1. HTN - lisinopril\n#1 DM: metformin\n- [ ] call\nHEENT: normal\nS: well"
    assert note_sections(text) == (
        NoteSection("Subjective", ("Cough.",)),
        NoteSection("A/P", ("HTN - lisinopril", "DM: metformin", "call", "HEENT: normal", "S: well")),
    )


def test_a_line_that_ends_in_the_middle_goes_on_below() -> None:
    text = "This is a long line of a note that was wrapped by an editor and\nMetformin was given.\nRest."
    assert note_sections(text)[0].statements == (text[:-6], "Rest.")


def test_what_was_said_has_no_headings_and_no_bullets() -> None:
    text = "NONE\nAllergies:\n5. maybe 6"
    assert [text[slice(*span)] for span in spoken_sentences(text)] == ["NONE", "Allergies:", "5. maybe 6"]
