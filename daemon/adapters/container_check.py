"""Whether a file that is quiet is also whole, from a few seeks: scanners and phones write slowly, and copies stop half way.

This is not the media guard: it decides only whether to wait longer. What it does not know, it calls whole, and the guard in
the engine child judges it.
"""

from __future__ import annotations

import os
import struct
from typing import BinaryIO

MAX_BOXES = 10_000  # also TIFF directories: more than any phone or scanner writes, and a bound on a crafted chain
TAIL_BYTES = 65_536
_MP4_SUFFIXES = frozenset({".m4a", ".mp4", ".mov", ".qta", ".heic"})


def is_whole(stream: BinaryIO, suffix: str) -> bool:
    """Whether the container's own structure reaches its end. `suffix` is lower case, with its dot."""
    size = stream.seek(0, os.SEEK_END)
    if suffix in _MP4_SUFFIXES:
        return _boxes_add_up(stream, size, needed=b"meta" if suffix == ".heic" else b"moov")
    start = _at(stream, 0, 1024)
    tail = _at(stream, max(0, size - TAIL_BYTES), TAIL_BYTES)
    if b"%PDF-" in start:
        return b"%%EOF" in tail[-2048:]
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return b"IEND\xaeB`\x82" in tail
    if start.startswith(b"\xff\xd8\xff"):
        return b"\xff\xd9" in tail
    if start[:4] in {b"RIFF", b"FORM"}:
        return _riff_is_whole(start, size)
    if start[:4] in {b"II*\0", b"MM\0*"}:
        return _tiff_is_whole(stream, start, size)
    return True


def _boxes_add_up(stream: BinaryIO, size: int, *, needed: bytes) -> bool:
    """ISO/IEC 14496-12, 4.2: boxes follow each other to the end of the file, and one of them is the one needed."""
    offset, found = 0, False
    for _ in range(MAX_BOXES):
        if offset == size:
            return found
        head = _at(stream, offset, 16)
        if offset == 0 and not head[4:8].isalnum():
            return True  # not this kind of file at all: the media guard will say so
        if len(head) < 8:
            return False
        length = int.from_bytes(head[:4])
        if length == 1 and len(head) == 16:
            length = int.from_bytes(head[8:16])
        elif length == 0:
            length = size - offset  # to the end of the file
        found = found or head[4:8] == needed
        if length < 8 or offset + length > size:
            return False
        offset += length
    return False


def _riff_is_whole(start: bytes, size: int) -> bool:
    """RIFF and AIFF state their length; streaming recorders leave 0 or the largest number there."""
    if len(start) < 8:
        return False
    stated = int.from_bytes(start[4:8], "little" if start[:4] == b"RIFF" else "big")
    return stated in {0, 0xFFFFFFFF} or stated + 8 <= size


def _tiff_is_whole(stream: BinaryIO, start: bytes, size: int) -> bool:
    """TIFF 6.0, section 2: a chain of directories, each inside the file, that ends with 0."""
    order = "<" if start[:2] == b"II" else ">"
    if len(start) < 8:
        return False
    offset = struct.unpack(order + "I", start[4:8])[0]
    for _ in range(MAX_BOXES):
        count_bytes = _at(stream, offset, 2)
        if not 8 <= offset < size or len(count_bytes) < 2:
            return False
        entries = struct.unpack(order + "H", count_bytes)[0]
        following = _at(stream, offset + 2 + 12 * entries, 4)
        if len(following) < 4:
            return False
        offset = struct.unpack(order + "I", following)[0]
        if offset == 0:
            return True
    return False


def _at(stream: BinaryIO, offset: int, length: int) -> bytes:
    stream.seek(offset)
    return stream.read(length)
