"""What a disk is, from the answers of macOS's `diskutil`, `fdesetup`, `hdiutil` and of Linux's `lsblk`, `lsattr`, `zfs`: pure."""

from __future__ import annotations

import json
import plistlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from xml.parsers.expat import ExpatError

FileVault = Literal["on", "off", "turning-on", "turning-off"]


@dataclass(frozen=True, slots=True)
class Disk:
    """One disk. None: not told. `external`: it may be unplugged. `image`: the volume is a disk image's."""

    encrypted: bool | None = None
    external: bool | None = None
    image: bool = False


def parse_fdesetup(untrusted: bytes) -> FileVault | None:
    """`fdesetup status` (fdesetup(8)): "FileVault is On.", "FileVault is Off.", and while it changes a second line."""
    text = untrusted.decode(errors="replace").lower()
    if "decryption in progress" in text:
        return "turning-off"
    if "encryption in progress" in text:
        return "turning-on"
    if "filevault is on" in text:
        return "on"
    return "off" if "filevault is off" in text else None


def parse_diskutil(untrusted: bytes) -> Disk | None:
    """`diskutil info -plist DEVICE` (diskutil(8)).

    `FileVault` says that a password protects the volume; `Encryption` alone is also true of each internal disk of a Mac with
    Apple silicon, whose key is given to whoever switches it on (Apple Platform Security, "Volume encryption with FileVault").
    """
    told = _plist(untrusted)
    if not told:
        return None
    image = told.get("BusProtocol") == "Disk Image"
    vault, internal = _truth(told, "FileVault"), _truth(told, "Internal")
    if vault is None and internal is False:
        vault = _truth(told, "Encryption")
    away = _truth(told, "RemovableMediaOrExternalDevice")
    return Disk(vault, None if image else (away if away is not None else _not(internal)), image)


def parse_hdiutil(untrusted: bytes, point: str) -> bool | None:
    """`hdiutil info -plist` (hdiutil(1)): whether the image that is mounted there is encrypted; None if none is."""
    images = _plist(untrusted).get("images")
    for image in images if isinstance(images, list) else []:
        entities = image.get("system-entities") if isinstance(image, dict) else None
        for entity in entities if isinstance(entities, list) else []:
            if isinstance(entity, dict) and entity.get("mount-point") == point:
                return _truth(image, "image-encrypted")
    return None


def parse_lsblk(untrusted: bytes, device: str, number: str) -> Disk | None:
    """`lsblk -J -o NAME,KNAME,TYPE,FSTYPE,PKNAME,MAJ:MIN,RM,HOTPLUG` (lsblk(8)): the device of that path or number.

    Encrypted if every way from a disk to it leads through a `crypt` layer: a volume group may lie on several disks.
    """
    try:
        tree = json.loads(untrusted)
    except (ValueError, RecursionError):
        return None
    roots = tree.get("blockdevices") if isinstance(tree, dict) else None
    ways = [way for way in _ways(roots, ()) if _is(way[-1], device, number)]
    if not ways:
        return None
    crypt = all(any(_layer(each) for each in way) for way in ways)
    away = any(str(way[0].get(key)).lower() in {"true", "1"} for way in ways for key in ("rm", "hotplug"))
    return Disk(crypt, away)


def parse_lsattr(untrusted: bytes) -> bool:
    """`lsattr -d FOLDER` (chattr(1)): `E` among the attributes says that fscrypt encrypts it."""
    return "E" in untrusted.decode(errors="replace").split(" ")[0]


def parse_zfs(untrusted: bytes) -> bool | None:
    """`zfs get -H -o value encryption DATASET` (zfsprops(7)): "off", or the cipher's name."""
    value = untrusted.decode(errors="replace").strip()
    return value != "off" if value and " " not in value and value != "-" else None


def _ways(nodes: object, above: tuple[dict[str, Any], ...]) -> Iterator[tuple[dict[str, Any], ...]]:
    for node in nodes if isinstance(nodes, list) else []:
        if isinstance(node, dict):
            yield (*above, node)
            yield from _ways(node.get("children"), (*above, node))


def _is(node: dict[str, Any], device: str, number: str) -> bool:
    names = {f"/dev/{node.get(key)}" for key in ("name", "kname")} | {f"/dev/mapper/{node.get('name')}"}
    return device in names or (number != "" and node.get("maj:min") == number)


def _layer(node: dict[str, Any]) -> bool:
    return node.get("type") == "crypt"


def _plist(untrusted: bytes) -> dict[str, Any]:
    try:
        told = plistlib.loads(untrusted)
    # What plistlib raises for what is no property list; also its parts' (struct, expat, dates, recursion).
    except (
        plistlib.InvalidFileException, ExpatError, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError,
        RecursionError, MemoryError,
    ):  # fmt: skip
        return {}
    return told if isinstance(told, dict) else {}


def _truth(told: dict[str, Any], key: str) -> bool | None:
    value = told.get(key)
    return value if isinstance(value, bool) else None


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value
