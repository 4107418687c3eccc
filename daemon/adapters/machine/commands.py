"""Running a command of the system, so that tests can hand in what it would answer."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

TIMEOUT_SECONDS = 120.0
NOT_FOUND, TOOK_TOO_LONG = 127, 124


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command answered. `code` is 127 if there is no such command, 124 if it took too long."""

    code: int
    out: str = ""
    err: str = ""

    @property
    def said(self) -> str:
        """The first line of its complaint; of its answer if it did not complain."""
        lines = [line.strip() for line in (self.err or self.out).splitlines() if line.strip()]
        return lines[0] if lines else ""


Runner = Callable[[Sequence[str]], Ran]
"""Runs a command line to its end."""


def run_command(
    command: Sequence[str], environment: Mapping[str, str] | None = None, *, seconds: float = TIMEOUT_SECONDS
) -> Ran:
    """Run it without a terminal; with this environment instead of our own if one is given."""
    try:
        done = subprocess.run(
            list(command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
            env=None if environment is None else dict(environment),
        )
    except (FileNotFoundError, PermissionError):
        return Ran(NOT_FOUND)
    except subprocess.TimeoutExpired:
        return Ran(TOOK_TOO_LONG)
    return Ran(done.returncode, done.stdout, done.stderr)
