"""What the parts of make-encrypted-volume share: one kind of error, one way to run a command, the passphrase."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path

# Without l, o, 0 and 1, which look alike on paper; 32 signs, so each carries five bits.
_SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_SIGNS = 5, 5  # 125 bits
_MIN_TYPED = 12
_SIZE = re.compile(r"(?P<number>[1-9][0-9]{0,5})(?P<unit>[mg])", re.IGNORECASE)
_MIN_BYTES = 64 << 20  # a LUKS2 header takes 16 MiB of it, and APFS needs some room too


class VolumeError(Exception):
    """The volume cannot be made; its text is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Tools:
    """Runs the system's commands. A secret goes to a command's standard input alone: arguments show in `ps`."""

    def run(self, *command: str, secret: bytes | None = None, account: tuple[int, int] | None = None) -> bytes:
        """What a command printed, run by this account or another (user, group).

        `VolumeError` with the last line that it said if it failed, unless the secret is in it.
        """
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                check=False,
                **({"stdin": subprocess.DEVNULL} if secret is None else {"input": secret}),
                **({"user": account[0], "group": account[1], "extra_groups": []} if account else {}),
            )
        except FileNotFoundError:
            raise VolumeError(f"{command[0]} is not on this machine; please install it and run this again.") from None
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
            told = bool(secret) and secret in done.stderr
            reason = f": {said[0]}" if said and not told else ""
            raise VolumeError(f"{command[0]} ended with status {done.returncode}{reason}")
        return done.stdout

    def succeeds(self, *command: str) -> bool:
        """Whether a command that only asks something ends well."""
        try:
            self.run(*command)
        except VolumeError:
            return False
        return True

    def is_mount(self, folder: Path) -> bool:
        """Whether something is mounted there."""
        return os.path.ismount(folder)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made. `name` names the mapping, the keychain's entry and what mounts it at the next start."""

    name: str
    image: Path
    mount: Path
    size: str
    owner: tuple[int, int]
    keep: bool
    """Whether the machine keeps the passphrase, to mount the volume by itself."""


def made_passphrase() -> str:
    """A new passphrase of 125 random bits, in groups that can be copied from paper."""
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(_GROUP_SIGNS)) for _ in range(_GROUPS))
    return "-".join(groups)


def why_unfit(untrusted_passphrase: str) -> str:
    """Why a typed passphrase is refused, or "". The keychain's tool prints others than printable ASCII in hexadecimal."""
    if len(untrusted_passphrase) < _MIN_TYPED:
        return f"it has fewer than {_MIN_TYPED} characters"
    if not (untrusted_passphrase.isascii() and untrusted_passphrase.isprintable()):
        return "it holds other characters than those of a US keyboard"
    if untrusted_passphrase != untrusted_passphrase.strip():
        return "it begins or ends with a blank"
    return ""


def size_bytes(size: str) -> int:
    """ "20g" or "500m" in bytes (binary units, as hdiutil counts)."""
    found = _SIZE.fullmatch(size)
    number = int(found["number"]) << (20 if found["unit"].lower() == "m" else 30) if found else 0
    if number < _MIN_BYTES:
        raise VolumeError(f"--size {size}: please give a number and m or g, such as 20g, and at least 64m.")
    return number


def own(path: Path, plan: Plan) -> None:
    """Give what root made to who runs Chartdraft."""
    if os.geteuid() == 0:
        os.chown(path, *plan.owner)
