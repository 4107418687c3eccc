"""On which volume each folder lies: this machine's own, one that may be unplugged, a share, or the encrypted volume."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from daemon.adapters.preflight.check import NAMES, Folders, joined, unknown
from daemon.adapters.preflight.disks import disk_of
from daemon.adapters.preflight.mounts import IN_MEMORY
from daemon.adapters.preflight.system import System
from daemon.model.preflight_check import Check, Level

CODE = "volumes"
ENCRYPTED = "encrypted-volume"
_OWN = "in config.toml, set the folder to one on this machine's own disk, and move what is in it"


def check_volumes(folders: Folders, system: System, *, shared_queue: bool) -> Check:
    """State on a share is refused: SQLite's locks and flushes are not to be relied on there, so work could be lost or doubled.

    `shared_queue`: the queue is a database of its own, as where several machines share one (DESIGN 11); then it is a warning.
    """
    found = [(name, _folder(name, folder, system, shared_queue=shared_queue)) for name, folder in folders.named()]
    return joined(CODE, found, "Inbox, outbox and state lie on this machine's own disks.")


def _folder(name: str, folder: Path, system: System, *, shared_queue: bool) -> Check:
    mount = system.mount_of(folder)
    if mount is None:
        return unknown(CODE, "on which volume {names} is")
    if mount.network and name == "state":
        level: Level = "warn" if shared_queue else "refuse"
        sentence = "The state folder lies on a network share, where a database is not safe."
        return Check(CODE, level, sentence, _OWN, "state-on-share")
    if mount.network:
        return Check(CODE, "warn", "On a network share: {names}. While that is away, its files wait.", _OWN)
    if mount.kind in IN_MEMORY and name == "state":
        return Check(CODE, "warn", "The state folder lies in memory: a restart loses it.", _OWN)
    if disk_of(mount, folder, system).external:
        sentence = f"On a disk that may be unplugged ({mount.point}): {NAMES}."
        return Check(CODE, "warn", sentence, _OWN)
    return Check(CODE, "ok", "")


def check_encrypted_volume(
    folders: Folders, volume: Path | None, mounted: Callable[[Path], bool] = os.path.ismount
) -> Check:
    """The volume that the settings name holds inbox and outbox. While it is away the daemon waits: no refusal."""
    if volume is None:
        return Check(ENCRYPTED, "ok", "The settings name no encrypted volume.")
    beside = [name for name, folder in folders.named()[:2] if not _below(folder, volume)]
    if beside:
        sentence = f"The {' and the '.join(beside)} must lie on the encrypted volume {volume} that the settings name."
        mend = f'set inbox_dir and outbox_dir to folders below "{volume}" in config.toml'
        return Check(ENCRYPTED, "refuse", sentence, mend, "volume-beside")
    if not mounted(volume):
        left = volume.is_dir() and any(folder.is_dir() for _, folder in folders.named()[:2])
        more = " Folders of the same name lie beside it, unencrypted: please move what is in them." if left else ""
        sentence = f"The encrypted volume {volume} is not open; Chartdraft waits for it.{more}"
        return Check(ENCRYPTED, "warn", sentence, f"open (mount) the volume at {volume}", "volume-away")
    return Check(ENCRYPTED, "ok", f"The encrypted volume {volume} is open, and holds inbox and outbox.")


def is_away(folders: Folders, volume: Path | None, mounted: Callable[[Path], bool] = os.path.ismount) -> bool:
    """Whether inbox and outbox are away because their volume is."""
    return check_encrypted_volume(folders, volume, mounted).error == "volume-away"


def _below(folder: Path, volume: Path) -> bool:
    return folder.resolve().is_relative_to(volume.resolve()) and folder.resolve() != volume.resolve()
