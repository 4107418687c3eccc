"""Named places at which tests let the process die: one at every step that is durable, so that death at each can be tried.

`CHARTDRAFT_CRASH_AT=claim-sealed` in the environment has the process end with SIGKILL when it comes to that place, `claim-sealed:3` when
it comes there for the third time. Outside tests the variable is not set, and a place costs a look at a global.
"""

from __future__ import annotations

import os
import signal

CRASH_AT = "CHARTDRAFT_CRASH_AT"

CRASH_POINTS: tuple[str, ...] = (
    # A file is published.
    *("folder-made", "part-made", "part-written", "part-synced", "name-reserved", "part-named", "part-published"),
    *("part-removed", "part-swept"),
    # An item is claimed.
    *("claim-sealed", "claim-manifest-sealed", "claim-on-board", "claim-queued", "claim-announced", "claim-recorded"),
    *("claim-anew", "claim-remembered", "claim-removed", "claim-done", "leftover-removed", "leftover-forgotten"),
    # Its workflow.
    *("pick-up-queued", "step-on-board", "step-waits", "step-done"),
    *("read-sealed", "read-routed", "read-on-board", "read-recorded", "draft-routed", "draft-sealed"),
    *("check-sealed", "check-on-board", "check-recorded"),
    *("outbox-published", "deliver-published", "deliver-recorded", "deliver-on-board"),
    *("fail-noted", "fail-recorded", "fail-on-board"),
    # A person asks for more.
    *("ask-recorded", "retry-begun", "retry-on-board", "retry-recorded", "retry-queued"),
    *("derive-manifest-sealed", "derive-on-board", "derive-queued", "derive-recorded"),
    # What nothing is taken from.
    *("folder-left-noted", "item-left-noted"),
    # The vault.
    *("vault-day-key", "vault-day-ending", "vault-day-ended", "vault-blob-removing"),
    # Keys are changed.
    *("rekey-recovery-next", "rekey-begun", "rekey-day-key", "rekey-blob-sealed", "rekey-blob", "rekey-day-key-named"),
    *("rekey-recovery-changed", "rekey-identity-changed", "rekey-recipients", "rekey-recorded", "rekey-ending"),
    # The audit trail.
    *("audit-written", "audit-synced", "audit-indexed", "audit-cut-off", "audit-completed"),
    *("checkpoint-signed", "checkpoint-published", "copy-published", "copy-removed"),
    *("archive-checkpointed", "archive-named", "archive-closed"),
    # Retention.
    *("purge-recorded", "purge-removed", "purge-leftover-removed", "purge-day-recorded", "purge-day-ended"),
    # The state folder.
    *("tries-kept", "tries-forgotten", "work-noted", "tidy-forgotten", "tidy-given-back"),
    *("migration-copied", "migration-backed-up", "migration-run", "migration-published"),
)
"""Every name there is, each the name of one call. Who adds a step that must be durable adds a name here and a call there."""

_name = ""
_left = 0


def die_at(place: str) -> None:
    """From now on die at this place, as the environment would say it; nowhere if it is empty."""
    global _name, _left  # noqa: PLW0603 - the process has one death
    _name, _, times = place.partition(":")
    _left = int(times or 1)


def crash_point(name: str) -> None:
    """Here a step is durable, or is about to be."""
    if name == _name:
        _pass()


def _pass() -> None:
    global _left  # noqa: PLW0603
    _left -= 1
    if _left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)


die_at(os.environ.get(CRASH_AT, ""))
