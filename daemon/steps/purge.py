"""Purge: what was delivered and whose time is over leaves the vault, and with the last of a day the day's key.

The order, each number a point at which a crash is harmless because the next run does the same again:
1. the trail says of a job what goes (once for each revision, originals and drafts: what is said again is not written again);
2. its blobs are removed, the manifest last;
3. what no job names any more is counted in the trail, and removed;
4. the trail names the day and class whose key goes, and then the key and all that it had sealed are destroyed.

It works in portions, and looks at the board anew for each, and before each removal whether a job was taken up: a job that somebody
asks for meanwhile keeps what it has. The time is that of its beginning: a clock that jumps meanwhile makes nothing due.

What no job names is left over only where the board is surely this vault's: not where several machines share a queue, each with a
board of its own, and not where the vault holds a manifest of a job that the board does not know (the board was lost, or comes from
an older backup than the vault).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from daemon.model.blob_reference import VaultDay, parse_reference
from daemon.model.codec import manifest_from_bytes
from daemon.model.crash_point import crash_point
from daemon.model.errors import ChartdraftError
from daemon.model.job import FINAL_STATES, JobRow
from daemon.model.retention import Holding, Plan, Policy, Present, Removal, plan, unnamed
from daemon.ports import AuditTrail, Clock, JobBoard, Vault


@dataclass(frozen=True, slots=True)
class PurgePorts:
    """What purging looks at and writes to. `present` lists the blobs that lie in the vault."""

    vault: Vault
    board: JobBoard
    audit: AuditTrail
    clock: Clock
    present: Callable[[], Present]
    said_by: Mapping[str, str | int] = field(default_factory=dict)
    """Who asked, for the trail; nobody, where the daemon does it by itself."""
    shared: bool = False
    """Other machines may hold jobs of this vault on boards of their own."""


@dataclass(slots=True)
class Purged:
    """What was removed (or, by a dry run, would be), and what was kept although it is no draft."""

    jobs: int = 0
    originals: int = 0
    made: int = 0
    leftovers: int = 0
    day_keys: int = 0
    undrafted: int = 0
    unclear: bool = False

    def add(self, done: Plan) -> None:
        """One portion more."""
        self.jobs += len(done.removals)
        self.originals += sum(len(removal.originals) for removal in done.removals)
        self.made += sum(len(removal.made) for removal in done.removals)
        self.leftovers += len(done.leftovers)
        self.day_keys += len(done.days)
        self.undrafted, self.unclear = done.undrafted, done.unclear


class Purge:
    """One run. `some` until it says that there is no more."""

    def __init__(self, ports: PurgePorts, policy: Policy, *, dry: bool = False) -> None:
        self._ports, self._policy, self._dry = ports, policy, dry
        self._originals: dict[str, tuple[str, ...] | None] = {}
        self._now = ports.clock.now()
        self._unread: list[str] = []
        self._orphans: dict[str, str | None] = {}
        self.purged = Purged()

    def some(self, most: int) -> bool:
        """Look at so many manifests, or remove what so many jobs hold; whether there is more to do. Raises what the ports raise."""
        rows = self._known_rows(most)
        if rows is None:
            return True
        holdings, present = [self._holding(row) for row in rows], self._ports.present()
        belong = self._belong(holdings, present)
        planned = plan(holdings, present, self._policy, self._now, orphans_belong=belong)
        if self._dry:
            self.purged.add(planned)
            return False
        portion, more = _portion(planned, most)
        if not self._do(portion, {row.id for row in rows if row.state not in FINAL_STATES}):
            return True
        self.purged.add(portion)
        return more

    def _known_rows(self, most: int) -> Sequence[JobRow] | None:
        """Every row, each with its manifest looked at; None while there are more manifests than one portion takes.

        The rows are asked for when a portion's manifests are all read, not for each portion: they may be many.
        """
        waiting = len(self._unread)
        self._read_some(most)
        if waiting > most:
            return None
        rows = self._ports.board.rows()
        self._unread = [row.manifest for row in rows if row.manifest not in self._originals]
        more = len(self._unread) > most
        self._read_some(most)
        return None if more else rows

    def _read_some(self, most: int) -> None:
        for blob in self._unread[:most]:
            self._originals[blob] = self._read(blob)
        del self._unread[:most]

    def _belong(self, holdings: Sequence[Holding], present: Present) -> bool:
        """Whether every blob that no job names can be one that nobody misses."""
        if self._ports.shared:
            return False
        jobs = {each.job for each in holdings}
        for blob in unnamed(holdings, present):
            if not jobs:
                return False
            if blob not in self._orphans:
                self._orphans[blob] = self._job_of(blob)
            job = self._orphans[blob]
            if job is None or (job and job not in jobs):
                return False
        return True

    def _job_of(self, blob: str) -> str | None:
        """The job whose manifest this is, "" if it is none; None if it cannot be read, and may be one."""
        reference = parse_reference(blob)
        if reference is None or (reference.day is not None and reference.day.kind == "original"):
            return ""
        try:
            data = self._ports.vault.open(blob)
        except ChartdraftError as error:
            return "" if error.code == "vault-purged" else None
        try:
            return manifest_from_bytes(data).job
        except ChartdraftError:
            return ""

    def _holding(self, row: JobRow) -> Holding:
        made = (row.reading, row.draft)
        return Holding(
            row.id, row.revision, row.state, row.updated_at, row.manifest, self._originals[row.manifest], made
        )

    def _read(self, blob: str) -> tuple[str, ...] | None:
        try:
            return tuple(source.blob for source in manifest_from_bytes(self._ports.vault.open(blob)).sources)
        except ChartdraftError as error:
            return () if error.code == "vault-purged" else None

    def _is_asked_for(self, known: set[str], removal: Removal | None = None) -> bool:
        """Whether a job was taken up since the plan was made."""
        if not known.issuperset(row.id for row in self._ports.board.under_way()):
            return True
        if removal is None:
            return False
        row = self._ports.board.get(removal.job)
        return row is None or (row.state, row.revision) != ("delivered", removal.revision)

    def _do(self, portion: Plan, under_way: set[str]) -> bool:
        """The portion; False if a job was taken up meanwhile, and all is to be looked at anew."""
        ending = set(portion.days)
        for removal in portion.removals:
            if self._is_asked_for(under_way, removal):
                return False
            self._record(removal)
            crash_point("purge-recorded")
            for blob in removal.blobs:
                self._remove(blob, ending)
        if portion.leftovers:
            key = f"leftovers:{portion.leftovers[0]}:{len(portion.leftovers)}"
            self._ports.audit.record(
                "leftovers-purged", key=key, job="-", blobs=len(portion.leftovers), **self._ports.said_by
            )
            for blob in portion.leftovers:
                self._ports.vault.remove(blob)
                crash_point("purge-leftover-removed")
        for day in portion.days:
            if self._is_asked_for(under_way):
                return False
            self._ports.audit.record(
                "day-key-destroyed", key=f"day-key:{day}", job="-", day=str(day), **self._ports.said_by
            )
            crash_point("purge-day-recorded")
            self._ports.vault.destroy(day)
            crash_point("purge-day-ended")
        return True

    def _record(self, removal: Removal) -> None:
        self._ports.audit.record(
            "vault-purged",
            key=f"purge:{removal.job}:{removal.revision}:{removal.over}",
            job=removal.job,
            originals=len(removal.originals),
            made=len(removal.made),
            **self._ports.said_by,
        )

    def _remove(self, blob: str, ending: set[VaultDay]) -> None:
        reference = parse_reference(blob)
        if reference is None or reference.day not in ending:  # what lies under a key that goes, goes with it
            self._ports.vault.remove(blob)
            crash_point("purge-removed")


def _portion(planned: Plan, most: int) -> tuple[Plan, bool]:
    """The first of it; whether there is more. Days end when what they hold was said, so in the last portion alone."""
    if len(planned.removals) > most:
        return Plan(planned.removals[:most], undrafted=planned.undrafted, unclear=planned.unclear), True
    if len(planned.leftovers) > most:
        return Plan(planned.removals, planned.leftovers[:most], (), planned.undrafted, planned.unclear), True
    return planned, False
