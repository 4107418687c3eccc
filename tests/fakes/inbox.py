"""An inbox in memory, for tests of what stands above the port. What is put into it is settled at once."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from typing import BinaryIO

from daemon.model.draft import RouteCode
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.job import InboxItem, InboxPart, LeftFolder

DOCUMENTS = frozenset({"soap", "intake"})


class FakeInbox:
    """`daemon.ports.Inbox`. A path is `document/name`, `folder/name` of a packet, both, or `name` in the root.

    In the root, a folder of one file is none that anything is taken from.
    """

    def __init__(self) -> None:
        self.files: dict[str, tuple[InboxPart, bytes]] = {}
        self.codes: dict[str, str] = {}
        self.final = True
        self._moments = itertools.count(1)

    def put(self, path: str, data: bytes, *, code: str = "") -> InboxPart:
        """Put or replace a file; each put is a file of its own."""
        moment = next(self._moments)
        part = InboxPart(path.rpartition("/")[2], path, moment, len(data), moment)
        self.files[path] = (part, data)
        self.codes[path] = code
        return part

    def settled(self) -> Iterator[InboxItem]:
        for folder, parts in self._groups():
            document, packet = _split(folder)
            name = packet or parts[0].untrusted_name
            if packet and not document and len(parts) == 1:
                continue
            code = self.codes[parts[0].path] if len(parts) == 1 else ""
            route: RouteCode = "folder" if document else "kind-default"
            yield InboxItem(name, document, parts, code=code, final=self.final, route=route)

    def all_files(self) -> list[InboxPart]:
        return [part for part, _ in self.files.values()]

    def left_folders(self) -> list[LeftFolder]:
        return [
            LeftFolder(folder, folder, "inbox-folder-unknown", parts=parts)
            for folder, parts in self._groups()
            if _split(folder) == ("", folder) and folder and len(parts) == 1
        ]

    def _groups(self) -> list[tuple[str, tuple[InboxPart, ...]]]:
        """Folder and files of each item, the oldest first."""
        groups: dict[str, list[InboxPart]] = {}
        for path, (part, _) in self.files.items():
            folder = path.rpartition("/")[0]
            groups.setdefault(folder if _split(folder)[1] else path, []).append(part)
        found = [
            (key if _split(key)[1] and key not in self.files else key.rpartition("/")[0], tuple(parts))
            for key, parts in groups.items()
        ]
        return sorted(found, key=lambda each: max(part.mtime_ns for part in each[1]))

    def open(self, part: InboxPart) -> BinaryIO:
        if part.path not in self.files:
            raise PermanentError("file-vanished")
        if not self.unchanged(part):
            raise RetryableError("file-changed")
        return io.BytesIO(self.files[part.path][1])

    def unchanged(self, part: InboxPart) -> bool:
        return part.path in self.files and self.files[part.path][0] == part

    def remove(self, part: InboxPart) -> bool:
        if not self.unchanged(part):
            return False
        del self.files[part.path]
        return True

    def next_due(self) -> float | None:
        return None

    def coming(self) -> list[str]:
        return []


def _split(folder: str) -> tuple[str, str]:
    """The document and the packet that a folder's path names, each "" where it names none."""
    first, _, rest = folder.partition("/")
    return (first, rest) if first in DOCUMENTS else ("", folder)
