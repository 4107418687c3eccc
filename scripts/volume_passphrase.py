"""Where the volume's passphrase comes from, and to whom it is given besides the machine: the recovery key, the terminal."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from volume_parts import Plan, VolumeError, made_passphrase, own, why_unfit

from daemon.config import Home

SEALED_NAME = "volume-passphrase.age"


def choose(home: Home, plan: Plan, kept: bytes | None, *, ask: bool) -> bytes:
    """The kept one; else, for an image that is there, the one that somebody knows; else a new one."""
    if kept is not None:
        return kept
    if plan.image.exists():
        return _typed(f"The volume's passphrase (sealed for the recovery key in {home.state / SEALED_NAME}): ").encode()
    if not ask:
        return made_passphrase().encode()
    first = _typed("A passphrase for the volume: ")
    if reason := why_unfit(first):
        raise VolumeError(f"That passphrase cannot be used: {reason}.")
    if _typed("Once more: ") != first:
        raise VolumeError("The two differ; please run this again.")
    return first.encode()


def _typed(prompt: str) -> str:
    if not sys.stdin.isatty():
        raise VolumeError("The passphrase is asked for at a terminal; please run this in one.")
    return getpass.getpass(prompt)


def seal(home: Home, plan: Plan, passphrase: bytes) -> None:
    """For the recovery key alone: who has it opens the volume when this machine is gone. One of an older image stays."""
    import io

    from daemon.adapters import age
    from daemon.adapters.atomic_file import publish_bytes
    from daemon.adapters.keys import load_keys

    sealed = home.state / SEALED_NAME
    if sealed.exists() and plan.image.exists():
        return
    into = io.BytesIO()
    age.encrypt(io.BytesIO(passphrase + b"\n"), into, (load_keys(home.keys, home.settings.keys_in).recovery,))
    publish_bytes(sealed, into.getvalue(), replace=True)
    own(sealed, plan)


def show(passphrase: bytes) -> None:
    """On the terminal itself, so that no pipe and no log gets it."""
    try:
        with Path("/dev/tty").open("w", encoding="ascii") as terminal:
            terminal.write(
                f"\nThe passphrase, for the safe (clear this window afterwards):\n\n    {passphrase.decode()}\n\n"
            )
    except OSError:
        raise VolumeError("--show needs a terminal; the volume itself is made.") from None
