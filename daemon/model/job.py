"""A job: one item on its way, as ids, states and codes only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from daemon.model.draft import RouteCode
from daemon.model.source import Source, SourceKind

JobState = Literal["waiting", "reading", "drafting", "checking", "delivered", "attention"]
STATES: tuple[JobState, ...] = ("waiting", "reading", "drafting", "checking", "delivered", "attention")
FINAL_STATES: frozenset[JobState] = frozenset({"delivered", "attention"})


@dataclass(frozen=True, slots=True)
class JobRow:
    """What the job board knows of a job. `manifest`, `reading` and `draft` are the ids of sealed blobs in the vault.

    `revision` counts drafts of the job: 1 for the first, one more for each retry. `code` is the last error's, or empty.
    """

    id: str
    state: JobState
    document: str
    sources: tuple[SourceKind, ...]
    manifest: str
    updated_at: datetime
    revision: int = 1
    attempts: int = 0
    code: str = ""
    reading: str = ""
    draft: str = ""


def is_at_work(rows: Iterable[JobRow]) -> bool:
    """Whether any of these is worked on, or about to be: not while the one under way waits for something, with a code that says what."""
    open_rows = [row for row in rows if row.state not in FINAL_STATES]
    under_way = [row for row in open_rows if row.state != "waiting"]
    return any(not row.code for row in under_way or open_rows)


def is_past(row: JobRow, revision: int) -> bool:
    """Whether nothing is left to do for this revision of the job: it has ended, or the job has gone on to a later one."""
    return row.revision > revision or (row.revision == revision and row.state in FINAL_STATES)


@dataclass(frozen=True, slots=True)
class ManifestSource:
    """A source of a job and the vault's blob that holds it. `untrusted_name` is the file's name as it came: PHI.

    `code` says why this source cannot be read, where that was plain at claim and the item has others.
    """

    source: Source
    blob: str
    untrusted_name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What came in, sealed: the only place that knows file names.

    `stem` is the clean first part of the outbox names; `short` the first characters of the job's id, unique here;
    `deliver_to` an absolute folder asked for on the command line, or empty for the outbox. `code` is an error's code where it
    was plain at claim that the item cannot be drafted ("media-unsupported"): it is sealed all the same, and ends in a note.
    `route` is how the document was chosen at claim: "folder", "command", "derived", or "kind-default" where a memo's first words
    may still say otherwise; empty in the manifest of a version that asked no memo. `seen` is a digest of inode, size and time of the
    files, to know a half-done claim from a second copy.
    """

    job: str
    stem: str
    short: str
    sources: tuple[ManifestSource, ...]
    deliver_to: str = ""
    code: str = ""
    seen: str = ""
    route: RouteCode = ""


@dataclass(frozen=True, slots=True)
class InboxPart:
    """One file of an item, as it was when it was seen to be settled."""

    untrusted_name: str
    path: str
    inode: int
    bytes: int
    mtime_ns: int

    @property
    def facts(self) -> str:
        """What tells this file from any other, without its name."""
        return f"{self.inode}:{self.bytes}:{self.mtime_ns}"


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One settled item. `document` is the subfolder's document key, or empty for the inbox's root.

    `code` is an error's code where an item of one file is settled but cannot be a source ("media-unsupported", …). `final` says
    that it was quiet for so long that waiting for the rest of it is over. `route` is how its document was chosen. `stays`: the
    files are the person's own, named on the command line, and are never removed.
    """

    untrusted_name: str
    document: str
    parts: tuple[InboxPart, ...]
    code: str = ""
    final: bool = True
    route: RouteCode = "kind-default"
    stays: bool = False


@dataclass(frozen=True, slots=True)
class LeftFolder:
    """A folder in the inbox from which nothing is taken: why, as an error's code, and what lies in it.

    `near` is the key of the document that its name is close to, or empty. `changed_ns` stands for the contents where they are
    too many to be listed. Two that are equal are the same folder in the same state.
    """

    path: str
    untrusted_name: str
    code: str
    near: str = ""
    parts: tuple[InboxPart, ...] = ()
    changed_ns: int = 0
