"""What is let through to a decoder, by content and not by name."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.engines.media_guard import inspect, sniff
from daemon.model.errors import PermanentError
from daemon.model.limits import Limits

ASSETS = Path(__file__).parents[1] / "assets"


def _code(name: str, data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(PermanentError) as caught:
        inspect("." + name.rpartition(".")[2], data, limits or Limits())
    return caught.value.code


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("memo.m4a", "mov"),
        ("memo.qta", "mov"),
        ("moov-last.m4a", "mov"),
        ("memo.caf", "caf"),
        ("memo.wav", "wav"),
        ("memo.mp3", "mp3"),
        ("memo.flac", "flac"),
        ("memo.ogg", "ogg"),
        ("memo.opus", "ogg"),
        ("two-pages.pdf", "pdf"),
        ("blank.png", "png"),
        ("form.jpg", "jpeg"),
        ("form.heic", "heif"),
        ("multi-page.tiff", "tiff"),
    ],
)
def test_each_kind_is_known_by_its_first_bytes(name: str, form: str) -> None:
    data = (ASSETS / name).read_bytes()
    assert inspect("." + name.rpartition(".")[2], data, Limits()).format == form


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ffconcat.m4a", "media-mismatch"),
        ("sdp.m4a", "media-mismatch"),
        ("png-named.m4a", "media-mismatch"),
        ("text-file.pdf", "media-mismatch"),
        ("truncated.m4a", "media-truncated"),
        ("no-moov.m4a", "media-truncated"),
        ("truncated.pdf", "media-truncated"),
    ],
)
def test_hostile_and_broken_files_are_refused_before_any_decoder(name: str, code: str) -> None:
    assert _code(name, (ASSETS / name).read_bytes()) == code


def test_nothing_at_all_is_empty() -> None:
    assert _code("memo.m4a", b"") == "media-empty"


def test_a_name_of_no_known_kind_is_unsupported() -> None:
    assert _code("notes.txt", b"hello") == "media-unsupported"


def test_size_is_judged_before_content() -> None:
    assert _code("memo.m4a", b"xx", Limits(max_bytes=1)) == "media-too-large"


@pytest.mark.parametrize("cut", [1, 7, 100, 5_000])
def test_a_recording_that_lost_its_end_is_truncated(cut: int) -> None:
    for name in ("memo.m4a", "moov-last.m4a", "memo.wav", "form.heic", "two-pages.pdf"):
        data = (ASSETS / name).read_bytes()[:-cut]
        if name == "two-pages.pdf" and cut == 1:
            continue  # its last byte is a line end
        if name == "memo.wav" and cut == 1:
            continue  # a missing pad byte is common and harmless
        if len(data) > 200:
            assert _code(name, data) == "media-truncated", (name, cut)


def test_a_recorder_that_never_wrote_its_length_is_let_through() -> None:
    data = bytearray((ASSETS / "memo.wav").read_bytes())
    data[4:8] = struct.pack("<I", 0xFFFFFFFF)
    assert inspect(".wav", bytes(data), Limits()).format == "wav"


@pytest.mark.parametrize(
    ("start", "form"),
    [
        (b"ffconcat version 1.0\n", None),
        (b"#EXTM3U\n", None),
        (b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n", None),
        (b"<?xml version='1.0'?><MPD>", None),
        (b"\x00\x00\x00\x20ftypavif\x00\x00\x00\x00", None),
        (b"%!PS-Adobe-3.0", None),
        (b"\x1aE\xdf\xa3", None),
        (b"\xff\xf1\x50\x80", "aac"),
        (b"\xff\xfb\x90\x00", "mp3"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x00\xff\xf1\x50\x80", "aac"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x00fLaC", "flac"),
        (b"\xff\xff\xff\xff", None),
    ],
)
def test_only_the_formats_on_the_list_are_known(start: bytes, form: str | None) -> None:
    assert sniff(start + b"\0" * 64) == form


@given(st.binary(max_size=200), st.sampled_from([".m4a", ".pdf", ".png", ".wav", ".txt", ".heic"]))
def test_any_bytes_are_judged_or_refused_by_code(data: bytes, suffix: str) -> None:
    form = sniff(data)
    try:
        media = inspect(suffix, data, Limits())
    except PermanentError as error:
        refused = error.code
    else:
        refused = ""
        assert media.format == form
    assert refused.startswith("media-") or (refused == "" and form is not None)


@given(st.lists(st.tuples(st.sampled_from([b"free", b"mdat", b"skip"]), st.binary(max_size=40)), max_size=6), st.data())
def test_boxes_that_add_up_are_whole_and_any_cut_inside_the_last_is_not(
    boxes: list[tuple[bytes, bytes]], data: st.DataObject
) -> None:
    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", 8 + len(content)) + kind + content

    whole = box(b"ftyp", b"M4A \0\0\0\0") + b"".join(box(*each) for each in boxes) + box(b"moov", b"12345678")
    assert inspect(".m4a", whole, Limits()).format == "mov"
    cut = data.draw(st.integers(1, 15))
    assert _code("memo.m4a", whole[:-cut]) == "media-truncated"
