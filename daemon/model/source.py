"""Sealed originals, and what kinds of file there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SourceKind = Literal["recording", "scan", "text"]

RECORDING_SUFFIXES = frozenset(
    {".m4a", ".qta", ".caf", ".wav", ".aif", ".aiff", ".mp3", ".flac", ".ogg", ".opus", ".aac", ".mp4", ".mov"}
)
SCAN_SUFFIXES = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".heic", ".tif", ".tiff"})
TEXT_SUFFIXES = frozenset({".txt", ".md"})


@dataclass(frozen=True, slots=True)
class Source:
    """One sealed original. `id` is s1, s2, … within its job; `sha256` is that of the plaintext.

    `seconds` is known of a recording, `pages` of a scan, both only after reading.
    """

    id: str
    kind: SourceKind
    sha256: str
    seconds: float | None = None
    pages: int | None = None


def source_kind(untrusted_name: str) -> SourceKind | None:
    """What a file claims to be by the end of its name; None for what Chartdraft does not read."""
    suffix = "." + untrusted_name.rpartition(".")[2].lower()
    if suffix in RECORDING_SUFFIXES:
        return "recording"
    if suffix in SCAN_SUFFIXES:
        return "scan"
    if suffix in TEXT_SUFFIXES:
        return "text"
    return None
