"""An inbox in memory, for tests of what stands above the port. What is put into it is settled at once."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from typing import BinaryIO

from daemon.model.errors import PermanentError, RetryableError
from daemon.model.job import InboxItem, InboxPart


class FakeInbox:
    """`daemon.ports.Inbox`. A path is `document/name`, or `name` in the root."""

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
        for path, (part, _) in sorted(self.files.items(), key=lambda file: file[1][0].mtime_ns):
            document = path.rpartition("/")[0]
            yield InboxItem(part.untrusted_name, document, (part,), code=self.codes[path], final=self.final)

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
