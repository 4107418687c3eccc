"""The deaths in the middle of a step, in a small file of the state folder: ids, counts and times."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from daemon.adapters.atomic_file import publish_bytes
from daemon.adapters.small_json import parse_small, read_small
from daemon.model.crash_point import crash_point
from daemon.model.errors import RetryableError
from daemon.model.step_tries import Deaths, StepTries
from daemon.ports import Clock


class StoredTries(StepTries):
    """`StepTries` on a file. Only a step's begin waits for the disk; `disk-full`, `state-unwritable`."""

    def __init__(self, path: Path, clock: Clock) -> None:
        super().__init__(_read(path), lambda: clock.now().timestamp())
        self._path = path

    def _keep(self, begun: Mapping[str, Deaths]) -> None:
        publish_bytes(self._path, json.dumps(begun).encode(), replace=True)
        crash_point("tries-kept")

    def _forget(self, begun: Mapping[str, Deaths]) -> None:
        with suppress(RetryableError, OSError):
            if begun:
                publish_bytes(self._path, json.dumps(begun).encode(), replace=True)
            else:
                self._path.unlink(missing_ok=True)
            crash_point("tries-forgotten")


def _read(path: Path) -> dict[str, Deaths]:
    """What the file says; nothing where it is lost or damaged, for it only counts misfortune."""
    try:
        known = parse_small(read_small(path))
        deaths = {step: Deaths(int(times), float(since)) for step, (times, since) in known.items()}
    except (OSError, ValueError, TypeError, AttributeError, ArithmeticError):
        return {}
    return {step: each for step, each in deaths.items() if each.times > 0 and math.isfinite(each.since)}
