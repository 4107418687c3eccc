"""A practice's own documents: the example is one, and each way to break it is said with file, key and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
from daemon.adapters.reading.text_reader import read_text
from daemon.documents.loader import DocumentError, load_documents, parse_document
from daemon.model.source import Source
from daemon.steps.draft import draft
from daemon.steps.route import route
from tests.fakes.clock import FakeClock

EXAMPLE = Path(__file__).parents[2] / "examples" / "documents" / "physical-therapy-progress.toml"
NOTE = """P.T. progress note, left total knee replacement.

Subjective: She reports pain 3 out of 10 on stairs.
Range of motion: flexion 105 degrees.
Gait: antalgic.
Treatment today: Therapeutic exercise for 25 minutes.
Short term goal of 100 degrees is met.
Plan: Continue twice a week.
"""


def test_the_example_is_a_document_beside_the_packaged_ones() -> None:
    known = load_documents(EXAMPLE.parent)
    assert known["physical-therapy-progress"].file == str(EXAMPLE)
    assert {document.file for document in known.values()} == {"", str(EXAMPLE)}


def test_a_text_becomes_one() -> None:
    known = load_documents(EXAMPLE.parent)
    reading = read_text(Source("s1", "text", "0" * 64), NOTE.encode())
    key, routing = route("soap", "kind-default", reading, known)
    assert (key, routing.code) == ("physical-therapy-progress", "spoken-cue")
    made = draft("job", known[key], reading, QuotingDrafter(), FakeClock(), routing=routing)
    said = {section.key: " ".join(statement.text for statement in section.statements) for section in made.sections}
    assert "pain 3 out of 10" in said["subjective"]
    assert "flexion 105 degrees" in said["measures"]
    assert "antalgic" in said["measures"]
    assert "25 minutes" in said["treatment"]
    assert "goal of 100 degrees is met" in said["progress"]
    assert "twice a week" in said["plan"]


@pytest.mark.parametrize(
    ("change", "key", "reason"),
    [
        (("title =", "titel ="), "titel", "no such key here"),
        (('form = "note"', 'form = "poem"'), "form", "'note', 'summary', 'letter', 'handout' or 'email'"),
        (('["recording", "text"]', '["recording", "fax"]'), "accepts number 2", "'recording', 'scan' or 'text'"),
        (('["recording", "text"]', "[]"), "accepts", "must not be empty"),
        (('["recording", "text"]', '"recording"'), "accepts", "should be a list"),
        (('key = "subjective"', 'key = "Subjective"'), "section “Subjective”: key", "small letters"),
        (('title = "Subjective"', ""), "section “subjective”: title", "is missing"),
        (('"patient reports", "he reports"', '"Patient reports", "he reports"'), "section “subjective”: cues number 1", "small letters"),
        (('headings = ["patient report"', 'headings = ["PATIENT REPORT"'), "section “subjective”: headings number 1", "small letters"),
        (('labels = ["EXAM"', 'labels = ["EXAMS"'), "section “measures”: labels", "there is no label “EXAMS”"),
        (('labels = ["EXAM"', 'layout = "grid"\nlabels = ["EXAM"'), "section “measures”: layout", "'list', 'prose', 'table' or 'line'"),
        (('labels = ["EXAM"', 'rules = ["be-nice"]\nlabels = ["EXAM"'), "section “measures”: rules", "there is no rule “be-nice”"),
        (('ask = "Write what was measured', 'computed = "all"\n#'), "section “measures”: computed", "there is no “all”"),
        (('ask = "Write what was measured', '#'), "section “measures”", "needs either an ask"),
        (('key = "plan"', 'key = "progress"'), "section.key", "“progress” stands there twice"),
        (('form = "note"', 'form = "note"\ndefault_for = "scan"'), "default_for", "not among what the document accepts"),
        (('form = "note"', "form = note"), "-", "not TOML"),
        (('form = "note"', 'form = 7'), "form", "'note'"),
        (('form = "note"', 'opening = 7'), "opening", "should be"),
        (('# What a draft prints', '[[expect]]\nitem = "Pain"\n#'), "expect “Pain”: why", "is missing"),
        (('# What a draft prints', '[[expect]]\nitem = "Pain"\nwhy = "It changes."\nvisits = ["first"]\n#'), "expect “Pain”: visits", "there is no visit “first”"),
        (('# What a draft prints', '[[visit]]\nkey = "first"\ntitle = "First"\ncues = []\n#'), "visit “first”: cues", "must not be empty"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_key_and_reason(change: tuple[str, str], key: str, reason: str) -> None:
    good = EXAMPLE.read_text()
    assert change[0] in good
    with pytest.raises(DocumentError) as caught:
        parse_document("therapy.toml", good.replace(*change, 1).encode())
    error = caught.value
    assert (error.file, error.key) == ("therapy.toml", key)
    assert reason in error.reason
    assert f"therapy.toml: {key}: {error.reason}" in str(error)


def test_two_files_that_are_the_same_document_are_refused(tmp_path: Path) -> None:
    for name in ("one.toml", "two.toml"):
        (tmp_path / name).write_bytes(EXAMPLE.read_bytes())
    with pytest.raises(DocumentError, match=r"two\.toml: key: another file has the key"):
        load_documents(tmp_path)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_bytes("title = “Brief”".encode("utf-16"))
    with pytest.raises(DocumentError, match=r"one\.toml: -: not TOML"):
        load_documents(tmp_path)
