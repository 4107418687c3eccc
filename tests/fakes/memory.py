"""What processes hold in their memory: all that they could write into, searched from outside."""

from __future__ import annotations

import os
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

_PIECE = 1 << 20
_LONGEST = 256


def found_in(pid: int, needles: Mapping[str, bytes]) -> Counter[str]:
    """How often each is in the writable memory of a process and its descendants, by name; those that are nowhere are missing.

    Needs the right to trace them: their parent's, or root's.
    """
    process = psutil.Process(pid)
    found: Counter[str] = Counter()
    found += _found_in_one(pid, needles)
    for each in process.children(recursive=True):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended, and its memory with it
            found += _found_in_one(each.pid, needles)
    return found


def as_held(word: str) -> dict[str, bytes]:
    """A word as Python, JSON, C and C++ may hold it."""
    return {f"{word} {code}": word.encode(code) for code in ("utf-8", "utf-16-le", "utf-32-le")}


def as_tokens(name: str, tokens: Sequence[int]) -> dict[str, bytes]:
    """Token ids in a row, as llama.cpp and numpy hold them."""
    return {f"{name} int32": array("i", tokens).tobytes(), f"{name} int64": array("q", tokens).tobytes()}


def _found_in_one(pid: int, needles: Mapping[str, bytes]) -> Counter[str]:
    found: Counter[str] = Counter()
    memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    try:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            held = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if held is not None:
                low, high = (int(each, 16) for each in held.groups())
                for piece in _pieces(memory, low, high):
                    found.update({name: n for name, needle in needles.items() if (n := piece.count(needle))})
    finally:
        os.close(memory)
    return found


def _pieces(memory: int, low: int, high: int) -> Iterator[bytes]:
    """A mapping in pieces that overlap, so that nothing is cut in two; what stands in an overlap counts twice."""
    while low < high:
        try:
            piece = os.pread(memory, min(_PIECE + _LONGEST, high - low), low)
        except OSError:  # it went away, or no page of it may be read
            return
        low += _PIECE
        if piece != piece[:1] * len(piece):  # most was never used, or was overwritten
            yield piece
