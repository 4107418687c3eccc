"""What the soak puts into the inbox: recordings, scans and texts, each with a content of its own, and hostile files among them."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "tests" / "assets"


@dataclass(frozen=True, slots=True)
class Dropped:
    """One item: the stem that its drafts and notes begin with, its suffix, what it holds, and whether it is hostile."""

    stem: str
    suffix: str
    data: bytes
    hostile: bool


def memo(number: int) -> tuple[str, bytes]:
    """A recording: the sample with a `free` box of its own at the end (ISO/IEC 14496-12 8.1.2)."""
    note = f"soak {number}".encode()
    return ".m4a", (ASSETS / "memo.m4a").read_bytes() + struct.pack(">I4s", 8 + len(note), b"free") + note


def scan(number: int) -> tuple[str, bytes]:
    """A scan: the sample with a text chunk of its own before its end (PNG, third edition, 11.3.3.3)."""
    data, note = (ASSETS / "canary-form.png").read_bytes(), b"tEXt" + f"Comment\0soak {number}".encode()
    chunk = struct.pack(">I", len(note) - 4) + note + struct.pack(">I", zlib.crc32(note))
    return ".png", data[:-12] + chunk + data[-12:]


def text(number: int) -> tuple[str, bytes]:
    """A typed text."""
    return ".txt", f"He denies fever. Visit number {number}. Follow up in two weeks.\n".encode()


GOOD: tuple[Callable[[int], tuple[str, bytes]], ...] = (memo, scan, text)


def _with_comment(name: str, suffix: str) -> Callable[[int], tuple[str, bytes]]:
    return lambda number: (suffix, (ASSETS / name).read_bytes() + f"\n%soak {number}\n".encode())


def _cut(number: int) -> tuple[str, bytes]:
    whole = (ASSETS / "memo.m4a").read_bytes()
    return ".m4a", whole[: len(whole) // 3 + number]


HOSTILE: tuple[Callable[[int], tuple[str, bytes]], ...] = (
    _cut,
    _with_comment("ffconcat.m4a", ".m4a"),
    _with_comment("sdp.m4a", ".m4a"),
    _with_comment("locked.pdf", ".pdf"),
    _with_comment("huge-page.pdf", ".pdf"),
    _with_comment("thousand-pages.pdf", ".pdf"),
    _with_comment("text-file.pdf", ".pdf"),
    _with_comment("bomb.png", ".png"),
    _with_comment("truncated.pdf", ".pdf"),
)


def items(chance: random.Random, hostile_share: float, more: list[tuple[str, bytes]]) -> Iterator[Dropped]:
    """Items without end; `more`: further hostile files (suffix and bytes), each of which comes once."""
    number, more = 0, list(more)
    chance.shuffle(more)
    while True:
        number += 1
        if hostile := chance.random() < hostile_share:
            suffix, data = more.pop() if more and chance.random() < 0.5 else chance.choice(HOSTILE)(number)
        else:
            suffix, data = GOOD[number % len(GOOD)](number)
        yield Dropped(f"soak-{number:05d}", suffix, data, hostile)
