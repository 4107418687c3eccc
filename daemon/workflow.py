"""The way of one item as one durable workflow: read → draft → verify → deliver, or a note that says why not.

DBOS runs it (DESIGN 4). What crosses into DBOS's store is ids and codes: steps take and return them, hand results to the vault,
and turn every error into its code. A step may run again after a crash, so each one is harmless to repeat.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from dbos import DBOS, Queue, SetWorkflowID

from daemon.at_work import at_work
from daemon.event_log import EventLog
from daemon.model.activity import Activity
from daemon.model.codec import (
    draft_from_bytes,
    draft_to_bytes,
    manifest_from_bytes,
    reading_from_bytes,
    reading_to_bytes,
)
from daemon.model.crash_point import crash_point
from daemon.model.errors import ChartdraftError, PermanentError, RetryableError
from daemon.model.job import JobRow, JobState, Manifest, is_past
from daemon.model.outbox_name import UNTITLED
from daemon.model.remembered import forget_words
from daemon.steps.deliver import deliver, deliver_failure
from daemon.steps.draft import draft
from daemon.steps.read import read
from daemon.steps.route import reason, route
from daemon.steps.verify import verify
from daemon.workflow_config import QUEUE, Outcome, quieten, store_config, store_errors, workflow_id
from daemon.workflow_parts import Parts

if TYPE_CHECKING:
    from sqlalchemy import Engine

PAUSES_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)

log = EventLog("workflow")

_parts: Parts | None = None


def start(
    parts: Parts, database_url: str, engine: Engine | None = None, *, polling_seconds: float = 0.5
) -> WorkflowQueue:
    """Launch the workflow engine, which goes on with what was under way, and return the queue to hand jobs to.

    `engine`: the database connection to use, instead of the one that DBOS would make for the address.
    """
    global _parts  # noqa: PLW0603 - DBOS runs module functions, so what they work with is bound to the module
    _parts = parts
    quieten(DBOS(config=store_config(database_url, engine)))
    DBOS.launch()
    queue = DBOS.register_queue(QUEUE, worker_concurrency=1, polling_interval_sec=polling_seconds)
    return WorkflowQueue(queue)


def stop() -> None:
    """Let the engine go without waiting for work under way: the next start goes on with it."""
    DBOS.destroy(workflow_completion_timeout_sec=0)


class WorkflowQueue:
    """The `JobQueue` port on DBOS: asking twice for the same job and revision is harmless, by the workflow's id."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue

    def enqueue(self, job: str, manifest: str, revision: int) -> None:
        """Durable when it returns."""
        with store_errors(), SetWorkflowID(workflow_id(job, revision)):
            self._queue.enqueue(process, job, manifest, revision)

    def under_way(self) -> set[str]:
        """The ids of the workflows that wait or run."""
        found = DBOS.list_workflows(status=["ENQUEUED", "PENDING"], load_input=False, load_output=False)
        return {each.workflow_id for each in found}


# A daemon that is killed again and again must not lose an item for it: there is no limit on recoveries.
@DBOS.workflow(name="process", max_recovery_attempts=None)
def process(job: str, manifest: str, revision: int) -> str:
    """Take one job all the way. Returns the state it ended in."""
    try:
        return _all_the_way(job, manifest, revision)
    finally:
        forget_words()


def _all_the_way(job: str, manifest: str, revision: int) -> str:
    # These steps are a promise to what an older version began: DBOS gives up a workflow that has noted others.
    if ended := _ended_before(job, revision):
        return ended
    outcome = read_step(job, manifest)
    _bound().forget_tries(manifest)
    for step in (draft_step, verify_step, deliver_step):
        if outcome["code"]:
            break
        outcome = step(job, manifest, revision, outcome["blob"])
    if outcome["code"]:
        fail_step(job, manifest, revision, outcome["code"])
        return "attention"
    return "delivered"


def _ended_before(job: str, revision: int) -> str:
    """The job's state, if it is past this revision (its workflow was forgotten, or died before its end was noted), else empty."""
    row = None
    with suppress(ChartdraftError):  # the first step waits for the board, or says what is wrong with it
        row = _bound().board.get(job)
    return row.state if row is not None and is_past(row, revision) else ""


@DBOS.step(name="read")
def read_step(job: str, manifest: str) -> Outcome:
    """Sources → passages, sealed; what a memo asks for in its first words is what the job becomes.

    A retry that keeps its reading skips the work: that there is a reading says that the job is routed.
    """

    def work(parts: Parts, row: JobRow) -> str:
        if row.reading:
            return row.reading
        came = _manifest(parts, manifest)
        reading = read(came, vault=parts.vault, reader=parts.reader)
        blob = parts.vault.seal_bytes(reading_to_bytes(reading)).blob
        crash_point("read-sealed")
        document, _ = route(row.document, came.route, reading, parts.documents)
        # First: once the board has the reading, nothing is read again, and nobody would say it.
        parts.audit.record("item-read", key=f"read:{job}:{row.revision}", job=job, passages=len(reading.passages))
        crash_point("read-recorded")
        if document != row.document:
            parts.board.set_document(job, document)
            crash_point("read-routed")
        parts.board.set_blobs(job, reading=blob)
        crash_point("read-on-board")
        return blob

    return _insist(job, "reading", "read", work)


@DBOS.step(name="draft")
def draft_step(job: str, manifest: str, revision: int, reading: str) -> Outcome:
    """Passages → draft, sealed."""

    def work(parts: Parts, row: JobRow) -> str:
        document = parts.documents.get(row.document)
        if document is None:
            raise PermanentError("document-unknown")
        passages = reading_from_bytes(parts.vault.open(reading))
        routing = reason(row.document, _manifest(parts, manifest).route, passages, parts.documents)
        parts.audit.record(
            "item-routed", key=f"route:{job}:{revision}", job=job, document=row.document, reason=routing.code
        )
        crash_point("draft-routed")
        drafter = parts.drafter()
        made = draft(job, document, passages, drafter, parts.clock, routing=routing, handouts=parts.handouts)
        blob = parts.vault.seal_bytes(draft_to_bytes(made)).blob
        crash_point("draft-sealed")
        return blob

    return _insist(job, "drafting", "draft", work)


@DBOS.step(name="verify")
def verify_step(job: str, manifest: str, revision: int, drafted: str) -> Outcome:
    """Draft → draft with findings, sealed."""

    def work(parts: Parts, row: JobRow) -> str:
        document = parts.documents.get(row.document)
        if document is None:  # the practice took it away while the draft was made
            raise PermanentError("document-unknown")
        checked = verify(draft_from_bytes(parts.vault.open(drafted)), document)
        blob = parts.vault.seal_bytes(draft_to_bytes(checked)).blob
        crash_point("check-sealed")
        parts.board.set_blobs(job, draft=blob)
        crash_point("check-on-board")
        findings = sum(len(s.findings) for section in checked.sections for s in section.statements)
        parts.audit.record(
            "draft-checked", key=f"check:{job}:{revision}", job=job, document=row.document, findings=findings
        )
        crash_point("check-recorded")
        return blob

    return _insist(job, "checking", "verify", work)


@DBOS.step(name="deliver")
def deliver_step(job: str, manifest: str, revision: int, checked: str) -> Outcome:
    """Draft → outbox; then the job is delivered."""

    def work(parts: Parts, row: JobRow) -> str:
        made = draft_from_bytes(parts.vault.open(checked))
        deliver(made, _manifest(parts, manifest), revision, parts.outbox, parts.named)
        crash_point("deliver-published")
        parts.audit.record(
            "draft-delivered", key=f"deliver:{job}:{revision}", job=job, document=row.document, revision=revision
        )
        crash_point("deliver-recorded")
        parts.board.set_state(job, "delivered")
        crash_point("deliver-on-board")
        return checked

    return _insist(job, "checking", "deliver", work)


@DBOS.step(name="fail")
def fail_step(job: str, manifest: str, revision: int, code: str) -> Outcome:
    """The note for people, and the job as one that needs attention."""

    def work(parts: Parts, row: JobRow) -> str:
        bare = Manifest(job, UNTITLED, job[:6], ())  # a note is owed also where the vault has lost the name
        deliver_failure(code, _manifest(parts, manifest, bare), revision, parts.outbox)
        crash_point("fail-noted")
        try:
            parts.audit.record("item-failed", key=f"fail:{job}:{revision}", job=job, code=code, revision=revision)
        except PermanentError as error:
            # A broken trail keeps the next start from working; it must not keep this job "checking" for ever.
            log.failure("failure-unrecorded", job=job, code=error.code)
        crash_point("fail-recorded")
        parts.board.set_state(job, "attention", code=code)
        crash_point("fail-on-board")
        return ""

    outcome = _insist(job, "checking", "fail", work)
    if outcome["code"]:  # not even a note can be written: the list of jobs says it
        with suppress(ChartdraftError):
            _bound().board.set_state(job, "attention", code="note-missing")
    return outcome


_activity = Activity()


def still_seconds() -> float:
    """For how long the engine did nothing. With jobs under way, minutes of it mean that it lost one (a store that failed
    between two steps): a fresh start finds it again."""
    return _activity.still_seconds()


def _insist(job: str, state: JobState, step: str, work: Callable[[Parts, JobRow], str]) -> Outcome:
    """Do a step's work: again after a retryable error, with growing pauses; every error that stays becomes its code."""
    with _activity.step():
        return _try_until_done(job, state, step, work)


def _try_until_done(job: str, state: JobState, step: str, work: Callable[[Parts, JobRow], str]) -> Outcome:
    parts, attempts = _bound(), 0
    while True:
        attempts += 1
        try:
            row = parts.board.get(job)
            if row is None:
                raise PermanentError("job-unknown")
            begins = state == "reading" or attempts > 1
            parts.board.set_state(job, state, attempts=row.attempts + 1 if begins else None)
            crash_point("step-on-board")
            with parts.tries.counted(f"{job}-{row.revision}-{step}"), at_work(parts.work, row, state):
                blob = work(parts, row)
        except RetryableError as error:
            if error.text.attempts is not None and attempts >= error.text.attempts:
                return {"blob": "", "code": error.code}
            _say_waiting(parts, job, state, error)
            crash_point("step-waits")
            parts.pause(PAUSES_SECONDS[min(attempts, len(PAUSES_SECONDS)) - 1])
        except PermanentError as error:
            return {"blob": "", "code": error.code}
        except Exception as error:  # noqa: BLE001 - the last line: a fault of ours becomes a note a person finds, not silence
            # Its class and where it came from: an unforeseen exception's message may quote a document.
            log.failure("step-failed", error=error, step=state, job=job)
            return {"blob": "", "code": "internal"}
        else:
            crash_point("step-done")
            return {"blob": blob, "code": ""}


def _say_waiting(parts: Parts, job: str, state: JobState, error: ChartdraftError) -> None:
    log.warning("job-waits", job=job, step=state, code=error.code)
    try:
        parts.board.set_state(job, state, code=error.code)
    except ChartdraftError:
        return  # a full disk cannot take the note about itself; the log line above has it


def _manifest(parts: Parts, blob: str, bare: Manifest | None = None) -> Manifest:
    try:
        return manifest_from_bytes(parts.vault.open(blob))
    except PermanentError:
        if bare is None:
            raise
        return bare


def _bound() -> Parts:
    if _parts is None:
        raise RuntimeError("workflow.start() was not called")
    return _parts
