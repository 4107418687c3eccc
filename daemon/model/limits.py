"""Caps that are applied before anything is decoded (DESIGN 5)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Units are in the names.

    Sources of the defaults: three hours and a little are a morning of visits in one recording, and 365 MB of samples; 24 MP is a
    letter page at 500 dpi; 6 h of silence in a 4 MB file decoded to 3.4 GB and a 312-byte PDF page to 4.6 GB before there were caps.
    """

    max_bytes: int = 1_000_000_000
    max_seconds: float = 11_400.0
    max_pages: int = 60
    max_pixels: int = 40_000_000
    max_wall_seconds: float = 3_600.0
    max_resident_bytes: int = 4_000_000_000
