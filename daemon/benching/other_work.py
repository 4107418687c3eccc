"""Another process at work, while something is measured."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_SECONDS = 3_600
# It ends by itself if whoever started it died, or forgot it: nothing of a bench is left running.
_WORK = f"""
import os, time
parent, end = os.getppid(), time.monotonic() + {LONGEST_SECONDS}
while os.getppid() == parent and time.monotonic() < end:
    sum(range(100_000))
"""


@contextmanager
def other_work() -> Iterator[int]:
    """One core kept busy, by a process of our own that is ended with the block, whatever happens in it; its process id."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _WORK],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()
