"""Disk encryption below the folders that hold patients' files, and the keys that open the sealed ones."""

from __future__ import annotations

from pathlib import Path

from daemon.adapters.preflight.check import Folders, joined, unknown
from daemon.adapters.preflight.disks import disk_of, file_vault, is_boot
from daemon.adapters.preflight.mounts import Mount
from daemon.adapters.preflight.system import System
from daemon.model.preflight_check import Check

CODE = "disk-encryption"
TURN_ON = "System Settings > Privacy & Security > FileVault > Turn On (or: sudo fdesetup enable)"
_ENCRYPT_DISK = "in the Finder, Control-click the disk and choose Encrypt"
_LUKS = "set the disk up with LUKS, or keep inbox and outbox on a volume made by scripts/make-encrypted-volume"


def check_encryption(folders: Folders, system: System, *, accepted: bool) -> Check:
    """Whoever takes the machine, or its disk, cannot read it.

    On macOS a disk without it is refused, unless the settings accept it in so many words; on Linux it is a warning, since
    what protects a server's disk is often out of sight (a provider's volume, a disk that encrypts itself).
    """
    found = [(name, _folder(folder, system, accepted=accepted)) for name, folder in folders.named()]
    return joined(CODE, found, "The disks that hold inbox, outbox and state are encrypted.")


def _folder(folder: Path, system: System, *, accepted: bool) -> Check:
    mount = system.mount_of(folder)
    if mount is None:
        return unknown(CODE, "whether the disk that holds {names} is encrypted")
    if mount.network:
        return Check(
            CODE, "warn", "On another machine: {names}. Whether its disk is encrypted cannot be seen from here."
        )
    if system.mac and is_boot(mount) and (vault := _boot(system, accepted=accepted)) is not None:
        return vault
    disk = disk_of(mount, folder, system)
    if disk.encrypted:
        return Check(CODE, "ok", "")
    if disk.encrypted is None:
        return unknown(CODE, "whether the disk that holds {names} is encrypted")
    if not system.mac:
        return Check(CODE, "warn", "The disk that holds {names} is not encrypted, as far as can be seen.", _LUKS)
    if disk.image:
        return Check(CODE, "warn", "The disk image that holds {names} is not encrypted.", _image(mount))
    return _open("The disk that holds {names} is not encrypted.", _ENCRYPT_DISK, accepted=accepted)


def _boot(system: System, *, accepted: bool) -> Check | None:
    match file_vault(system):
        case "on":
            return Check(CODE, "ok", "")
        case "turning-on":
            return Check(CODE, "warn", "FileVault is still encrypting this Mac's disk; please leave it switched on.")
        case "off" | "turning-off":
            return _open("FileVault is off: whoever takes this Mac can read its disk.", TURN_ON, accepted=accepted)
    return None


def _open(sentence: str, mend: str, *, accepted: bool) -> Check:
    if accepted:
        return Check(CODE, "warn", f"{sentence} The settings accept it (accept_unencrypted_disk).", mend)
    return Check(CODE, "refuse", sentence, f"{mend}; or set accept_unencrypted_disk = true", "disk-unencrypted")


def _image(mount: Mount) -> str:
    return f"move what is on {mount.point} to a volume made by scripts/make-encrypted-volume"
