"""The machine as the checks see it: its kind, its mounts, and its commands' answers, each asked for once."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from daemon.adapters.preflight.commands import Runner, run
from daemon.adapters.preflight.mounts import Mount, mount_of, mounts_of

Platform = Literal["darwin", "linux"]


@dataclass
class System:
    """One look at the machine. `runner` runs the commands; what they answered is remembered for as long as this lives."""

    platform: Platform = field(default_factory=lambda: "darwin" if sys.platform == "darwin" else "linux")
    runner: Runner = run
    _answers: dict[tuple[str, ...], bytes | None] = field(default_factory=dict)

    @property
    def mac(self) -> bool:
        """Whether this is macOS."""
        return self.platform == "darwin"

    @cached_property
    def mounts(self) -> tuple[Mount, ...]:
        """What is mounted."""
        return mounts_of(self.platform, self.runner)

    def mount_of(self, folder: Path) -> Mount | None:
        """Where a folder lies; links in its way are followed."""
        return mount_of(folder.resolve(), self.mounts)

    def ask(self, *command_line: str) -> bytes | None:
        """A command's answer, or None."""
        if command_line not in self._answers:
            self._answers[command_line] = self.runner(command_line)
        return self._answers[command_line]
