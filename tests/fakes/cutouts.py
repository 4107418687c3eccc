"""Pictures as a page's child cuts them out."""

from __future__ import annotations

import base64
import struct
import zlib


def chunk(kind: bytes, body: bytes) -> bytes:
    """One part of a PNG."""
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    width: int = 24, height: int = 8, *, pixels: bytes | None = None, form: bytes = b"\x08\x00\x00\x00\x00"
) -> bytes:
    """A grey PNG with a dark stroke, made by hand."""
    rows = b"".join(b"\x00" + bytes(20 if 5 < x < 9 else 240 for x in range(width)) for _ in range(height))
    header = struct.pack(">II", width, height) + form
    body = zlib.compress(rows if pixels is None else pixels)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def cutout(data: bytes | None = None) -> str:
    """The same as it stands in a reply."""
    return base64.b64encode(png() if data is None else data).decode()
