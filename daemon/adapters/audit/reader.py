"""Reading the audit trail: to verify, to show, to export, all of its files as one. Nothing here writes, and nothing believes
the index."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Self

from daemon.adapters.atomic_file import STATE_UNWRITABLE
from daemon.adapters.audit.different import all_different
from daemon.adapters.audit.files import TRAIL, Archive, Snapshot, archive_name, closing_name, lines_of, snapshot
from daemon.adapters.audit.log import CHECKPOINT
from daemon.adapters.keys import check_signature
from daemon.model.audit_chain import Link, parse_line
from daemon.model.audit_fhir import audit_event
from daemon.model.audit_proof import AuditReport, TrailFile, verify_files
from daemon.model.audit_quick import quick_report
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.merkle import Frontier
from daemon.model.signed_note import Checkpoint, NoteKey, open_checkpoint

_SEEN_CACHE_KIB = 8 * 1024


def verify_trail(
    folder: Path, verifier: NoteKey, untrusted_checkpoint: str | None = None, *, copies: Sequence[Checkpoint] = ()
) -> AuditReport:
    """Verify the trail in `folder` by the nine steps of `verify_files`; `verifier` is the audit key's public half.

    The checkpoint is the one given, which should be a copy kept elsewhere, or else the folder's own, if there is one. The trail must
    also hold under the folder's own where another is given, and under `copies`, whose signatures were checked.
    """
    also = list(copies)
    untrusted_notes = [note for note in (untrusted_checkpoint, read_note(folder / CHECKPOINT)) if note is not None]
    for untrusted_note in untrusted_notes:
        opened = open_checkpoint(untrusted_note, verifier, check_signature)
        if opened is None:  # 1
            name = "" if untrusted_note is untrusted_checkpoint else CHECKPOINT
            return AuditReport("checkpoint-signature", None, 0, Frontier().root().hex(), file=name)
        also.append(opened)
    checkpoint = also[len(copies)] if untrusted_notes else None
    with _reading(folder) as found:
        if quick := quick_report(_files(folder, found, verifier), all_different, checkpoint, also=also):
            return quick
        if found.active:
            found.active.seek(0)
        with _Keys() as keys:
            return verify_files(_files(folder, found, verifier), checkpoint, keys.first_time, also=also)


def own_checkpoint(folder: Path, verifier: NoteKey) -> Checkpoint | None:
    """The last checkpoint that was signed here; None where there is none, or none of this key."""
    untrusted_note = read_note(folder / CHECKPOINT)
    return open_checkpoint(untrusted_note, verifier, check_signature) if untrusted_note is not None else None


def read_trail(folder: Path) -> Iterator[Link]:
    """The lines as they are now, oldest first; `audit-broken` at one that is none. Hashes are not checked."""
    for line in read_lines(folder):
        link = parse_line(line.removesuffix(b"\n"))
        if link is None:
            raise PermanentError("audit-broken")
        yield link


def export_jsonl(folder: Path, sink: BinaryIO) -> int:
    """Copy the trail as it is now, byte for byte, so that the copy verifies too; how many lines."""
    count = 0
    for line in read_lines(folder):
        sink.write(line)
        count += line.endswith(b"\n")
    return count


def export_fhir(folder: Path, sink: BinaryIO, origin: str) -> int:
    """Write the trail as FHIR AuditEvent resources, one to a line (NDJSON); how many. `audit-broken` at a line that is none."""
    count = 0
    for link in read_trail(folder):
        sink.write(json.dumps(audit_event(link, origin), separators=(",", ":")).encode() + b"\n")
        count += 1
    return count


def last_lines(folder: Path, most: int) -> Sequence[bytes]:
    """The last so many lines, oldest first, without their newlines."""
    return [line.removesuffix(b"\n") for line in deque(read_lines(folder), maxlen=most)]


def read_lines(folder: Path) -> Iterator[bytes]:
    """The lines of all files with their newlines, up to where the trail ended when this began."""
    with _reading(folder) as found:
        for archive in found.archives:
            yield from _archive_lines(archive)
        if found.active:
            yield from lines_of(found.active, found.active_bytes)


@contextlib.contextmanager
def _reading(folder: Path) -> Iterator[Snapshot]:
    found = snapshot(folder)
    try:
        yield found
    finally:
        if found.active:
            found.active.close()


def _archive_lines(archive: Archive) -> Iterator[bytes]:
    with archive.path.open("rb") as file:
        yield from lines_of(file, archive.bytes)


def _files(folder: Path, found: Snapshot, verifier: NoteKey) -> Iterator[TrailFile]:
    number = 0
    for archive in found.archives:
        yield from (TrailFile(archive_name(gap), there=False) for gap in range(number + 1, archive.number))
        number = archive.number
        closing = _closing(folder, number, verifier)
        yield TrailFile(archive.path.name, _archive_lines(archive), archived=True, closing=closing)
    if _newest_is_gone(found, _closing(folder, number + 1, verifier)):
        yield TrailFile(archive_name(number + 1), there=False)
    if found.active:
        yield TrailFile(TRAIL, lines_of(found.active, found.active_bytes))


def _newest_is_gone(found: Snapshot, closing: Checkpoint | None) -> bool:
    """Whether an archive is not there, but for its checkpoint: the file that is written to begins where that one ended.

    A crash also leaves such a checkpoint, but then the file's first line lies before its end.
    """
    if closing is None:
        return False
    if not found.active or not found.active_bytes:
        return True
    first = parse_line(next(lines_of(found.active, found.active_bytes), b"").removesuffix(b"\n"))
    found.active.seek(0)
    return first is not None and first.seq == closing.size


def _closing(folder: Path, number: int, verifier: NoteKey) -> Checkpoint | None:
    untrusted_note = read_note(folder / closing_name(number))
    return open_checkpoint(untrusted_note, verifier, check_signature) if untrusted_note is not None else None


def read_note(path: Path) -> str | None:
    """The text of a note; None where there is none."""
    try:
        return path.read_bytes().decode(errors="replace")
    except FileNotFoundError:
        return None


class _Keys:
    """Which keys were seen, in a temporary database that SQLite keeps in memory only up to its cache: years of them cost no
    more than a day's."""

    def __init__(self) -> None:
        # An empty name: a private file that is gone when it is closed (https://www.sqlite.org/inmemorydb.html#temp_db).
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute(f"PRAGMA cache_size = -{_SEEN_CACHE_KIB}")
        self._db.execute("CREATE TABLE seen (digest BLOB PRIMARY KEY) WITHOUT ROWID")
        self._db.execute("BEGIN")

    def first_time(self, digest: bytes) -> bool:
        try:
            return self._db.execute("INSERT OR IGNORE INTO seen VALUES (?)", (digest,)).rowcount == 1
        except sqlite3.OperationalError as error:
            full = error.sqlite_errorcode == sqlite3.SQLITE_FULL
            raise RetryableError("disk-full" if full else STATE_UNWRITABLE) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()
