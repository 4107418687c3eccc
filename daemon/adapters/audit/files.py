"""The files that are the audit trail: numbered archives, oldest first, and the one that is written to.

| file in `<audit>/` | what |
|---|---|
| `trail-000001.jsonl`, … | archives: closed, never written to again |
| `trail-000001.checkpoint.txt`, … | the signed checkpoint that each of them was closed with |
| `trail.jsonl` | what is written to; it may be missing between an archive's closing and the next event |

A place in the trail is an offset in bytes over all of them, one after the other; closing a file changes none. Whoever holds the
lock of the file that bears the name `trail.jsonl` may write, and rename it.
"""

from __future__ import annotations

import fcntl
import io
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from daemon.adapters.atomic_file import make_folder
from daemon.model.audit_chain import MAX_LINE_BYTES
from daemon.model.errors import PermanentError

TRAIL = "trail.jsonl"
_BLOCK_BYTES = 4 * MAX_LINE_BYTES
_ARCHIVE = re.compile(r"trail-([0-9]{6})\.jsonl")


def archive_name(number: int) -> str:
    """The name of an archive; numbers begin at 1."""
    return f"trail-{number:06}.jsonl"


def closing_name(number: int) -> str:
    """The name of the checkpoint that it was closed with."""
    return f"trail-{number:06}.checkpoint.txt"


@dataclass(frozen=True, slots=True)
class Archive:
    """A closed file of the trail."""

    number: int
    path: Path
    bytes: int


def list_archives(folder: Path) -> list[Archive]:
    """Those that are there, by number; there may be gaps. None where there is no folder."""
    try:
        with os.scandir(folder) as entries:
            matched = [(entry, _ARCHIVE.fullmatch(entry.name)) for entry in entries]
    except FileNotFoundError:
        return []
    found = [
        Archive(int(match[1]), Path(entry.path), entry.stat(follow_symlinks=False).st_size)
        for entry, match in matched
        if match
    ]
    return sorted(found, key=lambda archive: archive.number)


def open_locked(folder: Path) -> int:
    """A descriptor of the file that is written to, made if it is missing, under its lock. Raises OSError.

    The file that was opened may have become an archive before its lock was had: then it is another file's turn.
    """
    path = folder / TRAIL
    make_folder(folder)
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if _bears_the_name(path, descriptor):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _bears_the_name(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.lstat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


class Written:
    """All of the trail as it is for the holder of the lock; `audit-broken` if an archive is missing."""

    def __init__(self, folder: Path, descriptor: int) -> None:
        self._archives = list_archives(folder)
        if [each.number for each in self._archives] != list(range(1, len(self._archives) + 1)):
            raise PermanentError("audit-broken")
        self._descriptor = descriptor
        self.base = sum(each.bytes for each in self._archives)
        """Where the file that is written to begins."""
        self.size = self.base + os.fstat(descriptor).st_size

    @property
    def next_number(self) -> int:
        """The next archive's."""
        return len(self._archives) + 1

    def ends_with(self, last_line: bytes, offset: int) -> bool:
        """Whether this line lies before the offset. No line reaches over two files."""
        start = offset - len(last_line)
        for begin, archive in self._begins():
            if begin <= start < begin + archive.bytes:
                with archive.path.open("rb") as file:
                    return os.pread(file.fileno(), len(last_line), start - begin) == last_line
        return os.pread(self._descriptor, len(last_line), start - self.base) == last_line

    def streams_from(self, offset: int) -> Iterator[tuple[BinaryIO, bool]]:
        """Each file that goes on behind the offset, at its place there, to be read; and whether it is the last one."""
        for begin, archive in self._begins():
            if offset < begin + archive.bytes:
                with archive.path.open("rb") as file:
                    file.seek(max(0, offset - begin))
                    yield file, False
        with os.fdopen(os.dup(self._descriptor), "rb") as file:
            file.seek(max(0, offset - self.base))
            yield file, True

    def _begins(self) -> Iterator[tuple[int, Archive]]:
        begin = 0
        for archive in self._archives:
            yield begin, archive
            begin += archive.bytes


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The trail at one moment, to be read: its archives, and the file that was written to then, if there was one."""

    archives: Sequence[Archive]
    active: BinaryIO | None
    active_bytes: int = 0


def snapshot(folder: Path) -> Snapshot:
    """The trail as it is now, between two writes. The caller closes `active`."""
    path = folder / TRAIL
    while True:
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return Snapshot(list_archives(folder), None)
        fcntl.flock(file, fcntl.LOCK_SH)
        if _bears_the_name(path, file.fileno()):
            found = Snapshot(list_archives(folder), file, os.fstat(file.fileno()).st_size)
            fcntl.flock(file, fcntl.LOCK_UN)
            return found
        file.close()


def lines_of(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The lines with their newlines in so many bytes; one that is longer than a block comes in pieces."""
    rest = b""
    while size and (block := file.read(min(size, _BLOCK_BYTES))):
        size -= len(block)
        lines = io.BytesIO(rest + block).readlines()
        rest = b"" if lines[-1].endswith(b"\n") or len(lines[-1]) >= _BLOCK_BYTES else lines.pop()
        yield from lines
    if rest:
        yield rest
