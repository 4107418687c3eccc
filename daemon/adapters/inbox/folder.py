"""The inbox on a file system: what is quiet and whole is an item. Events are hints; this listing is the truth."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from daemon.adapters.inbox.container_check import is_whole
from daemon.adapters.inbox.files import (
    as_text,
    code_of,
    is_unchanged,
    kind_of,
    open_seen,
    part_of,
    remove_emptied,
    remove_seen,
)
from daemon.adapters.inbox.listing import is_as_seen, loose_files, subfolders
from daemon.adapters.inbox.names import fold
from daemon.adapters.inbox.packets import Contents, Page, as_page, joined, meant, why_left
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.job import InboxItem, InboxPart, LeftFolder
from daemon.model.source import SourceKind
from daemon.ports import Clock

# A person fills a folder file by file; that it is no packet yet is said when they have had the time.
PACKET_SETTLES = 4
"""A folder is quiet for so many times `settle_seconds` (16 s as set): a person fills it file by file, and looks for the next one."""
FILLING_SECONDS = 30.0


class _Sight(NamedTuple):
    """A file as it was first seen to be so; `since` on the monotonic clock. One for each file that lies there, so it is small."""

    inode: int
    bytes: int
    mtime_ns: int
    document: str
    since: float


class _Folder(NamedTuple):
    """A subfolder as it was first seen to be so; `left` says why it is no packet, `near` which document its name may mean."""

    contents: Contents
    left: str
    near: str
    since: float


class _Candidate(NamedTuple):
    """What may be an item: one file, the pages of one scan, a folder. `quiet_for` is how long all of it must have been quiet."""

    mtime_ns: int
    paths: tuple[str, ...]
    folder: str
    quiet_for: float


class InboxFolder:
    """The `Inbox` port on a folder. Subfolders named by `documents` (key or title, any case) choose the document."""

    def __init__(
        self,
        folder: Path,
        *,
        documents: Mapping[str, str],
        settle_seconds: float,
        give_up_seconds: float,
        clock: Clock,
        join_scans_seconds: float = 0.0,
    ) -> None:
        """`documents` maps keys to titles; `give_up_seconds` is how long an incomplete file is waited for; numbered pictures
        written within `join_scans_seconds` of each other are pages of one item (0: each is one)."""
        self.folder = folder
        self.on_read: Callable[[], None] = lambda: None
        self._titles = dict(documents)
        self._documents = {fold(title): key for key, title in documents.items()}
        self._documents |= {fold(key): key for key in documents}  # a key goes before another document's title
        self._settle_seconds, self._give_up_seconds = settle_seconds, give_up_seconds
        self._join_seconds = join_scans_seconds
        self._clock = clock
        self._sights: dict[str, _Sight] = {}
        self._folders: dict[str, _Folder] = {}
        self._due: float | None = None
        self._coming: list[str] = []
        self._todo: deque[_Candidate] = deque()

    def settled(self) -> Iterator[InboxItem]:
        """Items that are quiet and complete, oldest first, as the folder is at the call."""
        now = self._clock.monotonic()
        self._look(now)
        self._due, self._coming = None, []
        self._wait_for_left(now)
        self._todo = deque(sorted(self._candidates()))
        while self._todo:
            candidate = self._todo.popleft()
            item = self._judge(candidate, now)
            if item is None:
                self._coming.append(self._name_of(candidate))
                continue
            # Claiming those before it may have taken minutes: a file that came into the folder meanwhile belongs to it.
            if candidate.folder and not is_as_seen(self.folder, self._folders[candidate.folder].contents):
                self._wait_until(self._clock.monotonic() + self._settle_seconds)
                continue
            yield item

    def open(self, part: InboxPart) -> BinaryIO:
        """Open exactly the file that was seen."""
        return open_seen(part, self.on_read)

    def unchanged(self, part: InboxPart) -> bool:
        """Whether it still is the same inode, size and mtime."""
        return is_unchanged(part)

    def remove(self, part: InboxPart) -> bool:
        """Unlink the original if it is still the same, and the packet's folder with the last of its files."""
        removed = remove_seen(self.folder, part)
        names = Path(part.path).relative_to(self.folder).parts[:-1]
        if removed and (len(names) > 1 or (names and self._document_of(names[0]) is None)):
            remove_emptied(self.folder, *names)
        return removed

    def next_due(self) -> float | None:
        """Seconds until something that the last listing saw may be settled; None if nothing waits."""
        return None if self._due is None else max(0.0, self._due - self._clock.monotonic())

    def coming(self) -> Sequence[str]:
        """The names, as they came, of what the last listing saw and that is not quiet or complete yet, or not come to yet."""
        return [*self._coming, *map(self._name_of, self._todo)]

    def forget(self) -> None:
        """Another folder lies there now: what was seen in the old one says nothing of it."""
        self._sights, self._folders, self._due, self._coming = {}, {}, None, []
        self._todo.clear()

    def settling_kind(self) -> SourceKind | None:
        """What the next file to settle claims to be; None if nothing waits."""
        now = self._clock.monotonic()
        waiting = [(sight.since, path) for path, sight in self._sights.items()]
        waiting += [(seen.since, seen.contents.parts[0].path) for seen in self._packets()]
        recent = ((since, path) for since, path in waiting if now - since < self._settle_seconds)
        return kind_of(os.path.basename(min(recent, default=(0.0, ""))[1]))  # noqa: PTH119 - the path is kept as text

    def unknown_folders(self) -> int:
        """How many subfolders nothing is taken from."""
        return sum(why_left(each, self._titles) != "" for each in subfolders(self.folder, self._document_of))

    def all_files(self) -> Iterator[InboxPart]:
        """Every file that lies there at the call, settled or not."""
        for path, found, _ in loose_files(self.folder, self._document_of):
            yield part_of(path, found, os.path.basename(path))  # noqa: PTH119
        for contents in subfolders(self.folder, self._document_of):
            yield from contents.parts

    def left_folders(self) -> list[LeftFolder]:
        """The folders from which nothing is taken, as the last listing saw them, once they were quiet."""
        now = self._clock.monotonic()
        return [
            LeftFolder(
                path,
                seen.contents.untrusted_name,
                seen.left,
                seen.near,
                seen.contents.parts,
                seen.contents.changed_ns,
            )
            for path, seen in sorted(self._folders.items())
            if seen.left and now - seen.since >= self._filling_seconds
        ]

    @property
    def _packet_seconds(self) -> float:
        return PACKET_SETTLES * self._settle_seconds

    @property
    def _filling_seconds(self) -> float:
        return max(self._packet_seconds, min(FILLING_SECONDS, self._give_up_seconds))

    def _document_of(self, name: str) -> str | None:
        return self._documents.get(fold(name))

    def _look(self, now: float) -> None:
        """List the folders. What is new or changed starts its quiet time; what is gone is forgotten."""
        files: dict[str, _Sight] = {}
        for path, found, document in loose_files(self.folder, self._document_of):
            sight = _Sight(found.st_ino, found.st_size, found.st_mtime_ns, document, now)
            before = self._sights.get(path)
            files[path] = before if before is not None and before[:4] == sight[:4] else sight
        folders: dict[str, _Folder] = {}
        for contents in subfolders(self.folder, self._document_of):
            known = self._folders.get(contents.path)
            if known is None or known.contents != contents:
                left = why_left(contents, self._titles)
                # Comparing names takes long, and hundreds of folders may be left for weeks.
                known = _Folder(contents, left, meant(contents, self._titles) if left else "", now)
            folders[contents.path] = known
        self._sights, self._folders = files, folders

    def _packets(self) -> list[_Folder]:
        return [seen for seen in self._folders.values() if seen.contents.parts and not seen.left]

    def _candidates(self) -> Iterator[_Candidate]:
        """Pages first: what belongs to a scan is no item by itself."""
        pages = self._pages() if self._join_seconds else []
        for run in joined(pages, self._join_seconds):
            quiet_for = max(self._settle_seconds, self._join_seconds)
            yield _Candidate(run[-1].mtime_ns, tuple(page.path for page in run), "", quiet_for)
        taken = {page.path for page in pages}
        for path, sight in self._sights.items():
            if path not in taken:
                yield _Candidate(sight.mtime_ns, (path,), "", self._settle_seconds)
        for seen in self._packets():
            parts = seen.contents.parts
            newest = max(part.mtime_ns for part in parts)
            yield _Candidate(newest, tuple(part.path for part in parts), seen.contents.path, self._packet_seconds)

    def _pages(self) -> list[Page]:
        found = (as_page(path, sight.mtime_ns) for path, sight in self._sights.items())
        return [page for page in found if page is not None]

    def _judge(self, candidate: _Candidate, now: float) -> InboxItem | None:
        since = self._since(candidate)
        quiet = now - since
        if quiet < candidate.quiet_for:
            self._wait_until(since + candidate.quiet_for)
            return None
        final = quiet >= max(self._give_up_seconds, candidate.quiet_for)
        parts = self._parts(candidate)
        if not final and not self._complete(candidate, parts):
            # It is looked at again at the pace of settling, until patience ends.
            self._wait_until(min(since + self._give_up_seconds, now + self._settle_seconds))
            return None
        return self._item(candidate, parts, final=final)

    def _item(self, candidate: _Candidate, parts: tuple[InboxPart, ...], *, final: bool) -> InboxItem:
        if candidate.folder:
            contents = self._folders[candidate.folder].contents
            name, document = contents.untrusted_name, contents.document
        else:
            name, document = parts[0].untrusted_name, self._sights[candidate.paths[0]].document
            name = name if len(parts) == 1 else name.rpartition(".")[0]
        code = code_of(parts[0], document) if len(parts) == 1 else ""
        return InboxItem(name, document, parts, code, final, route="folder" if document else "kind-default")

    def _name_of(self, candidate: _Candidate) -> str:
        if candidate.folder:
            return self._folders[candidate.folder].contents.untrusted_name
        return as_text(os.path.basename(candidate.paths[0]))  # noqa: PTH119 - the path is kept as text

    def _since(self, candidate: _Candidate) -> float:
        if candidate.folder:
            return self._folders[candidate.folder].since
        return max(self._sights[path].since for path in candidate.paths)

    def _parts(self, candidate: _Candidate) -> tuple[InboxPart, ...]:
        if candidate.folder:
            return self._folders[candidate.folder].contents.parts
        return tuple(
            InboxPart(as_text(os.path.basename(path)), path, *self._sights[path][:3])  # noqa: PTH119
            for path in candidate.paths
        )

    def _complete(self, candidate: _Candidate, parts: Iterable[InboxPart]) -> bool:
        coming = candidate.folder and self._folders[candidate.folder].contents.coming
        return not coming and all(map(_is_complete, parts))

    def _wait_for_left(self, now: float) -> None:
        for seen in self._folders.values():
            if seen.left and now - seen.since < self._filling_seconds:
                self._wait_until(seen.since + self._filling_seconds)
                self._coming.append(seen.contents.untrusted_name)

    def _wait_until(self, moment: float) -> None:
        self._due = moment if self._due is None else min(self._due, moment)


def _is_complete(part: InboxPart) -> bool:
    if part.bytes == 0:
        return False
    try:
        with open_seen(part) as stream:
            return is_whole(stream, "." + part.untrusted_name.rpartition(".")[2].lower())
    except (OSError, PermanentError, RetryableError):
        return False
