"""Folders that the system itself is asked to leave alone: macOS' search index and its backups. Elsewhere nothing is done.

Neither is relied on: `doctor` looks whether Spotlight finds anything in inbox and outbox, and whether Time Machine copies the keys.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from daemon.adapters.atomic_file import publish_bytes
from daemon.adapters.machine.commands import Runner, run_command
from daemon.model.errors import RetryableError

NEVER_INDEX = ".metadata_never_index"
"""An empty file of this name keeps Spotlight out of what lies beside it (mds heeds it at a volume's top, on most versions in folders too)."""
_TMUTIL = "/usr/bin/tmutil"


def keep_out_of_index(folder: Path, platform: str = sys.platform) -> None:
    """Put the mark that Spotlight heeds into a folder; a share that takes none is left without."""
    if platform == "darwin":
        with suppress(RetryableError):
            publish_bytes(folder / NEVER_INDEX, b"", replace=False)


def keep_out_of_backups(folder: Path, run: Runner = run_command, platform: str = sys.platform) -> None:
    """Have Time Machine leave a folder out. Without `-p` the exclusion goes with the folder, and needs no root (tmutil(8))."""
    if platform == "darwin":
        run((_TMUTIL, "addexclusion", str(folder)))
