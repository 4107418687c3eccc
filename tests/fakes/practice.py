"""Everything that claiming writes to, in memory, around an inbox in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from daemon.model.codec import manifest_from_bytes
from daemon.model.errors import ChartdraftError
from daemon.model.job import JobRow, Manifest
from daemon.steps.claim import Claimed, ClaimPorts, claim
from tests.fakes.audit import FakeAuditTrail
from tests.fakes.board import FakeBoard
from tests.fakes.clock import FakeClock
from tests.fakes.inbox import FakeInbox
from tests.fakes.outbox import FakeOutbox
from tests.fakes.queue import FakeQueue
from tests.fakes.vault import FakeVault


class Practice:
    """An office in memory. `ports` may be replaced one by one."""

    def __init__(self) -> None:
        self.clock, self.inbox, self.vault = FakeClock(), FakeInbox(), FakeVault()
        self.board, self.queue = FakeBoard(self.clock), FakeQueue()
        self.audit, self.outbox = FakeAuditTrail(), FakeOutbox()
        self.ports = ClaimPorts(
            vault=self.vault,
            board=self.board,
            queue=self.queue,
            audit=self.audit,
            outbox=self.outbox,
            clock=self.clock,
            by_kind={"recording": "soap", "scan": "intake"},
        )

    def wrap(self, **ports: Any) -> None:
        """Replace ports by name."""
        self.ports = replace(self.ports, **ports)

    def claim_all(self) -> list[Claimed | str]:
        """Claim what is settled, as the daemon does: an error is a code, and the next item goes on."""
        results: list[Claimed | str] = []
        for item in list(self.inbox.settled()):
            try:
                results.append(claim(item, self.inbox, self.ports))
            except ChartdraftError as error:
                results.append(error.code)
        return results

    def only(self) -> JobRow:
        """The one job there is."""
        (row,) = self.board.rows()
        return row

    def manifest(self, row: JobRow) -> Manifest:
        """A job's manifest."""
        return manifest_from_bytes(self.vault.open(row.manifest))

    def facts(self, event: str) -> list[dict[str, str | int]]:
        """The facts of each audit event of this code."""
        return [dict(each.facts) for each in self.audit.events.values() if each.event == event]
