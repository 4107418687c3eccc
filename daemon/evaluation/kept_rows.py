"""The numbers of rows that were measured, kept as they come, so that a run of hours goes on where it was stopped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from daemon.evaluation.draft_measure import Numbers
from daemon.model.errors import PermanentError

FILE = "rows.jsonl"


class KeptRows:
    """Rows by who drafted them, of which data, and by which code and settings: what any of these changes is measured anew.

    Only ids, counts and codes are kept. Without a folder nothing is.
    """

    def __init__(self, folder: Path | None, code: str) -> None:
        """`code`: what the code that measures, and its settings, are known by. Raises PermanentError("target-unwritable")."""
        self._file, self._code = (folder / FILE if folder else None), code
        self._known: dict[tuple[str, str, int], Numbers] = {}
        if self._file is not None:
            for line in _lines(self._file):
                self._learn(line)

    def get(self, key: str, data: str, at: int) -> Numbers | None:
        """The numbers of a row, if they were kept."""
        return self._known.get((key, data, at))

    def add(self, key: str, data: str, at: int, numbers: Numbers) -> None:
        """Keep a row's numbers. Raises PermanentError("target-unwritable")."""
        self._known[key, data, at] = numbers
        if self._file is None:
            return
        line = {"entrant": key, "data": data, "at": at, "code": self._code, "numbers": numbers}
        try:
            with self._file.open("a", encoding="utf-8") as out:
                out.write(json.dumps(line, separators=(",", ":")) + "\n")
        except OSError:
            raise PermanentError("target-unwritable") from None

    def _learn(self, line: str) -> None:
        """A line that was cut when the run was killed says nothing."""
        try:
            kept: dict[str, Any] = json.loads(line)
            if kept["code"] == self._code:
                self._known[str(kept["entrant"]), str(kept["data"]), int(kept["at"])] = dict(kept["numbers"])
        except (ValueError, KeyError, TypeError):
            return


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, ValueError):
        raise PermanentError("target-unwritable") from None
