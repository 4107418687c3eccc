"""A practice over a year of virtual time: people, power cuts, full disks, a share that goes away; the service itself is real.

The inbox, the job board, the audit trail, the outbox and the workflow's steps are real. Reading, drafting, rendering and sealing
are fakes, and so is the workflow engine: as DBOS does, it keeps what was enqueued over a power cut and runs one job at a time; unlike
DBOS it keeps no step's result, so that after a cut every step is done again.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from daemon import service, wiring, workflow
from daemon.adapters.inbox import watch as inbox_watch
from daemon.adapters.reading.engine_process import EngineProcess
from daemon.adapters.state import workflow_tidy
from daemon.config import Home
from daemon.model.document import Document
from daemon.model.draft import Routing
from daemon.service import Service
from daemon.serving import telling
from daemon.serving.tidying import Tidying
from tests.fakes.virtual_time import VirtualTime
from tests.fakes.year_parts import (
    WRITES,
    Engines,
    Fragile,
    PowerCutError,
    QuickOutbox,
    QuietLog,
    YearsVault,
    plain_draft,
)

COARSE_SECONDS = 3600.0


class AllQuietError(BaseException):
    """Nothing is planned any more, and nothing is worked on."""


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
        known = self._one_document()
        patch.setattr(wiring, "documents", lambda _: known)
        patch.setattr(wiring, "handouts", lambda *_: ())
        # Rules upon texts, which no year changes; they would take half of the time.
        patch.setattr(workflow, "route", lambda asked, how, *_: (asked, Routing(how)))
        patch.setattr(workflow, "reason", lambda _, how, *__: Routing(how))
        patch.setattr(workflow, "draft", plain_draft)
        patch.setattr(workflow, "verify", lambda draft, _: draft)
        # After each job the heap is searched for what only cycles hold: of 10,950 jobs that alone would take minutes.
        patch.setattr(workflow, "forget_words", lambda: None)
        patch.setattr(workflow, "start", self._start_engine)
        patch.setattr(workflow, "stop", lambda: None)
        patch.setattr(workflow, "still_seconds", lambda: 0.0)
        patch.setattr(EngineProcess, "abandon_all", lambda: None)
        patch.setattr(inbox_watch, "InboxWatch", self._watch)
        patch.setattr(workflow_tidy, "forget_ended", lambda *_: 0)
        # What retention looks at each day grows with every job that ever was.
        patch.setattr(Tidying, "_look_before_purging", lambda _: None)
        # A real year has six million looks at the clocks, and a hundred thousand pages written though nothing happened.
        patch.setattr(service, "SLICE_SECONDS", COARSE_SECONDS)
        patch.setattr(telling, "HEARTBEAT_SECONDS", COARSE_SECONDS)
        patch.setattr(telling, "STATUS_SECONDS", COARSE_SECONDS / 12)

    def _one_document(self) -> dict[str, Document]:
        """A practice that has notes alone: six more folders to look into, each time, would find nothing."""
        known = {"soap": wiring.documents(self.home)["soap"]}
        for folder in self.home.inbox.iterdir():
            if folder.is_dir() and folder.name not in known:
                folder.rmdir()
        return known

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
