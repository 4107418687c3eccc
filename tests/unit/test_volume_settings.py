"""What make-encrypted-volume puts into config.toml, and what it leaves alone."""

from __future__ import annotations

import plistlib
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from volume_macos import images_at
from volume_parts import VolumeError, made_passphrase, size_bytes, why_unfit
from volume_settings import with_settings

ROOT = Path(__file__).resolve().parents[2]

EXAMPLE = (ROOT / "config.example.toml").read_text(encoding="utf-8")
VALUES = {"inbox_dir": "/v/Inbox", "outbox_dir": "/v/Outbox", "encrypted_volume": "/v"}


def test_only_the_three_lines_change_and_their_comments_stay() -> None:
    """The example's own comments stand behind the new values."""
    before, after = EXAMPLE.splitlines(), with_settings(EXAMPLE, VALUES).splitlines()

    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]

    assert [new.split(" = ")[0] for _, new in changed] == ["inbox_dir", "outbox_dir", "encrypted_volume"]
    assert all(old.partition("#")[2] == new.partition("#")[2] for old, new in changed)


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.sampled_from([EXAMPLE, "", "drafter = 'quoting'", "[limits]\nmax_pages = 3\n"]),
)
def test_any_folder_name_is_read_back_as_it_is(name: str, text: str) -> None:
    """Whatever the folder is called, TOML says the same, and nothing else changes."""
    done = tomllib.loads(with_settings(text, {**VALUES, "inbox_dir": name}))

    assert done == {**tomllib.loads(text), **VALUES, "inbox_dir": name}


def test_a_second_time_changes_nothing() -> None:
    """It is safe to repeat."""
    once = with_settings(EXAMPLE, VALUES)

    assert with_settings(once, VALUES) == once


def test_a_key_of_the_same_name_in_a_table_is_another_one() -> None:
    """Only the root's keys are meant."""
    text = '[practice]\ninbox_dir = "mine"\n'

    assert tomllib.loads(with_settings(text, VALUES)) == {**VALUES, "practice": {"inbox_dir": "mine"}}


@pytest.mark.parametrize(
    "text",
    [
        'inbox_dir = """\n/a"""\n',  # a string over several lines
        'note = """\ninbox_dir = "x"\n"""\n',  # the key inside another one's string
        'inbox_dir = "a\\"b"\n',
        "inbox_dir = [\n",
    ],
)
def test_a_file_that_is_not_as_expected_is_refused(text: str) -> None:
    """Rather by hand than wrong."""
    with pytest.raises(VolumeError):
        with_settings(text, VALUES)


def test_a_made_passphrase_is_fit_and_never_the_same() -> None:
    """125 bits: 25 signs of 32."""
    made = {made_passphrase() for _ in range(200)}

    assert len(made) == 200
    assert all(why_unfit(each) == "" and len(each.replace("-", "")) == 25 for each in made)


@pytest.mark.parametrize("typed", ["short", "a blank at its end ", "with an ümlaut in it", "with a\nline feed"])
def test_a_passphrase_that_a_tool_would_change_is_refused(typed: str) -> None:
    """Each for a reason."""
    assert why_unfit(typed)


@pytest.mark.parametrize(("size", "expected"), [("20g", 20 << 30), ("64M", 64 << 20), ("1G", 1 << 30)])
def test_sizes(size: str, expected: int) -> None:
    """Binary units, as hdiutil counts."""
    assert size_bytes(size) == expected


@pytest.mark.parametrize("size", ["20", "63m", "g", "0g", "-5g", "1.5g", "20gb", "٢g"])
def test_sizes_that_are_refused(size: str) -> None:
    """Not guessed at."""
    with pytest.raises(VolumeError):
        size_bytes(size)


def test_hdiutil_info_in_other_words() -> None:
    """What is no list of images names none."""
    assert images_at(b"no plist", "/v") == []
    assert images_at(plistlib.dumps([]), "/v") == []
    assert images_at(plistlib.dumps({"images": [{"image-path": "/i"}]}), "/v") == []
