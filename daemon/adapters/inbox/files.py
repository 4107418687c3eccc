"""Files of an inbox one by one: what was seen is opened, and nothing else is; what was seen is removed, and nothing else is."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from daemon.adapters.atomic_file import sync_open_folder
from daemon.adapters.inbox.ignore_list import is_junk
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.job import InboxItem, InboxPart
from daemon.model.source import SourceKind, source_kind

_READ_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# ELOOP: a link took the file's place. ENXIO: a socket did. ESTALE: it went away on a share.
GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO, errno.ESTALE})


class _Watched(io.FileIO):
    """A file that says when something of it was read."""

    def __init__(self, descriptor: int, on_read: Callable[[], None]) -> None:
        super().__init__(descriptor, "rb")
        self._on_read = on_read

    def readinto(self, buffer: Any, /) -> int | None:
        """As a file does."""
        self._on_read()
        return super().readinto(buffer)


def open_seen(part: InboxPart, on_read: Callable[[], None] = lambda: None) -> BinaryIO:
    """Open exactly the file that was seen; RetryableError("file-changed", "file-locked"), PermanentError("file-vanished").

    `on_read` is called before each block that is read of it.
    """
    try:
        descriptor = os.open(part.path, _READ_FLAGS)
    except OSError as error:
        if error.errno in GONE:
            raise PermanentError("file-vanished") from None
        raise RetryableError("file-locked") from None  # its text holds a name
    if not _is_same(os.fstat(descriptor), part):
        os.close(descriptor)
        raise RetryableError("file-changed")
    return io.BufferedReader(_Watched(descriptor, on_read))


def is_unchanged(part: InboxPart) -> bool:
    """Whether the path still leads to the very file that was seen."""
    try:
        return _is_same(os.lstat(part.path), part)
    except OSError:
        return False


def remove_seen(root: Path, part: InboxPart) -> bool:
    """Unlink the file below `root` if it is still the one that was seen. A file that came in between under its name stays.

    RetryableError("inbox-unwritable") if the folder does not let go of it.
    """
    if not is_unchanged(part):
        return False
    *folders, name = Path(part.path).relative_to(root).parts
    try:
        with opened_folder(root, *folders) as folder:
            if not _is_same(os.stat(name, dir_fd=folder, follow_symlinks=False), part):
                return False
            os.unlink(name, dir_fd=folder)
            # Of several originals none may come back after a power cut, once the board has forgotten them.
            sync_open_folder(folder)
    except OSError as error:
        if error.errno in GONE:
            return error.errno == errno.ENOENT
        raise RetryableError("inbox-unwritable") from None
    return True


def remove_emptied(root: Path, *folders: str) -> bool:
    """Remove a folder below `root` in which there is nothing but what systems leave in every folder; whether it went.

    What came into it meanwhile keeps it.
    """
    *above, name = folders
    try:
        with opened_folder(root, *above) as parent:
            with opened_folder(root, *folders) as folder:
                with os.scandir(folder) as entries:
                    left = [entry.name for entry in entries]
                if not all(is_junk(each) and _is_file(each, folder) for each in left):
                    return False
                for each in left:
                    os.unlink(each, dir_fd=folder)
            os.rmdir(name, dir_fd=parent)
    except OSError:
        return False
    return True


@contextlib.contextmanager
def opened_folder(root: Path, *folders: str) -> Iterator[int]:
    """The descriptor of a folder below `root`, reached without following a link; raises OSError."""
    descriptor = os.open(root, _FOLDER_FLAGS)
    try:
        for name in folders:
            inner = os.open(name, _FOLDER_FLAGS | os.O_NOFOLLOW, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)


class PickedFiles:
    """Files named on the command line, as originals for claim: never removed, they are the person's own."""

    def open(self, part: InboxPart) -> BinaryIO:
        """Open exactly the file that was seen."""
        return open_seen(part)

    def unchanged(self, part: InboxPart) -> bool:
        """Whether it still is."""
        return is_unchanged(part)

    def remove(self, part: InboxPart) -> bool:
        """Leave it."""
        return False

    @staticmethod
    def item(untrusted_paths: list[Path], document: str) -> InboxItem:
        """One item of these files; PermanentError("file-missing") if one is not a readable file."""
        parts = []
        for path in untrusted_paths:
            try:
                found = path.stat()
            except OSError:
                raise PermanentError("file-missing") from None
            if not stat.S_ISREG(found.st_mode) or not os.access(path, os.R_OK):
                raise PermanentError("file-missing")
            parts.append(part_of(str(path.resolve()), found, path.name))
        return InboxItem(
            parts[0].untrusted_name,
            document,
            tuple(parts),
            code=code_of(parts[0], document) if len(parts) == 1 else "",
            route="command" if document else "kind-default",
            stays=True,
        )


def kind_of(untrusted_name: str) -> SourceKind | None:
    """What a file claims to be; of one that came sealed (`memo.m4a.age`), what is inside."""
    return source_kind(untrusted_name[: -len(".age")] if untrusted_name.lower().endswith(".age") else untrusted_name)


def code_of(part: InboxPart, document: str) -> str:
    """Why a settled file cannot be a source, as far as its name, place and size tell. A text belongs to a `document`."""
    if part.bytes == 0:
        return "media-empty"
    kind = kind_of(part.untrusted_name)
    return "media-unsupported" if kind is None or (kind == "text" and not document) else ""


def part_of(path: str, found: os.stat_result, untrusted_name: str) -> InboxPart:
    """A file as it was found."""
    return InboxPart(as_text(untrusted_name), path, found.st_ino, found.st_size, found.st_mtime_ns)


def as_text(untrusted_name: str) -> str:
    """A name need not be UTF-8 on Linux: the path keeps its bytes, the name becomes text that can be stored and shown."""
    return os.fsencode(untrusted_name).decode(errors="replace")


def _is_file(name: str, folder: int) -> bool:
    return stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)


def _is_same(found: os.stat_result, part: InboxPart) -> bool:
    same = (found.st_ino, found.st_size, found.st_mtime_ns) == (part.inode, part.bytes, part.mtime_ns)
    return same and stat.S_ISREG(found.st_mode)
