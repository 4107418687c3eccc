"""Names in the outbox: any name that comes in gives one that every file system takes, and that bears the mark."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.model.outbox_name import clean_stem, draft_name, duplicate_name, failure_name, left_name, read_name
from daemon.model.visible_text import visible_text

NASTY = st.text() | st.text(
    alphabet="aZ.-_ ~$/\\:<>|?*\"\n\t\x00\x7f\u202e\u2066\u200b\u00ad\u0301\u0308é中🙂\u115f\u3164\ufeff", max_size=300
)  # fmt: skip
RESERVED = set('<>:"/\\|?*')


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("New Recording 12.m4a", "New Recording 12"),
        ("memo.m4a.age", "memo"),
        ("Scan 001.PDF", "Scan 001"),
        ("report.docx", "report"),
        ("Visit 3.5", "Visit 3.5"),
        ("Dr. J.Smith", "Dr. J.Smith"),
        ("../../etc/passwd", "etc passwd"),
        ("..hidden.wav", "hidden"),
        ("- memo -.wav", "memo"),
        ("a\u202egpj.m4a", "agpj"),
        ("U\u200bN.wav", "UN"),
        ("Jose\u0301.wav", "José"),
        ("12:30 <final>?.mp3", "12 30 final"),
        ("~$memo.docx", "memo"),
        ("memo.wav .m4a", "memo"),
        ("line\nbreak.wav", "line break"),
        (".m4a", "Untitled"),
        ("", "Untitled"),
        ("\u3164\u115f.wav", "Untitled"),
    ],
)
def test_a_stem_is_what_a_person_would_call_the_file(name: str, stem: str) -> None:
    assert clean_stem(name) == stem


@given(NASTY)
def test_a_stem_is_fit_for_every_file_system_and_stays_as_it_is(name: str) -> None:
    stem = clean_stem(name)
    assert stem
    assert not RESERVED & set(stem)
    assert stem[0] not in " .-~"
    assert stem[-1] not in " ."
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in stem)
    assert stem == unicodedata.normalize("NFC", stem) == visible_text(stem)
    assert clean_stem(stem) == stem


@given(NASTY, NASTY, st.integers(1, 99), st.integers(1, 9))
def test_every_name_ends_with_the_mark_and_fits(stem: str, title: str, revision: int, copy: int) -> None:
    counted = (f" ({revision})" if revision > 1 else "") + (f" copy {copy}" if copy > 1 else "")
    name = draft_name(stem, title, "7f3k", suffix=".docx", revision=revision, copy=copy)
    assert name.endswith(f" - UNREVIEWED - 7f3k{counted}.docx")
    for each in (name, failure_name(stem, "7f3k"), duplicate_name(stem, "7f3k")):
        assert len(each) <= 120
        assert all(len(unicodedata.normalize(form, each).encode()) <= 255 for form in ("NFC", "NFD"))
        assert not each.startswith((".", " ", "-"))
        assert not RESERVED & set(each)


def test_the_names_of_the_design() -> None:
    assert draft_name("memo", "SOAP note", "7f3k", suffix=".html") == "memo - SOAP note - UNREVIEWED - 7f3k.html"
    assert (
        draft_name("memo", "SOAP note", "7f3k", suffix=".docx", revision=2)
        == "memo - SOAP note - UNREVIEWED - 7f3k (2).docx"
    )
    assert failure_name("memo", "7f3k") == "memo - COULD NOT DRAFT - 7f3k.txt"
    assert duplicate_name("memo", "7f3k") == "memo - ALREADY DRAFTED - 7f3k.txt"


def test_a_long_name_is_cut_between_letters_never_between_a_letter_and_its_marks() -> None:
    letter = unicodedata.normalize("NFC", "e\u0323\u0301")  # two characters, so that the limit of 64 falls inside one
    assert clean_stem("x" + letter * 200) == "x" + letter * 31


def test_a_name_fits_also_where_the_volume_takes_letters_apart() -> None:
    name = draft_name("각" * 200, "SOAP note", "7f3k", suffix=".docx")  # 3 bytes composed, 9 decomposed
    assert len(unicodedata.normalize("NFD", name).encode()) <= 255
    assert name.startswith("각" * 20)


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(1, 9), st.sampled_from([".docx", ".html"])), unique=True))
def test_different_drafts_of_a_job_have_different_names(keys: list[tuple[int, int, str]]) -> None:
    names = {draft_name("x" * 500, "SOAP note", "7f3k", suffix=s, revision=r, copy=c) for r, c, s in keys}
    assert len(names) == len(keys)


@given(NASTY, NASTY, st.from_regex(r"[a-z2-7]{4,8}", fullmatch=True), st.integers(1, 99), st.integers(1, 9))
def test_a_name_tells_its_number_whatever_stands_before_it(
    stem: str, title: str, short: str, revision: int, copy: int
) -> None:
    for suffix in (".docx", ".html"):
        read = read_name(draft_name(stem, title, short, suffix=suffix, revision=revision, copy=copy))
        assert read is not None
        assert (read.short, read.suffix) == (short, suffix)
    read = read_name(failure_name(stem, short, revision=revision, copy=copy))
    assert read is not None
    assert (read.short, read.suffix) == (short, ".txt")


@pytest.mark.parametrize(
    "name",
    ["Status.html", "README.txt", "memo.docx", duplicate_name("memo", "7f3k"), left_name("Monday"), "", "a\nb.txt"],
)
def test_other_names_tell_none(name: str) -> None:
    assert read_name(name) is None


def test_the_items_name_is_all_before_the_document() -> None:
    read = read_name("Smith - second visit - SOAP note - UNREVIEWED - 7f3k (2).docx")
    assert read is not None
    assert read.stem == "Smith - second visit"
