"""Whether a file that is quiet is also whole, from a few seeks: scanners and phones write slowly, and copies stop half way.

This is not the media guard: it decides only whether to wait longer. What it does not know, it calls whole, and the guard in
the engine child judges it.
"""

from __future__ import annotations

import operator
import os
import re
import struct
from typing import BinaryIO

MAX_BOXES = 10_000  # also TIFF directories: more than any phone or scanner writes, and a bound on a crafted chain
TAIL_BYTES = 65_536
# What a file of the family begins with: ISO/IEC 14496-12, and Apple's QuickTime File Format before there was `ftyp`.
_FIRST_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"uuid"})
# TIFF 6.0, section 2: bytes of a value by its type; the numbers among them; the tags that say where the image lies.
_TIFF_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_TIFF_NUMBERS = {3: "H", 4: "I"}
_TIFF_PLACES = frozenset({273, 279, 324, 325})
MAX_PLACES_BYTES = 1_000_000  # of such a list: more than a strip for each line of the largest page
MAX_ALL_PLACES_BYTES = 8_000_000  # of all lists of a file: directories may share one, and the chain may be a circle
_MP4_SUFFIXES = frozenset({".m4a", ".mp4", ".mov", ".qta", ".heic"})


def is_whole(stream: BinaryIO, suffix: str) -> bool:
    """Whether the container's own structure reaches its end. `suffix` is lower case, with its dot."""
    size = stream.seek(0, os.SEEK_END)
    start = _at(stream, 0, 1024)
    if not any(start):
        return False  # a copy that made room first, and has brought nothing yet
    if suffix in _MP4_SUFFIXES and (len(start) < 8 or start[4:8] in _FIRST_BOXES):
        return _boxes_add_up(stream, size, {b"mdat", b"meta" if suffix == ".heic" else b"moov"})
    tail = _at(stream, max(0, size - TAIL_BYTES), TAIL_BYTES)
    if b"%PDF-" in start:
        return b"%%EOF" in tail[-2048:] and size >= _linearized_length(start)
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return b"IEND\xaeB`\x82" in tail
    if start.startswith(b"\xff\xd8\xff"):
        return _jpeg_ends(stream, size)
    if start[:4] in {b"RIFF", b"FORM"}:
        return _riff_is_whole(start, size)
    if start[:4] in {b"II*\0", b"MM\0*"}:
        return _tiff_is_whole(stream, start, size)
    return True


def _boxes_add_up(stream: BinaryIO, size: int, needed: set[bytes]) -> bool:
    """ISO/IEC 14496-12, 4.2: boxes follow each other to the end of the file, and those needed are among them."""
    offset = 0
    for _ in range(MAX_BOXES):
        if offset == size:
            return not needed
        head = _at(stream, offset, 16)
        if len(head) < 8:
            return False
        length = int.from_bytes(head[:4])
        if length == 1 and len(head) == 16:
            length = int.from_bytes(head[8:16])
        elif length == 0:
            length = size - offset  # to the end of the file
        needed = needed - {head[4:8]}
        if length < 8 or offset + length > size:
            return False
        offset += length
    return False


def _linearized_length(start: bytes) -> int:
    """ISO 32000-1, F.3.3: a linearized PDF states its length up front, and has a first %%EOF long before its end."""
    stated = re.search(rb"/L\s+(\d{1,15})\b", start) if b"/Linearized" in start else None
    return int(stated[1]) if stated else 0


def _jpeg_ends(stream: BinaryIO, size: int) -> bool:
    """ITU T.81, B.1: segments up to a scan, then an end marker. One before the scan ends only the thumbnail inside."""
    offset = 2
    for _ in range(MAX_BOXES):
        head = _at(stream, offset, 4)
        if len(head) < 4 or head[0] != 0xFF:
            return False
        if head[1] == 0xDA:
            return b"\xff\xd9" in _at(stream, max(offset, size - TAIL_BYTES), TAIL_BYTES)
        # A marker may be filled up with 0xFF in front of it.
        offset += 1 if head[1] == 0xFF else 2 + int.from_bytes(head[2:4])
    return False


def _riff_is_whole(start: bytes, size: int) -> bool:
    """RIFF and AIFF state their length; streaming recorders leave 0 or the largest number there."""
    if len(start) < 8:
        return False
    stated = int.from_bytes(start[4:8], "little" if start[:4] == b"RIFF" else "big")
    return stated in {0, 0xFFFFFFFF} or stated + 8 <= size


def _tiff_is_whole(stream: BinaryIO, start: bytes, size: int) -> bool:
    """TIFF 6.0, section 2: a chain of directories that ends with 0; each, and what it points to, inside the file."""
    order = "<" if start[:2] == b"II" else ">"
    if len(start) < 8:
        return False
    offset, entries, left = struct.unpack(order + "I", start[4:8])[0], 0, MAX_ALL_PLACES_BYTES
    while 8 <= offset < size and entries < MAX_BOXES:
        count_bytes = _at(stream, offset, 2)
        count = int.from_bytes(count_bytes, "little" if order == "<" else "big")
        entries += 1 + count
        directory = _at(stream, offset + 2, 12 * count + 4)
        if len(directory) < 12 * count + 4:
            return False
        end, looked_at = _reach(stream, directory, order, left)
        left -= looked_at
        if end > size:
            return False
        offset = struct.unpack(order + "I", directory[-4:])[0]
        if offset == 0:
            return True
    return False


def _reach(stream: BinaryIO, directory: bytes, order: str, most: int) -> tuple[int, int]:
    """The end of what a directory points to (values that do not fit into it, and the strips or tiles of the image), and
    the bytes of lists that were looked at for it: `most`, of which none is longer than MAX_PLACES_BYTES."""
    end, places, left = 0, {}, most
    for at in range(0, len(directory) - 4, 12):
        tag, kind, count, value = struct.unpack_from(order + "HHII", directory, at)
        length = count * _TIFF_BYTES.get(kind, 0)
        if length > 4:
            end = max(end, value + length)
        if tag in _TIFF_PLACES and kind in _TIFF_NUMBERS and length <= min(left, MAX_PLACES_BYTES):
            left -= length
            numbers = _at(stream, value, length) if length > 4 else directory[at + 8 : at + 8 + length]
            size = _TIFF_BYTES[kind]
            places[tag] = struct.unpack(
                f"{order}{len(numbers) // size}{_TIFF_NUMBERS[kind]}", numbers[: len(numbers) // size * size]
            )
    for offsets, lengths in ((273, 279), (324, 325)):
        ends = map(operator.add, places.get(offsets, ()), places.get(lengths, ()))
        end = max(end, *ends, 0)
    return end, most - left


def _at(stream: BinaryIO, offset: int, length: int) -> bytes:
    stream.seek(offset)
    return stream.read(length)
