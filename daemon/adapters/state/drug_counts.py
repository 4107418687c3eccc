"""How many of the practice's own delivered drafts named which drug: generic names of the list, and numbers, nothing else.

It says which names speech recognition is told of. A file that is lost or damaged counts for nothing, and counting begins anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from daemon.adapters.atomic_file import publish_bytes
from daemon.adapters.small_json import parse_small, read_small

SCHEMA = "chartdraft.drug-counts/1"
MOST_MARKS = 5_000
"""Of so many jobs, the latest, the file knows by a number that they were counted: a delivery that is repeated counts once."""
_MOST_COUNT = 10**9
_MARK_BYTES = 6


class DrugCounts:
    """The file. `known`: the names that may stand in it; all others are passed over, whoever put them there."""

    def __init__(self, file: Path, known: Callable[[], frozenset[str]]) -> None:
        self._file, self._known = file, known
        self._lock = Lock()

    def named(self) -> Mapping[str, int]:
        """How many drafts named a drug, by its generic name; never raises."""
        return self._read()[0]

    def count(self, job: str, generics: Iterable[str]) -> None:
        """A draft of this job names these drugs. Counts once a job, however often it is delivered.

        Raises RetryableError("disk-full" | "state-unwritable").
        """
        mark = int.from_bytes(hashlib.sha256(job.encode()).digest()[:_MARK_BYTES])
        with self._lock:
            counts, marks = self._read()
            if mark in marks:
                return
            for name in self._known().intersection(generics):
                counts[name] = min(counts.get(name, 0) + 1, _MOST_COUNT)
            kept = {"schema": SCHEMA, "counts": dict(sorted(counts.items())), "counted": [*marks, mark][-MOST_MARKS:]}
            publish_bytes(self._file, json.dumps(kept).encode(), replace=True)

    def _read(self) -> tuple[dict[str, int], list[int]]:
        try:
            untrusted: Any = parse_small(read_small(self._file))
            if untrusted["schema"] != SCHEMA:
                return {}, []
            counts, marks = dict(untrusted["counts"]), list(untrusted["counted"])
        except (OSError, ValueError, KeyError, TypeError):
            return {}, []
        known = self._known()
        sound = {name: number for name, number in counts.items() if name in known and _is_count(number)}
        return sound, [mark for mark in marks if _is_number(mark) and 0 <= mark < 256**_MARK_BYTES]


def _is_number(untrusted: object) -> bool:
    return isinstance(untrusted, int) and not isinstance(untrusted, bool)


def _is_count(untrusted: object) -> bool:
    return _is_number(untrusted) and 0 < untrusted <= _MOST_COUNT  # type: ignore[operator] # _is_number said that it is one
