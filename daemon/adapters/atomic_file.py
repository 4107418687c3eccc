"""The one place where files are published: temp beside the target, write, fsync, link or rename, fsync of the folder.

A reader sees the whole file or none, at any moment and after a power cut. A temp is a dot-file that ends in `.part`,
made 0600 and held under a lock while its writer lives, so `sweep_parts` can tell a dead writer's from a living one's.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import secrets
import stat
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from daemon.model.crash_point import crash_point
from daemon.model.errors import RetryableError

STATE_UNWRITABLE = "state-unwritable"
_PART_NAME = re.compile(r"\.chartdraft-[0-9a-f]{16}\.part")
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})
# What file systems answer that know no such thing: exFAT and SMB know no hard links, some shares no locks and no fsync
# of folders. (macOS says ENOTSUP, Linux EPERM for links on FAT, EINVAL for fsync.)
_UNKNOWN_HERE = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.ENOLCK})
_durable_folders: set[tuple[str, int, int]] = set()  # those whose names this process has waited for
_ABANDONED_SECONDS = 24 * 3600  # where there are no locks, a temp that old has no writer

Opener = Callable[[int], BinaryIO]
"""Makes a stream of a descriptor; tests wrap it to inject faults."""


def open_stream(descriptor: int) -> BinaryIO:
    """The usual `Opener`: buffered, for writing."""
    return os.fdopen(descriptor, "wb")


@contextlib.contextmanager
def disk_errors(unwritable: str = STATE_UNWRITABLE) -> Iterator[None]:
    """Turn OSErrors into `disk-full` or the code given. The original is dropped: its text holds a path."""
    try:
        yield
    except OSError as error:
        raise RetryableError("disk-full" if error.errno in _NO_SPACE else unwritable) from None


def sync_file(descriptor: int) -> None:
    """Wait until a file's content is on the disk itself. On macOS fsync alone stops at the drive's cache."""
    if sys.platform == "darwin":
        with contextlib.suppress(OSError):  # network shares know no F_FULLFSYNC; fsync is the best they have
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until a folder's names are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        sync_open_folder(descriptor)
    finally:
        os.close(descriptor)


def sync_open_folder(descriptor: int) -> None:
    """The same for a folder that is open."""
    try:
        sync_file(descriptor)
    except OSError as error:
        if error.errno not in _UNKNOWN_HERE:
            raise


def make_folder(folder: Path, *, mode: int = 0o700, parents: bool = False) -> None:
    """Make a folder if it is not there, and its parents if that is asked for; durable when it returns. Raises OSError.

    Also one that is there is waited for, once in the life of a process: whoever made it may have died before it was durable, and what is
    synced in a folder without a durable name is lost with it.
    """
    with contextlib.suppress(FileNotFoundError):
        if _identity(folder) in _durable_folders:
            return
    if parents and folder.parent != folder and not folder.parent.is_dir():
        make_folder(folder.parent, mode=mode, parents=True)
    made = False
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=mode)
        made = True
        crash_point("folder-made")
    try:
        sync_folder(folder.parent)
    except PermissionError:  # a parent that is another account's, who made the folder for us
        if made:
            raise
    _durable_folders.add(_identity(folder))


def _identity(folder: Path) -> tuple[str, int, int]:
    found = folder.stat()
    return str(folder), found.st_dev, found.st_ino


class Part:
    """A file that nobody sees yet. Write to `file`, then `publish`; only inside `part_in`."""

    def __init__(self, path: Path, descriptor: int, opened: Opener) -> None:
        self.path = path
        self._descriptor = descriptor
        self.file = opened(descriptor)

    def publish(self, path: Path, *, replace: bool, mode: int = 0o600) -> bool:
        """Give the content its name, durably; `path` must be on the same file system.

        With `replace`, whatever bore the name is gone. Without, a name that is taken is left alone: then False.
        """
        self.file.flush()
        crash_point("part-written")
        if mode != 0o600:
            with _tolerating():  # exFAT and some shares keep no modes
                os.fchmod(self._descriptor, mode)
        sync_file(self._descriptor)
        crash_point("part-synced")
        if replace:
            self.path.replace(path)
            published = True
        else:
            published = _link(self.path, path)
        crash_point("part-named")
        # Also when the name was taken: whoever took it may have died before this.
        sync_folder(path.parent)
        crash_point("part-published")
        return published


@contextlib.contextmanager
def part_in(folder: Path, *, unwritable: str = STATE_UNWRITABLE, opened: Opener = open_stream) -> Iterator[Part]:
    """A temp in `folder`, gone when the block ends, published or not. OSErrors become `disk-full` or `unwritable`."""
    with disk_errors(unwritable):
        path, descriptor = _create(folder)
        crash_point("part-made")
        try:
            part = Part(path, descriptor, opened)
            try:
                yield part
            finally:
                # After a failed write, close tries to flush once more; that failure is not news.
                with contextlib.suppress(OSError):
                    part.file.close()
        finally:
            path.unlink(missing_ok=True)
            crash_point("part-removed")


def publish_bytes(
    path: Path,
    data: bytes,
    *,
    replace: bool,
    mode: int = 0o600,
    unwritable: str = STATE_UNWRITABLE,
    opened: Opener = open_stream,
) -> bool:
    """Publish a file whole; False, and nothing changes, if the name is taken and `replace` is not asked for."""
    with part_in(path.parent, unwritable=unwritable, opened=opened) as part:
        write_all(part.file, data)
        return part.publish(path, replace=replace, mode=mode)


class Writable(Protocol):
    """What takes bytes, perhaps fewer than it is given."""

    def write(self, data: bytes, /) -> int:
        """How many bytes were taken."""


def write_all(file: Writable, data: bytes) -> None:
    """Write all of it, also to a stream that takes less than it is given."""
    while data:
        data = data[file.write(data) :]


def sweep_parts(folder: Path) -> int:
    """Remove the temps of writers that died, in this folder alone; how many."""
    swept = 0
    with disk_errors():
        for entry in list(os.scandir(folder)):
            if _PART_NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                with contextlib.suppress(FileNotFoundError):  # published or swept by someone else, meanwhile
                    swept += _sweep(Path(entry.path))
                    crash_point("part-swept")
    return swept


def _sweep(path: Path) -> bool:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False  # its writer lives
    except OSError as error:
        if error.errno not in _UNKNOWN_HERE:
            raise
        if time.time() - os.fstat(descriptor).st_mtime < _ABANDONED_SECONDS:
            return False
    else:
        path.unlink()
        return True
    finally:
        os.close(descriptor)
    path.unlink()
    return True


def _create(folder: Path) -> tuple[Path, int]:
    while True:
        path = folder / f".chartdraft-{secrets.token_hex(8)}.part"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with _tolerating():
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return path, descriptor
        os.close(descriptor)  # a sweep came between open and lock


def _link(temp: Path, path: Path) -> bool:
    """Give a second name, never taking one from another file; False if it is taken."""
    try:
        os.link(temp, path, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _UNKNOWN_HERE:
            raise
        return _claim_name(temp, path)
    return True


def _claim_name(temp: Path, path: Path) -> bool:
    """`_link` for file systems without hard links: reserve the name with an empty file, then rename over it.

    O_EXCL decides who gets the name. A crash between the two leaves an empty file, so an empty regular file counts as
    a reservation that the next attempt takes over: no content is ever overwritten, since it holds none.
    """
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    except FileExistsError:
        taken = path.lstat()
        if taken.st_size or not stat.S_ISREG(taken.st_mode):
            return False
    crash_point("name-reserved")
    temp.replace(path)
    return True


@contextlib.contextmanager
def _tolerating() -> Iterator[None]:
    """Pass over what this file system does not know."""
    try:
        yield
    except OSError as error:
        if error.errno not in _UNKNOWN_HERE:
            raise
