"""Read: sealed sources become passages."""

from __future__ import annotations

import dataclasses

from daemon.model.errors import PermanentError
from daemon.model.job import Manifest, ManifestSource
from daemon.model.passage import Passage, Reading, Unread
from daemon.ports import Reader, Vault

# What is wrong with one file says nothing of the others. All else (a model that is missing, a key) is wrong with all of them.
_OF_ONE_FILE = ("media-", "page-", "speech-", "seal-", "engine-timeout", "engine-memory")


def read(manifest: Manifest, *, vault: Vault, reader: Reader) -> Reading:
    """Read every source of a job, in order, and number the passages through: p1, p2, …

    A source of several that cannot be read is named in `unread`, and the others are read all the same. Raises the manifest's own
    code where claim already knew that the item cannot be read, the first source's code where none could be, and whatever else
    the reader raises.
    """
    if manifest.code:
        raise PermanentError(manifest.code)
    results = [_read_one(part, vault, reader) for part in manifest.sources]
    unread = tuple(result for result in results if isinstance(result, Unread))
    readings = [result for result in results if isinstance(result, Reading)]
    if unread and not readings:
        raise PermanentError(unread[0].code)
    passages: list[Passage] = []
    for reading in readings:
        passages += reading.passages
    known = {source.id: source for reading in readings for source in reading.sources}
    return Reading(
        sources=tuple(known.get(part.source.id, part.source) for part in manifest.sources),
        passages=tuple(dataclasses.replace(p, id=f"p{number}") for number, p in enumerate(passages, 1)),
        unreadable=tuple(anchor for reading in readings for anchor in reading.unreadable),
        engines=tuple(dict(pair for reading in readings for pair in reading.engines).items()),
        unread=unread,
    )


def _read_one(part: ManifestSource, vault: Vault, reader: Reader) -> Reading | Unread:
    if part.code:
        return Unread(part.source.id, part.code)
    untrusted_bytes = vault.open(part.blob)
    try:
        return reader.read(part.source, _inner_name(part.untrusted_name), untrusted_bytes)
    except PermanentError as error:
        if not error.code.startswith(_OF_ONE_FILE):
            raise
        return Unread(part.source.id, error.code)


def _inner_name(untrusted_name: str) -> str:
    """The name of what is inside: a memo that came sealed is called `memo.m4a.age`."""
    return untrusted_name[: -len(".age")] if untrusted_name.lower().endswith(".age") else untrusted_name
