"""The inbox on a file system: what is quiet and whole is an item. Events are hints; this listing is the truth."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

from daemon.adapters.container_check import is_whole
from daemon.adapters.ignore_list import is_ignored
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.job import InboxItem, InboxPart
from daemon.model.source import SourceKind, source_kind
from daemon.ports import Clock

# macOS <sys/stat.h>: the content is in the cloud; the file reports its full size, and reading it would fetch it.
SF_DATALESS = 0x40000000
_READ_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
# ELOOP: a link took the file's place. ENXIO: a socket did. ESTALE: it went away on a share.
_GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO, errno.ESTALE})


def open_seen(part: InboxPart) -> BinaryIO:
    """Open exactly the file that was seen; RetryableError("file-changed", "file-locked"), PermanentError("file-vanished")."""
    try:
        descriptor = os.open(part.path, _READ_FLAGS)
    except OSError as error:
        if error.errno in _GONE:
            raise PermanentError("file-vanished") from None
        raise RetryableError("file-locked") from None  # its text holds a name
    if not _is_same(os.fstat(descriptor), part):
        os.close(descriptor)
        raise RetryableError("file-changed")
    return os.fdopen(descriptor, "rb")


def is_unchanged(part: InboxPart) -> bool:
    """Whether the path still leads to the very file that was seen."""
    try:
        return _is_same(os.lstat(part.path), part)
    except OSError:
        return False


def remove_seen(part: InboxPart) -> bool:
    """Unlink the file if it is still the one that was seen. A file that came in between under its name stays.

    RetryableError("inbox-unwritable") if the folder does not let go of it.
    """
    if not is_unchanged(part):
        return False
    try:
        os.unlink(part.path)  # noqa: PTH108 - the path is kept as text
    except FileNotFoundError:
        return True
    except OSError:
        raise RetryableError("inbox-unwritable") from None
    return True


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
            parts.append(_part(str(path.resolve()), found, path.name))
        return InboxItem(
            parts[0].untrusted_name, document, tuple(parts), code=next(filter(None, map(_code, parts)), "")
        )


class _Sight(NamedTuple):
    """A file as it was first seen to be so; `since` on the monotonic clock. One for each file that lies there, so it is small."""

    inode: int
    bytes: int
    mtime_ns: int
    document: str
    since: float


class InboxFolder:
    """The `Inbox` port on a folder. Subfolders named by `folders` (key or title, any case) choose the document."""

    def __init__(
        self,
        folder: Path,
        *,
        documents: Mapping[str, str],
        settle_seconds: float,
        give_up_seconds: float,
        clock: Clock,
    ) -> None:
        """`documents` maps keys to titles; `give_up_seconds` is how long an incomplete file is waited for."""
        self.folder = folder
        self._documents = {_fold(title): key for key, title in documents.items()}
        self._documents |= {_fold(key): key for key in documents}  # a key goes before another document's title
        self._settle_seconds, self._give_up_seconds = settle_seconds, give_up_seconds
        self._clock = clock
        self._sights: dict[str, _Sight] = {}
        self._due: float | None = None

    def settled(self) -> Iterator[InboxItem]:
        """Items that are quiet and complete, oldest first, as the folder is at the call."""
        now = self._clock.monotonic()
        self._look(now)
        self._due = None
        for path in sorted(self._sights, key=lambda path: self._sights[path].mtime_ns):
            item = self._judge(path, self._sights[path], now)
            if item is not None:
                yield item

    def open(self, part: InboxPart) -> BinaryIO:
        """Open exactly the file that was seen."""
        return open_seen(part)

    def unchanged(self, part: InboxPart) -> bool:
        """Whether it still is the same inode, size and mtime."""
        return is_unchanged(part)

    def remove(self, part: InboxPart) -> bool:
        """Unlink the original if it is still the same."""
        return remove_seen(part)

    def next_due(self) -> float | None:
        """Seconds until something that the last listing saw may be settled; None if nothing waits."""
        return None if self._due is None else max(0.0, self._due - self._clock.monotonic())

    def settling_kind(self) -> SourceKind | None:
        """What the next file to settle claims to be; None if nothing waits."""
        now = self._clock.monotonic()
        waiting = (
            (sight.since, path) for path, sight in self._sights.items() if now - sight.since < self._settle_seconds
        )
        return source_kind(os.path.basename(min(waiting, default=(0.0, ""))[1]).removesuffix(".age"))  # noqa: PTH119

    def unknown_folders(self) -> int:
        """How many subfolders bear no document's name: what lies in them is not taken in."""
        return sum(_is_folder(entry) and _fold(entry.name) not in self._documents for entry in _list(self.folder))

    def _look(self, now: float) -> None:
        """List the folders. What is new or changed starts its quiet time; what is gone is forgotten."""
        seen: dict[str, _Sight] = {}
        for entry, document in self._entries():
            try:
                found = entry.stat(follow_symlinks=False)
            except OSError:
                continue  # gone since the listing
            sight = _Sight(found.st_ino, found.st_size, found.st_mtime_ns, document, now)
            before = self._sights.get(entry.path)
            seen[entry.path] = before if before is not None and before[:4] == sight[:4] else sight
        self._sights = seen

    def _entries(self) -> Iterator[tuple[os.DirEntry[str], str]]:
        for entry in _list(self.folder):
            if _is_file(entry):
                yield entry, ""
            elif _is_folder(entry) and _fold(entry.name) in self._documents:
                document = self._documents[_fold(entry.name)]
                yield from ((inner, document) for inner in _list(Path(entry.path)) if _is_file(inner))

    def _judge(self, path: str, sight: _Sight, now: float) -> InboxItem | None:
        quiet = now - sight.since
        if quiet < self._settle_seconds:
            self._wait_until(sight.since + self._settle_seconds)
            return None
        final = quiet >= self._give_up_seconds
        part = InboxPart(_as_text(os.path.basename(path)), path, sight.inode, sight.bytes, sight.mtime_ns)  # noqa: PTH119
        if not final and not self._complete(part):
            # It is looked at again at the pace of settling, until patience ends.
            self._wait_until(min(sight.since + self._give_up_seconds, now + self._settle_seconds))
            return None
        return InboxItem(part.untrusted_name, sight.document, (part,), code=_code(part), final=final)

    def _complete(self, part: InboxPart) -> bool:
        if part.bytes == 0:
            return False
        try:
            with open_seen(part) as stream:
                return is_whole(stream, "." + part.untrusted_name.rpartition(".")[2].lower())
        except (OSError, PermanentError, RetryableError):
            return False

    def _wait_until(self, moment: float) -> None:
        self._due = moment if self._due is None else min(self._due, moment)


def _list(folder: Path) -> Iterator[os.DirEntry[str]]:
    """What lies in a folder, one after the other: an entry with its facts takes a kilobyte, and there may be thousands.

    A folder that is away for a while (a share, a disk) holds nothing for a while.
    """
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        yield from (entry for entry in entries if not is_ignored(entry.name))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    """A regular file with its content here: no link, pipe, socket or device, no placeholder of a cloud."""
    try:
        if not entry.is_file(follow_symlinks=False):
            return False
        return not getattr(entry.stat(follow_symlinks=False), "st_flags", 0) & SF_DATALESS
    except OSError:
        return False


def _code(part: InboxPart) -> str:
    """Why a settled file cannot be a source, as far as its name and size tell."""
    name = part.untrusted_name
    kind = source_kind(name[: -len(".age")] if name.lower().endswith(".age") else name)
    if part.bytes == 0:
        return "media-empty"
    return "" if kind else "media-unsupported"


def _part(path: str, found: os.stat_result, untrusted_name: str) -> InboxPart:
    return InboxPart(_as_text(untrusted_name), path, found.st_ino, found.st_size, found.st_mtime_ns)


def _as_text(untrusted_name: str) -> str:
    """A name need not be UTF-8 on Linux: the path keeps its bytes, the name becomes text that can be stored and shown."""
    return os.fsencode(untrusted_name).decode(errors="replace")


def _is_same(found: os.stat_result, part: InboxPart) -> bool:
    same = (found.st_ino, found.st_size, found.st_mtime_ns) == (part.inode, part.bytes, part.mtime_ns)
    return same and stat.S_ISREG(found.st_mode)


def _fold(name: str) -> str:
    """Canonical caseless matching: Unicode 16, section 3.13, D145."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())
