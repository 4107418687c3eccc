"""Reading the audit trail: to verify, to show, to export. Nothing here writes, and nothing believes the index."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from daemon.adapters.audit_log import CHECKPOINT, TRAIL
from daemon.adapters.keys import check_signature
from daemon.model.audit_chain import MAX_LINE_BYTES, AuditReport, Link, parse_line, verify_lines
from daemon.model.errors import PermanentError
from daemon.model.merkle import Frontier
from daemon.model.signed_note import NoteKey, open_checkpoint


def verify_trail(folder: Path, verifier: NoteKey, untrusted_checkpoint: str | None = None) -> AuditReport:
    """Verify the trail in `folder` by the eight steps of `verify_lines`; `verifier` is the audit key's public half.

    The checkpoint is the one given, which should be a copy kept elsewhere, or else the folder's own, if there is one.
    """
    if untrusted_checkpoint is None:
        untrusted_checkpoint = _own_checkpoint(folder)
    if untrusted_checkpoint is None:
        return verify_lines(_lines(folder))
    checkpoint = open_checkpoint(untrusted_checkpoint, verifier, check_signature)
    if checkpoint is None:  # 1
        return AuditReport("checkpoint-signature", None, 0, Frontier().root().hex())
    return verify_lines(_lines(folder), checkpoint)


def read_trail(folder: Path) -> Iterator[Link]:
    """The lines as they are now, oldest first; `audit-broken` at one that is none. Hashes are not checked."""
    for line in _lines(folder):
        link = parse_line(line.removesuffix(b"\n"))
        if link is None:
            raise PermanentError("audit-broken")
        yield link


def export_jsonl(folder: Path, sink: BinaryIO) -> int:
    """Copy the trail as it is now, byte for byte, so that the copy verifies too; how many lines."""
    count = 0
    for line in _lines(folder):
        sink.write(line)
        count += line.endswith(b"\n")
    return count


def _own_checkpoint(folder: Path) -> str | None:
    try:
        return (folder / CHECKPOINT).read_bytes().decode(errors="replace")
    except FileNotFoundError:
        return None


def _lines(folder: Path) -> Iterator[bytes]:
    """The lines with their newlines, up to where the trail ended when this began; none longer than MAX_LINE_BYTES."""
    try:
        file = (folder / TRAIL).open("rb")
    except FileNotFoundError:
        return
    with file:
        fcntl.flock(file, fcntl.LOCK_SH)  # between two writes, not within one
        left = os.fstat(file.fileno()).st_size
        fcntl.flock(file, fcntl.LOCK_UN)
        while left and (line := file.readline(min(left, MAX_LINE_BYTES))):
            left -= len(line)
            yield line
