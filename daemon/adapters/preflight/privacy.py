"""What the system itself copies elsewhere: Spotlight's index and Time Machine's backups."""

from __future__ import annotations

import shlex
from pathlib import Path

from daemon.adapters.preflight import machine_answers as answers
from daemon.adapters.preflight.check import Folders, joined, unknown
from daemon.adapters.preflight.system import System
from daemon.model.preflight_check import Check

SEARCH, BACKUP = "search-index", "backups"
_PRIVATE = "System Settings > Spotlight > Search Privacy: add the inbox and the outbox"


def check_search(folders: Folders, system: System) -> Check:
    """Spotlight keeps the words of files it has indexed, also of drafts that were deleted or edited since.

    Measured, not guessed: a folder counts as indexed if Spotlight finds anything in it. Which folders are kept out cannot be
    read without root, and whether `.metadata_never_index` is heeded below a volume's top differs between versions.
    """
    found = [(name, _searched(folder, system)) for name, folder in folders.named()[:2]]
    return joined(SEARCH, found, "Spotlight finds nothing in inbox and outbox.")


def _searched(folder: Path, system: System) -> Check:
    mount = system.mount_of(folder)
    indexing = answers.parse_mdutil(system.ask("/usr/bin/mdutil", "-s", mount.point if mount else "/") or b"")
    if indexing is False:
        return Check(SEARCH, "ok", "")
    command = ("/usr/bin/mdfind", "-count", "-onlyin", str(folder), "kMDItemFSName == '*'")
    count = answers.parse_count(system.ask(*command) or b"")
    if count is None:
        return unknown(SEARCH, "whether Spotlight indexes {names}", _PRIVATE)
    if count:
        return Check(SEARCH, "warn", "Spotlight indexes {names}: its index keeps words of patients' files.", _PRIVATE)
    return Check(SEARCH, "ok", "")


def check_backups(folders: Folders, keys: Path, system: System) -> Check:
    """Whether Time Machine copies what is readable: inbox, outbox, and the keys beside the vault they open.

    The vault and the audit trail belong into a backup. The keys do not: beside the vault they make a backup disk as good as
    the machine, while the recovery key, kept apart, opens the vault without them. Whether the backup disk is encrypted cannot
    be asked without full access to the disk, so an encrypted one is warned of as well.
    """
    destination = answers.parse_destinations(system.ask("/usr/bin/tmutil", "destinationinfo") or b"")
    if destination is False:
        return Check(BACKUP, "ok", "Time Machine has no place to copy to.")
    places = (("inbox", folders.inbox), ("outbox", folders.outbox), ("keys", keys))
    found = [(name, _copied(place, system)) for name, place in places]
    return joined(BACKUP, found, "Time Machine leaves out inbox, outbox and keys.")


def _copied(place: Path, system: System) -> Check:
    excluded = answers.parse_excluded(system.ask("/usr/bin/tmutil", "isexcluded", str(place)) or b"")
    mend = f"tmutil addexclusion {shlex.quote(str(place))}"
    if excluded is None:
        return unknown(BACKUP, "whether Time Machine copies {names}", mend)
    if excluded:
        return Check(BACKUP, "ok", "")
    sentence = "Time Machine copies {names}, readable for whoever has the backup disk unless that is encrypted."
    return Check(BACKUP, "warn", sentence, mend)
