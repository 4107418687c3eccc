"""Reading the small JSON files of the state folder, whatever a damaged disk or a mistaken hand has made of them."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

MOST_BYTES = 1_000_000
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def read_small(path: Path) -> bytes:
    """A regular file of at most a megabyte; OSError, and ValueError for anything else. A link is not followed, a pipe not waited for."""
    descriptor = os.open(path, _FLAGS)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError
    return data


def parse_small(data: bytes) -> Any:
    """What it says; ValueError, also for what is nested too deep."""
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError from None
