"""Asking the system: one function runs a command line, under a time limit; what it answers is read by pure parsers."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress

SECONDS = 4.0
"""What one command may take. `diskutil` on a share whose server is gone would never answer."""
MAX_ANSWER_BYTES = 4_000_000
_ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "LANG": "C"}

Runner = Callable[[Sequence[str]], bytes | None]
"""Runs a command line: what it wrote to stdout and stderr, or None if it is missing or did not answer in time.

Whether it succeeded is read from its words: several of these commands end non-zero with an answer that counts.
"""


def run(command_line: Sequence[str], seconds: float = SECONDS) -> bytes | None:
    """The `Runner` on this machine. Never raises, and never waits longer, even for a process that cannot be killed."""
    try:
        process = subprocess.Popen(
            command_line,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=_ENVIRONMENT,
            close_fds=True,
            start_new_session=True,
        )
    except OSError:
        return None
    try:
        answer, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        _abandon(process)
        return None
    return answer[:MAX_ANSWER_BYTES]


def _abandon(process: subprocess.Popen[bytes]) -> None:
    """Kill it and go. A process inside a dead file system dies only when that answers: waiting for it would hang us too."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.stdout is not None:
        process.stdout.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(0.2)
