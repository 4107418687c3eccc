"""`chartdraft check`, as a person runs it on the notes of another scribe."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.product import COMMAND

SOURCE = """[doctor] Hi Marta. Any fever, any chest pain?
[patient] No fever. And no chest pain, no.
[doctor] Any allergies to medicines?
[patient] Penicillin. I get hives from penicillin.
[doctor] Okay. On exam your lungs are clear, and your blood pressure is 138 over 84.
[doctor] Let's increase metformin to 500 milligrams twice a day, and see me again in two weeks.
"""
NOTE = """SUBJECTIVE
Patient denies fever.
She denies chest pain.

ALLERGIES
Penicillin, hives.

PHYSICAL EXAM
Lungs are clear. Blood pressure 138/84.

PLAN
1. Increase metformin to 500 mg twice daily.
2. Return in 2 weeks.
"""


def _run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, "check", *arguments], input=stdin, capture_output=True, check=False, timeout=120)


@pytest.fixture
def source(tmp_path: Path) -> str:
    path = tmp_path / "source.txt"
    path.write_text(SOURCE)
    return str(path)


def _note(folder: Path, text: str) -> str:
    path = folder / "note.txt"
    path.write_text(text)
    return str(path)


def _json(note: str, source: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(_run(note, "--source", source, "--json").stdout)
    return report


def _grave(report: dict[str, Any]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Findings (code, words in doubt) and omissions (kind, text) that a person is shown."""
    doubts = [
        (finding["code"], finding["detail"])
        for section in report["sections"]
        for statement in section["statements"]
        for finding in statement["findings"]
        if finding["severity"] != "low"
    ]
    return doubts, [(one["kind"], one["text"]) for one in report["omissions"] if one["severity"] != "low"]


def test_a_faithful_note_has_nothing_to_check(tmp_path: Path, source: str) -> None:
    done = _run(_note(tmp_path, NOTE), "--source", source)
    assert (done.returncode, done.stderr) == (0, b""), done.stdout.decode()
    assert done.stdout.startswith(b"Nothing grave was found.")


def test_a_changed_dose_a_deleted_allergy_and_a_flipped_denial_are_what_is_seen(tmp_path: Path, source: str) -> None:
    changed = (
        NOTE.replace("500 mg", "850 mg").replace("Penicillin, hives.", "").replace("denies chest", "reports chest")
    )
    note = _note(tmp_path, changed)
    doubts, omissions = _grave(_json(note, source))
    assert [code for code, _ in doubts] == ["negation-flipped", "quantity-unsupported"]
    assert doubts[1][1] == "850 mg"
    assert [kind for kind, _ in omissions] == ["allergy"]
    assert "enicillin" in omissions[0][1]

    done = _run(note, "--source", source)
    shown = done.stdout.decode()
    assert done.returncode == 3
    assert shown.startswith("To check: 2 doubts and 1 omission.\n")
    assert "»850 mg«" in shown
    assert "SAID, AND NOT IN THE NOTE" in shown
    assert max(map(len, shown.splitlines())) <= 100


def test_the_report_has_the_shape_of_a_draft_with_its_passages_and_rates(tmp_path: Path, source: str) -> None:
    report = _json(_note(tmp_path, NOTE), source)
    assert report["schema"] == "chartdraft.check/1"
    assert list(report) == ["schema", "sections", "omissions", "passages", "rates"]
    assert [section["key"] for section in report["sections"]] == ["subjective", "allergies", "physical-exam", "plan"]
    assert report["passages"][2] == {"id": "p3", "text": "No fever.", "speaker": "patient"}
    assert set(report["rates"]) == {"unsupported", "omitted"}
    known = {passage["id"] for passage in report["passages"]}
    statements = [statement for section in report["sections"] for statement in section["statements"]]
    assert all(set(statement["evidence"]) <= known for statement in statements)
    assert all(statement["text"] in NOTE for statement in statements)


def test_a_timed_source_gives_its_times(tmp_path: Path) -> None:
    turns = [{"speaker": "Doctor", "text": "Increase metformin to 500 mg twice a day.", "start": 61.5, "end": 64}]
    (tmp_path / "s.json").write_text(json.dumps(turns))
    note = _note(tmp_path, "PLAN\nMetformin 850 mg twice daily.")
    report = _json(note, str(tmp_path / "s.json"))
    assert report["passages"][0]["anchor"] == {"start": 61.5, "end": 64.0}
    assert "p1, 1:01, doctor: “Increase metformin" in _run(note, "--source", str(tmp_path / "s.json")).stdout.decode()


def test_a_report_is_a_note_again_and_needs_no_source(tmp_path: Path, source: str) -> None:
    first = _run(_note(tmp_path, NOTE), "--source", source, "--json").stdout
    (tmp_path / "report.json").write_bytes(first)
    again = json.loads(_run(str(tmp_path / "report.json"), "--json").stdout)
    texts = [statement["text"] for section in again["sections"] for statement in section["statements"]]
    assert texts == [s["text"] for section in json.loads(first)["sections"] for s in section["statements"]]


def test_standard_input_is_read_for_one_of_both(tmp_path: Path, source: str) -> None:
    assert _run("-", "--source", source, stdin=NOTE.encode()).returncode == 0
    assert _run(_note(tmp_path, NOTE), "--source", "-", stdin=SOURCE.encode("utf-16")).returncode == 0
    both = _run("-", "--source", "-")
    assert (both.returncode, b"(wrong-use)" in both.stderr) == (2, True)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.4 text", b"text-unreadable"),
        (bytes(range(256)) * 20, b"text-unreadable"),
        (b"", b"note-unreadable"),
        (b'{"foo": 1}', b"note-unreadable"),
        (b"a" * 5_000_001, b"text-too-large"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence_that_quotes_nothing(
    tmp_path: Path, source: str, data: bytes, code: bytes
) -> None:
    (tmp_path / "secret-name").write_bytes(data)
    done = _run(str(tmp_path / "secret-name"), "--source", source)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1
    assert code in done.stderr
    assert b"secret-name" not in done.stderr


def test_a_note_alone_is_refused_and_so_is_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert b"(source-needed)" in _run(_note(tmp_path, NOTE)).stderr
    assert b"(file-missing)" in _run(str(tmp_path / "none"), "--source", str(tmp_path / "none")).stderr


def test_what_a_file_holds_cannot_move_what_a_terminal_shows(tmp_path: Path, source: str) -> None:
    done = _run(_note(tmp_path, NOTE.replace("500 mg", "\x1b[2J 850 mg \u202e")), "--source", source, "--all")
    assert b"850 mg" in done.stdout
    assert b"\x1b" not in done.stdout
    assert "\u202e" not in done.stdout.decode()
