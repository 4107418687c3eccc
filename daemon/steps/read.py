"""Read: sealed sources become passages."""

from __future__ import annotations

import dataclasses

from daemon.model.errors import PermanentError
from daemon.model.job import Manifest
from daemon.model.passage import Passage, Reading
from daemon.ports import Reader, Vault


def read(manifest: Manifest, *, vault: Vault, reader: Reader) -> Reading:
    """Read every source of a job, in order, and number the passages through: p1, p2, …

    Raises the manifest's own code where claim already knew that the item cannot be read, and whatever the reader raises.
    """
    if manifest.code:
        raise PermanentError(manifest.code)
    readings = [
        reader.read(part.source, _inner_name(part.untrusted_name), vault.open(part.blob)) for part in manifest.sources
    ]
    passages: list[Passage] = []
    for reading in readings:
        passages += reading.passages
    return Reading(
        sources=tuple(source for reading in readings for source in reading.sources),
        passages=tuple(dataclasses.replace(p, id=f"p{number}") for number, p in enumerate(passages, 1)),
        unreadable=tuple(anchor for reading in readings for anchor in reading.unreadable),
        engines=tuple(dict(pair for reading in readings for pair in reading.engines).items()),
    )


def _inner_name(untrusted_name: str) -> str:
    """The name of what is inside: a memo that came sealed is called `memo.m4a.age`."""
    return untrusted_name[: -len(".age")] if untrusted_name.lower().endswith(".age") else untrusted_name
