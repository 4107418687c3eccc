"""What a child that was asked to break out could reach, in words. Nothing that was not denied for certain counts as denied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NETWORK = ("tcp4", "tcp6", "udp")
PROGRAMS = ("unix", "abstract")
FILES, FOLDERS, WRITING = "files", "folders", "writing"
_WORDS = (
    (NETWORK, "the network"),
    (PROGRAMS, "other programs"),
    ((FILES,), "the keys"),
    ((FOLDERS,), "the practice's folders"),
    ((WRITING,), "files to write to"),
)


@dataclass(frozen=True, slots=True)
class Proof:
    """`name`: what the child is shut in by, for people. `reached`: what it got at all the same."""

    name: str
    reached: tuple[str, ...]


def reached(
    untrusted_told: Mapping[str, object], arrived: Mapping[str, bool], tried: tuple[str, ...], *, written: bool
) -> tuple[str, ...]:
    """What a child got at. `untrusted_told` is its own word for each that it `tried`; `arrived` is what the witness saw of the
    ways that it listens on; `written` whether a file was found that the child may not have made."""
    got = {way for way in tried if untrusted_told.get(way) is not False}
    got |= {way for way, came in arrived.items() if came}
    got |= {WRITING} if written else set()
    return tuple(words for ways, words in _WORDS if not got.isdisjoint(ways))
