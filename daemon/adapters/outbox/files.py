"""Which of the files in the outbox are whose: by their names, and for certain by what stands in them."""

from __future__ import annotations

import io
import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from daemon.adapters.rendering.draft_view import draft_identity
from daemon.model import outbox_name
from daemon.model.job import FINAL_STATES, JobRow
from daemon.model.job_identity import SHORTEST_ID

_MAX_SEARCHED_BYTES = 1_000_000
_MAX_FILE_BYTES = 50_000_000  # ours have some 50 kB; an edited one may hold pictures
# What zipfile raises for damaged, encrypted or exotic archives.
_NOT_A_DOCX = (
    zipfile.BadZipFile, KeyError, NotImplementedError, EOFError, RuntimeError, ValueError, OSError, OverflowError,
    struct.error, zlib.error, lzma.LZMAError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class JobFiles:
    """The names under which a job's files stand in the outbox now, each "" where there is none: the page to check, the Word file
    to edit. `notes` say why there is no draft: one for each name under which the same content came in. `stem` is the item's name
    as these names have it."""

    stem: str = ""
    notes: tuple[outbox_name.OutboxName, ...] = ()
    page: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a file was when it was searched: one that is still that need not be searched again."""

    inode: int
    bytes: int
    mtime_ns: int


class OutboxFiles:
    """Finds the files of jobs, wherever a person has not taken them away or given them another number.

    Four characters of a number may be those of an older job's file too, so what stands in a file decides, not its name. Each file is
    searched once.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[tuple[str, str], tuple[_Seen, bool]] = {}

    def of(self, rows: Iterable[JobRow]) -> Mapping[str, JobFiles]:
        """The files of those of the jobs that have ended, by job, of their last revision. Raises OSError."""
        named = _by_short(self._folder)
        known, self._known = self._known, {}
        found: dict[str, JobFiles] = {}
        for row in rows:
            if row.state in FINAL_STATES:
                identity = draft_identity(row.id, row.revision)
                names = [
                    name for length in range(SHORTEST_ID, len(row.id) + 1) for name in named.get(row.id[:length], ())
                ]
                ours = [each for each in names if self._is_of(each.name, identity, known)]
                if ours:
                    found[row.id] = _files(ours)
        return found

    def notes_of_folders(self, names: Iterable[str]) -> Mapping[str, str]:
        """The note that nothing was taken from a folder of the inbox, by the folder's clean name, where it is there still."""
        notes = {name: outbox_name.left_name(name) for name in names}
        return {name: note for name, note in notes.items() if (self._folder / note).is_file()}

    def _is_of(self, name: str, identity: str, known: Mapping[tuple[str, str], tuple[_Seen, bool]]) -> bool:
        try:
            status = (self._folder / name).lstat()
        except FileNotFoundError:
            return False
        seen = _Seen(status.st_ino, status.st_size, status.st_mtime_ns)
        before = known.get((name, identity))
        holds = before[1] if before and before[0] == seen else bears(self._folder / name, identity)
        self._known[name, identity] = (seen, holds)
        return holds


def _by_short(folder: Path) -> dict[str, list[outbox_name.OutboxName]]:
    """The names that are ours by their form, by the number in them; the plainest of several first."""
    named: dict[str, list[outbox_name.OutboxName]] = {}
    with os.scandir(folder) as entries:
        for name in sorted((entry.name for entry in entries), key=lambda each: (len(each), each)):
            if (read := outbox_name.read_name(name)) is not None:
                named.setdefault(read.short, []).append(read)
    return named


def _files(names: list[outbox_name.OutboxName]) -> JobFiles:
    def first(suffix: str) -> str:
        return next((each.name for each in names if each.suffix == suffix), "")

    notes = tuple(each for each in names if each.suffix == ".txt")
    return JobFiles(names[0].stem, notes, page=first(".html"), word=first(".docx"))


def bears(path: Path, identity: str) -> bool:
    """Whether a regular file is there with this text inside: anywhere, or in a Word file's properties. Raises OSError."""
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > _MAX_FILE_BYTES:
            return False
    except FileNotFoundError:
        return False
    try:
        data = path.read_bytes() if path.suffix == ".docx" else _beginning(path)
    except PermissionError:
        return False  # another account's
    return identity.encode() in (_properties(data) if path.suffix == ".docx" else data)


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MAX_SEARCHED_BYTES)


def _properties(untrusted_docx: bytes) -> bytes:
    """A Word file's core properties; empty where it is none. A person or a bad disk may have put anything there."""
    try:
        with zipfile.ZipFile(io.BytesIO(untrusted_docx)) as archive, archive.open("docProps/core.xml") as part:
            return part.read(_MAX_SEARCHED_BYTES)
    except _NOT_A_DOCX:
        return b""
