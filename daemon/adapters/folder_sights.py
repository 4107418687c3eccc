"""What lies at a folder's path just now, and a small file that remembers it for the next start."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from daemon.adapters.atomic_file import publish_bytes
from daemon.adapters.small_json import parse_small, read_small
from daemon.model.errors import RetryableError
from daemon.model.places import Sight, Spot


def look_at(folder: Path) -> Sight:
    """The folder and the one around it, as they are at this moment. A link is no folder."""
    return Sight(_spot(folder), _spot(folder.parent))


def is_mounted(volume: Path) -> bool:
    """Whether a volume is mounted there. (`os.path.ismount` sees no bind mount within one file system.)"""
    return os.path.ismount(volume)


def volume_away(volume: Path | None) -> Callable[[], str]:
    """A question for whoever writes below a volume's mount point: `volume-away` while it is not mounted, else empty."""
    return lambda: "volume-away" if volume is not None and not is_mounted(volume) else ""


def recall(file: Path) -> dict[str, Sight]:
    """The folders by name, as they were seen last; what is lost or damaged was never seen."""
    try:
        known = parse_small(read_small(file))
        return {name: Sight(_known(each["folder"]), _known(each["around"])) for name, each in known.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, ArithmeticError):
        return {}


def remember(file: Path, seen: Mapping[str, Sight]) -> None:
    """For the next start. A full disk keeps it from being written, and then it is seen again."""
    data = {name: {"folder": sight.folder, "around": sight.around} for name, sight in seen.items()}
    with suppress(RetryableError):
        publish_bytes(file, json.dumps(data).encode(), replace=True)


def _spot(folder: Path) -> Spot | None:
    try:
        found = folder.lstat()
    except OSError:
        return None
    if not stat.S_ISDIR(found.st_mode):
        return None
    return Spot(found.st_dev, found.st_ino, _mount_of(folder, found.st_dev))


def _mount_of(folder: Path, device: int) -> str:
    """The highest folder on the same device: the mount point, or close enough to compare with."""
    top = folder
    for above in folder.parents:
        try:
            if above.lstat().st_dev != device:
                break
        except OSError:
            break
        top = above
    return str(top)


def _known(stored: list[int | str] | None) -> Spot | None:
    if stored is None:
        return None
    device, inode, mount = stored
    return Spot(int(device), int(inode), str(mount))
