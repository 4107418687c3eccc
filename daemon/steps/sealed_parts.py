"""The files of an item, sealed one by one: the first half of claiming."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from daemon.model.errors import PermanentError, RetryableError
from daemon.model.job import InboxItem, InboxPart
from daemon.model.source import SourceKind, source_kind
from daemon.ports import Sealed, Vault


class Originals(Protocol):
    """What claiming needs of the place an item lies in: the inbox, or files named on the command line."""

    def open(self, part: InboxPart) -> BinaryIO:
        """Open exactly the file that was seen; `file-vanished`, `file-changed`."""

    def unchanged(self, part: InboxPart) -> bool:
        """Whether it still is the same inode, size and mtime."""

    def remove(self, part: InboxPart) -> bool:
        """Unlink it if it still is."""


@dataclass(frozen=True, slots=True)
class SealedPart:
    """One sealed file: what it claims to be, and the code of what is plainly wrong with it."""

    seen: InboxPart
    sealed: Sealed
    kind: SourceKind | None
    code: str = ""


def once_each(parts: Sequence[SealedPart]) -> list[SealedPart]:
    """The files without second copies of their contents ("form copy.jpg"): each would be read, and said, twice."""
    kept: dict[str, SealedPart] = {}
    for part in parts:
        known = kept.get(part.sealed.sha256)
        if known is None or (known.code and not part.code):
            kept[part.sealed.sha256] = part
    return list(kept.values())


def seal_part(part: InboxPart, item: InboxItem, originals: Originals, vault: Vault, max_bytes: int) -> SealedPart:
    """Seal a file. What was sealed for someone else, or is cut off, is kept as it is and ends in a note."""
    sealed = seal_as_it_came(part, originals, vault)
    if sealed.code and not item.final:
        raise RetryableError("file-changed")  # it may still be on its way here
    if sealed.code:
        return sealed
    if part.bytes > max_bytes:
        return dataclasses.replace(sealed, code="media-too-large")
    if part.bytes == 0:
        return dataclasses.replace(sealed, code="media-empty")
    return dataclasses.replace(sealed, code="media-unsupported") if sealed.kind is None else sealed


def seal_as_it_came(part: InboxPart, originals: Originals, vault: Vault) -> SealedPart:
    """A file that comes sealed as what is inside, or as it is with `seal-unreadable`."""
    if _is_age(part):
        try:
            return SealedPart(part, _seal_with(vault.seal_age, part, originals), _kind(part))
        except PermanentError as error:
            if error.code != "seal-unreadable":
                raise
        return SealedPart(part, _seal_with(vault.seal, part, originals), _kind(part), "seal-unreadable")
    return SealedPart(part, _seal_with(vault.seal, part, originals), _kind(part))


def _seal_with(seal: Callable[[BinaryIO], Sealed], part: InboxPart, originals: Originals) -> Sealed:
    with originals.open(part) as stream:
        sealed = seal(stream)
    if not originals.unchanged(part):
        # What was sealed is half of one file and half of another: it stays an orphan, and the file is taken in later.
        raise RetryableError("file-changed")
    return sealed


def _kind(part: InboxPart) -> SourceKind | None:
    name = part.untrusted_name
    return source_kind(name[: -len(".age")] if _is_age(part) else name)


def _is_age(part: InboxPart) -> bool:
    return part.untrusted_name.lower().endswith(".age")
