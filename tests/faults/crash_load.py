"""What is saved in an inbox: one of each kind of thing that an office saves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from daemon.model import outbox_name
from tests.faults.crash_lives import CUT_OFF, LOCKED, WAITS

CANARY = "Zebulon Quatermass"


@dataclass(frozen=True, slots=True)
class Item:
    """Files that are saved together, by their paths in the inbox, and how they are to end."""

    files: tuple[tuple[str, bytes], ...]
    ends: Literal["delivered", "attention", "duplicate", "left"] = "delivered"
    sealed: bool = False

    @property
    def stem(self) -> str:
        """What its files in the outbox are called by."""
        path = Path(self.files[0][0])
        return outbox_name.clean_stem(path.name if len(self.files) == 1 and self.ends != "left" else path.parts[0])


def _memo(name: str, *lines: str) -> tuple[str, bytes]:
    said = (f"{CANARY} is here for {name}.", "He denies fever.", *lines)
    return f"{CANARY} {name}.mp3", "\n".join(said).encode()


def _packet(name: str) -> tuple[tuple[str, bytes], ...]:
    memo = _memo(name)[1]
    pages = [(f"page {n}.tif", memo + b"\nOn page %d." % n) for n in (1, 2)]
    return tuple((f"{CANARY} {name}/{file}", data) for file, data in (("memo.mp3", memo), *pages))


def load() -> list[Item]:
    """One of each kind of thing that an office saves."""
    first = _memo("the first visit")
    return [
        Item((first,)),
        Item(((f"{CANARY} the same again.mp3", first[1]),), "duplicate"),
        Item(_packet("the packet")),
        Item(((f"{CANARY} letter.mp3", f"Referral letter for {CANARY}.\nHe has a rash.".encode()),)),
        Item((_memo("a busy disk", WAITS),)),
        Item((_memo("half a recording", CUT_OFF),), "attention"),
        Item(((f"{CANARY} nothing.mp3", b""),), "attention"),
        Item(((f"soap/{CANARY} typed.txt", f"{CANARY} was seen by telephone.".encode()),)),
        Item((_memo("sealed"),), sealed=True),
        Item((_memo(f"a {LOCKED} one"),)),
        Item(((f"{CANARY} several/inner/{CANARY}.mp3", b"Nobody takes this."),), "left"),
    ]
