"""One daemon a home: whoever works holds its lock, and whoever only looks sees whether somebody does."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from daemon.model.errors import RetryableError

# Somebody who only looks holds the lock for a moment; a start waits for that.
LOOK_SECONDS = (0.01, 0.05, 0.1)


@contextmanager
def single_instance(lock: Path) -> Iterator[None]:
    """Hold the home's lock; `already-running` if another process does. The system lets go of it when a process dies."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(descriptor)
        yield
    finally:
        os.close(descriptor)


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
    try:
        descriptor = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)
