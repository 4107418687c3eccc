"""A home on disk with all that claiming writes to, real but for the queue; each start is a new process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from daemon.adapters.audit.log import AuditLog
from daemon.adapters.audit.reader import export_jsonl
from daemon.adapters.inbox.folder import PACKET_SETTLES, InboxFolder
from daemon.adapters.keys import Keys
from daemon.adapters.outbox.folder import OutboxFolder
from daemon.adapters.state.job_board import SqliteJobBoard
from daemon.adapters.vault.age_vault import AgeVault
from daemon.model.codec import manifest_from_bytes
from daemon.model.errors import ChartdraftError
from daemon.steps.claim import ClaimPorts, claim, finish_removals
from tests.fakes.clock import FakeClock
from tests.fakes.queue import FakeQueue

SETTLE, GIVE_UP = 4.0, 120.0
PACKET_SETTLE = PACKET_SETTLES * SETTLE


class Office:
    """A home on disk. `start` is a new process: nothing in memory is kept, except what the queue's own store would."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self.folder, self.keys, self.clock, self.queue = folder, keys, FakeClock(), FakeQueue()
        for name in ("inbox", "outbox", "vault", "audit"):
            (folder / name).mkdir(exist_ok=True)
        self.start()

    def start(self) -> None:
        self.inbox = InboxFolder(
            self.folder / "inbox",
            documents={"soap": "SOAP note"},
            settle_seconds=SETTLE,
            give_up_seconds=GIVE_UP,
            clock=self.clock,
        )
        self.ports = ClaimPorts(
            vault=AgeVault(self.folder / "vault", self.keys, self.clock),
            board=SqliteJobBoard(self.folder / "jobs.sqlite", self.clock),
            queue=self.queue,
            audit=AuditLog(self.folder / "audit", self.keys, self.clock),
            outbox=OutboxFolder(self.folder / "outbox"),
            clock=self.clock,
            by_kind={"recording": "soap", "scan": "intake"},
        )

    def put(self, name: str, data: bytes) -> Path:
        coming = self.folder / "inbox" / ".coming.part"
        coming.write_bytes(data)
        return coming.replace(self.folder / "inbox" / name)

    def put_folder(self, name: str, files: dict[str, bytes]) -> Path:
        """A folder that is there at once, with all that lies in it."""
        coming = self.folder / ".coming"
        coming.mkdir()
        for each, data in files.items():
            (coming / each).write_bytes(data)
        return coming.replace(self.folder / "inbox" / name)

    def claim_all(self, originals: Any = None, ports: ClaimPorts | None = None) -> list[str]:
        """Let everything settle and claim it; the codes of those that failed."""
        list(self.inbox.settled())
        self.clock.advance(PACKET_SETTLE)
        failed = []
        finish_removals(self.inbox.all_files(), originals or self.inbox, ports or self.ports)
        for item in self.inbox.settled():
            try:
                claim(item, originals or self.inbox, ports or self.ports)
            except ChartdraftError as error:
                failed.append(error.code)
        return failed

    def finish(self) -> None:
        """What the workflow would do with the jobs."""
        for row in self.ports.board.rows():
            self.ports.board.set_state(row.id, "delivered")

    def events(self, event: str) -> list[str]:
        path = self.folder / "trail.jsonl"
        with path.open("wb") as file:
            export_jsonl(self.folder / "audit", file)
        return [line for line in path.read_text().splitlines() if json.loads(line)["event"] == event]

    def originals(self) -> dict[str, bytes]:
        inbox = self.folder / "inbox"
        found = (path for path in inbox.rglob("*") if path.is_file())
        return {str(path.relative_to(inbox)): path.read_bytes() for path in found}

    def contents(self) -> list[bytes]:
        """The content of each job."""
        manifests = [manifest_from_bytes(self.ports.vault.open(row.manifest)) for row in self.ports.board.rows()]
        return sorted(self.ports.vault.open(source.blob) for each in manifests for source in each.sources)

    def notes(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "outbox").iterdir())

    def holds_one(self, data: bytes) -> None:
        """Everything that must be so of one item, before its original may go."""
        (row,) = self.ports.board.rows()
        assert self.contents() == [data]
        assert self.queue.jobs == {(row.id, 1): row.manifest}
        assert len(self.events("item-claimed")) == 1


class Calls:
    """The three methods that claiming calls of an inbox, as one object to put on a fuse."""

    def __init__(self, inbox: InboxFolder) -> None:
        self.open, self.unchanged, self.remove = inbox.open, inbox.unchanged, inbox.remove
