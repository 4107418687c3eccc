"""A daemon with fake engines that can be started and killed hundreds of times.

The modules are imported once; each start is a fork of this process, which then runs the real service on the real home. Only
the two engines behind the Reader and Drafter ports are fakes.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

from daemon import service, wiring, workflow  # noqa: F401 - imported here so that each fork finds it loaded
from daemon.config import Home, load_home
from daemon.model.document import Document
from daemon.model.draft import Section
from daemon.model.passage import EngineInfo, Passage, Reading, TimeAnchor
from daemon.model.source import Source
from daemon.serving import logs

CONFIG = """
drafter = "quoting"
settle_seconds = 0.05
rescan_seconds = 0.2
[engine]
poll_seconds = 0.05
"""


class SlowReader:
    """Says what the file's bytes say, after a moment in which a kill may come."""

    def read(self, source: Source, untrusted_name: str, untrusted_bytes: bytes) -> Reading:
        """One passage a line."""
        time.sleep(random.uniform(0, 0.05))
        lines = untrusted_bytes.decode().splitlines()
        passages = tuple(
            Passage(f"p{n}", line, TimeAnchor(source.id, float(n), n + 1.0), 0.9) for n, line in enumerate(lines, 1)
        )
        return Reading((source,), passages, engines=(("speech", EngineInfo("fake", "0" * 64)),))

    def expect(self, kind: str) -> None:
        """Nothing to load."""

    def rest(self) -> None:
        """Nothing to let go."""


class SlowDrafter:
    """Puts every passage into the first section."""

    engine = ("quoting", EngineInfo("fake", "0" * 64))

    def draft(self, document: Document, passages: list[Passage]) -> list[Section]:
        """All sections, the rest of them empty."""
        from daemon.model.draft import Statement

        time.sleep(random.uniform(0, 0.05))
        said = tuple(Statement(p.text, (p.id,), "quoted") for p in passages)
        return [Section(s.key, s.title, said if s is document.sections[0] else ()) for s in document.sections]


class FakeChoice:
    """In the place of `ChosenDrafter`."""

    def __init__(self, home: Home, *_: object) -> None:
        self.rest = lambda: None

    def __call__(self) -> SlowDrafter:
        """The fake."""
        return SlowDrafter()


def run_once_or_die(root: Path, *, once: bool) -> int:
    """Run the service in a fork of this process; the fork's process id."""
    return in_a_fork(root, lambda home: service.Service(home).run(once=once))


def in_a_fork(root: Path, work: Callable[[Home], int]) -> int:
    """Do something with the home, the engines being fakes, in a fork of this process; the fork's process id."""
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        devnull = os.open(os.devnull, os.O_RDWR)
        log = os.open(root / "daemon.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(devnull, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        home = load_home(root, None)
        logs.keep_log(home)
        wiring.reader = lambda *_: SlowReader()  # type: ignore[assignment,return-value]
        wiring.drafter = FakeChoice  # type: ignore[assignment,return-value]
        code = work(home)
    finally:
        os._exit(code)


def kill_after(child: int, seconds: float) -> bool:
    """kill -9 after some seconds; whether the process was still there to be killed."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        done, _ = os.waitpid(child, os.WNOHANG)
        if done:
            return False
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll until it holds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return condition()
