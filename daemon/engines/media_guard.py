"""What a file really is, from its first bytes, and whether it may be decoded at all.

Nothing here decodes. A name is never trusted: text that calls itself memo.m4a made FFmpeg open another patient's audio
(`ffconcat`) and network ports (SDP), so only the formats below are ever handed to a decoder, each to its own (DESIGN 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from daemon.model.errors import PermanentError
from daemon.model.limits import Limits
from daemon.model.source import SourceKind, source_kind

# More top-level boxes than any recorder writes; a bound on a crafted chain.
MAX_BOXES = 10_000
# Copies are filled up to whole blocks; what is looked at is copied once more.
MAX_PADDING_BYTES = 1_000_000
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})
_QUICKTIME_STARTS = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"})
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"caff", "caf"),
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
)
_SCANS = frozenset({"pdf", "png", "jpeg", "tiff", "heif"})


@dataclass(frozen=True, slots=True)
class Media:
    """What the content is. For a recording `format` is the name of FFmpeg's demuxer, for a scan that of the image format."""

    kind: SourceKind
    format: str


def limits_from(header: dict[str, Any]) -> Limits:
    """The caps that came with a request."""
    return Limits(**header["limits"])


def inspect(untrusted_suffix: str, data: bytes, limits: Limits) -> Media:
    """Judge a file by its content and size.

    Raises PermanentError: `media-empty`, `media-too-large`, `media-unsupported` (the name is of no known kind),
    `media-mismatch` (the content is not of the kind that the name says), `media-truncated`.
    """
    if not data:
        raise PermanentError("media-empty")
    if len(data) > limits.max_bytes:
        raise PermanentError("media-too-large")
    claimed = source_kind("x" + untrusted_suffix)
    if claimed is None or claimed == "text":  # a text is read without an engine
        raise PermanentError("media-unsupported")
    form = sniff(data)
    if form is None or (form in _SCANS) != (claimed == "scan"):
        raise PermanentError("media-mismatch")
    if not _is_whole(form, data):
        raise PermanentError("media-truncated")
    return Media(claimed, form)


def sniff(data: bytes) -> str | None:
    """The format by its magic bytes; None for anything not on the list."""
    for signature, form in _SIGNATURES:
        if data.startswith(signature):
            return form
    if data[4:8] in _QUICKTIME_STARTS:
        return _isobmff(data)
    if data[:4] in {b"RIFF", b"RF64"} and data[8:12] == b"WAVE":
        return "wav"
    if data[:4] == b"FORM" and data[8:12] in {b"AIFF", b"AIFC"}:
        return "aiff"
    if b"%PDF-" in data[:1024]:  # readers allow for other bytes before it, so what begins as something else is that
        return "pdf"
    return _mpeg_audio(data)


def _isobmff(data: bytes) -> str | None:
    if data[4:8] != b"ftyp" or data[8:12] not in _HEIF_BRANDS | {b"avif", b"avis"}:
        return "mov"
    return "heif" if data[8:12] in _HEIF_BRANDS else None


def _mpeg_audio(data: bytes) -> str | None:
    """MP3 or ADTS, after an ID3v2 tag if there is one (its size is 4 × 7 bits: id3.org, ID3v2.4 section 3.1)."""
    start = 0
    if data.startswith(b"ID3") and len(data) >= 10:
        start = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
    head = data[start : start + 4]
    if head.startswith(b"fLaC"):
        return "flac"
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return "mp3" if data.startswith(b"ID3") else None
    layer = head[1] >> 1 & 3
    if layer == 0:
        return "aac" if head[1] & 0xF0 == 0xF0 else None
    return "mp3" if head[2] >> 4 != 15 and head[2] >> 2 & 3 != 3 else None


def _is_whole(form: str, data: bytes) -> bool:
    """Whether the container's own structure reaches its end, where it says so."""
    if form in {"mov", "heif"}:
        return _boxes_add_up(data, b"moov" if form == "mov" else b"meta")
    if form == "pdf":
        return b"%%EOF" in data[-MAX_PADDING_BYTES:].rstrip(b"\0\r\n\t ")[-4096:]
    if form == "png":
        return b"IEND" in data[-64:]
    if form in {"wav", "aiff"} and data[:4] != b"RF64":
        size = int.from_bytes(data[4:8], "little" if form == "wav" else "big")
        # Recorders that never came back to their header leave 0 or the largest number there.
        return size in {0, 0xFFFFFFFF} or size + 8 <= len(data) + 1
    return True


def _boxes_add_up(data: bytes, needed: bytes) -> bool:
    """ISO/IEC 14496-12, 4.2: boxes follow each other to the end of the file, and one of them is the one needed."""
    offset, found = 0, False
    for _ in range(MAX_BOXES):
        if offset == len(data):
            return found
        head = data[offset : offset + 16]
        if len(head) < 8:
            return False
        length = int.from_bytes(head[:4])
        if length == 1 and len(head) == 16:
            length = int.from_bytes(head[8:16])
        elif length == 0:
            length = len(data) - offset
        found = found or head[4:8] == needed
        if length < 8 or offset + length > len(data):
            return False
        offset += length
    return False
