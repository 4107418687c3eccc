"""A practice over a year of virtual time: people, power cuts, full disks, a share that goes away; the service itself is real.

The inbox, the job board, the audit trail, the outbox and the workflow's steps are real. Reading, drafting, rendering and sealing
are fakes, and so is the workflow engine: as DBOS does, it keeps what was enqueued over a power cut and runs one job at a time; unlike
DBOS it keeps no step's result, so that after a cut every step is done again.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from daemon import service, wiring, workflow
from daemon.adapters.inbox import watch as inbox_watch
from daemon.adapters.outbox.folder import OutboxFolder
from daemon.adapters.reading.engine_process import EngineProcess
from daemon.adapters.rendering.draft_view import draft_identity
from daemon.adapters.state import workflow_tidy
from daemon.at_work import NoWorkLog
from daemon.config import Home
from daemon.model import outbox_name
from daemon.model.document import Document
from daemon.model.draft import Draft, Routing, Section, Statement
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.passage import EngineInfo, Passage, Reading, TimeAnchor
from daemon.model.source import Source
from daemon.model.status_report import StatusReport
from daemon.ports import Clock
from daemon.service import Service
from daemon.serving import telling
from tests.fakes.vault import FakeVault
from tests.fakes.virtual_time import VirtualTime

READ_SECONDS, DRAFT_SECONDS = 20.0, 10.0
COARSE_SECONDS = 3600.0
POISON, UNREADABLE = b"poison", b"unreadable"


class PowerCutError(BaseException):
    """The machine is off. No `except Exception` may live through it."""


class AllQuietError(BaseException):
    """Nothing is planned any more, and nothing is worked on."""


RENDERED_ONE_IN = 25


class QuickOutbox(OutboxFolder):
    """The real one but for the pages: rendering eleven thousand drafts, and the status page with each step of each, is another
    test's matter. Now and then the status page is rendered."""

    _asked = 0

    def publish_status(self, report: StatusReport) -> None:
        QuickOutbox._asked += 1
        if QuickOutbox._asked % RENDERED_ONE_IN == 0:
            super().publish_status(report)

    def publish_draft(self, draft: Draft, *, stem: str, short: str, revision: int, folder: str = "") -> Sequence[str]:
        identity = draft_identity(draft.job, revision)
        page = f"{identity} {draft.sections[0].statements[0].text}".encode()
        made = []
        for suffix, data in ((".html", page), (".docx", _properties(identity))):
            name = outbox_name.draft_name(stem, draft.title, short, suffix=suffix, revision=revision)
            made.append(self._publish_once(folder, [name], identity, partial(bytes, data)))
        return made[::-1]


def _properties(identity: str) -> bytes:
    """As much of a Word file as tells whose draft it is."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("docProps/core.xml", identity)
    return made.getvalue()


class Engines:
    """Reader and drafter: a file's bytes are its words."""

    engine = ("quoting", EngineInfo("fake", "0" * 64))

    def __init__(self, world: Year) -> None:
        self._world = world

    def read(self, source: Source, untrusted_name: str, untrusted_bytes: bytes) -> Reading:
        self._world.work(READ_SECONDS)
        if untrusted_bytes.startswith(UNREADABLE):
            raise PermanentError("speech-none")
        if untrusted_bytes.startswith(POISON):
            self._world.poisoned += 1
            raise PowerCutError
        passage = Passage("p1", untrusted_bytes.decode(), TimeAnchor(source.id, 0.0, 1.0), 0.9)
        return Reading((source,), (passage,), engines=(("speech", EngineInfo("fake", "0" * 64)),))

    def draft(self, document: Document, passages: Sequence[Passage]) -> Sequence[Section]:
        self._world.work(DRAFT_SECONDS)
        said = tuple(Statement(each.text, (each.id,), "quoted") for each in passages)
        return [Section(s.key, s.title, said if s is document.sections[0] else ()) for s in document.sections]

    def __call__(self) -> Engines:
        return self

    def expect(self, kind: str) -> None:
        """Nothing to load."""

    def rest(self) -> None:
        """Nothing to let go."""


def plain_draft(
    job: str,
    document: Document,
    reading: Reading,
    drafter: Engines,
    clock: Clock,
    *,
    routing: Routing,
    handouts: object,
) -> Draft:
    """What the drafter wrote, and nothing that code computes."""
    sections = tuple(drafter.draft(document, reading.passages))
    engines = (*reading.engines, drafter.engine)
    return Draft(
        job,
        document.key,
        document.title,
        sections,
        reading.passages,
        reading.sources,
        engines,
        clock.now(),
        routing=routing,
    )


class QuietLog(NoWorkLog):
    """A work log that nobody reads."""

    def forget_now(self) -> None:
        """Nothing to forget."""

    def reading(self, source: Source, done: float, total: float) -> None:
        """Not asked for."""

    def drafting(self, done: float, total: float) -> None:
        """Not asked for."""


class YearsVault(FakeVault):
    """It is as durable as memory, and has nothing to sweep."""

    def sweep(self) -> None:
        """Nothing is left half written."""


class Fragile:
    """A port whose every use the power may be cut in, before or after, and whose writes need room on the disk."""

    def __init__(self, port: Any, world: Year, writes: frozenset[str]) -> None:
        self._port, self._world, self._writes = port, world, writes

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if name not in self._writes:
            return found

        def used(*args: Any, **named: Any) -> Any:
            self._world.instant()
            if self._world.disk_full:
                raise RetryableError("disk-full")
            result = found(*args, **named)
            self._world.instant()
            return result

        return used


WRITES = {
    "vault": frozenset({"seal", "seal_bytes", "seal_age"}),
    "board": frozenset({"add", "set_state", "set_blobs", "set_document", "remember_originals", "forget_originals"}),
    "audit": frozenset({"record"}),
    "outbox": frozenset({"publish_draft", "publish_failure", "publish_duplicate", "publish_left"}),
}


class Year:
    """One home over a year. `people` plan what happens; `live` lets it happen."""

    def __init__(self, home: Home, start: datetime, seed: int) -> None:
        self.home, self.time, self.luck = home, VirtualTime(start), random.Random(seed)
        self.enqueued: dict[str, tuple[str, str, int]] = {}
        self.disk_full = False
        self.vault = YearsVault()
        self.cuts = self.poisoned = self.starts = 0
        self._cut_in: int | None = None
        self._watched: Callable[[], None] | None = None
        self._working = self._finishing = False

    # -- what happens -------------------------------------------------------------------------------------------------

    def put(self, name: str, words: bytes) -> None:
        """Somebody saves a memo."""
        coming = self.home.inbox / ".coming.part"
        if not self.home.inbox.is_dir():  # the share is away: people notice, and save it when it is back
            self.time.plan(self.time.true_time() + timedelta(hours=1), lambda: self.put(name, words))
            return
        coming.write_bytes(words)
        coming.replace(self.home.inbox / name)
        self.changed()

    def changed(self) -> None:
        """What the system's file events would say; now and then they are lost."""
        if self._watched and self.luck.random() > 0.1:
            self._watched()

    def cut_power_soon(self) -> None:
        """In one of the next writes, or in the middle of the engines' work."""
        self._cut_in = self.luck.randrange(1, 40)

    def instant(self) -> None:
        """A moment in which the power may be cut."""
        if self._cut_in is not None:
            self._cut_in -= 1
            if self._cut_in <= 0:
                self._cut_in = None
                raise PowerCutError

    def work(self, seconds: float) -> None:
        """The engines are at it."""
        self.instant()
        self.time.wait(Event(), seconds)

    # -- the machine --------------------------------------------------------------------------------------------------

    def live(self) -> None:
        """Until all that was planned has happened and is done: the machine starts again after each power cut."""
        while not self._finishing:
            self._run(once=False)
        while self._run(once=True) is None:
            pass

    def _run(self, *, once: bool) -> int | None:
        """One process, until it ends; its exit code, or None after a power cut."""
        self.starts += 1
        try:
            return Service(self.home, clock=self).run(once=once)
        except PowerCutError:
            self.cuts += 1
            self._working = False
            self.time.wait(Event(), 90.0)
        except AllQuietError:
            self._finishing = True
        return None

    def take_over(self, patch: pytest.MonkeyPatch) -> None:
        """Put the fakes where the service would build the real ones."""
        stores, engines = wiring.stores, Engines(self)
        patch.setattr(wiring, "stores", lambda home, clock=None: self._fragile(stores(home, clock)))
        patch.setattr(wiring, "reader", lambda *_: engines)
        patch.setattr(wiring, "drafter", lambda *_: engines)
        patch.setattr(wiring, "work_log", lambda *_: QuietLog())
        known = wiring.documents(self.home)
        patch.setattr(wiring, "documents", lambda _: known)
        # Rules upon texts, which no year changes; they would take half of the time.
        patch.setattr(workflow, "route", lambda asked, how, *_: (asked, Routing(how)))
        patch.setattr(workflow, "reason", lambda _, how, *__: Routing(how))
        patch.setattr(workflow, "draft", plain_draft)
        patch.setattr(workflow, "verify", lambda draft, _: draft)
        patch.setattr(workflow, "start", self._start_engine)
        patch.setattr(workflow, "stop", lambda: None)
        patch.setattr(workflow, "still_seconds", lambda: 0.0)
        patch.setattr(EngineProcess, "abandon_all", lambda: None)
        patch.setattr(inbox_watch, "InboxWatch", self._watch)
        patch.setattr(workflow_tidy, "forget_ended", lambda *_: 0)
        # A real year has six million looks at the clocks, and a hundred thousand pages written though nothing happened.
        patch.setattr(service, "SLICE_SECONDS", COARSE_SECONDS)
        patch.setattr(telling, "HEARTBEAT_SECONDS", COARSE_SECONDS)
        patch.setattr(telling, "STATUS_SECONDS", COARSE_SECONDS / 12)

    def _fragile(self, real: wiring.Stores) -> Any:
        outbox = QuickOutbox(real.outbox.folder, zone=real.outbox.zone, titles=real.outbox.titles)
        ports = {"vault": self.vault, "board": real.board, "audit": real.audit, "outbox": outbox}
        return SimpleNamespace(**{name: Fragile(port, self, WRITES[name]) for name, port in ports.items()})

    def _start_engine(self, parts: workflow.Parts, *_: object, **__: object) -> Year:
        workflow._parts = replace(parts, pause=self._pause)
        return self

    def _watch(self, folder: Path, on_change: Callable[[], None]) -> Year:
        self._watched = on_change
        return self

    def _done(self) -> bool:
        return not self.enqueued and not any(p.is_file() and p.suffix == ".mp3" for p in self.home.inbox.rglob("*"))

    # -- daemon.ports.Clock -------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        return self.time.now()

    def monotonic(self) -> float:
        return self.time.monotonic()

    def wait(self, wake: Event, seconds: float) -> bool:
        """While the service waits, the engine works on the next job."""
        if self.enqueued and not self._working:
            self._working = True
            try:
                self._work_on(next(iter(self.enqueued)))
            finally:
                self._working = False
            return wake.is_set()
        if self.time.ended() and self._done() and not self._finishing:
            raise AllQuietError
        return self.time.wait(wake, seconds)

    def _pause(self, seconds: float) -> None:
        self.time.wait(Event(), seconds)

    def start(self) -> bool:
        """The watch that `_watch` gave."""
        return True

    def alive(self) -> bool:
        """Likewise."""
        return self._watched is not None

    def stop(self) -> None:
        """Likewise."""
        self._watched = None

    def _work_on(self, workflow_id: str) -> None:
        job, manifest, revision = self.enqueued[workflow_id]
        workflow.process.__wrapped__(job, manifest, revision)  # type: ignore[attr-defined]  # the workflow without DBOS
        del self.enqueued[workflow_id]

    # -- daemon.ports.JobQueue ----------------------------------------------------------------------------------------

    def enqueue(self, job: str, manifest: str, revision: int) -> None:
        self.instant()
        self.enqueued.setdefault(f"{job}-{revision}", (job, manifest, revision))
        self.instant()

    def under_way(self) -> set[str]:
        return set(self.enqueued)
