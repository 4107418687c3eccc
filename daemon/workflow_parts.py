"""What the workflow works with: the ports, bound once when it starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from daemon.at_work import NoWorkLog
from daemon.model.codec import manifest_from_bytes
from daemon.model.document import Document
from daemon.model.errors import ChartdraftError
from daemon.model.handout import Handout
from daemon.model.step_tries import StepTries
from daemon.ports import AuditTrail, Clock, Drafter, JobBoard, NamedDrugs, Outbox, Reader, Resuming, Vault, WorkLog


@dataclass(frozen=True, slots=True)
class Parts:
    """What the workflow works with. `pause` waits some seconds, and may end early when the service stops."""

    vault: Vault
    board: JobBoard
    audit: AuditTrail
    outbox: Outbox
    reader: Reader
    drafter: Callable[[], Drafter]
    documents: Mapping[str, Document]
    clock: Clock
    pause: Callable[[float], None]
    handouts: Sequence[Handout] = ()
    tries: StepTries = field(default_factory=StepTries)
    work: WorkLog = field(default_factory=NoWorkLog)
    named: NamedDrugs | None = None

    def forget_tries(self, manifest: str) -> None:
        """A job was read, or will not be. Not a part of the step: after a death between the two, the next start does it."""
        if isinstance(self.reader, Resuming):
            with suppress(ChartdraftError):  # what the vault cannot open, retention removes
                self.reader.forget(part.source for part in manifest_from_bytes(self.vault.open(manifest)).sources)
