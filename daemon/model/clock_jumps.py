"""The wall clock against the monotonic one: a machine that slept, or a clock that was set. Rules alone.

On macOS and Linux the monotonic clock stands still while the machine sleeps (`mach_absolute_time`, `CLOCK_MONOTONIC`), the wall clock
does not. Which of the two it was cannot be told, and need not be: after both, what events said of the folders is not to be relied on.
"""

from __future__ import annotations

from datetime import datetime

JUMP_SECONDS = 60.0
"""More than any time server's correction in steps of a few seconds, less than any sleep that matters."""
TOLD_EVERY_SECONDS = 3600.0
"""A machine that dozes all night wakes some times an hour: one line an hour in the audit trail says enough."""


class ClockWatch:
    """Looked at every few seconds, it tells when the wall clock went another way than the monotonic one."""

    def __init__(self, now: datetime, monotonic: float) -> None:
        self._now, self._monotonic = now, monotonic
        self._told_at: float | None = None

    def look(self, now: datetime, monotonic: float) -> int:
        """By how many seconds the wall clock jumped since the last look, forward or (negative) back; 0 for no jump."""
        ahead = (now - self._now).total_seconds() - (monotonic - self._monotonic)
        self._now, self._monotonic = now, monotonic
        return round(ahead) if abs(ahead) > JUMP_SECONDS else 0

    def is_worth_telling(self) -> bool:
        """Whether the jump just seen is the first in an hour (monotonic)."""
        if self._told_at is not None and self._monotonic - self._told_at < TOLD_EVERY_SECONDS:
            return False
        self._told_at = self._monotonic
        return True
