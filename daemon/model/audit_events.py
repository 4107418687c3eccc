"""Every event that the audit trail can hold: what it means, and how it is told to a FHIR server. A contract: add, never rename.

`action` is FHIR's (create, read, update, delete, execute), `kind` which of DICOM's audit events it is (PS3.16 CID 400, see `audit_fhir`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Action = Literal["C", "R", "U", "D", "E"]
Kind = Literal["application", "log", "records", "export", "import", "security"]


@dataclass(frozen=True, slots=True)
class EventInfo:
    """One event: what it says, in a sentence; `failed`: whether it tells of something that did not work."""

    meaning: str
    kind: Kind
    action: Action
    failed: bool = False


EVENTS: Mapping[str, EventInfo] = {
    # -- an item on its way, done by the daemon ---------------------------------------------------------------------
    "item-claimed": EventInfo("an item was taken in, sealed into the vault, to be worked on", "import", "C"),
    "item-duplicate": EventInfo("an item came whose content was known", "import", "C"),
    "item-derived": EventInfo("another document of what a job has read became a job of its own", "records", "C"),
    "item-read": EventInfo("a job's recordings or scans were read into passages", "records", "R"),
    "item-routed": EventInfo("it was decided what a job becomes, by its first words or its form", "records", "U"),
    "draft-checked": EventInfo("a draft was written, and held against its source", "records", "C"),
    "draft-delivered": EventInfo("a draft was put into the outbox, marked UNREVIEWED", "export", "C"),
    "item-failed": EventInfo("an item could not be drafted; a note says so in the outbox", "records", "E", failed=True),
    "item-left": EventInfo("a file in the inbox was not taken in", "import", "E", failed=True),
    "folder-left": EventInfo("a folder in the inbox was not taken in", "import", "E", failed=True),
    # -- what a person asked for: `by` is the account ---------------------------------------------------------------
    "opened": EventInfo("a person had a draft, what was read, or an original decrypted and shown", "records", "R"),
    "draft-asked": EventInfo("a person asked for a draft of files, or of what a job has read", "records", "E"),
    "item-retried": EventInfo("a person had a job done again, perhaps as another document", "records", "U"),
    "delivered-again": EventInfo("a person had a draft delivered once more, perhaps to another folder", "export", "R"),
    "audit-exported": EventInfo("a person exported the audit trail", "log", "R"),
    "start-refused": EventInfo("the daemon did not start, since this home is unsafe", "application", "E", failed=True),
    # -- keys and settings ------------------------------------------------------------------------------------------
    "keys-made": EventInfo("this machine's keys were made", "security", "C"),
    "keys-used": EventInfo("a process that works on items began to use the keys named", "security", "E"),
    "keys-changed": EventInfo("this machine's keys were made anew, and what was sealed to the old was sealed anew", "security", "U"),
    "settings-noted": EventInfo("the settings were noted for the first time, to be compared with later", "security", "C"),
    "settings-changed": EventInfo("the daemon began with other settings than before", "security", "U"),
    # -- retention --------------------------------------------------------------------------------------------------
    "vault-purged": EventInfo("what was older than the settings keep was deleted from the vault", "records", "D"),
    "leftovers-purged": EventInfo("sealed files that no job names any more were deleted from the vault", "records", "D"),
    "day-key-destroyed": EventInfo("the key of a day was destroyed, and with it all that was sealed to it", "security", "D"),
    # -- the service and its machine --------------------------------------------------------------------------------
    "daemon-started": EventInfo("the daemon began to work", "application", "E"),
    "daemon-restarted": EventInfo("the daemon made itself a fresh process, since work stood still", "application", "E"),
    "daemon-stopped": EventInfo("the daemon ended", "application", "E"),
    "inbox-away": EventInfo("the inbox could not be reached", "application", "E", failed=True),
    "inbox-back": EventInfo("the inbox could be reached again", "application", "E"),
    "inbox-made-again": EventInfo("the inbox was gone, and was made anew", "application", "C"),
    "outbox-away": EventInfo("the outbox could not be reached", "application", "E", failed=True),
    "outbox-back": EventInfo("the outbox could be reached again", "application", "E"),
    "outbox-made-again": EventInfo("the outbox was gone, and was made anew", "application", "C"),
    "clock-jumped": EventInfo("the clock was set, or the machine slept: by so many seconds", "security", "E"),
    "trail-repaired": EventInfo("what a crash had left half written was removed from the trail's end", "security", "U"),
}  # fmt: skip
