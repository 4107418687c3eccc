"""A handout's file: its front matter, its Markdown, its slots, and what is refused with file, line and reason."""

from __future__ import annotations

import pickle
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon import wiring
from daemon.config import load_home
from daemon.documents.handout_text import Block, Slot, Words, blocks
from daemon.documents.handouts import MAX_FILE_BYTES, HandoutError, load_handouts, parse_handout, slots_of
from daemon.documents.loader import DocumentError, load_documents
from daemon.faithfulness.vocabulary.diagnoses import find_diagnoses
from daemon.preparing import prepare
from tests.fakes.clock import FakeClock

SLOTS = slots_of(load_documents(None))
GOOD = b"""+++
title = "Caring for your knee"
topics = ["knee"]
names = ["osteoarthritis"]
+++
# Your knee

Walk a **little**
each day.

- {{ advice }}
- Your next visit: {{ follow_up | Call the front desk. }}
"""


def test_a_handout_is_read_with_its_facts() -> None:
    handout = parse_handout("/office/knee.md", GOOD, SLOTS)
    assert (handout.key, handout.title) == ("knee", "Caring for your knee")
    assert (handout.topics, handout.names) == (("knee",), ("osteoarthritis",))
    assert blocks(handout.text) == [
        Block("title", (Words("Your knee"),)),
        Block("paragraph", (Words("Walk a "), Words("little", bold=True), Words(" each day."))),
        Block("bullet", (Slot("advice"),)),
        Block("bullet", (Words("Your next visit: "), Slot("follow-up", "Call the front desk."))),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. One\n2. Two", [("numbered", "1. One"), ("numbered", "2. Two")]),
        ("* a\n  b\n\nc", [("bullet", "a b"), ("paragraph", "c")]),
        ("## H ##\n### S\ntext", [("heading", "H"), ("subheading", "S"), ("paragraph", "text")]),
        ("a\n\n---\n\nb", [("paragraph", "a"), ("paragraph", "b")]),
        ("5 ** 3 is not bold", [("paragraph", "5 ** 3 is not bold")]),
        ("**a** and ** b", [("paragraph", "a and ** b")]),
        ("", []),
    ],
)
def test_the_markdown_that_is_understood(text: str, expected: list[tuple[str, str]]) -> None:
    found = [
        (block.kind, "".join(part.text for part in block.parts if isinstance(part, Words))) for block in blocks(text)
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("change", "key", "reason"),
    [
        ((b"{{ advice }}", b"{{ advise }}"), "line 11", "no slot"),
        ((b"{{ advice }}", b"{{ advice }"), "line 11", "a slot is written"),
        ((b"{{ advice }}", b"advice }}"), "line 11", "a slot is written"),
        ((b"{{ advice }}", b"{{ advice | {{ tests }} }}"), "line 11", "a slot is written"),
        ((b"{{ advice }}", b"{{ other }}"), "line 11", "no slot"),
        ((b"little", b"<b>little</b>"), "line 8", "HTML"),
        ((b"little", b"![knee](knee.png)"), "line 8", "pictures"),
        ((b"each day.", b"| a | b |"), "line 9", "tables"),
        ((b"each day.", b"```"), "line 9", "code"),
        ((b"little", b"\xff"), "line 8", "UTF-8"),
        ((b"little", b"lit\x07tle"), "line 8", "cannot be seen"),
        ((b"little", "lit\u202etle".encode()), "line 8", "cannot be seen"),
        ((b"+++\ntitle", b"title"), "line 1", "begins with"),
        ((b"]\n+++\n#", b"]\n#"), "line 1", "second"),
        ((b'title = "C', b'titel = "C'), "titel", ""),
        ((b'title = "C', b'title = C"'), "between", "TOML"),
        ((b'["knee"]', b'["Knee"]'), "topics", ""),
        ((GOOD[GOOD.index(b"# Your") :], b"\n\n"), "line 6", "no text"),
        ((b"little", b"x" * MAX_FILE_BYTES), "-", "too large"),
    ],
)
def test_a_broken_handout_names_file_line_and_reason(change: tuple[bytes, bytes], key: str, reason: str) -> None:
    assert change[0] in GOOD
    with pytest.raises(DocumentError) as caught:
        parse_handout("knee.md", GOOD.replace(*change, 1), SLOTS)
    error = caught.value
    assert (error.code, error.file) == ("handout-invalid", "knee.md")
    assert key in error.key
    assert reason in error.reason
    assert error.reason
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)), st.booleans())
def test_whatever_the_file_holds_it_is_read_or_refused(content: bytes, fenced: bool) -> None:
    file = b'+++\ntitle = "X"\n+++\n' + content if fenced else content
    with suppress(HandoutError):
        assert blocks(parse_handout("x.md", file, SLOTS).text)


def test_a_practice_adds_and_overrides(tmp_path: Path) -> None:
    (tmp_path / "knee.md").write_bytes(b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n"))
    (tmp_path / "after-your-visit.md").write_bytes(GOOD.replace(b"Caring for your knee", b"Ours"))
    (tmp_path / "._knee.md").write_bytes(b"\x00\x05")
    (tmp_path / "README.txt").write_bytes(b"none of ours")
    found = load_handouts(tmp_path, SLOTS)
    assert [each.key for each in found] == ["after-your-visit", "knee", "starting-a-new-medicine"]
    assert found[0].title == "Ours"


def test_one_broken_handout_refuses_all(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_bytes(GOOD)
    (tmp_path / "knee.md").write_bytes(GOOD.replace(b"{{ advice }}", b"{{ advise }}"))
    with pytest.raises(
        HandoutError, match=r"knee\.md: line 11: there is no slot “advise”; there are advice, discussed"
    ):
        load_handouts(tmp_path, SLOTS)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HandoutError):
        load_handouts(tmp_path / "nowhere", SLOTS)


def test_the_packaged_handouts_name_no_diagnosis_and_say_when_to_call() -> None:
    found = load_handouts(None, SLOTS)
    assert [each.key for each in found] == ["after-your-visit", "starting-a-new-medicine"]
    for each in found:
        assert not find_diagnoses(each.text)
        assert not each.names
        assert {"when-to-call", "medicines", "follow-up"} <= {slot.name for b in blocks(each.text) for slot in b.slots}
        assert "Call 911 right away" in each.text
    assert [bool(each.topics) for each in found] == [False, True]  # one of them must fit whatever was said


def test_a_home_has_the_practices_handouts_and_a_broken_one_is_refused_before_any_work(tmp_path: Path) -> None:
    own = tmp_path / "handouts"
    own.mkdir()
    (own / "knee.md").write_bytes(GOOD)
    config = tmp_path / "config.toml"
    config.write_text(f'handouts_dir = "{own}"\n')
    home = load_home(tmp_path / "home", config)
    assert "knee" in {each.key for each in wiring.handouts(home, load_documents(None))}
    (own / "knee.md").write_bytes(GOOD.replace(b"{{ advice }}", b"{{ advise }}"))
    home.state.mkdir(parents=True)
    with pytest.raises(HandoutError, match="line 11"):
        prepare(home, lambda _: None, FakeClock())
