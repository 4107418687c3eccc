"""The lists of words in the folder beside this module."""

from __future__ import annotations

from pathlib import Path


def package_text(name: str) -> str:
    """The text of a list. Read by its path: `importlib.resources` would load archives first, a fiftieth of a short command."""
    return (Path(__file__).parent / "words" / name).read_text(encoding="utf-8")
