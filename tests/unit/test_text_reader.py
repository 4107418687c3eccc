"""Texts: what they are decoded from, what their passages are, and where these stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.reading import text_reader
from daemon.adapters.reading.text_reader import read_text
from daemon.documents.filler import is_filler
from daemon.model import text_bytes
from daemon.model.errors import PermanentError
from daemon.model.passage import LineAnchor, Reading
from daemon.model.source import Source
from daemon.model.text_bytes import decode_text

SOURCE = Source("s1", "text", "0" * 64)
NOTE = """# Progress note

**Subjective:**
Maria is a 54 y.o. woman with a cough for 2 weeks, who was seen before. She takes
lisinopril 10 mg daily.

Objective
- BP 142/88
- Lungs clear.
Assessment: Cough, likely from the ACE inhibitor.
PLAN
1. Stop lisinopril.
2. Start losartan 50 mg.
"""


def read(text: str | bytes) -> Reading:
    return read_text(SOURCE, text.encode() if isinstance(text, str) else text)


def texts(text: str | bytes) -> list[str]:
    return [passage.text for passage in read(text).passages]


def lines(text: str) -> list[tuple[int, int]]:
    anchors = [passage.anchor for passage in read(text).passages]
    return [(anchor.line, anchor.last_line) for anchor in anchors if isinstance(anchor, LineAnchor)]


def test_a_note_is_its_headings_and_sentences() -> None:
    assert texts(NOTE) == [
        "Progress note",
        "Subjective:",
        "Maria is a 54 y.o. woman with a cough for 2 weeks, who was seen before.",
        "She takes lisinopril 10 mg daily.",
        "Objective",
        "BP 142/88",
        "Lungs clear.",
        "Assessment: Cough, likely from the ACE inhibitor.",
        "PLAN",
        "Stop lisinopril.",
        "Start losartan 50 mg.",
    ]
    assert lines(NOTE) == [
        (1, 1), (3, 3), (4, 4), (4, 5), (7, 7), (8, 8), (9, 9), (10, 10), (11, 11), (12, 12), (13, 13),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("transcript", "turns"),
    [
        (
            "Doctor: How are you?\nPatient: My knee hurts. It began in May.\n",
            ["Doctor: How are you?", "Patient: My knee hurts. It began in May."],
        ),
        (
            "[doctor] hi there\n[patient] hi\n\n[doctor] any pain ?\nit may be dull\n",
            ["doctor: hi there", "patient: hi", "doctor: any pain ? it may be dull"],
        ),
        ("D: Any fever?\nP: No.\n", ["D: Any fever?", "P: No."]),
        (
            "Dr. Smith  00:12\nHow are you?\n\nMaria Delgado  00:15\nFine.\n",
            ["Dr. Smith: How are you?", "Maria Delgado: Fine."],
        ),
        (
            "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nSpeaker 1: Hello.\n\n2\n00:00:03.000 --> 00:00:04.000\nSpeaker 2: Hi.\n",
            ["Speaker 1: Hello.", "Speaker 2: Hi."],
        ),
        ("Maria: hello\nTom: hi\nMaria: what hurts\nTom: my knee\n", ["Maria: hello", "Tom: hi", "Maria: what hurts", "Tom: my knee"]),
        ("**Doctor:** Hello.\n**Patient:** Hi.\n", ["Doctor: Hello.", "Patient: Hi."]),
    ],
)  # fmt: skip
def test_a_transcript_is_its_turns_with_who_speaks(transcript: str, turns: list[str]) -> None:
    assert texts(transcript) == turns


def test_a_turn_that_says_nothing_is_filler_whoever_speaks() -> None:
    assert [is_filler(turn) for turn in ("Doctor: Okay.", "Patient: Thank you.", "P: Hello.")] == [True, True, True]
    assert [is_filler(turn) for turn in ("Doctor: Okay, 5 mg.", "Patient: No.", "Cough: okay")] == [False, False, False]


def test_a_turn_that_runs_on_has_all_its_lines() -> None:
    assert lines("Doctor: Any pain?\nSharp or dull?\n\nPatient: Dull.\n") == [(1, 2), (4, 4)]


def test_a_long_turn_is_cut_at_its_sentences() -> None:
    said = " ".join(["My head hurts in the morning when I get up."] * 5)
    assert (
        texts(f"Doctor: Tell me.\nPatient: {said}\n")[1:]
        == ["Patient: My head hurts in the morning when I get up."] * 5
    )


@pytest.mark.parametrize(
    "form",
    [
        "Name: Jane Doe\nDOB: 1/2/1970\nAllergies: penicillin\nMedications: none\n",
        "S: cough\nO: lungs clear\nA: bronchitis\nP: rest\n",
        "Plan: rest\nNote: she has a cat\n",
    ],
)
def test_labels_that_are_no_speakers_make_no_transcript(form: str) -> None:
    assert texts(form) == form.splitlines()


@pytest.mark.parametrize(
    "data",
    [
        "Café, 20 µg".encode(),
        b"\xef\xbb\xbf" + "Café, 20 µg".encode(),
        b"\xff\xfe" + "Café, 20 µg".encode("utf-16-le"),
        b"\xfe\xff" + "Café, 20 µg".encode("utf-16-be"),
        "Café, 20 µg".encode("cp1252"),
    ],
)
def test_the_usual_encodings_are_told_apart(data: bytes) -> None:
    assert texts(data) == ["Café, 20 µg"]


@pytest.mark.parametrize(
    ("data", "read_as"),
    [
        ("BP ≥ 140, 20 µg".encode() + b" \xff", "BP ≥ 140, 20 µg \ufffd"),
        ("BP ≥ 140, 20 µg".encode()[:-2], "BP ≥ 140, 20 \ufffd"),
        ("20 µg".encode("cp1252"), "20 µg"),
        ("José Nuñez".encode("cp1252"), "José Nuñez"),
    ],
)
def test_a_damaged_byte_makes_no_other_characters_of_the_rest(data: bytes, read_as: str) -> None:
    assert texts(data) == [read_as]


def test_a_line_of_marks_alone_does_not_hold_up_the_reader() -> None:
    assert "".join(texts("#" * 500_000 + "x")) == "#" * 500_000 + "x"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems_count_alike(end: str) -> None:
    assert lines(f"One.{end}{end}Two.{end}") == [(1, 1), (3, 3)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "media-empty"),
        (b" \n\t\r\n", "media-empty"),
        (b"-----\n***\n", "media-empty"),
        (b"a\0b", "media-mismatch"),
        (b"%PDF-1.7\n1 0 obj", "media-mismatch"),
        (b"{\\rtf1 Hello}", "media-mismatch"),
        (b"\xff\xfea", "media-mismatch"),
        (bytes(range(1, 32)) * 20, "media-mismatch"),
        (b"a" * (text_bytes.MAX_CHARACTERS + 1), "media-too-large"),
        (b"a\n" * (text_reader.MAX_LINES + 1), "media-too-large"),
        (b"Yes. " * 20_001, "media-too-large"),
    ],
)
def test_what_is_no_text_or_too_much_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(PermanentError, match=code):
        read(data)


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        reading = read(data)
    except PermanentError as error:
        assert error.code in {"media-empty", "media-mismatch"}  # noqa: PT017 - most of them are read
        return
    count = decode_text(data).count("\n") + 1
    for passage in reading.passages:
        assert isinstance(passage.anchor, LineAnchor)
        assert 1 <= passage.anchor.line <= passage.anchor.last_line <= count
        assert passage.text.strip() == passage.text != ""


WORDS = st.lists(
    st.sampled_from(
        ["cough", "5", "mg", "knee", "Dr.", "left,", "no", "pain:", "-", "and", "#", "\n", "\n\n", ".", "Plan:"]
    ),
    max_size=60,
)


@given(WORDS.map(" ".join))
def test_no_word_of_a_text_is_lost_or_added(text: str) -> None:
    try:
        found = " ".join(texts(text))
    except PermanentError:
        found = ""

    def words(of: str) -> list[str]:
        return [word for word in of.replace("\n", " ").split(" ") if any(map(str.isalnum, word))]

    assert words(found) == words(text)
