"""What the system says of sleep, time, search and backups: the parsers of its commands' answers. Pure."""

from __future__ import annotations

import re

_SETTING = re.compile(r"^\s+([A-Za-z]\w*)\s+(\d+)(?:\s|$)")
_NUMBER = re.compile(r"^\s*(\d{1,18})\s*$")


def parse_pmset(untrusted: bytes) -> dict[str, dict[str, int]]:
    """`pmset -g custom` (pmset(1)): settings by source of power, "AC Power" and "Battery Power"."""
    found: dict[str, dict[str, int]] = {}
    section = ""
    for line in untrusted.decode(errors="replace").split("\n"):
        if line and not line[0].isspace() and line.rstrip().endswith(":"):
            section = line.strip().rstrip(":")
            found.setdefault(section, {})
        elif (setting := _SETTING.match(line)) and section:
            found[section][setting[1]] = int(setting[2][:9])
    return found


def parse_mdutil(untrusted: bytes) -> bool | None:
    """`mdutil -s VOLUME` (mdutil(1)): "Indexing enabled.", "Indexing disabled.", "Indexing and searching disabled."."""
    text = untrusted.decode(errors="replace").lower()
    if "indexing enabled" in text:
        return True
    return False if "disabled" in text else None


def parse_count(untrusted: bytes) -> int | None:
    """`mdfind -count …` (mdfind(1)): a number."""
    found = _NUMBER.match(untrusted.decode(errors="replace"))
    return int(found[1]) if found else None


def parse_destinations(untrusted: bytes) -> bool | None:
    """`tmutil destinationinfo` (tmutil(8)): whether Time Machine has a place to copy to."""
    text = untrusted.decode(errors="replace")
    if "No destinations configured" in text:
        return False
    return True if re.search(r"^ID\s*:", text, re.MULTILINE) else None


def parse_excluded(untrusted: bytes) -> bool | None:
    """`tmutil isexcluded PATH` (tmutil(8)): "[Excluded] PATH" or "[Included] PATH"."""
    text = untrusted.decode(errors="replace")
    if "[Excluded]" in text:
        return True
    return False if "[Included]" in text else None


def parse_yes(untrusted: bytes) -> bool | None:
    """A systemd property with `--value` (timedatectl(1), loginctl(1)): "yes" or "no"."""
    return {"yes": True, "no": False}.get(untrusted.decode(errors="replace").strip())


def parse_network_time(untrusted: bytes) -> bool | None:
    """`systemsetup -getusingnetworktime` (systemsetup(8)), which only root may ask: "Network Time: On"."""
    text = untrusted.decode(errors="replace").strip().lower()
    return {"network time: on": True, "network time: off": False}.get(text)


def parse_idle_action(untrusted: bytes) -> str | None:
    """`busctl get-property … IdleAction` (org.freedesktop.login1(5)): `s "ignore"`."""
    found = re.fullmatch(r's "([a-z-]{1,40})"\s*', untrusted.decode(errors="replace"))
    return found[1] if found else None
