"""Questions to the person who installs: only on a terminal, and each with a default."""

from __future__ import annotations

import sys


class Questions:
    """Asks if it is wanted and a person is there; else every answer is its default."""

    def __init__(self, *, wanted: bool) -> None:
        self.possible = wanted and sys.stdin.isatty() and sys.stdout.isatty()

    def ask(self, question: str, default: str) -> str:
        """The answer, or the default for an empty one."""
        if not self.possible:
            return default
        shown = f" [{default}]" if default else ""
        try:
            return input(f"{question}{shown} ").strip() or default
        except EOFError:
            return default
