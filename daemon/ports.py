"""Ports: what the steps need of the world, as Protocols. Adapters fill them; fakes stand in for them in tests.

Every method may raise `daemon.model.errors.PermanentError` or `RetryableError`; nothing else is expected to leave one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import BinaryIO, Protocol, runtime_checkable

from daemon.model.blob_reference import VaultDay
from daemon.model.document import Document
from daemon.model.draft import Draft, Section
from daemon.model.job import InboxItem, InboxPart, JobRow, JobState, LeftFolder
from daemon.model.passage import EngineInfo, Passage, Reading
from daemon.model.source import Source, SourceKind
from daemon.model.status_report import StatusReport
from daemon.model.work import WorkNow


class Clock(Protocol):
    """Time, so that tests can hold it still."""

    def now(self) -> datetime:
        """The time of day, in UTC."""

    def monotonic(self) -> float:
        """Seconds that never run backwards."""

    def wait(self, wake: Event, seconds: float) -> bool:
        """Wait until `wake` is set, at most so many seconds; whether it is set."""


class Inbox(Protocol):
    """The folder that people put files into."""

    def settled(self) -> Iterable[InboxItem]:
        """Items that are quiet and complete, oldest first."""

    def open(self, part: InboxPart) -> BinaryIO:
        """Open for reading exactly the file that was seen; `file-vanished` or `file-changed` if it is no longer that one."""

    def unchanged(self, part: InboxPart) -> bool:
        """Whether it still is the same inode, size and mtime."""

    def remove(self, part: InboxPart) -> bool:
        """Unlink the original if it is still the same; False if it is not (it then stays)."""

    def next_due(self) -> float | None:
        """Seconds until something that is not settled yet may be; None if nothing waits."""

    def coming(self) -> Sequence[str]:
        """The names of what the last listing saw and that is not settled yet."""

    def all_files(self) -> Iterable[InboxPart]:
        """Every file that lies there at the call, settled or not."""

    def left_folders(self) -> Sequence[LeftFolder]:
        """The folders from which nothing is taken, as the last listing saw them, once they were quiet."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A blob in the vault and the plaintext it holds: SHA-256 in hex, size in bytes."""

    blob: str
    sha256: str
    bytes: int


class ByteSink(Protocol):
    """What a stream is poured into."""

    def write(self, data: bytes, /) -> int:
        """How many bytes were taken."""

    def flush(self) -> None:
        """Pass on what is held back."""


class Vault(Protocol):
    """Everything at rest: age ciphertext under the keys of days, under names that say nothing. Writing twice is harmless.

    A key is that of one day (UTC) and class, and when it is destroyed, all that it sealed is `vault-purged`. What `seal` and
    `seal_age` take in is an original, what `seal_bytes` takes was made here. On another day the same content is another blob.
    """

    def seal(self, stream: BinaryIO) -> Sealed:
        """Encrypt a stream in one pass; durable when it returns."""

    def seal_bytes(self, data: bytes) -> Sealed:
        """The same for what is in memory, and was made here."""

    def seal_age(self, stream: BinaryIO) -> Sealed:
        """Take over a stream that was sealed for this machine elsewhere; `seal-unreadable` if it was not."""

    def open(self, blob: str) -> bytes:
        """The plaintext, into memory; `vault-missing`, `vault-purged`, `vault-unreadable`."""

    def pour(self, blob: str, sink: ByteSink) -> None:
        """The plaintext, as a stream: the errors of `open`, and what the sink raises.

        The sink is given bytes before all of them are known to be the blob's: each 64 kB is authentic under the blob's key, but
        that nothing is cut off, and that it is this blob and no other, is known at the end. After an error, what it got counts
        for nothing.
        """

    def days(self) -> Sequence[VaultDay]:
        """The days and classes under whose keys something was sealed and whose keys are there, in order."""

    def destroy(self, day: VaultDay) -> int:
        """Destroy a day's key and all that it sealed, durably; how many blobs that were. Safe to repeat."""

    def remove(self, blob: str) -> None:
        """Remove one blob for good: `vault-purged` from then on, until the same content is sealed again. Safe to repeat."""

    def content_id(self, document: str, sha256: Sequence[str]) -> str:
        """The opaque id of an item with these contents asked for as this document ("" = by kind)."""


class AuditTrail(Protocol):
    """Who did what, when: append-only and tamper-evident."""

    def record(self, event: str, *, key: str, job: str = "-", **facts: str | int) -> None:
        """Append one event, durably, once per `key`. Facts are ids, codes and counts, never text from a document."""


class JobBoard(Protocol):
    """What is shown of jobs: a projection of the workflow, readable while it runs."""

    def add(self, row: JobRow) -> bool:
        """Add a job; False, and nothing changes, if it is there."""

    def get(self, job: str) -> JobRow | None:
        """The job of exactly this id."""

    def find(self, prefix: str) -> Sequence[JobRow]:
        """Jobs whose id begins so."""

    def rows(self, most: int | None = None) -> Sequence[JobRow]:
        """All jobs, the last changed first; or so many of them, those that need attention first and those delivered last."""

    def under_way(self) -> Sequence[JobRow]:
        """All jobs that have not ended, the last changed first."""

    def counts(self) -> Mapping[str, int]:
        """How many jobs are in each state that occurs."""

    def set_state(self, job: str, state: JobState, *, code: str = "", attempts: int | None = None) -> None:
        """Say where a job is; `attempts` None leaves the count."""

    def set_blobs(self, job: str, *, reading: str | None = None, draft: str | None = None) -> None:
        """Remember the sealed result of a step."""

    def set_document(self, job: str, document: str) -> None:
        """Say what a job becomes."""

    def revise(self, job: str, document: str, *, reading: str, manifest: str = "") -> JobRow:
        """Begin the next revision of a job that has ended, as waiting; `reading` "" to read again, `manifest` to replace the
        one it has. `job-busy`, `job-unknown`."""

    def remember_originals(self, job: str, facts: Sequence[str]) -> None:
        """Before the first of several originals is unlinked: these files (`InboxPart.facts`) are this job's. Durable."""

    def originals(self) -> Mapping[str, str]:
        """The files that are remembered so, each with its job."""

    def forget_originals(self, facts: Sequence[str]) -> None:
        """They are gone, or none of this job's."""


class NamedDrugs(Protocol):
    """How many of the practice's delivered drafts named which drug: generic names and numbers. It may be lost without harm."""

    def count(self, job: str, generics: Iterable[str]) -> None:
        """A delivered draft of this job names these; counts once a job. RetryableError("disk-full" | "state-unwritable")."""


class WorkLog(Protocol):
    """What is worked on at the moment and how fast work went so far: ids, states and measures. It may be lost without harm."""

    def begin(self, job: str, state: JobState, sources: Sequence[SourceKind] = ()) -> None:
        """A step's work begins, of a job with such sources."""

    def advance(self, job: str, done: float, total: float) -> None:
        """So much is done, in whatever unit the engine counts: of the source that is read, or else of the step."""

    def measure(self, job: str, kind: SourceKind, amount: float) -> None:
        """The next source of the job is begun: so many seconds of a recording, pages of a scan, characters of a text."""

    def end(self, job: str, state: JobState, *, done: bool) -> None:
        """A step's work ended; `done` says that it was finished, so that its speed counts."""

    def now(self) -> Sequence[WorkNow]:
        """What is under way, with how much of it is done and how long it may take, as far as can be told."""

    def expected_seconds(self, rows: Sequence[JobRow]) -> float | None:
        """How long until all of these that are not done yet may be, from measured speeds; None before anything was measured."""


class Notifier(Protocol):
    """Tells the person at the machine that something happened, in words that name no patient and no file."""

    def tell(self, attention: int, delivered: int, code: str = "") -> None:
        """So many items newly need attention, so many drafts were newly delivered; `code`: why the daemon itself waits."""


class JobQueue(Protocol):
    """Hands a job to the durable workflow, once per job and revision."""

    def enqueue(self, job: str, manifest: str, revision: int) -> None:
        """Durable when it returns; asking twice is harmless."""


class Reader(Protocol):
    """Speech and OCR, out of this process."""

    def read(self, source: Source, untrusted_name: str, untrusted_bytes: bytes) -> Reading:
        """What stands in one source. Passage ids are p1, p2, … within this source; `speech-none`,
        `speech-other-language`, `page-unreadable`, `media-…`, `engine-…`."""


@runtime_checkable
class Resuming(Protocol):
    """A reader that keeps, sealed, what it read of a long source, so that another try goes on where one that died stopped."""

    def forget(self, sources: Iterable[Source]) -> None:
        """No other try is to come for these sources: what was kept of them goes. Safe to repeat."""


class Drafter(Protocol):
    """Turns passages into the sections of a document."""

    @property
    def engine(self) -> tuple[str, EngineInfo]:
        """The role ("llm" or "quoting") and the model."""

    def draft(self, document: Document, passages: Sequence[Passage]) -> Sequence[Section]:
        """The document's sections in order. Statements cite the ids of the passages given."""


@runtime_checkable
class Labeller(Protocol):
    """What a drafter may know besides: where each passage belongs in a clinician's note."""

    def labels(self, passages: Sequence[Passage]) -> Mapping[str, tuple[str, ...]]:
        """The section classifier's labels by passage id; a passage that it is not sure of is left out."""


@runtime_checkable
class Adapted(Protocol):
    """A drafter whose model may carry a trained adapter: a draft that it wrote names both."""

    @property
    def adapter(self) -> EngineInfo | None:
        """The adapter that the model writes with, if there is one."""


class Outbox(Protocol):
    """The folder that people pick drafts up from. Names never overwrite; publishing twice is harmless."""

    def publish_draft(self, draft: Draft, *, stem: str, short: str, revision: int, folder: str = "") -> Sequence[str]:
        """Publish a draft as docx and html; the file names."""

    def publish_failure(
        self, code: str, *, job: str, stem: str, short: str, revision: int, folder: str = ""
    ) -> Sequence[str]:
        """Publish the note for an item that could not be drafted."""

    def publish_duplicate(self, *, stem: str, short: str, document: str) -> Sequence[str]:
        """Publish the note for a file whose content was drafted before."""

    def publish_left(self, code: str, *, stem: str, near: str = "") -> Sequence[str]:
        """Publish the note for a folder in the inbox that is not taken in. `near`: the key of the document meant, perhaps."""

    def publish_item_left(self, code: str, *, stem: str) -> Sequence[str]:
        """Publish the note for a file or a packet that cannot be taken in."""

    def publish_status(self, report: StatusReport) -> None:
        """Replace the status page."""
