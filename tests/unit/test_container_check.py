"""Whole or not: real files cut at places where a copy stops, and the shapes that would deceive a shorter look."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.inbox.container_check import MAX_ALL_PLACES_BYTES, MAX_BOXES, is_whole

ASSETS = Path(__file__).parents[1] / "assets"
SUFFIXES = [".m4a", ".qta", ".mov", ".heic", ".pdf", ".png", ".jpg", ".tiff", ".wav", ".aif", ".age", ".mp3", ""]
WHOLE = ["memo.m4a", "moov-last.m4a", "memo.qta", "silence.m4a", "form.heic", "form.jpg", "two-pages.pdf", "locked.pdf"]
WHOLE += ["image-only.pdf", "multi-page.tiff", "blank.png", "memo.wav", "memo.caf", "memo.mp3", "memo.flac", "memo.ogg"]
CUT = [
    "memo.m4a",
    "moov-last.m4a",
    "memo.qta",
    "form.heic",
    "form.jpg",
    "image-only.pdf",
    "multi-page.tiff",
    "blank.png",
]
CUT += ["memo.wav"]


def whole(data: bytes, suffix: str) -> bool:
    return is_whole(io.BytesIO(data), suffix)


def asset(name: str) -> tuple[bytes, str]:
    return (ASSETS / name).read_bytes(), Path(name).suffix


def box(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_file_is_whole(name: str) -> None:
    assert whole(*asset(name))


@pytest.mark.parametrize("name", CUT)
@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.6, 0.9])
def test_a_cut_file_is_not(name: str, share: float) -> None:
    data, suffix = asset(name)
    assert not whole(data[: int(len(data) * share)], suffix)


@pytest.mark.parametrize("name", ["truncated.m4a", "no-moov.m4a", "truncated.pdf"])
def test_a_recorder_or_scanner_that_was_interrupted(name: str) -> None:
    assert not whole(*asset(name))


@pytest.mark.parametrize("name", ["memo.m4a", "form.heic", "blank.png", "memo.wav"])
def test_the_last_byte_counts(name: str) -> None:
    data, suffix = asset(name)
    assert not whole(data[:-1], suffix)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_room_that_a_copy_made_first_is_not_a_file(suffix: str) -> None:
    assert not whole(b"", suffix)
    assert not whole(bytes(5000), suffix)


@pytest.mark.parametrize("length", range(1, 8))
def test_the_first_bytes_of_a_memo_are_not_a_memo(length: int) -> None:
    assert not whole(asset("memo.m4a")[0][:length], ".m4a")


def test_a_thumbnails_end_is_not_the_photos_end() -> None:
    thumbnail = b"\xff\xd8\xff\xda" + b"x" * 50 + b"\xff\xd9"
    exif = b"\xff\xe1" + struct.pack(">H", 2 + len(thumbnail)) + thumbnail
    scan = b"\xff\xda\x00\x04ab" + b"y" * 500
    assert not whole(b"\xff\xd8" + exif + scan, ".jpg")
    assert whole(b"\xff\xd8" + exif + b"\xff" + scan + b"\xff\xd9", ".jpg")
    assert not whole(b"\xff\xd8" + exif[:-20], ".jpg")


def test_the_first_end_of_a_linearized_pdf_is_not_its_last() -> None:
    start = b"%PDF-1.5\n1 0 obj <</Linearized 1 /L 3000 /H [1 2]>> endobj startxref 0 %%EOF\n"
    assert not whole(start, ".pdf")
    assert whole(start.ljust(2990, b" ") + b"\n%%EOF    ", ".pdf")


def test_boxes_of_every_length_rule() -> None:
    start = box(b"ftyp", b"M4A ") + box(b"moov") + box(b"mdat", b"x")
    assert whole(start, ".m4a")
    assert whole(start + box(b"free"), ".m4a")
    assert whole(start + struct.pack(">I4s", 0, b"mdat") + b"to the end", ".m4a")
    large = struct.pack(">I4sQ", 1, b"mdat", 26) + b"ten bytes."
    assert whole(start + large, ".m4a")
    assert not whole(start + large[:-1], ".m4a")
    assert not whole(start + struct.pack(">I4s", 4, b"mdat"), ".m4a")
    assert not whole(box(b"ftyp", b"M4A ") + box(b"mdat"), ".m4a")
    assert not whole(box(b"ftyp", b"M4A ") + box(b"moov"), ".m4a")  # cut where its data would begin
    assert not whole(start + box(b"free") * MAX_BOXES, ".m4a")


@pytest.mark.parametrize("name", ["png-named.m4a", "text-file.pdf", "ffconcat.m4a", "sdp.m4a"])
def test_what_bears_a_false_name_is_not_waited_for(name: str) -> None:
    assert whole(*asset(name))


def test_a_scan_under_a_memos_name_is_judged_as_a_scan() -> None:
    data, _ = asset("blank.png")
    assert whole(data, ".m4a")
    assert not whole(data[:-4], ".m4a")


@pytest.mark.parametrize("stated", [0, 0xFFFFFFFF])
def test_a_streamed_recording_states_no_length(stated: int) -> None:
    assert whole(b"RIFF" + struct.pack("<I", stated) + b"WAVE", ".wav")


def test_aiff_counts_the_other_way_round() -> None:
    assert whole(b"FORM" + struct.pack(">I", 4) + b"AIFF", ".aif")
    assert not whole(b"FORM" + struct.pack(">I", 5) + b"AIFF", ".aif")


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", [3, 4])
def test_a_tiff_that_begins_with_its_directory_is_whole_with_its_last_strip(order: str, kind: int) -> None:
    def number(value: int) -> bytes:
        return struct.pack(order + ("HH" if kind == 3 else "I"), *((value, 0) if kind == 3 else (value,)))

    entries = [struct.pack(order + "HHI", tag, kind, 1) + number(value) for tag, value in ((273, 38), (279, 100))]
    mark = b"II*\0" if order == "<" else b"MM\0*"
    data = mark + struct.pack(order + "IH", 8, 2) + b"".join(entries) + bytes(4) + b"x" * 100
    assert whole(data, ".tif")
    assert not whole(data[:-1], ".tif")


def test_a_crafted_tiff_is_not_followed_into_endless_work() -> None:
    entry = struct.pack("<HHII", 273, 4, 0xFFFFFFFF, 8)
    assert not whole(b"II*\0" + struct.pack("<IH", 8, 1) + entry + bytes(4), ".tif")


def test_a_chain_of_pages_that_bites_its_tail_ends() -> None:
    assert not whole(b"II*\0" + struct.pack("<IHI", 8, 0, 8) + bytes(20), ".tif")


@given(st.binary(max_size=200), st.sampled_from(SUFFIXES))
def test_no_bytes_make_it_fail(data: bytes, suffix: str) -> None:
    whole(data, suffix)


@given(
    st.sampled_from([b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"FORM", b"II*\0", b"MM\0*", b"\0\0\0\x10ftyp"]),
    st.binary(max_size=200),
    st.sampled_from(SUFFIXES),
)  # fmt: skip
def test_no_bytes_after_a_known_beginning_make_it_fail(start: bytes, data: bytes, suffix: str) -> None:
    whole(start + data, suffix)


def test_lists_that_every_directory_shares_are_looked_at_only_so_far() -> None:
    count, directories = 100_000, 500
    size = 2 + 12 * 2 + 4
    start = b"II*\0" + struct.pack("<I", 8)
    for number in range(1, directories + 1):
        entries = b"".join(struct.pack("<HHII", tag, 3, count, 0) for tag in (273, 279))
        start += struct.pack("<H", 2) + entries + struct.pack("<I", 8 if number == directories else 8 + number * size)
    stream = Counting(start + bytes(2 * count))
    assert not is_whole(stream, ".tiff")
    assert stream.bytes_read <= MAX_ALL_PLACES_BYTES + 500_000


class Counting(io.BytesIO):
    """Counts what is read from it."""

    bytes_read = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.bytes_read += len(data)
        return data
