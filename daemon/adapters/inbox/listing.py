"""What lies in an inbox at one look: loose files in its root and in the documents' folders, and the folders beside them.

Nothing is reached through a link: a subfolder is opened below its parent, so that one swapped for a link leads nowhere.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from daemon.adapters.inbox.files import GONE, as_text, opened_folder, part_of
from daemon.adapters.inbox.ignore_list import is_away, is_coming, is_ignored
from daemon.adapters.inbox.packets import MAX_PARTS, Contents, in_order
from daemon.model.job import InboxPart

# macOS <sys/stat.h>: the content is in the cloud; the file reports its full size, and reading it would fetch it.
SF_DATALESS = 0x40000000

DocumentOf = Callable[[str], str | None]
"""The key of the document that a folder is for; None for a folder of no document."""


def loose_files(root: Path, document_of: DocumentOf) -> Iterator[tuple[str, os.stat_result, str]]:
    """Path, facts and document ("" in the root) of each file that lies by itself, one after the other: there may be thousands."""
    for entry in _entries(root):
        if _is_folder(entry):
            document = document_of(entry.name)
            if document is not None:
                yield from ((path, found, document) for path, found in _files_in(root, entry.name))
        elif (found := _file_here(entry)) is not None:
            yield f"{root}/{entry.name}", found, ""


def subfolders(root: Path, document_of: DocumentOf) -> Iterator[Contents]:
    """The folders that may be packets: in the root those of no document, and all in the documents' folders."""
    for entry in _entries(root):
        if not _is_folder(entry):
            continue
        document = document_of(entry.name)
        if document is None:
            yield from _look_into(root, (entry.name,), "")
        else:
            for name in _folders_in(root, entry.name):
                yield from _look_into(root, (entry.name, name), document)


def is_as_seen(root: Path, contents: Contents) -> bool:
    """Whether a subfolder still holds what it held at an earlier look."""
    names = Path(contents.path).relative_to(root).parts
    return next(_look_into(root, names, contents.document), None) == contents


def _entries(root: Path) -> Iterator[os.DirEntry[str]]:
    """What lies in the root. A folder that is away for a while (a share, a disk) holds nothing for a while.

    An entry with its facts takes a kilobyte, so they come one after the other.
    """
    with contextlib.suppress(OSError), os.scandir(root) as entries:
        yield from (entry for entry in entries if not is_ignored(entry.name))


def _files_in(root: Path, name: str) -> Iterator[tuple[str, os.stat_result]]:
    with contextlib.suppress(OSError), opened_folder(root, name) as folder, os.scandir(folder) as entries:
        for entry in entries:
            if not is_ignored(entry.name) and (found := _file_here(entry)) is not None:
                yield f"{root}/{name}/{entry.name}", found


def _folders_in(root: Path, name: str) -> list[str]:
    with contextlib.suppress(OSError), opened_folder(root, name) as folder, os.scandir(folder) as entries:
        return [entry.name for entry in entries if not is_ignored(entry.name) and _is_folder(entry)]
    return []


def _look_into(root: Path, names: tuple[str, ...], document: str) -> Iterator[Contents]:
    """One folder's contents; none of a folder that went away."""
    path, name = "/".join((str(root), *names)), as_text(names[-1])
    try:
        with opened_folder(root, *names) as folder:
            yield _contents(path, name, document, folder)
    except OSError as error:
        if error.errno not in GONE:
            yield Contents(path, name, document, locked=True)


def _contents(path: str, name: str, document: str, folder: int) -> Contents:
    parts: list[InboxPart] = []
    seen = {"folders": 0, "others": 0, "coming": 0, "away": 0}
    with os.scandir(folder) as entries:
        for entry in entries:
            kind = _sort(entry)
            if not isinstance(kind, str):
                parts.append(part_of(f"{path}/{entry.name}", kind, entry.name))
            elif kind:
                seen[kind] += 1
            if len(parts) > MAX_PARTS:
                return Contents(path, name, document, changed_ns=os.fstat(folder).st_mtime_ns)
    return Contents(
        path,
        name,
        document,
        in_order(parts),
        folders=seen["folders"],
        others=seen["others"],
        coming=seen["coming"] > 0,
        away=seen["away"] > 0,
    )


def _sort(entry: os.DirEntry[str]) -> os.stat_result | str:
    """A file's facts; else what it counts as; "" for what is nobody's, or went away."""
    if is_away(entry.name):
        return "away"
    if is_coming(entry.name):
        return "coming"
    if is_ignored(entry.name):
        return ""
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return ""
    if stat.S_ISDIR(found.st_mode):
        return "folders"
    if not stat.S_ISREG(found.st_mode):
        return "others"
    return "away" if _is_dataless(found) else found


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _file_here(entry: os.DirEntry[str]) -> os.stat_result | None:
    """The facts of a regular file with its content here: no link, pipe, socket or device, no placeholder of a cloud."""
    try:
        if not entry.is_file(follow_symlinks=False):
            return None
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return None  # gone since the listing
    return None if _is_dataless(found) else found


def _is_dataless(found: os.stat_result) -> bool:
    return bool(getattr(found, "st_flags", 0) & SF_DATALESS)
