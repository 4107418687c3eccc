"""What could not be taken in from the inbox: when it is tried again, and from when on a person must hear of it. Rules alone."""

from __future__ import annotations

from dataclasses import dataclass

from daemon.model.error_catalog import CATALOG

FIRST_PAUSE_SECONDS = 0.5
LEFT_SECONDS = 600.0
"""So long a file may be refused before a note says so: a scanner or a copy under way is done by then."""
LASTING_SECONDS = 60.0
# Not the file's own trouble: a disk, a folder, a trail. These are told of once for all files, not by a note for each; and with
# `inbox-unwritable` the file was taken in, and only lies there still.
_NOT_ITS_OWN = frozenset(
    {"disk-full", "state-unwritable", "state-damaged", "audit-broken", "audit-checkpoint-invalid", "keys-missing"}
    | {"keys-open", "outbox-unwritable", "inbox-unwritable", "volume-away", "inbox-away"}
)


@dataclass(frozen=True, slots=True)
class Failing:
    """Something that did not work so many times in a row: since when and when it is tried again (monotonic seconds), and the
    last error's code or class."""

    times: int
    since: float
    again_at: float
    why: str

    @property
    def code(self) -> str:
        """The error's code; `internal` for an exception that nobody foresaw."""
        return self.why if self.why in CATALOG else "internal"

    @property
    def is_its_own(self) -> bool:
        """Whether the trouble is the file's own, so that a person has to look after this very file."""
        return self.why not in _NOT_ITS_OWN

    def is_everybodys(self, now: float) -> bool:
        """Whether it is the trouble of a disk or a folder, and no passing one."""
        return not self.is_its_own and now - self.since >= LASTING_SECONDS

    def is_left(self, now: float) -> bool:
        """Whether a person must be told."""
        return self.is_its_own and now - self.since >= LEFT_SECONDS


def failed_again(before: Failing | None, why: str, now: float, longest_pause: float) -> Failing:
    """One failure more; the pause doubles, up to the longest."""
    times = before.times if before else 0
    pause = min(FIRST_PAUSE_SECONDS * 2 ** min(times, 30), longest_pause)
    return Failing(times + 1, before.since if before else now, now + pause, why)
