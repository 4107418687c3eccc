"""Who is measured at reading: Chartdraft through its Reader, and the engines as they come."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol

from daemon.evaluation.bare_reading import DEFAULTS, SAME, BareEngines
from daemon.evaluation.reading_material import Clip, FormTruth
from daemon.evaluation.reading_run import OURS, Read
from daemon.model.errors import ChartdraftError
from daemon.model.passage import LineAnchor, Passage
from daemon.model.source import Source, SourceKind

if TYPE_CHECKING:
    from daemon.config import Home

NAMES = {"speech": (OURS, SAME, DEFAULTS), "forms": (OURS, DEFAULTS)}


class Peak(Protocol):
    """What has looked at the children's memory."""

    peak_bytes: int


class MeasuredReaders:
    """Chartdraft's Reader with a fresh child for each file, and the engines bare in a process that a file has to itself too."""

    def __init__(self, home: Home, peak: Callable[[], AbstractContextManager[Peak]], *, bare: bool) -> None:
        """`bare`: whether the engines as they come are measured as well."""
        from daemon import wiring

        self._began: list[float] = []
        self._peak, self._bare = peak, bare
        self._reader = wiring.reader(home, self._progress)
        model = wiring.models(home).get(home.settings.speech.model)
        self._engines = BareEngines(model.directory, home.settings.threads)

    def names(self, kind: str) -> Sequence[str]:
        """Who reads this kind, in the order of the report."""
        return NAMES[kind] if self._bare else NAMES[kind][:1]

    def read(self, name: str, one: Clip | FormTruth) -> Read:
        """Read one file. Loading a model is no part of the seconds."""
        try:
            with self._peak() as peak:
                read = self._ours(one) if name == OURS else self._by_engine(name, one)
        except ChartdraftError as error:
            return Read((), 0.0, None, None, error.code)
        return Read(read.passages, read.seconds, read.audio, peak.peak_bytes)

    def _ours(self, one: Clip | FormTruth) -> Read:
        kind: SourceKind = "recording" if isinstance(one, Clip) else "scan"
        data = one.file.read_bytes()
        self._reader.expect(kind)  # what is read waits for the child that is being made ready, and its model
        self._began = [time.monotonic()]
        reading = self._reader.read(Source("s1", kind, sha256(data).hexdigest()), one.file.name, data)
        seconds = time.monotonic() - self._began[-1]
        return Read(reading.passages, seconds, reading.sources[0].seconds, None)

    def _by_engine(self, name: str, one: Clip | FormTruth) -> Read:
        with self._engines:
            found = self._engines.ask(name if isinstance(one, Clip) else "forms", one.file)
        passages = tuple(_passage(number, text) for number, text in enumerate(found["texts"], 1))
        return Read(passages, found["seconds"], found.get("audio"), None)

    def _progress(self, source: Source, done: float, total: float) -> None:
        """The first word of progress comes when a file is decoded and the child is ready."""
        del source, done, total
        if len(self._began) == 1:
            self._began.append(time.monotonic())


def _passage(number: int, text: str) -> Passage:
    return Passage(f"p{number}", text.strip(), LineAnchor("s1", number, number), 1.0)


def machine_words(described: dict[str, Any]) -> str:
    """The machine in a line."""
    parts = (
        described.get("processor") or described.get("model"),
        f"{described['cores']} cores",
        described.get("system"),
    )
    return ", ".join(str(part) for part in parts if part)
