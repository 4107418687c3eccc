"""Which version of the state folder a home has: what is written down of it, and what follows from that."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daemon.model.errors import PermanentError

SCHEMA = 4
"""What this version of the program writes. One more for each migration in `adapters.home_schema`."""
UNWRITTEN = 1
"""The schema of a home whose version nobody wrote down: the first ones did not."""
KEPT_BACKUPS = 3

_BACKUP = re.compile(r"schema-([0-9]{1,6})-[0-9]{8}T[0-9]{6}Z(?:-[0-9]+)?")


@dataclass(frozen=True, slots=True)
class HomeVersion:
    """The schema, and for people the version of the program that wrote it."""

    schema: int
    version: str

    def to_bytes(self) -> bytes:
        """As it stands in `state/schema.json`."""
        return (json.dumps({"schema": self.schema, "version": self.version}) + "\n").encode()


def read_version(untrusted: bytes | None) -> int:
    """The schema of a home from what stands in its file, or from there being none; `state-damaged` if it is no such file."""
    if untrusted is None:
        return UNWRITTEN
    try:
        schema = json.loads(untrusted)["schema"]
    except (ValueError, KeyError, TypeError, RecursionError):
        schema = None
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < UNWRITTEN:
        raise PermanentError("state-damaged")
    return schema


def check_version(schema: int) -> None:
    """`state-newer` for a home that a newer version wrote: what that one promises to itself is not known here."""
    if schema > SCHEMA:
        raise PermanentError("state-newer")


def superfluous_backups(names: Iterable[str]) -> Sequence[str]:
    """Of the backups' names, those to remove: all but the newest few, and the oldest one of the newest schema.

    That one is from before the first try, if a migration is killed again and again.
    """
    known = sorted((name for name in names if _BACKUP.fullmatch(name)), key=_age)
    kept = set(known[-KEPT_BACKUPS:])
    if known:
        newest = max(_schema(name) for name in known)
        kept.add(next(name for name in known if _schema(name) == newest))
    return [name for name in known if name not in kept]


def _schema(name: str) -> int:
    return int(name.split("-")[1])


def _age(name: str) -> tuple[str, int, int]:
    _, schema, time, *again = name.split("-")
    return time, int(again[0]) if again else 0, int(schema)
