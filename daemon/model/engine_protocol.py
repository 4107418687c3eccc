"""The language between the daemon and the engine child: typed messages in frames over two pipes.

A frame is a 4-byte big-endian header length, a JSON header, an 8-byte big-endian payload length, and the payload. Only
typed data and error codes cross; never error text (STYLE 9). The side that reads sets the size limits.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

MAX_HEADER_BYTES = 16 * 1024 * 1024
"""Sixty full pages, or two hours of speech with every word's time, are less than a quarter of it; parsed, JSON takes twenty times its size."""


class ProtocolError(Exception):
    """The other side broke the protocol, or ended in the middle of a frame."""


def write_frame(stream: BinaryIO, header: dict[str, Any], payload: bytes | memoryview = b"") -> None:
    """Write one frame and flush it."""
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    stream.write(struct.pack(">I", len(head)) + head + struct.pack(">Q", len(payload)))
    if payload:
        stream.write(payload)
    stream.flush()


def read_frame(stream: BinaryIO, max_payload_bytes: int) -> tuple[dict[str, Any], bytes] | None:
    """Read one frame; None at a clean end of the stream. Raises `ProtocolError`."""
    start = stream.read(4)
    if not start:
        return None
    (header_bytes,) = struct.unpack(">I", _all(start, stream, 4))
    if header_bytes > MAX_HEADER_BYTES:
        raise ProtocolError
    try:
        header = json.loads(_all(b"", stream, header_bytes))
    except ValueError as error:
        raise ProtocolError from error
    (payload_bytes,) = struct.unpack(">Q", _all(b"", stream, 8))
    if not isinstance(header, dict) or payload_bytes > max_payload_bytes:
        raise ProtocolError
    return header, _all(b"", stream, payload_bytes)


def _all(start: bytes, stream: BinaryIO, size: int) -> bytes:
    parts, missing = [start], size - len(start)
    while missing > 0:
        part = stream.read(missing)
        if not part:
            raise ProtocolError
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
