"""What happens to the service itself, for the audit trail: started, stopped, folders away and back, clock jumped."""

from __future__ import annotations

import secrets
from collections import deque

from daemon.event_log import EventLog
from daemon.model.errors import PermanentError, RetryableError
from daemon.ports import AuditTrail

log = EventLog("service")
_MOST = 100  # of what a full disk keeps from being written


class ServiceEvents:
    """Records an event; what a full disk refuses is recorded as soon as there is room, in order. A broken trail is no reason
    to stop in the middle: the next start refuses it."""

    def __init__(self, audit: AuditTrail) -> None:
        self._audit = audit
        self._waiting: deque[tuple[str, str, dict[str, str | int]]] = deque(maxlen=_MOST)

    def record(self, event: str, **facts: str | int) -> None:
        """Now, or later."""
        # These happen again and again, so no key tells one from the other.
        self._waiting.append((event, f"{event}:{secrets.token_hex(8)}", facts))
        self.catch_up()

    def catch_up(self) -> None:
        """What waits for room."""
        while self._waiting:
            event, key, facts = self._waiting[0]
            try:
                self._audit.record(event, key=key, job="-", **facts)
            except RetryableError:
                return
            except PermanentError as error:
                log.failure("event-unrecorded", about=event, code=error.code)
            self._waiting.popleft()
