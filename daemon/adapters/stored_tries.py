"""The deaths in the middle of a step, in a small file of the state folder: ids and counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from daemon.adapters.atomic_file import publish_bytes
from daemon.model.errors import RetryableError
from daemon.model.step_tries import StepTries


class StoredTries(StepTries):
    """`StepTries` on a file. Only a step's begin waits for the disk; `disk-full`, `state-unwritable`."""

    def __init__(self, path: Path) -> None:
        super().__init__(_read(path))
        self._path = path

    def _keep(self, times: Mapping[str, int]) -> None:
        publish_bytes(self._path, json.dumps(times).encode(), replace=True)

    def _forget(self, times: Mapping[str, int]) -> None:
        with suppress(RetryableError, OSError):
            if times:
                publish_bytes(self._path, json.dumps(times).encode(), replace=True)
            else:
                self._path.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, int]:
    """What the file says; nothing where it is lost or damaged, for it only counts misfortune."""
    try:
        known = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(known, dict):
        return {}
    return {step: times for step, times in known.items() if isinstance(times, int) and times > 0}
