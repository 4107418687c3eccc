"""A real inbox folder with a held clock, and what people and scanners do to it."""

from __future__ import annotations

from pathlib import Path

from daemon.adapters.inbox.folder import PACKET_SETTLES, InboxFolder
from daemon.model.job import InboxItem
from tests.fakes.clock import FakeClock

ASSETS = Path(__file__).parents[1] / "assets"
DOCUMENTS = {"soap": "SOAP note", "intake": "Intake summary", "überweisung": "Brief"}
SETTLE, GIVE_UP = 4.0, 120.0
PACKET_SETTLE = PACKET_SETTLES * SETTLE


class Desk:
    """An inbox, and what a person or a scanner does to it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, FakeClock()
        self.inbox = InboxFolder(
            folder, documents=DOCUMENTS, settle_seconds=SETTLE, give_up_seconds=GIVE_UP, clock=self.clock
        )

    def put(self, name: str, data: bytes = b"data") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def after(self, seconds: float) -> list[InboxItem]:
        self.clock.advance(seconds)
        return list(self.inbox.settled())

    def settled(self) -> list[InboxItem]:
        self.after(0)
        return self.after(PACKET_SETTLE)

    def names(self) -> set[str]:
        return {item.untrusted_name for item in self.settled()}


def asset(name: str) -> bytes:
    """The content of a test asset."""
    return (ASSETS / name).read_bytes()
