"""A memo that no patient spoke, through the whole way: the last step of an installation."""

from __future__ import annotations

import os
import secrets
import struct
import time
from pathlib import Path

from installed import Installed, Paths
from setup_tools import say

NAME = "TEST memo, no patient"
_WAIT_SECONDS = 600.0


def try_memo(installed: Installed, paths: Paths, sample: Path, *, in_background: bool) -> bool:
    """Put the test memo into the inbox and wait for what comes of it; says where it lies. Whether it was drafted.

    It stays in the outbox for people to look at, under a name that says what it is. The next test replaces it.
    """
    for old in found(paths.outbox):
        old.unlink()
    place(sample, paths.inbox)
    if not in_background and installed.ask("run", "--once").returncode == 75:
        say(f"  Another Chartdraft is at work on this home; “{NAME}” waits in the inbox for it.")
        return False
    deadline = time.monotonic() + _WAIT_SECONDS
    while not found(paths.outbox) and in_background and time.monotonic() < deadline:
        time.sleep(1)
    return tell(paths)


def tell(paths: Paths) -> bool:
    """Say what came of it."""
    results = found(paths.outbox)
    drafts = [path for path in results if path.suffix == ".docx"]
    if not results:
        say(f"  It is not drafted yet; it will appear in {paths.outbox} under the name “{NAME}”.")
    elif not drafts:
        say(f"  It could not be drafted; what to do stands in {results[0]}")
    else:
        say(f"  Drafted: {drafts[0]}")
        say("  It is a test with an invented patient: open it to see what a draft looks like, and delete it.")
    return bool(drafts)


def found(outbox: Path) -> list[Path]:
    """What the outbox holds of test memos."""
    return sorted(outbox.glob(f"{NAME} - *"))


def place(sample: Path, inbox: Path) -> None:
    """Put the memo into the inbox, whole from the first moment, and belonging to whom the inbox belongs.

    A `free` box with random bytes (ISO/IEC 14496-12, 8.1.2) makes it another file each time: the same file would be
    the same job, which was delivered long ago.
    """
    temporary = inbox / f".{NAME}.part"
    temporary.write_bytes(sample.read_bytes() + struct.pack(">I4s16s", 24, b"free", secrets.token_bytes(16)))
    owner = inbox.stat()
    if os.geteuid() == 0:
        os.chown(temporary, owner.st_uid, owner.st_gid)
    temporary.replace(inbox / f"{NAME}.m4a")
