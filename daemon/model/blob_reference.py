"""How a blob of the vault is named: its id, and the day and class that say which key opens it.

| reference | what |
|---|---|
| `o20261122-<26 characters>` | taken in on 22 November 2026 (UTC) as an original |
| `m20261122-<26 characters>` | made here on that day: a manifest, a reading, a draft |
| `<26 characters>` | sealed by a version that had no day keys |

References stand on the job board, in manifests and in the workflow store: they hold nothing of a document. One that was read from
there becomes a path only by way of `parse_reference`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

BlobClass = Literal["original", "made"]
"""What came in, and what was made of it: they are kept for different times."""

_ID_TEXT = "[a-z2-7]{26}"
_REFERENCE = re.compile(f"(?:([om])([0-9]{{8}})-)?({_ID_TEXT})", re.ASCII)
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.(original|made)", re.ASCII)
_CLASSES: dict[str, BlobClass] = {name[0]: name for name in get_args(BlobClass)}


@dataclass(frozen=True, slots=True, order=True)
class VaultDay:
    """A day in UTC and a class: what one day key seals. As text, `2026-11-22.original`."""

    date: date
    kind: BlobClass

    def __str__(self) -> str:
        return f"{self.date.isoformat()}.{self.kind}"


@dataclass(frozen=True, slots=True)
class BlobReference:
    """A blob's id, and what its key is: that of a day, or None for one that is sealed to both recipients itself."""

    id: str
    day: VaultDay | None

    def __str__(self) -> str:
        return self.id if self.day is None else f"{self.day.kind[0]}{self.day.date:%Y%m%d}-{self.id}"


def parse_reference(untrusted: str) -> BlobReference | None:
    """The reference, or None for whatever is not one exactly."""
    match = _REFERENCE.fullmatch(untrusted)
    if match is None:
        return None
    kind, day, name = match.groups()
    if kind is None:
        return BlobReference(name, None)
    parsed = parse_day(f"{day[:4]}-{day[4:6]}-{day[6:]}.{_CLASSES[kind]}")
    return None if parsed is None else BlobReference(name, parsed)


def parse_day(untrusted: str) -> VaultDay | None:
    """The day and class that a file's or folder's name says, or None for any other name."""
    match = _DAY.fullmatch(untrusted)
    if match is None:
        return None
    try:
        return VaultDay(date.fromisoformat(match[1]), _CLASSES[match[2][0]])
    except ValueError:  # the 31st of a month that has 30
        return None


def day_to_seal(now: datetime, kind: BlobClass, takes: Callable[[VaultDay], bool]) -> VaultDay:
    """The day whose key seals what comes now: today's, or the first one after it that still takes something.

    Only a clock that was put back, or a damaged key, brings one that does not: what is sealed then must not be lost with it.
    """
    day = VaultDay(now.date(), kind)
    while not takes(day):
        day = VaultDay(day.date + timedelta(days=1), kind)
    return day
