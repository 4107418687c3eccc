"""What is mounted where, and on which mount a folder lies: by names alone, so that a dead share is not touched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from daemon.adapters.preflight.commands import Runner

# File systems whose files lie on another machine. SQLite's locks are not to be relied on there (sqlite.org/faq.html, question 5).
NETWORK = frozenset(
    {
        "smbfs", "cifs", "smb3", "nfs", "nfs4", "afpfs", "webdav", "davfs", "davfs2", "ftp", "afs", "ncpfs", "9p", "ceph",
        "lustre", "gpfs", "fuse.sshfs", "fuse.davfs2", "fuse.glusterfs", "fuse.ceph-fuse", "fuse.rclone", "fuse.s3fs",
        "fuse.gvfsd-fuse", "fuse.curlftpfs", "osxfuse", "macfuse",
    }
)  # fmt: skip
IN_MEMORY = frozenset({"tmpfs", "ramfs"})
_MAC_DATA = "/System/Volumes/Data"
_MAC_LINE = re.compile(r"^(\S.*?) on (/.*) \(([^()]+)\)$")
_OCTAL = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Mount:
    """One mounted file system: what is mounted (`/dev/disk3s5`, `//nas/share`), where, of which kind, and its device number."""

    source: str
    point: str
    kind: str
    number: str = ""

    @property
    def network(self) -> bool:
        """Whether its files lie on another machine."""
        return self.kind in NETWORK


def mounts_of(platform: str, run: Runner) -> tuple[Mount, ...]:
    """What is mounted on this machine; empty if that cannot be told."""
    if platform == "darwin":
        return parse_mount(run(["/sbin/mount"]) or b"")
    try:
        return parse_mountinfo(Path("/proc/self/mountinfo").read_bytes())
    except OSError:
        return ()


def parse_mount(untrusted: bytes) -> tuple[Mount, ...]:
    """macOS's `mount` (mount(8)): `/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)`, a line each."""
    found = (_MAC_LINE.match(line) for line in untrusted.decode(errors="surrogateescape").split("\n"))
    return tuple(Mount(line[1], line[2], line[3].split(",")[0].strip()) for line in found if line)


def parse_mountinfo(untrusted: bytes) -> tuple[Mount, ...]:
    """Linux's /proc/self/mountinfo (proc(5)): `36 35 98:0 /root /point rw,noatime shared:1 - ext3 /dev/sda1 rw`."""
    found = []
    for line in untrusted.decode(errors="surrogateescape").split("\n"):
        before, dash, after = line.partition(" - ")
        fields, rest = before.split(" "), after.split(" ")
        if dash and len(fields) >= 6 and len(rest) >= 2:
            found.append(Mount(_plain(rest[1]), _plain(fields[4]), rest[0], fields[2]))
    return tuple(found)


def _plain(escaped: str) -> str:
    """Spaces, tabs and backslashes stand there as octal numbers."""
    return _OCTAL.sub(lambda match: chr(int(match[1], 8)), escaped)


def mount_of(folder: Path, mounts: Sequence[Mount]) -> Mount | None:
    """The mount that a folder lies on: the longest that it is below, of several the last, which hides those before.

    On macOS what people write below / lies on the data volume, which firmlinks show there (Apple, "About the read-only
    system volume in macOS Catalina").
    """
    path = PurePosixPath(folder)
    best: Mount | None = None
    for mount in mounts:
        if path.is_relative_to(mount.point) and (best is None or len(mount.point) >= len(best.point)):
            best = mount
    if best is not None and best.point == "/":
        return next((mount for mount in mounts if mount.point == _MAC_DATA), best)
    return best
