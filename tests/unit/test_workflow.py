"""The durable workflow on a real store, with fakes at the ports: how each kind of failure ends."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from daemon import workflow
from daemon.adapters.state.job_board import SqliteJobBoard
from daemon.adapters.state.workflow_store import workflow_store
from daemon.documents.loader import load_documents
from daemon.model.codec import draft_from_bytes, manifest_from_bytes, manifest_to_bytes
from daemon.model.document import Document
from daemon.model.draft import RouteCode, Routing, Section, Statement
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

    def __init__(self, *faults: Exception, said: str = "") -> None:
        self.faults = list(faults)
        self.calls = 0
        self.said = f"{said}{CANARY} takes 5 mg."

    def read(self, source: Source, untrusted_name: str, untrusted_bytes: bytes) -> Reading:
        self.calls += 1
        if self.faults:
            raise self.faults.pop(0)
        return Reading((source,), (Passage("p1", self.said, TimeAnchor("s1", 0.0, 1.0), 0.9),))


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
        self.documents = load_documents(None)
        self.drafter: type[OneStatement] = OneStatement

    def start(self, reader: FaultyReader, engine: Engine | None = None) -> workflow.WorkflowQueue:
        url = f"sqlite:///{self.store}"
        parts = workflow.Parts(
            vault=self.vault,
            board=self.board,
            audit=self.audit,
            outbox=self.outbox,
            reader=reader,
            drafter=self.drafter,
            documents=self.documents,
            clock=FakeClock(),
            pause=self.pauses.append,
        )
        return workflow.start(parts, url, engine or workflow_store(url), polling_seconds=0.02)

    def add(self, job: str, *, document: str = "soap", code: str = "", route: RouteCode = "kind-default") -> str:
        source = ManifestSource(Source("s1", "recording", "0" * 64), self.vault.seal_bytes(b"sound").blob, CANARY)
        manifest = Manifest(job, CANARY, job[:4], (source,), code=code, route=route)
        blob = self.vault.seal_bytes(manifest_to_bytes(manifest)).blob
        self.board.add(JobRow(job, "waiting", document, ("recording",), blob, NOW))
        return blob

    def finish(self, queue: workflow.WorkflowQueue, job: str, blob: str, revision: int = 1) -> JobRow:
        queue.enqueue(job, blob, revision)
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


def run(world: World, *faults: Exception, said: str = "", **facts: Any) -> JobRow:
    blob = world.add("jobabc", **facts)
    return world.finish(world.start(FaultyReader(*faults, said=said)), "jobabc", blob)


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


ASKS = "Referral letter to cardiology. "


class ForgetfulBoard(SqliteJobBoard):
    """Fails once at the last word of a step, as a process that is killed there does."""

    forgets = 1

    def set_blobs(self, job: str, *, reading: str | None = None, draft: str | None = None) -> None:
        if self.forgets:
            self.forgets -= 1
            raise RetryableError("state-unwritable")
        super().set_blobs(job, reading=reading, draft=draft)


def routed(world: World) -> list[tuple[str | int, str | int]]:
    events = [event for event in world.audit.events.values() if event.event == "item-routed"]
    return [(event.facts["document"], event.facts["reason"]) for event in events]


def test_a_memos_first_words_make_it_what_it_becomes(world: World) -> None:
    row = run(world, said=ASKS)
    assert (row.document, row.state) == ("referral", "delivered")
    assert routed(world) == [("referral", "spoken-cue")]
    assert draft_from_bytes(world.vault.open(row.draft)).routing == Routing(
        "spoken-cue", "Referral letter to cardiology"
    )


def test_the_words_it_asks_with_stand_in_the_draft_alone(world: World) -> None:
    run(world, said=f"Referral letter for {CANARY}. ")
    for path in world.store.parent.iterdir():
        assert b"Zebulon" not in path.read_bytes()
    assert "Zebulon" not in repr(world.audit.events)


@pytest.mark.parametrize("how", ["folder", "command", "derived"])
def test_what_a_person_chose_stays(world: World, how: RouteCode) -> None:
    assert run(world, said=ASKS, route=how).document == "soap"
    assert routed(world) == [("soap", how)]


def test_a_job_that_an_older_version_took_in_stays_what_it_was_taken_in_as(world: World) -> None:
    blob = world.add("jobabc")
    older = json.loads(world.vault.open(blob))
    del older["route"], older["sources"][0]["code"]
    blob = world.vault.seal_bytes(json.dumps(older).encode()).blob
    row = world.finish(world.start(FaultyReader(said=ASKS)), "jobabc", blob)
    assert (row.document, row.state) == ("soap", "delivered")


def test_a_document_that_is_taken_away_while_it_is_drafted_ends_in_a_note_that_says_so(world: World) -> None:
    class Removing(OneStatement):
        def draft(self, document: Document, passages: Sequence[Passage]) -> list[Section]:
            del world.documents["soap"]
            return super().draft(document, passages)

    world.drafter = Removing
    row = run(world)
    assert (row.state, row.code) == ("attention", "document-unknown")


def test_a_memo_that_asks_for_nothing_is_its_kinds_default(world: World) -> None:
    assert run(world).document == "soap"
    assert routed(world) == [("soap", "kind-default")]


def test_cut_off_in_the_middle_of_routing_it_comes_to_be_the_same(world: World) -> None:
    world.board = ForgetfulBoard(world.store.parent / "jobs.sqlite", FakeClock())
    row = run(world, said=ASKS)
    assert (row.document, row.state, row.attempts) == ("referral", "delivered", 2)
    assert routed(world) == [("referral", "spoken-cue")]


def test_what_is_retried_as_something_is_that_and_not_read_again(world: World) -> None:
    blob = world.add("jobabc")
    reader = FaultyReader(said=ASKS)
    queue = world.start(reader)
    row = world.finish(queue, "jobabc", blob)
    first = dict(world.outbox.files)
    asked = replace(manifest_from_bytes(world.vault.open(blob)), route="command")
    other = world.vault.seal_bytes(manifest_to_bytes(asked)).blob
    world.board.revise("jobabc", "gap-analysis", reading=row.reading, manifest=other)
    assert world.finish(queue, "jobabc", other, 2).document == "gap-analysis"
    world.board.revise("jobabc", "gap-analysis", reading=row.reading)
    assert world.finish(queue, "jobabc", other, 3).document == "gap-analysis"
    assert routed(world) == [("referral", "spoken-cue"), ("gap-analysis", "command"), ("gap-analysis", "command")]
    assert reader.calls == 1
    assert first.items() <= dict(world.outbox.files).items()


def test_what_is_read_only_when_it_is_retried_is_routed_then(world: World) -> None:
    blob = world.add("jobabc")
    queue = world.start(FaultyReader(PermanentError("engine-crashed"), said=ASKS))
    assert world.finish(queue, "jobabc", blob).document == "soap"
    world.board.revise("jobabc", "soap", reading="")
    assert world.finish(queue, "jobabc", blob, 2).document == "referral"
