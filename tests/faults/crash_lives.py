"""Lives of the daemon that end at named places: each is a fork of this process, which runs the real service on a real home.

The modules are imported once, and what every life would load is loaded here: a life then costs little more than its work. Only the
engines behind the Reader and Drafter ports are fakes, the clock runs ten times as fast, and what is put aside now and then (archives,
checkpoints, free pages) is put aside after kilobytes.
"""

from __future__ import annotations

import errno
import importlib
import io
import os
import signal
import sys
import threading
import time
import traceback
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from daemon import preparing, service, wiring, workflow
from daemon.adapters.audit import log as audit_log
from daemon.adapters.inbox.folder import InboxFolder
from daemon.adapters.rendering import draft_docx, draft_html
from daemon.adapters.rendering.draft_view import Label, draft_identity
from daemon.adapters.state import workflow_store, workflow_tidy
from daemon.config import Home, load_home
from daemon.documents.loader import load_documents
from daemon.keeping import handover
from daemon.model import crash_point
from daemon.model.document import Document
from daemon.model.draft import Draft, Section, Statement
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.passage import EngineInfo, Passage, Reading, TimeAnchor
from daemon.model.source import Source
from daemon.serving import logs

SPEED = 10.0
LIFE_SECONDS = 240.0
LOADED = (preparing, workflow_store, draft_docx, draft_html)
NEEDED = "modules"
CUT_OFF, WAITS, LOCKED = "This recording is cut off.", "This one waits for a moment.", "locked"


class QuickClock:
    """Days and seconds that pass ten times as fast, from one moment on in all lives of this process and its forks."""

    began, monotonic_began = datetime.now(UTC), time.monotonic()
    ahead = timedelta(0)

    def now(self) -> datetime:
        return self.began + timedelta(seconds=(time.monotonic() - self.monotonic_began) * SPEED) + self.ahead

    def monotonic(self) -> float:
        return self.monotonic_began + (time.monotonic() - self.monotonic_began) * SPEED

    def wait(self, wake: threading.Event, seconds: float) -> bool:
        return wake.wait(seconds / SPEED)


class Reader:
    """Says what the file's bytes say; of some that they cannot be read, or not just now."""

    def __init__(self) -> None:
        self._waited = False

    def read(self, source: Source, untrusted_name: str, untrusted_bytes: bytes) -> Reading:
        lines = untrusted_bytes.decode().splitlines()
        if CUT_OFF in lines:
            raise PermanentError("media-truncated")
        if WAITS in lines and not self._waited:
            self._waited = True
            raise RetryableError("disk-full")
        passages = tuple(
            Passage(f"p{n}", line, TimeAnchor(source.id, float(n), n + 1.0), 0.9) for n, line in enumerate(lines, 1)
        )
        return Reading((source,), passages, engines=(("speech", EngineInfo("fake", "0" * 64)),))

    def expect(self, kind: str) -> None:
        """Nothing to load."""

    def rest(self) -> None:
        """Nothing to let go."""


class Drafter:
    """Puts every passage into the first section."""

    engine = ("quoting", EngineInfo("fake", "0" * 64))

    def draft(self, document: Document, passages: list[Passage]) -> list[Section]:
        said = tuple(Statement(p.text, (p.id,), "quoted") for p in passages)
        return [Section(s.key, s.title, said if s is document.sections[0] else ()) for s in document.sections]


class Choice:
    """In the place of `ChosenDrafter`."""

    def __init__(self, *_: object) -> None:
        self.rest = lambda: None

    def __call__(self) -> Drafter:
        return Drafter()


@dataclass(frozen=True, slots=True)
class Life:
    """What a process is asked to do, and where it is to die ("": nowhere).

    `asks`: "run", or "retry" or "derive" of the job that `job` begins, or "draft" of the file of that path. `days`: so much later it is. `bare`: on a file system
    without hard links. `shut`: files that are called locked cannot be opened. `tells`: which modules it needed. `light`: Word files
    hold their properties alone, which saves half of the time.
    """

    asks: str = "run"
    dies_at: str = ""
    job: str = ""
    days: int = 0
    bare: bool = False
    shut: bool = False
    tells: bool = False
    light: bool = False


@cache
def _packaged() -> dict[str, Document]:
    """The documents that come with the program: reading them is half of what a start costs."""
    return load_documents(None)


def live(root: Path, life: Life) -> int:
    """Have a fork live so; its exit code, -9 where it died at its place, and -15 where it had to be ended."""
    _packaged()
    child = os.fork()
    if not child:
        _be(root, life)
    return _end_of(child)


def load_what_was_needed(root: Path) -> None:
    """What a life that `tells` loaded by and by, in this process, so that later forks find it there."""
    for module in (root / NEEDED).read_text().split():
        with suppress(ImportError):
            importlib.import_module(module)
    (root / NEEDED).unlink()


def _end_of(child: int) -> int:
    deadline = time.monotonic() + LIFE_SECONDS
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(child, signal.SIGTERM)
    time.sleep(1.0)
    os.kill(child, signal.SIGABRT)
    os.waitpid(child, 0)
    return -signal.SIGTERM


def _be(root: Path, life: Life) -> None:
    code = 70
    try:
        quiet, log = (
            os.open(os.devnull, os.O_RDWR),
            os.open(root / "daemon.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
        )
        for stream, descriptor in enumerate((quiet, log, log)):
            os.dup2(descriptor, stream)
        home = load_home(root, None)
        logs.keep_log(home)
        _arrange(life)
        crash_point.die_at(life.dies_at)
        code = _do(home, life)
        _let_the_copies_be_made()
        if life.tells:
            (root / NEEDED).write_text("\n".join(sorted(sys.modules)))
    except Exception:  # noqa: BLE001 - a fork of a test must never go on as the test
        traceback.print_exc()
    finally:
        os._exit(code)


def _let_the_copies_be_made() -> None:
    """A service that ends does not wait for the second folder; what that leaves there, the next one sweeps."""
    for thread in threading.enumerate():
        if thread.name == "checkpoint-copies":
            thread.join(5.0)


def _do(home: Home, life: Life) -> int:
    if life.asks == "retry":
        return int(handover.retry(home, life.job, document="", progress=None).row.state != "delivered")
    if life.asks == "draft":
        handover.draft_files(home, [Path(life.job)], document="soap", folder=None, progress=None)
        return 0
    if life.asks == "derive":
        handover.draft_from_job(home, life.job, document="email", folder=None, progress=None)
        return 0
    return service.Service(home).run(once=True)


def _arrange(life: Life) -> None:
    """The fakes, and small measures, in this process."""
    QuickClock.ahead = timedelta(days=life.days)
    _put(wiring, "SystemClock", QuickClock)
    _put(wiring, "reader", lambda *_: Reader())
    _put(wiring, "drafter", Choice)
    _put(wiring, "documents", lambda *_: _packaged())
    _put(workflow, "PAUSES_SECONDS", (0.01,))
    _put(workflow, "stop", lambda: None)  # the process ends anyway; a stop waits for a poller
    _put(workflow_tidy, "_SPARE_PAGES", 0)
    usual = audit_log.AuditLog.__init__

    def small(self: Any, *args: Any, **kwargs: Any) -> None:
        usual(self, *args, **{**kwargs, "archive_bytes": 2_000, "checkpoint_every": 5})

    _put(audit_log.AuditLog, "__init__", small)
    if life.light:
        _put(draft_docx, "draft_docx", _light_docx)
    if life.bare:
        _put(os, "link", _refused(errno.EPERM))
    if life.shut:
        _put(InboxFolder, "open", _shut(InboxFolder.open))


def _light_docx(made: Draft, label: Label, *_: object) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("docProps/core.xml", draft_identity(made.job, label.revision))
    return sink.getvalue()


def _refused(number: int) -> Callable[..., None]:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


def _shut(usual: Callable[..., Any]) -> Callable[..., Any]:
    def shut(self: Any, part: Any) -> Any:
        if LOCKED in part.path:
            raise RetryableError("file-locked")
        return usual(self, part)

    return shut


def _put(owner: object, name: str, value: object) -> None:
    """Nothing is put back: the process is a fork, and ends."""
    if not hasattr(owner, name):
        raise AttributeError(name)
    setattr(owner, name, value)
