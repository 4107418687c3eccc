"""The real daemon with fake engines behind the Reader and Drafter ports: bench_daemon.py HOME SECONDS_A_READING.

With a second argument above 0 the reader sleeps so long, as a daemon waits for its engine child. A third argument names a
file for a profile of the main thread (where claiming happens), written at SIGTERM.
"""

from __future__ import annotations

import cProfile
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from daemon import service, wiring
from daemon.config import load_home
from daemon.model.document import Document
from daemon.model.draft import Section, Statement
from daemon.model.passage import EngineInfo, Passage, Reading, TimeAnchor
from daemon.model.source import Source


class FakeReader:
    """One passage for every file."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def read(self, source: Source, untrusted_name: str, untrusted_bytes: bytes) -> Reading:
        """Wait, then say so much."""
        time.sleep(self._seconds)
        passage = Passage("p1", "She denies fever.", TimeAnchor(source.id, 0.0, 1.0), 0.9)
        return Reading((source,), (passage,), engines=(("speech", EngineInfo("fake", "0" * 64)),))

    def expect(self, kind: str) -> None:
        """There is nothing to load."""

    def rest(self) -> None:
        """There is nothing to let go."""


class FakeDrafter:
    """Every passage in the first section."""

    engine = ("quoting", EngineInfo("fake", "0" * 64))

    def draft(self, document: Document, passages: Sequence[Passage]) -> list[Section]:
        """All sections, the rest of them empty."""
        said = tuple(Statement(passage.text, (passage.id,), "quoted") for passage in passages)
        return [Section(spec.key, spec.title, () if n else said) for n, spec in enumerate(document.sections)]


class ChosenFake:
    """As `ChosenDrafter`."""

    def __call__(self) -> FakeDrafter:
        """The drafter."""
        return FakeDrafter()

    def rest(self) -> None:
        """There is nothing to let go."""


def main() -> int:
    """Run until SIGTERM."""
    root, seconds, *profile_to = sys.argv[1:]
    wiring.reader = lambda home: FakeReader(float(seconds))  # type: ignore[assignment,return-value]
    wiring.drafter = lambda home: ChosenFake()  # type: ignore[assignment,return-value]
    service.log_to_stderr()
    run = service.Service(load_home(Path(root), None))
    if not profile_to:
        return run.run(once=False)
    profile = cProfile.Profile()

    def write(number: int, frame: FrameType | None) -> None:
        profile.disable()
        profile.dump_stats(profile_to[0])
        sys.exit(0)

    run._catch_signals = lambda: signal.signal(signal.SIGTERM, write)  # type: ignore[assignment,method-assign,return-value]
    return profile.runcall(run.run, once=False)


if __name__ == "__main__":
    sys.exit(main())
