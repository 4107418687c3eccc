"""What stands in a simulated year in the place of what is slow, or of what cannot fail when it is told to."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from functools import partial
from typing import Any, Protocol

from daemon.adapters.outbox.folder import OutboxFolder
from daemon.adapters.rendering.draft_view import draft_identity
from daemon.at_work import NoWorkLog
from daemon.model import outbox_name
from daemon.model.document import Document
from daemon.model.draft import Draft, Routing, Section, Statement
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.passage import EngineInfo, Passage, Reading, TimeAnchor
from daemon.model.source import Source
from daemon.model.status_report import StatusReport
from daemon.ports import Clock
from tests.fakes.vault import FakeVault

READ_SECONDS, DRAFT_SECONDS = 20.0, 10.0
POISON, UNREADABLE = b"poison", b"unreadable"


class PowerCutError(BaseException):
    """The machine is off. No `except Exception` may live through it."""


class World(Protocol):
    """What these parts need of the year that they are in."""

    disk_full: bool
    poisoned: int

    def work(self, seconds: float) -> None:
        """Engines are at it for so long."""

    def instant(self) -> None:
        """A moment in which the power may be cut."""


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

    def __init__(self, world: World) -> None:
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

    def __init__(self, port: Any, world: World, writes: frozenset[str]) -> None:
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
