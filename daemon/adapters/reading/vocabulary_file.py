"""The practice's own names, in a text file that is read anew for each recording."""

from __future__ import annotations

from pathlib import Path

from daemon.adapters.small_json import read_small
from daemon.faithfulness.vocabulary.hotwords import names_in


def read_vocabulary(file: Path | None) -> tuple[str, ...]:
    """The names; none where there is no such file, or none that can be read as a text: a recording is heard all the same."""
    if file is None:
        return ()
    try:
        untrusted = read_small(file.resolve())
    except (OSError, ValueError, RuntimeError):
        return ()
    try:
        return names_in(untrusted.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return names_in(untrusted.decode("cp1252", errors="replace"))  # what old Windows editors write
