"""What the parts of set-up share: one kind of error, one way to speak, one way to run a long command."""

from __future__ import annotations

import subprocess
from pathlib import Path

_MINUTE = 60.0


class SetupError(Exception):
    """Set-up cannot go on; its text is one sentence that says what to do."""


def say(line: str) -> None:
    """One line of progress, seen at once even through a pipe."""
    print(line, flush=True)


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
