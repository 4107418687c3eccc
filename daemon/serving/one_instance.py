"""One daemon a home: whoever works holds its lock, and whoever only looks sees whether somebody does.

The lock is that of a file, and beside it that of the folder it lies in: somebody who finds a "stale" lock file may remove it, and must
not let a second daemon in.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from daemon.model.errors import RetryableError

# Somebody who only looks holds the lock for a moment; a start waits for that.
LOOK_SECONDS = (0.01, 0.05, 0.1)
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_NO_LOCKS = frozenset({errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.ENOLCK, errno.EBADF})


@contextmanager
def single_instance(lock: Path) -> Iterator[None]:
    """Hold the home's lock; `already-running` if another process does. The system lets go of it when a process dies."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    folder = os.open(lock.parent, _FOLDER_FLAGS)
    try:
        _take(descriptor)
        with _tolerating():
            _take(folder)
        yield
    finally:
        os.close(folder)
        os.close(descriptor)


@contextmanager
def _tolerating() -> Iterator[None]:
    """Some file systems lock no folders; the file's lock does there. Only around the taking: what comes after is not ours."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise


def _take(descriptor: int) -> None:
    for pause in (*LOOK_SECONDS, None):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if pause is None:
                raise RetryableError("already-running") from None
            time.sleep(pause)
        else:
            return


def is_running(lock: Path) -> bool:
    """Whether a daemon holds the home's lock. Those who look share it, so that none takes another for the daemon."""
    return _is_held(lock, os.O_RDONLY | os.O_CLOEXEC) or _is_held(lock.parent, _FOLDER_FLAGS)


def _is_held(path: Path, flags: int) -> bool:
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        return False
    try:
        with _tolerating():
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)
