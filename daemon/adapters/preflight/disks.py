"""Which disk a folder lies on, by the system's commands: one function a command line, each read by a pure parser."""

from __future__ import annotations

import os
from pathlib import Path

from daemon.adapters.preflight import devices
from daemon.adapters.preflight.devices import Disk, FileVault
from daemon.adapters.preflight.mounts import IN_MEMORY, Mount
from daemon.adapters.preflight.system import System

# File systems that keep only ciphertext below them.
_CIPHERTEXT = frozenset({"ecryptfs", "fuse.gocryptfs", "fuse.cryfs", "fuse.encfs", "fuse.securefs"})
_BOOT = ("/", "/System/Volumes/Data")
_COLUMNS = "NAME,KNAME,TYPE,FSTYPE,PKNAME,MAJ:MIN,RM,HOTPLUG"


def file_vault(system: System) -> FileVault | None:
    """Whether FileVault protects the disk that the Mac starts from."""
    return devices.parse_fdesetup(system.ask("/usr/bin/fdesetup", "status") or b"")


def is_boot(mount: Mount) -> bool:
    """Whether it is the disk that the machine starts from."""
    return mount.point in _BOOT


def disk_of(mount: Mount, folder: Path, system: System) -> Disk:
    """What can be told of the disk below a mount."""
    return _mac_disk(mount, system) if system.mac else _linux_disk(mount, folder, system)


def _mac_disk(mount: Mount, system: System) -> Disk:
    disk = devices.parse_diskutil(system.ask("/usr/sbin/diskutil", "info", "-plist", mount.source) or b"") or Disk()
    if disk.image:
        sealed = devices.parse_hdiutil(system.ask("/usr/bin/hdiutil", "info", "-plist") or b"", mount.point)
        return Disk(True if disk.encrypted else sealed, disk.external, image=True)
    return disk


def _linux_disk(mount: Mount, folder: Path, system: System) -> Disk:
    if mount.kind in _CIPHERTEXT or mount.kind in IN_MEMORY:
        return Disk(encrypted=True)
    if mount.kind == "zfs":
        answer = system.ask("zfs", "get", "-H", "-o", "value", "encryption", mount.source)
        return Disk(devices.parse_zfs(answer or b""))
    answer = system.ask("lsblk", "-J", "-o", _COLUMNS)
    disk = devices.parse_lsblk(answer or b"", os.path.realpath(mount.source), mount.number) or Disk()
    if not disk.encrypted and devices.parse_lsattr(system.ask("lsattr", "-d", str(folder)) or b""):
        return Disk(encrypted=True, external=disk.external)
    return disk
