"""Purge: what was delivered and whose time is over leaves the vault, and with the last of a day the day's key.

The order, each number a point at which a crash is harmless because the next run does the same again:
1. the trail says of a job what goes (once for each revision, originals and drafts: what is said again is not written again);
2. its blobs are removed, the manifest last;
3. what no job names any more is counted in the trail, and removed;
4. the trail names the day and class whose key goes, and then the key and all that it had sealed are destroyed.

It works in portions, and looks at the board anew for each: a job that somebody asks for meanwhile keeps what it has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from daemon.model.blob_reference import VaultDay, parse_reference
from daemon.model.codec import manifest_from_bytes
from daemon.model.crash_point import crash_point
from daemon.model.errors import ChartdraftError
from daemon.model.job import JobRow
from daemon.model.retention import Holding, Plan, Policy, Present, Removal, plan
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
        self.purged = Purged()

    def some(self, most: int) -> bool:
        """Look at so many manifests, or remove what so many jobs hold; whether there is more to do. Raises what the ports raise."""
        rows = self._ports.board.rows()
        unknown = [row.manifest for row in rows if row.manifest not in self._originals]
        for blob in unknown[:most]:
            self._originals[blob] = self._read(blob)
        if len(unknown) > most:
            return True
        planned = plan(
            [self._holding(row) for row in rows], self._ports.present(), self._policy, self._ports.clock.now()
        )
        if self._dry:
            self.purged.add(planned)
            return False
        portion, more = _portion(planned, most)
        self._do(portion)
        self.purged.add(portion)
        return more

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

    def _do(self, portion: Plan) -> None:
        ending = set(portion.days)
        for removal in portion.removals:
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
            self._ports.audit.record(
                "day-key-destroyed", key=f"day-key:{day}", job="-", day=str(day), **self._ports.said_by
            )
            crash_point("purge-day-recorded")
            self._ports.vault.destroy(day)
            crash_point("purge-day-ended")

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
