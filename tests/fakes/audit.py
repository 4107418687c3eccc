"""An audit trail in memory, for tests of what stands above the port."""

from __future__ import annotations

from daemon.model.audit_chain import AuditEvent
from tests.fakes.clock import FakeClock


class FakeAuditTrail:
    """`daemon.ports.AuditTrail`; refuses the same facts as the real one."""

    def __init__(self) -> None:
        self.events: dict[str, AuditEvent] = {}
        self._clock = FakeClock()

    def record(self, event: str, *, key: str, job: str = "-", **facts: str | int) -> None:
        self.events.setdefault(key, AuditEvent(event, key, self._clock.now(), job, facts))

    @property
    def codes(self) -> list[str]:
        """The event codes, in order."""
        return [event.event for event in self.events.values()]
