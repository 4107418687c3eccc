"""Several files as one item: a folder that is one visit's, and a scanner's pages that came one after the other. Rules alone.

Which folder is a packet:
- In a document's folder, each subfolder is, unless its name is a tray's ("2026-08-02"): whoever puts it there says what it is for.
- In the root, a folder is one if its name is neither a document's, nor close to one, nor a tray's; if it holds at least two files,
  among them a memo or a scan; and if it holds no more than one recording. A memo is where a visit begins and ends: two memos are
  two patients' as likely as not, and a form beside them does not tell whose it is. (Two memos of one patient: in a document's folder.)
- A folder of folders, of links, of a hundred files and more is none anywhere.
What is not a packet stays where it lies, whole, and a note says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from daemon.adapters.inbox.files import kind_of
from daemon.adapters.inbox.names import fold, is_general, is_package, natural_key, near_document, page_of
from daemon.model.job import InboxPart

# Twice as many as the pages of a long form. A folder that holds more is a practice's, not a visit's.
MAX_PARTS = 100
_ORDER = {"recording": 0, "text": 1, "scan": 2, None: 3}


@dataclass(frozen=True, slots=True)
class Contents:
    """What lies in a subfolder, at one look. `document` is the key of the folder it lies in, "" in the root.

    `others` counts what is neither file nor folder. `coming`: a copy is under way; `away`: a file is only in the cloud;
    `locked`: it cannot be read. `changed_ns` is set, and `parts` are empty, where there are more than MAX_PARTS.
    """

    path: str
    untrusted_name: str
    document: str
    parts: tuple[InboxPart, ...] = ()
    folders: int = 0
    others: int = 0
    coming: bool = False
    away: bool = False
    locked: bool = False
    changed_ns: int = 0

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it that anybody could wait for."""
        return not (self.parts or self.folders or self.others or self.away or self.locked or self.changed_ns)


def in_order(parts: Iterable[InboxPart]) -> tuple[InboxPart, ...]:
    """Recordings, then texts, then scans, each by name as people count: Scan_2 before Scan_10."""
    return tuple(
        sorted(parts, key=lambda part: (_ORDER[kind_of(part.untrusted_name)], natural_key(part.untrusted_name)))
    )


def why_left(contents: Contents, documents: Mapping[str, str]) -> str:
    """Why nothing is taken from a subfolder, as an error's code; "" for a packet, and for a folder with nothing in it.

    `documents` are titles by key.
    """
    if contents.empty:
        return ""
    if is_package(contents.untrusted_name):
        return "inbox-folder-package"
    if _is_tray(contents, documents):
        return "inbox-folder-unknown"
    if code := _not_plain(contents):
        return code
    return "" if contents.document else _not_one_visit(contents)


def meant(contents: Contents, documents: Mapping[str, str]) -> str:
    """The key of the document that a folder in the root seems to be meant for; ""."""
    return "" if contents.document else near_document(contents.untrusted_name, documents)


def _is_tray(contents: Contents, documents: Mapping[str, str]) -> bool:
    name = contents.untrusted_name
    if is_general(name) or meant(contents, documents):
        return True
    return fold(name) in {fold(label) for pair in documents.items() for label in pair}


def _not_plain(contents: Contents) -> str:
    reasons = (
        ("inbox-folder-locked", contents.locked),
        ("inbox-folder-nested", contents.folders),
        ("inbox-folder-crowded", contents.changed_ns),
        ("inbox-folder-odd", contents.others),
        ("inbox-folder-away", contents.away),
    )
    return next((code for code, holds in reasons if holds), "")


def _not_one_visit(contents: Contents) -> str:
    kinds = [kind_of(part.untrusted_name) for part in contents.parts]
    if kinds.count("recording") > 1:
        return "inbox-folder-several"
    alone = len(kinds) < 2
    return "inbox-folder-unknown" if alone or not {"recording", "scan"} & set(kinds) else ""


class Page(NamedTuple):
    """A loose file that a scanner may have counted: what it shares with its neighbours, its number, when it was written."""

    of: tuple[str, str, str]
    number: int
    mtime_ns: int
    path: str


def as_page(path: str, mtime_ns: int) -> Page | None:
    """A numbered picture in its folder, or None. A PDF is whole in itself."""
    folder, _, name = path.rpartition("/")
    counted = page_of(name)
    if counted is None or kind_of(name) != "scan" or counted[2] == "pdf":
        return None
    prefix, number, suffix = counted
    return Page((folder, prefix, suffix), number, mtime_ns, path)


def joined(pages: Iterable[Page], seconds: float) -> Iterator[list[Page]]:
    """Runs of pages whose numbers follow each other, each written no more than so many seconds after the one before it."""
    for _, group in groupby(sorted(pages), key=lambda page: page.of):
        run: list[Page] = []
        for page in group:
            if run and not (_follows(run[-1], page, seconds) and len(run) < MAX_PARTS):
                yield run
                run = []
            run.append(page)
        yield run


def _follows(before: Page, page: Page, seconds: float) -> bool:
    return page.number == before.number + 1 and 0 <= page.mtime_ns - before.mtime_ns <= seconds * 1e9
