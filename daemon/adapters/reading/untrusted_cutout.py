"""A picture that an engine child cut out of a page, checked before anything shows it."""

from __future__ import annotations

import base64
import binascii
import struct
import zlib
from typing import Final

from daemon.model.errors import PermanentError

MAX_BYTES: Final = 40_000
MAX_EDGE: Final = 1200
_MAGIC: Final = b"\x89PNG\r\n\x1a\n"
_CHUNKS: Final = (b"IHDR", b"IDAT", b"IEND")
"""A grey picture needs no others: texts, profiles and animations have no place in it."""
_ROOM: Final = 4 * ((MAX_BYTES + 2) // 3)


def untrusted_cutout(untrusted: object) -> str:
    """The base64 text of a small grey PNG, as it came. Raises PermanentError("engine-protocol").

    1. a text of no more than 40 kB decoded, in base64's own alphabet;
    2. PNG's magic, then whole chunks with right sums, and nothing after the last (PNG, third edition, 5.3);
    3. IHDR first: 8-bit grey, not interlaced, no edge above 1200 pixels; then IDAT, then an empty IEND;
    4. the pixels unpack to their exact size, and no further.
    """
    if not isinstance(untrusted, str) or len(untrusted) > _ROOM or not untrusted.isascii():
        raise PermanentError("engine-protocol")
    try:
        data = base64.b64decode(untrusted, validate=True)
    except binascii.Error:
        raise PermanentError("engine-protocol") from None
    if not data.startswith(_MAGIC) or len(data) > MAX_BYTES:
        raise PermanentError("engine-protocol")
    chunks = _chunks(data[len(_MAGIC) :])
    kinds = [kind for kind, _ in chunks]
    if kinds != [_CHUNKS[0], *[_CHUNKS[1]] * (len(kinds) - 2), _CHUNKS[2]] or len(kinds) < 3 or chunks[-1][1]:
        raise PermanentError("engine-protocol")
    width, height = _size(chunks[0][1])
    _check_pixels(b"".join(body for _, body in chunks[1:-1]), height * (width + 1))
    return untrusted


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 0
    while at < len(data):
        if len(data) - at < 12:
            raise PermanentError("engine-protocol")
        size, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + size]
        end = at + 12 + size
        if end > len(data) or struct.unpack_from(">I", data, end - 4)[0] != zlib.crc32(kind + body):
            raise PermanentError("engine-protocol")
        found.append((kind, body))
        at = end
    return found


def _size(header: bytes) -> tuple[int, int]:
    if len(header) != 13:
        raise PermanentError("engine-protocol")
    width, height, *form = struct.unpack(">IIBBBBB", header)
    if not (1 <= width <= MAX_EDGE and 1 <= height <= MAX_EDGE) or form != [8, 0, 0, 0, 0]:
        raise PermanentError("engine-protocol")
    return width, height


def _check_pixels(packed: bytes, size: int) -> None:
    unpacking = zlib.decompressobj()
    try:
        pixels = unpacking.decompress(packed, size + 1)
    except zlib.error:
        raise PermanentError("engine-protocol") from None
    if len(pixels) != size or not unpacking.eof or unpacking.unused_data:
        raise PermanentError("engine-protocol")
