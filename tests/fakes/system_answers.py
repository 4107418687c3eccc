"""A machine whose commands answer what a test says. The samples follow the manual pages and the answers that people have published."""

from __future__ import annotations

import plistlib
from collections.abc import Mapping, Sequence
from typing import Any

from daemon.adapters.preflight.mounts import parse_mountinfo
from daemon.adapters.preflight.system import Platform, System

FDESETUP = ("/usr/bin/fdesetup", "status")
PMSET = ("/usr/bin/pmset", "-g", "custom")
DESTINATIONS = ("/usr/bin/tmutil", "destinationinfo")
HDIUTIL = ("/usr/bin/hdiutil", "info", "-plist")
LSBLK = ("lsblk", "-J", "-o", "NAME,KNAME,TYPE,FSTYPE,PKNAME,MAJ:MIN,RM,HOTPLUG")

MAC_MOUNTS = b"""/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
devfs on /dev (devfs, local, nobrowse)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse, protect)
map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)
/dev/disk5s1 on /Volumes/Practice (inbox) (apfs, local, nodev, nosuid, journaled, noowners)
/dev/disk7s2 on /Volumes/Stick (msdos, local, nodev, nosuid, noowners)
//desk@nas.local/scans on /Volumes/scans (smbfs, nodev, nosuid, mounted by desk)
"""

PMSET_DESKTOP = b"""AC Power:
 Sleep On Power Button 1
 autorestart          1
 standby              0
 ttyskeepawake        1
 hibernatefile        /var/vm/sleepimage
 displaysleep         10
 womp                 1
 sleep                0
 disksleep            10
"""
PMSET_PORTABLE = b"Battery Power:\n lowpowermode         0\n sleep                1\n" + PMSET_DESKTOP.replace(
    b" autorestart          1\n", b""
)


def diskutil(device: str) -> tuple[str, ...]:
    """The command that asks for a disk."""
    return ("/usr/sbin/diskutil", "info", "-plist", device)


def plist(**told: Any) -> bytes:
    """An answer as a property list."""
    return plistlib.dumps(told)


def image(point: str, *, encrypted: bool) -> bytes:
    """`hdiutil info -plist` with one image that is mounted."""
    entities = [{"dev-entry": "/dev/disk4"}, {"dev-entry": "/dev/disk5s1", "mount-point": point}]
    told = {"image-path": "/Users/desk/c.sparsebundle", "image-encrypted": encrypted, "system-entities": entities}
    return plist(framework="683.100.3", images=[told])


class Answers:
    """A `Runner`; whatever has no answer is a command that is missing. `asked` keeps each command line."""

    def __init__(self, answers: Mapping[tuple[str, ...], bytes]) -> None:
        self.answers, self.asked = dict(answers), list[tuple[str, ...]]()

    def __call__(self, command_line: Sequence[str]) -> bytes | None:
        self.asked.append(tuple(command_line))
        return self.answers.get(tuple(command_line))


class Machine(System):
    """A machine with these mounts, whose commands answer so."""

    def __init__(self, platform: Platform, answers: Mapping[tuple[str, ...], bytes], mounts: bytes = b"") -> None:
        self.runner_of_test = Answers(answers)
        super().__init__(platform, self.runner_of_test)
        if platform == "darwin":
            self.runner_of_test.answers.setdefault(("/sbin/mount",), mounts or MAC_MOUNTS)
        else:
            self.__dict__["mounts"] = parse_mountinfo(mounts)
