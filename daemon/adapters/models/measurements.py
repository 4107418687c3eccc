"""What was measured of models' drafts: that which comes with Chartdraft, and a practice's own in its state folder.

It decides whether a model may write, so that a file in which anything is wrong counts for nothing as a whole.
"""

from __future__ import annotations

import dataclasses
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.adapters.atomic_file import publish_bytes
from daemon.adapters.small_json import read_small
from daemon.model.drafting_fitness import Measured, is_sound

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SHIPPED = Path(__file__).with_name("measured.json")
SCHEMA = "chartdraft.measured/1"
_MOST = 1_000
"""Measurements that a file keeps, the newest."""


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """What was measured. `broken`: files that are there, and count for nothing because they cannot be read."""

    measured: tuple[Measured, ...] = ()
    broken: tuple[Path, ...] = ()


class Measurements:
    """The shipped measurements and those in `own`, which need not be there. Of two of the same thing the practice's own counts."""

    def __init__(self, own: Path, shipped: Path = SHIPPED) -> None:
        self._own, self._shipped = own, shipped

    def known(self) -> Known:
        """All that was measured; never raises."""
        found: dict[tuple[str, str, str, str], Measured] = {}
        broken: list[Path] = []
        for file in (self._shipped, self._own):
            try:
                found |= {each.about: each for each in _read(file)}
            except (OSError, ValueError):
                broken.append(file)
        return Known(tuple(found.values()), tuple(broken))

    def remember(self, measured: Measured) -> None:
        """Add one to the practice's own, in place of an earlier one of the same model, adapter, manner and corpus.

        A file that cannot be read is replaced. Raises ValueError if it can be no measurement, RetryableError("disk-full"|
        "state-unwritable").
        """
        if not is_sound(measured):
            raise ValueError("a measurement with shares beyond 0 to 1 or counts below zero")
        try:
            kept = [each for each in _read(self._own) if each.about != measured.about]
        except (OSError, ValueError):
            kept = []
        data = [dataclasses.asdict(each) for each in (*kept, measured)[-_MOST:]]
        text = json.dumps({"schema": SCHEMA, "measured": data}, indent=1)
        publish_bytes(self._own, text.encode(), replace=True)


def _read(file: Path) -> list[Measured]:
    """What stands in a file; nothing if there is none. OSError; ValueError if anything in it is not as it must be."""
    try:
        data = read_small(file)
    except FileNotFoundError:
        return []
    untrusted: _File = _validator().validate_json(data, strict=True, extra="forbid")  # its error is a ValueError
    if untrusted.schema != SCHEMA or not all(map(is_sound, untrusted.measured)):
        raise ValueError
    return untrusted.measured


@dataclasses.dataclass(frozen=True, slots=True)
class _File:
    schema: str
    measured: list[Measured]


@cache
def _validator() -> TypeAdapter[_File]:
    # Imported late: commands that only read the job board never need it.
    from pydantic import TypeAdapter

    return TypeAdapter(_File)
