"""What a child is started for, and the command line it has before anything shuts it in."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Literal

from daemon.model.limits import Limits

Role = Literal["recording", "scan", "llm"]

# -P keeps the working directory, -s the user's packages, off the module path; -B leaves no files behind.
INTERPRETER = (sys.executable, "-P", "-s", "-B", "-m")


@dataclass(frozen=True, slots=True)
class EngineCommand:
    """What a child is started for. `threads` is how many cores inference may use; `max_resident_bytes` what the daemon ends it at."""

    role: Role
    threads: int
    max_resident_bytes: int = Limits().max_resident_bytes

    @property
    def arguments(self) -> list[str]:
        """What the child itself is told."""
        return [self.role, str(self.threads)]


def child_command(command: EngineCommand) -> list[str]:
    """The child as it is without anything around it."""
    return [*INTERPRETER, "daemon.engines", *command.arguments]
