"""What is done now and then beside the work, so that a year of it stays small: in portions that nobody notices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from daemon.config import Home
from daemon.event_log import EventLog
from daemon.model.errors import ChartdraftError
from daemon.model.retention import look
from daemon.ports import Clock, JobBoard

if TYPE_CHECKING:
    from daemon.adapters.audit.checkpoint_copies import CheckpointCopies
    from daemon.adapters.audit.log import AuditLog
    from daemon.steps.purge import Purge

HOUR_SECONDS = 3600.0
AT_ONCE = 50
NEXT_SECONDS = 1.0
DAY_SECONDS = 86_400.0
PURGED_AT_ONCE = 200
"""Manifests looked into, or jobs of which something is deleted, in one go: a tenth of a second."""
LOOKED = "retention-looked.txt"
"""When the daily run last looked, in the state folder."""

log = EventLog("tidying")


@dataclass
class Tidying:
    """To be called in each turn of the service's loop; most calls do nothing."""

    home: Home
    board: JobBoard
    audit: AuditLog
    clock: Clock
    copies: CheckpointCopies | None = None
    purge: Callable[[], Purge] | None = None
    """Begins a run of retention."""
    _purge_due: float | None = None
    _purging: Purge | None = None
    _due: float = 0.0
    _copies_due: float = 0.0
    _signed_on: date | None = field(default=None)

    def tidy(self, *, idle: bool) -> None:
        """A checkpoint each day; each hour the copies of checkpoints, and when nothing is under way what is not needed any more.

        Nothing is raised: what cannot be done now is done an hour later.
        """
        now = self.clock.monotonic()
        if self.clock.now().date() != self._signed_on:
            self._signed_on = self.clock.now().date()
            self._try(self.audit.checkpoint)
        if self.copies is not None and now >= self._copies_due:
            self._copies_due = now + HOUR_SECONDS
            self.copies.soon()
        if idle and now >= self._due:
            self._due = now + HOUR_SECONDS
            self._try(self._forget)
        if self._purge_due is None:
            # A clock that is wrong after a power cut is set within minutes; what is deleted by a wrong clock is gone.
            self._purge_due = now + HOUR_SECONDS
        if idle and self.purge is not None and now >= self._purge_due:
            self._try(self._look_before_purging)

    def _look_before_purging(self) -> None:
        """Retention acts on the second day that a clock tells in a row; see `daemon.model.retention.look`."""
        assert self.purge is not None
        if self._purging is None:
            seen = look(self._looked(), self.clock.now())
            if seen != "acts":
                self._purge_due = self.clock.monotonic() + HOUR_SECONDS
                if seen == "jumped":
                    log.warning("purge-waits", code="clock-jumped")
                    self._remember_look()
                return
        self._keep_for_no_longer(self.purge)

    def _looked(self) -> datetime | None:
        try:
            return datetime.fromisoformat((self.home.state / LOOKED).read_text("ascii").strip())
        except (OSError, ValueError):  # lost or damaged: as if there had been none
            return None

    def _remember_look(self) -> None:
        from daemon.adapters.atomic_file import publish_bytes

        when = self.clock.now().isoformat(timespec="seconds")
        publish_bytes(self.home.state / LOOKED, f"{when}\n".encode(), replace=True)

    def _keep_for_no_longer(self, begin: Callable[[], Purge]) -> None:
        """A portion of today's run of retention; the next is due at once, or tomorrow, or, after an error, in an hour."""
        self._purging = self._purging or begin()
        try:
            more = self._purging.some(PURGED_AT_ONCE)
        except ChartdraftError as error:
            log.warning("purge-waits", code=error.code)
            self._purging, self._purge_due = None, self.clock.monotonic() + HOUR_SECONDS
            return
        if not more:
            done = self._purging.purged
            log.info("purged", count=done.jobs, blobs=done.originals + done.made + done.leftovers, days=done.day_keys)
            self._purging, self._purge_due = None, self.clock.monotonic() + DAY_SECONDS
            self._remember_look()

    def _forget(self) -> None:
        from daemon.adapters.state.workflow_tidy import forget_ended, give_back, is_settled

        before = self.clock.now() - timedelta(days=self.home.settings.upkeep.workflow_days)
        forgotten = forget_ended(before, lambda workflow: is_settled(self.board, workflow), AT_ONCE)
        if forgotten == AT_ONCE or give_back(self.home.workflow_store):
            self._due = self.clock.monotonic() + NEXT_SECONDS

    def _try(self, work: Callable[[], object]) -> None:
        try:
            work()
        except ChartdraftError as error:
            log.warning("tidying-waits", code=error.code)
