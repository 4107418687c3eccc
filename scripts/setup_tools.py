"""What the parts of set-up share: one kind of error, one way to speak, one way to run a long command."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_MINUTE = 60.0


class SetupError(Exception):
    """Set-up cannot go on; its text is one sentence that says what to do."""


def say(line: str) -> None:
    """One line of progress, seen at once even through a pipe."""
    print(line, flush=True)


def in_words(error: OSError) -> str:
    """What the system refused, and where: "/opt/x: No space left on device"."""
    where = f"{os.fsdecode(error.filename)}: " if error.filename is not None else ""
    return f"{where}{error.strerror or type(error).__name__}"


def run_logged(command: list[str], log: Path, environment: dict[str, str]) -> int:
    """Run a command with its output appended to `log`; a sign of life every minute. Returns its exit status."""
    with log.open("a", encoding="utf-8") as out:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, env=environment
        )
        minutes = 0
        try:
            while True:
                try:
                    return process.wait(timeout=_MINUTE)
                except subprocess.TimeoutExpired:
                    minutes += 1
                    say(f"  … still at it after {minutes} min")
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
