"""Folders that go away and come back: a share, an encrypted volume, a folder that somebody deleted. Rules alone.

What tells a deleted folder from one that is away is the folder around it. If that is the very same as before, nothing was
unmounted between the two: somebody deleted the folder, and it may be made again. Else whatever lies at its path is not ours:
under a mount point lies another disk's folder, and a file put there would be lost when the share comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple


class Spot(NamedTuple):
    """A folder as the system knows it: device and inode; `mount` is the path of the mount point that it lies below."""

    device: int
    inode: int
    mount: str


@dataclass(frozen=True, slots=True)
class Sight:
    """A folder and the one around it, at one look; None where there is none."""

    folder: Spot | None
    around: Spot | None


Verdict = Literal["here", "deleted", "away"]


def judge(now: Sight, last: Sight | None) -> Verdict:
    """Whether a folder may be used as it is, made again, or waited for. `last`: when it was there the last time, if ever."""
    if now.folder is not None:
        return "away" if last is not None and _another_disks(now, last) else "here"
    if last is None or last.folder is None or last.around is None:
        return "away"
    was_mounted_itself = last.folder.mount != last.around.mount
    return "deleted" if now.around == last.around and not was_mounted_itself else "away"


def is_another(now: Sight, last: Sight | None) -> bool:
    """Whether a folder that is here is not the one of the last time: what was seen in that one says nothing of this one."""
    return last is None or last.folder is None or now.folder is None or now.folder[:2] != last.folder[:2]


def _another_disks(now: Sight, last: Sight) -> bool:
    """Whether what lies there now was hidden below a mount point before. The mount point's path says so: a share that is
    mounted again may have another device number."""
    if now.folder is None or last.folder is None or now.folder.mount == last.folder.mount:
        return False
    return last.folder.mount.startswith(now.folder.mount)
