"""What the command line asks of the workflow: draft these files, retry this job, open that one.

A daemon that runs for this home does the work; else this process does, for as long as the job takes.
"""

from __future__ import annotations

import dataclasses
import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from daemon import wiring
from daemon.config import Home
from daemon.model.codec import draft_from_bytes, manifest_from_bytes, manifest_to_bytes, reading_from_bytes
from daemon.model.crash_point import crash_point
from daemon.model.document import suits
from daemon.model.draft import Draft
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.job import FINAL_STATES, JobRow, Manifest
from daemon.model.passage import Reading
from daemon.model.source import SourceKind, source_kind
from daemon.service import Service
from daemon.serving.caller import caller_facts
from daemon.serving.one_instance import is_running

if TYPE_CHECKING:
    from daemon.ports import ByteSink, JobQueue

Progress = Callable[[Sequence[JobRow]], None]
POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Done:
    """How it ended: the job's row, the files that were delivered, and whether the content was known before."""

    row: JobRow
    files: tuple[Path, ...]
    duplicate: bool = False


def draft_files(
    home: Home, untrusted_paths: list[Path], *, document: str, folder: Path | None, progress: Progress | None
) -> Done:
    """Claim these files as one item (they stay), and see it through. Raises what claiming raises."""
    known = wiring.documents(home)
    kinds = [source_kind(path.name.removesuffix(".age")) for path in untrusted_paths]
    _check_suitable(home, document, [kind for kind in kinds if kind is not None])
    deliver_to = _deliver_to(folder)
    item, originals = wiring.picked_item(untrusted_paths, document)
    duplicate = False

    def asked(job: str) -> None:
        _asked_for(home, job, document)
        crash_point("ask-recorded")

    def begin(queue: JobQueue) -> str:
        from daemon.steps.claim import claim

        nonlocal duplicate
        ports = wiring.claim_ports(wiring.stores(home), queue, known, home.settings.media_limits.max_bytes)
        # Who asked is said before the job is on the board, from when on any start works on it.
        claimed = claim(item, originals, ports, deliver_to=deliver_to, announce=False, asked=asked)
        duplicate = claimed.duplicate
        return claimed.job

    row = _see_through(home, begin, progress)
    return _handed_over(home, row, document, deliver_to, progress, duplicate=duplicate)


def draft_from_job(home: Home, prefix: str, *, document: str, folder: Path | None, progress: Progress | None) -> Done:
    """Another document of what a job has read, as a job of its own, seen through. `job-not-ready` where nothing was read."""
    origin = find_job(home, prefix)
    _check_suitable(home, document, origin.sources)
    deliver_to = _deliver_to(folder)
    duplicate = False

    def begin(queue: JobQueue) -> str:
        from daemon.steps.derive import derive

        nonlocal duplicate
        _asked_for(home, origin.id, document)
        derived = derive(origin, document, wiring.derive_ports(home, queue), deliver_to=deliver_to)
        duplicate = derived.duplicate
        return derived.job

    if not origin.reading:  # said here too: no engine starts for it
        raise PermanentError("job-not-ready")
    row = _see_through(home, begin, progress)
    return _handed_over(home, row, document, deliver_to, progress, duplicate=duplicate)


def _deliver_to(folder: Path | None) -> str:
    """The folder asked for, as the manifest has it; `file-missing`."""
    if folder is not None and not folder.is_dir():
        raise PermanentError("file-missing")
    return str(folder.resolve()) if folder else ""


def _handed_over(
    home: Home, row: JobRow, document: str, deliver_to: str, progress: Progress | None, *, duplicate: bool
) -> Done:
    if document and row.document != document:
        # The job that these files are for that document was made another one since: that one is not what was asked for.
        row, duplicate = _revised(home, row, document, progress), False
    manifest = _manifest(home, row)
    if row.state == "delivered" and (duplicate or manifest.deliver_to != deliver_to):
        # Asked for once more, perhaps for another folder: what is drafted is delivered there.
        manifest = dataclasses.replace(manifest, deliver_to=deliver_to)
        _deliver_again(home, row, manifest)
    return Done(row, _delivered(home, manifest), duplicate)


def retry(home: Home, prefix: str, *, document: str, progress: Progress | None) -> Done:
    """The next revision of a finished job: what was read is kept, if it was read."""
    row = find_job(home, prefix)
    if row.state not in FINAL_STATES:
        raise RetryableError("job-busy")
    _check_suitable(home, document, row.sources)
    _manifest(home, row)  # `vault-purged` is said at once: a revision that cannot succeed would only end in a note
    done = _revised(home, row, document, progress)
    return Done(done, _delivered(home, _manifest(home, done)))


def _revised(home: Home, row: JobRow, document: str, progress: Progress | None) -> JobRow:
    """The job's row when its next revision is done."""

    def begin(queue: JobQueue) -> str:
        manifest = _asked_by_command(home, row) if document else row.manifest
        crash_point("retry-begun")
        # Who asked is said first: from when the revision is on the board, any start works on it.
        before = find_job(home, row.id)
        wiring.audit(home).record(
            "item-retried",
            key=f"retry:{row.id}:{before.revision + 1}",
            job=row.id,
            document=document or row.document,
            **caller_facts(),
        )
        crash_point("retry-recorded")
        reading = _kept_reading(home, row)
        revised = wiring.board(home).revise(row.id, document or row.document, reading=reading, manifest=manifest)
        crash_point("retry-on-board")
        queue.enqueue(row.id, manifest, revised.revision)
        crash_point("retry-queued")
        return row.id

    return _see_through(home, begin, progress)


def _kept_reading(home: Home, row: JobRow) -> str:
    """The job's reading; empty where its time was over, so that the originals, whose time is not, are read again."""
    if row.reading:
        try:
            wiring.vault(home).open(row.reading)
        except PermanentError as error:
            if error.code == "vault-purged":
                return ""
    return row.reading


def _asked_by_command(home: Home, row: JobRow) -> str:
    """The job's manifest, sealed anew, as one whose document was asked for: no cue overrules that."""
    came = _manifest(home, row)
    # A text that lay in the inbox's root lacked nothing but somebody who said what it is for.
    for_nothing = came.code == "media-unsupported" and len(row.sources) == len(came.sources)
    asked = dataclasses.replace(came, route="command", code="" if for_nothing else came.code)
    return wiring.vault(home).seal_bytes(manifest_to_bytes(asked)).blob


def _check_suitable(home: Home, document: str, kinds: Sequence[SourceKind]) -> None:
    """Say at once, before any job changes, that a document cannot be drafted from these kinds of source."""
    if not document:
        return
    declared = wiring.documents(home).get(document)
    if declared is None:
        raise PermanentError("document-unknown")
    if kinds and not suits(declared, kinds):
        raise PermanentError("document-unsuitable")


def find_job(home: Home, prefix: str) -> JobRow:
    """The one job whose id begins so; `job-unknown`, `job-ambiguous`."""
    found = wiring.board(home).find(prefix) if prefix else ()
    if not found:
        raise PermanentError("job-unknown")
    if len(found) > 1:
        raise PermanentError("job-ambiguous")
    return found[0]


def open_draft(home: Home, prefix: str) -> Draft:
    """A job's draft, decrypted; audited. `job-not-ready` before there is one."""
    row = find_job(home, prefix)
    if not row.draft:
        raise PermanentError("job-not-ready")
    return draft_from_bytes(_opened(home, row, "draft", row.draft))


def open_reading(home: Home, prefix: str) -> Reading:
    """What was read, decrypted; audited."""
    row = find_job(home, prefix)
    if not row.reading:
        raise PermanentError("job-not-ready")
    return reading_from_bytes(_opened(home, row, "transcript", row.reading))


def pour_source(home: Home, prefix: str, number: int, sink: ByteSink) -> None:
    """An original, decrypted into a sink as a stream; audited. `number` counts from 1.

    It is gone through twice, so that of a damaged one the sink gets nothing: what is poured is known to be whole only at its end.
    """
    row = find_job(home, prefix)
    sources = _manifest(home, row).sources
    if number > len(sources):
        raise PermanentError("wrong-use")
    _say_opened(home, row, "source")
    vault, blob = wiring.vault(home), sources[number - 1].blob
    vault.pour(blob, _Nowhere())
    vault.pour(blob, sink)


class _Nowhere:
    """A sink that keeps nothing."""

    def write(self, data: bytes) -> int:
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


def _opened(home: Home, row: JobRow, what: str, blob: str) -> bytes:
    _say_opened(home, row, what)
    return wiring.vault(home).open(blob)


def _say_opened(home: Home, row: JobRow, what: str) -> None:
    """Before it is opened: there is no opening without its line in the trail."""
    wiring.audit(home).record("opened", key=_once("open"), job=row.id, what=what, **caller_facts())


def _asked_for(home: Home, job: str, document: str) -> None:
    """A person, not the inbox, asked for this document ("": the usual one)."""
    asked = {"document": document} if document else {}
    wiring.audit(home).record("draft-asked", key=_once("ask"), job=job, **asked, **caller_facts())


def _once(what: str) -> str:
    """A key of its own for each time: what a person does again, happened again."""
    return f"{what}:{secrets.token_hex(8)}"


def _see_through(home: Home, begin: Callable[[JobQueue], str], progress: Progress | None) -> JobRow:
    if not is_running(home.lock):
        return Service(home, progress).work_on(begin)
    job = begin(wiring.distant_queue(home))
    board = wiring.board(home)
    while True:
        row = board.get(job)
        if row is not None and row.state in FINAL_STATES:
            return row
        if not is_running(home.lock):  # it ended meanwhile; what it left is durable, and ours to finish
            return Service(home, progress).work_on(lambda queue: job)
        if progress:
            progress(list(board.rows()))
        time.sleep(POLL_SECONDS)


def _manifest(home: Home, row: JobRow) -> Manifest:
    return manifest_from_bytes(wiring.vault(home).open(row.manifest))


def _deliver_again(home: Home, row: JobRow, manifest: Manifest) -> None:
    from daemon.steps.deliver import deliver

    wiring.audit(home).record("delivered-again", key=_once("again"), job=row.id, **caller_facts())
    draft = draft_from_bytes(wiring.vault(home).open(row.draft))
    deliver(draft, manifest, row.revision, wiring.outbox(home))


def _delivered(home: Home, manifest: Manifest) -> tuple[Path, ...]:
    folder = Path(manifest.deliver_to) if manifest.deliver_to else home.outbox
    ours = re.compile(rf" - {re.escape(manifest.short)}( \(\d+\))?( copy \d+)?\.(docx|html|txt)$")
    return tuple(sorted(path for path in folder.iterdir() if ours.search(path.name) and not path.name.startswith(".")))
