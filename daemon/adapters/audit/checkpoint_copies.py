"""Copies of the signed checkpoints in a second folder: a stick, a share, another disk.

The best proof that a trail was not cut off lies where nobody who sits at this machine can reach it. The folder may be away at any
time, and a share that hangs may keep whoever looks at it waiting for ever: so copying is never waited for by the work, and what could
not be copied is caught up on later.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from daemon.adapters.atomic_file import publish_bytes, sweep_parts
from daemon.adapters.audit.files import closing_name, list_archives
from daemon.adapters.audit.log import CHECKPOINT
from daemon.adapters.keys import check_signature
from daemon.adapters.small_json import read_small
from daemon.model.checkpoint_copy import CheckpointCopy, key_of, parse_copy, superfluous_copies
from daemon.model.crash_point import crash_point
from daemon.model.errors import ChartdraftError
from daemon.model.signed_note import Checkpoint, NoteKey, open_checkpoint
from daemon.ports import Clock


def list_copies(target: Path, verifier: NoteKey) -> list[CheckpointCopy]:
    """This key's copies in the folder, oldest first, by their names alone. OSError where it is away."""
    found = [parse_copy(path.name) for path in target.iterdir()]
    return sorted(copy for copy in found if copy is not None and copy.key == key_of(verifier.name))


def read_copies(target: Path, verifier: NoteKey) -> list[Checkpoint]:
    """What this key signed of what lies there, each under its signature. OSError where the folder is away.

    Others may write there: what cannot be read, is no file or is too long for a checkpoint is none.
    """
    notes = [_untrusted_note(target / copy.name) for copy in list_copies(target, verifier)]
    found = [open_checkpoint(note, verifier, check_signature) for note in notes]
    return [checkpoint for checkpoint in found if checkpoint is not None]


def _untrusted_note(path: Path) -> str:
    try:
        return read_small(path).decode(errors="replace")
    except (OSError, ValueError):
        return ""


class CheckpointCopies:
    """Copies what is signed in `audit` to `target`, which is never made: an empty mount point must not be filled."""

    def __init__(self, audit: Path, target: Path, verifier: NoteKey, clock: Clock) -> None:
        self._audit, self._target, self._verifier, self._clock = audit, target, verifier, clock
        self._asked = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def soon(self) -> None:
        """Have all that is missing there copied, without waiting. While an earlier copying hangs, it is only remembered."""
        self._asked.set()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="checkpoint-copies", daemon=True)
                self._thread.start()

    def wait(self, seconds: float) -> None:
        """For whoever ends soon: give the copying a moment."""
        if self._thread is not None:
            self._thread.join(seconds)

    def copy_now(self) -> None:
        """Copy what is missing, and remove what is superfluous. A folder that is away or full is no error."""
        with suppress(OSError, ChartdraftError):
            if not self._target.is_dir():
                return
            there = {copy.lines for copy in list_copies(self._target, self._verifier)}
            for path in self._notes():
                self._copy(path, there)
            sweep_parts(self._target)
            for copy in superfluous_copies(list_copies(self._target, self._verifier), self._clock.now().date()):
                (self._target / copy.name).unlink(missing_ok=True)
                crash_point("copy-removed")

    def _work(self) -> None:
        while self._asked.is_set():
            self._asked.clear()
            self.copy_now()

    def _notes(self) -> list[Path]:
        """The closed files' checkpoints, oldest first, then the last one signed."""
        closings = [self._audit / closing_name(archive.number) for archive in list_archives(self._audit)]
        return [path for path in (*closings, self._audit / CHECKPOINT) if path.exists()]

    def _copy(self, path: Path, there: set[int]) -> None:
        note = path.read_bytes()
        checkpoint = open_checkpoint(note.decode(errors="replace"), self._verifier, check_signature)
        if checkpoint is None or checkpoint.size in there:
            return
        copy = CheckpointCopy(_day(path), checkpoint.size, key_of(self._verifier.name))
        publish_bytes(self._target / copy.name, note, replace=False, mode=0o644)
        crash_point("copy-published")
        there.add(checkpoint.size)


def _day(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
