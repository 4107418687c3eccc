"""The machine itself: its clock, its memory, its room, and what else is installed in its Python."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from daemon.adapters.preflight import machine_answers as answers
from daemon.adapters.preflight.check import joined
from daemon.adapters.preflight.system import System
from daemon.model.preflight_check import Check

# An hour of audio, its ciphertext and a draft take less than 1 GB; below that a day's work may not fit.
LOW_BYTES, TOO_LOW_BYTES = 5_000_000_000, 500_000_000
NOT_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
"""Nothing of this release is older, so that a clock which says so is wrong (a Mac with an empty battery says 2001)."""
_AHEAD = timedelta(minutes=5)
# Beside the weights: the daemon, and the reading child, which was measured at 0.6 GB (DESIGN 5).
_BESIDE_BYTES = 2_000_000_000
# What a language model needs at once, by its file: weights, the context's keys and values, and scratch buffers.
_FACTOR = 1.3
CLOCK, MEMORY, SPACE, DUMPS, CLASH = "clock", "memory", "disk-space", "core-dumps", "package-clash"


def check_clock(now: datetime, last_event: datetime | None) -> Check:
    """The time of day can be right. What the audit trail has seen must not lie ahead; that is a warning alone.

    A clock that once ran ahead has left such an event for good, and must not stop the daemon for as long.
    """
    if now < NOT_BEFORE:
        sentence = f"This machine's clock says {now:%Y-%m-%d}, which is before this release was made."
        return Check(CLOCK, "refuse", sentence, "set the date and time", "clock-wrong")
    if last_event is not None and last_event > now + _AHEAD:
        sentence = (
            f"The audit trail's last event lies ahead ({last_event:%Y-%m-%d %H:%M} UTC): a clock was or is wrong."
        )
        return Check(CLOCK, "warn", sentence, "check the date and time, and that they are set by the network")
    return Check(CLOCK, "ok", "The clock is plausible.")


def check_network_time(system: System) -> Check:
    """The clock is set by the network. On macOS only root may ask."""
    if system.mac:
        set_by_network = answers.parse_network_time(system.ask("/usr/sbin/systemsetup", "-getusingnetworktime") or b"")
        mend = "sudo systemsetup -setusingnetworktime on"
    else:
        command = ("timedatectl", "show", "-p", "NTPSynchronized", "--value")
        set_by_network, mend = answers.parse_yes(system.ask(*command) or b""), "sudo timedatectl set-ntp true"
    if set_by_network is None:
        told = (
            "It was not told whether the clock is set by the network (on macOS: sudo systemsetup -getusingnetworktime)."
        )
        return Check("network-time", "ok" if system.mac else "warn", told, "" if system.mac else mend)
    if set_by_network:
        return Check("network-time", "ok", "The clock is set by the network.")
    return Check("network-time", "warn", "The clock is not set by the network, and will run away in a year.", mend)


def check_disk(folder: Path) -> Check:
    """Room to work."""
    return check_space((folder,))


def check_space(folders: Iterable[Path], to_come: tuple[Path, int] | None = None) -> Check:
    """Room to work on each of the disks; a folder that is not there yet counts as what it will lie in.

    `to_come`: where models that are still to be installed will lie, and the bytes that takes.
    """
    free = min(map(_free, folders))
    if to_come and to_come[1] and (room := _free(to_come[0])) < to_come[1]:
        sentence = f"The models need {to_come[1] / 1e9:.1f} GB more, and only {room / 1e9:.1f} GB are free."
        return Check(SPACE, "refuse" if free < TOO_LOW_BYTES else "warn", sentence, "free some space")
    mend = "free some space (for example: empty the Trash)"
    if free < TOO_LOW_BYTES:
        sentence = f"Only {free // 1_000_000} MB are free on the disk; please free some space."
        return Check(SPACE, "refuse", sentence, mend, "disk-full")
    if free < LOW_BYTES:
        return Check(SPACE, "warn", f"Only {free // 1_000_000} MB are free; below 500 MB work stops.", mend)
    return Check(SPACE, "ok", f"{free // 1_000_000_000} GB are free.")


def _free(folder: Path) -> int:
    there = next((place for place in (folder, *folder.parents) if place.is_dir()), Path("/"))
    return shutil.disk_usage(there).free


def check_memory(weights: Mapping[str, int], total_bytes: int) -> Check:
    """The chosen models fit into memory. `weights`: the bytes of each chosen model's files, by name. One runs at a time."""
    name, largest = max(weights.items(), key=lambda each: each[1], default=("", 0))
    needed = int(largest * _FACTOR) + _BESIDE_BYTES
    has = f"this machine has {total_bytes / 1e9:.0f} GB of memory"
    if largest > total_bytes:
        sentence = f"The model {name} alone takes {largest / 1e9:.0f} GB, and {has}."
        return Check(MEMORY, "refuse", sentence, "choose a smaller model in config.toml ([language] model)")
    if needed > total_bytes:
        sentence = f"With the model {name} about {needed / 1e9:.0f} GB are needed, and {has}: it will be very slow."
        return Check(MEMORY, "warn", sentence, "choose a smaller model in config.toml ([language] model)")
    return Check(MEMORY, "ok", f"About {needed / 1e9:.0f} GB of memory are needed, and {has}.")


def check_core_dumps(core_pattern: str, limit: int) -> Check:
    """A crash writes no memory to the disk. Linux hands dumps to a program whatever the limit says (core(5))."""
    found = []
    if limit:
        found.append(
            ("", Check(DUMPS, "warn", "A crash of this process would write its memory to the disk.", "ulimit -c 0"))
        )
    if core_pattern.startswith("|") and "systemd-coredump" not in core_pattern:
        sentence = "A crash's memory is handed to another program, whatever limit Chartdraft sets itself."
        found.append(("", Check(DUMPS, "warn", sentence, "sudo sysctl -w kernel.core_pattern=core")))
    return joined(DUMPS, found, "A crash leaves no memory on the disk.")


def check_package_clash(package: str = "python-daemon") -> Check:
    """Another package of the same module name would take the place of parts of this one."""
    try:
        distribution(package)
    except PackageNotFoundError:
        return Check(CLASH, "ok", "No other package puts itself in this one's place.")
    mend = f"uninstall {package} from this environment, then run scripts/setup"
    return Check(
        CLASH, "refuse", f"The package {package} is installed beside Chartdraft and replaces parts of it.", mend
    )
