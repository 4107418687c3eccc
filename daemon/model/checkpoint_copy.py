"""The copies of signed checkpoints that are kept outside the state folder: what they are called, and which are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

KEPT_DAYS = 40
KEPT_TODAY = 24
"""A checkpoint is some 200 bytes, but a program that is started again and again would sign one each time."""

_NAME = re.compile(r"chartdraft-checkpoint-([0-9a-f]{8})-([0-9]{4}-[0-9]{2}-[0-9]{2})-([0-9]{9,15})\.txt")


@dataclass(frozen=True, slots=True, order=True)
class CheckpointCopy:
    """One copy: of which day, over how many lines of the trail, and whose (the first characters of the audit key's name)."""

    day: date
    lines: int
    key: str

    @property
    def name(self) -> str:
        """The file's name."""
        return f"chartdraft-checkpoint-{self.key}-{self.day.isoformat()}-{self.lines:09}.txt"


def key_of(origin: str) -> str:
    """What stands in a copy's name for the key that signed it: several installations may use one folder."""
    return origin.rpartition("/")[2][:8]


def parse_copy(untrusted_name: str) -> CheckpointCopy | None:
    """The copy of this name; None for any other file."""
    match = _NAME.fullmatch(untrusted_name)
    try:
        return CheckpointCopy(date.fromisoformat(match[2]), int(match[3]), match[1]) if match else None
    except ValueError:
        return None


def superfluous_copies(copies: Iterable[CheckpointCopy], today: date) -> Sequence[CheckpointCopy]:
    """Of the copies of one key, those to remove.

    Of today the first and the newest few are kept, of the last weeks the first and the last of each day, of the time before the last
    of each month. A later checkpoint vouches for all lines of an earlier one, but only an earlier one shows what was rewritten
    before the later one was signed.
    """
    ordered = sorted(copies)
    kept: set[CheckpointCopy] = set()
    for day, of_day in groupby(ordered, key=lambda copy: copy.day):
        found = list(of_day)
        if day > today - timedelta(days=KEPT_DAYS):
            kept |= {found[0], *found[-(KEPT_TODAY if day >= today else 1) :]}
    for _, of_month in groupby(ordered, key=lambda copy: (copy.day.year, copy.day.month)):
        kept.add(list(of_month)[-1])
    return [copy for copy in ordered if copy not in kept]
