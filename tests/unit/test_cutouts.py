"""A picture from the child is shown only if it is exactly a small grey PNG."""

from __future__ import annotations

import base64
import struct
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.reading.untrusted_cutout import MAX_BYTES, untrusted_cutout
from daemon.adapters.reading.untrusted_reading import MAX_CUTOUTS, scan_from
from daemon.model.errors import PermanentError
from daemon.model.limits import Limits
from tests.fakes.cutouts import chunk, cutout, png

_GOOD = png()


def _refused(untrusted: object) -> bool:
    with pytest.raises(PermanentError) as caught:
        untrusted_cutout(untrusted)
    return caught.value.code == "engine-protocol"


def test_a_small_grey_picture_is_taken_as_it_came() -> None:
    assert untrusted_cutout(cutout()) == cutout()
    done, packed = cv2.imencode(".png", np.full((30, 200), 240, np.uint8))
    assert done
    assert untrusted_cutout(cutout(packed.tobytes())) == cutout(packed.tobytes())


@pytest.mark.parametrize(
    "data",
    [
        b"", b"GIF89a", b"<svg onload='alert(1)'/>", _GOOD[:-1], _GOOD + b"<script>", _GOOD[8:],
        png(width=1201, height=1), png(width=1, height=1201), png(0, 8), png(form=b"\x08\x02\x00\x00\x00"), png(form=b"\x10\x00\x00\x00\x00"),
        png(form=b"\x08\x00\x00\x00\x01"), png(pixels=b"\x00" * 199), png(pixels=b"\x00" * 201), png(pixels=b"\x00" * 50_000_000),
        _GOOD[:-12] + chunk(b"tEXt", b"Comment\x00Jane Doe") + _GOOD[-12:], _GOOD[:-12] + chunk(b"acTL", b"\x00" * 8) + _GOOD[-12:],
        _GOOD[:40] + bytes([_GOOD[40] ^ 1]) + _GOOD[41:], _GOOD[:8] + _GOOD[33:], _GOOD[:33] + _GOOD[-12:],
        _GOOD[:33] + struct.pack(">I4s", 2**31, b"IDAT"), _GOOD[:8] + chunk(b"IHDR", b"") + _GOOD[33:],
        _GOOD[:33] + chunk(b"IDAT", b"not deflated") + _GOOD[-12:], _GOOD[:33] + chunk(b"IDAT", zlib.compress(b"\x00" * 200) + b"more") + _GOOD[-12:],
    ],
)  # fmt: skip
def test_whatever_else_is_refused(data: bytes) -> None:
    assert _refused(cutout(data) if data else "")


@pytest.mark.parametrize("untrusted", [None, 7, [], {}, cutout() + '"', "data:image/png;base64," + cutout(), cutout().replace("=", "") + "é", "A" * 60_000])  # fmt: skip
def test_only_the_letters_of_base64_are_taken(untrusted: object) -> None:
    assert _refused(untrusted)


@given(st.integers(0, len(_GOOD) - 1), st.integers(1, 255))
def test_a_changed_byte_is_noticed(at: int, by: int) -> None:
    assert _refused(cutout(_GOOD[:at] + bytes([_GOOD[at] ^ by]) + _GOOD[at + 1 :]))


def test_a_picture_may_have_40_kb_and_no_more() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1200, 100), np.uint8)
    rows = b"".join(b"\x00" + row.tobytes() for row in noise)
    large = png(100, 1200, pixels=rows)
    assert len(large) > MAX_BYTES
    assert _refused(base64.b64encode(large).decode())
    small = png(100, 390, pixels=rows[: 390 * 101])
    assert len(small) <= MAX_BYTES
    assert untrusted_cutout(cutout(small))


def test_a_document_has_no_more_than_forty() -> None:
    line = {"text": "Dose: 5 mg", "confidence": 0.9, "page": 1, "box": [0.1, 0.1, 0.2, 0.2], "cutout": cutout()}
    reply = {"pages": 1, "ocr": True, "lines": [line] * MAX_CUTOUTS, "unreadable": []}
    assert len(scan_from(reply, "s1", Limits())[2]) == MAX_CUTOUTS
    reply["lines"] = [line] * (MAX_CUTOUTS + 1)
    with pytest.raises(PermanentError):
        scan_from(reply, "s1", Limits())
