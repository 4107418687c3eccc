"""The durable workflow on a real store, with fakes at the ports: how each kind of failure ends."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from daemon import workflow
from daemon.adapters.job_board import SqliteJobBoard
from daemon.adapters.workflow_store import workflow_store
from daemon.documents.loader import load_documents
from daemon.model.codec import manifest_to_bytes
from daemon.model.document import Document
from daemon.model.draft import Section, Statement
from daemon.model.errors import ChartdraftError, PermanentError, RetryableError
from daemon.model.job import FINAL_STATES, JobRow, Manifest, ManifestSource
from daemon.model.passage import EngineInfo, Passage, Reading, TimeAnchor
from daemon.model.source import Source
from daemon.workflow_config import JsonSerializer
from tests.fakes.audit import FakeAuditTrail
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import FakeOutbox
from tests.fakes.vault import FakeVault

CANARY = "Zebulon Quatermass"
NOW = datetime(2026, 11, 21, 9, 15, tzinfo=UTC)


class FaultyReader:
    """Raises what it is given, first one a call; then reads one sentence."""

    def __init__(self, *faults: Exception) -> None:
        self.faults = list(faults)
        self.calls = 0

    def read(self, source: Source, untrusted_name: str, untrusted_bytes: bytes) -> Reading:
        self.calls += 1
        if self.faults:
            raise self.faults.pop(0)
        text = f"{CANARY} takes 5 mg."
        return Reading((source,), (Passage("p1", text, TimeAnchor("s1", 0.0, 1.0), 0.9),))


class OneStatement:
    """Quotes every passage in the first section."""

    engine = ("quoting", EngineInfo("fake", "0" * 64))

    def draft(self, document: Document, passages: Sequence[Passage]) -> list[Section]:
        said = tuple(Statement(p.text, (p.id,), "quoted") for p in passages)
        return [Section(s.key, s.title, said if s is document.sections[0] else ()) for s in document.sections]


class World:
    """One store and its ports, and a queue to hand jobs to."""

    def __init__(self, folder: Path) -> None:
        self.vault, self.audit, self.outbox = FakeVault(), FakeAuditTrail(), FakeOutbox()
        self.board = SqliteJobBoard(folder / "jobs.sqlite", FakeClock())
        self.store = folder / "workflow.sqlite"
        self.pauses: list[float] = []

    def start(self, reader: FaultyReader, engine: Engine | None = None) -> workflow.WorkflowQueue:
        url = f"sqlite:///{self.store}"
        parts = workflow.Parts(
            vault=self.vault,
            board=self.board,
            audit=self.audit,
            outbox=self.outbox,
            reader=reader,
            drafter=OneStatement,
            documents=load_documents(None),
            clock=FakeClock(),
            pause=self.pauses.append,
        )
        return workflow.start(parts, url, engine or workflow_store(url), polling_seconds=0.02)

    def add(self, job: str, *, document: str = "soap", code: str = "") -> str:
        source = ManifestSource(Source("s1", "recording", "0" * 64), self.vault.seal_bytes(b"sound").blob, CANARY)
        manifest = Manifest(job, CANARY, job[:4], (source,), code=code)
        blob = self.vault.seal_bytes(manifest_to_bytes(manifest)).blob
        self.board.add(JobRow(job, "waiting", document, ("recording",), blob, NOW))
        return blob

    def finish(self, queue: workflow.WorkflowQueue, job: str, blob: str) -> JobRow:
        queue.enqueue(job, blob, 1)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            row = self.board.get(job)
            if row is not None and row.state in FINAL_STATES:
                return row
            time.sleep(0.02)
        raise AssertionError("the job did not end")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    yield World(tmp_path)
    workflow.stop()


def run(world: World, *faults: Exception, **facts: Any) -> JobRow:
    blob = world.add("jobabc", **facts)
    return world.finish(world.start(FaultyReader(*faults)), "jobabc", blob)


def kinds(world: World) -> list[str]:
    return sorted(name.rpartition(".")[2] for _, name in world.outbox.files)


def test_a_job_ends_delivered_with_word_file_and_page(world: World) -> None:
    row = run(world)
    assert (row.state, row.code, row.attempts) == ("delivered", "", 1)
    assert kinds(world) == ["docx", "html"]


def test_a_permanent_error_ends_in_a_note_at_once(world: World) -> None:
    row = run(world, PermanentError("speech-none"))
    assert (row.state, row.code) == ("attention", "speech-none")
    assert kinds(world) == ["txt"]
    assert world.pauses == []


def test_what_claim_refused_ends_in_a_note_without_being_read(world: World) -> None:
    assert run(world, code="media-unsupported").code == "media-unsupported"


def test_a_crash_of_the_engine_is_tried_again(world: World) -> None:
    row = run(world, RetryableError("engine-crashed"), RetryableError("engine-crashed"))
    assert (row.state, row.attempts) == ("delivered", 3)
    assert len(world.pauses) == 2


def test_a_crash_that_stays_ends_in_a_note(world: World) -> None:
    row = run(world, *[RetryableError("engine-crashed")] * 3)
    assert (row.state, row.code) == ("attention", "engine-crashed")


def test_a_full_disk_is_waited_for_however_long(world: World) -> None:
    world.outbox.failures = [RetryableError("disk-full")] * 12
    assert run(world).state == "delivered"
    assert len(world.pauses) == 12


def test_an_unforeseen_fault_becomes_a_note_and_its_words_go_nowhere(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    row = run(world, ValueError(f"{CANARY} broke it"))
    assert (row.state, row.code) == ("attention", "internal")
    assert kinds(world) == ["txt"]
    assert "ValueError" in caplog.text
    assert "Zebulon" not in caplog.text


def test_asking_twice_drafts_once(world: World) -> None:
    reader = FaultyReader()
    blob = world.add("jobabc")
    queue = world.start(reader)
    queue.enqueue("jobabc", blob, 1)
    world.finish(queue, "jobabc", blob)
    queue.enqueue("jobabc", blob, 1)
    time.sleep(0.2)
    assert reader.calls == 1


def test_the_workflow_store_and_the_board_hold_no_words(world: World) -> None:
    run(world, RetryableError("engine-crashed"), ValueError(CANARY))
    for path in world.store.parent.iterdir():
        assert b"Zebulon" not in path.read_bytes()


def test_the_store_holds_no_pickle(world: World) -> None:
    import sqlite3

    run(world)
    rows = sqlite3.connect(world.store).execute("SELECT serialization FROM workflow_status").fetchall()
    assert {row[0] for row in rows} == {"chartdraft_json"}


@pytest.mark.parametrize("error", [PermanentError("internal"), RetryableError("disk-full"), KeyError("Zebulon")])
def test_the_serializer_keeps_of_an_error_only_class_and_code(error: Exception) -> None:
    kept = JsonSerializer().serialize(error)
    assert "Zebulon" not in kept
    assert isinstance(JsonSerializer().deserialize(kept), ChartdraftError)


def test_the_pauses_grow(world: World) -> None:
    world.outbox.failures = [RetryableError("outbox-unwritable")] * 4
    run(world)
    assert world.pauses == sorted(world.pauses)
    assert world.pauses[0] < world.pauses[-1]
