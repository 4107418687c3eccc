"""The ignore list: what systems and sync tools leave is nobody's memo; what a person names is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.inbox.ignore_list import is_ignored
from daemon.model.source import RECORDING_SUFFIXES, SCAN_SUFFIXES

NAMES = st.text(min_size=1, max_size=20)
STEMS = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=20)
SUFFIXES = st.sampled_from(sorted(RECORDING_SUFFIXES | SCAN_SUFFIXES | {".m4a.age", ".docx", ""}))


@given(NAMES, st.sampled_from([".", "._", ".syncthing.", "~syncthing~", "~$"]))
def test_what_begins_like_a_helper_file_is_ignored(name: str, beginning: str) -> None:
    assert is_ignored(beginning + name)
    assert is_ignored((beginning + name).upper())


@given(NAMES, st.sampled_from([".icloud", ".tmp", ".part", ".partial", ".crdownload", ".download"]))
def test_what_ends_like_a_half_done_copy_is_ignored(name: str, end: str) -> None:
    assert is_ignored(name + end)
    assert is_ignored(name + end.upper())


@pytest.mark.parametrize(
    "name",
    [*(".DS_Store", "._memo.m4a", ".memo.m4a.icloud", ".syncthing.memo.m4a.tmp", "~syncthing~memo.m4a.tmp", "@eaDir"),
     *(".stfolder", "memo.m4a.part", "memo.m4a.TMP", "Icon\r", "RECIPIENT.txt", "Thumbs.db", "desktop.ini", "#recycle")],
)  # fmt: skip
def test_the_names_that_are_known(name: str) -> None:
    assert is_ignored(name)


@given(STEMS, SUFFIXES)
def test_what_a_person_names_is_not_ignored(stem: str, suffix: str) -> None:
    assert not is_ignored(stem + suffix)


@pytest.mark.parametrize(
    "name",
    [*("tmp.m4a", "part 2.pdf", "memo.part.m4a", "icloud memo.m4a", "~memo.m4a", "a@eaDir.pdf", "[a].m4a", "Icon.m4a"),
     *("memo.tmp2.wav", "RECIPIENT.txt.pdf", "50% *.pdf", "memo\n.m4a")],
)  # fmt: skip
def test_names_that_only_look_alike_are_taken_in(name: str) -> None:
    assert not is_ignored(name)
