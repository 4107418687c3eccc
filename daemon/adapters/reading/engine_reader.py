"""The Reader port: each source is read by a fresh engine child, and nothing it says is believed unchecked."""

from __future__ import annotations

import dataclasses
import json
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

from daemon.adapters.reading.engine_process import CommandLine, EngineProcess, OnWindow
from daemon.adapters.reading.partial_transcripts import PartialTranscripts
from daemon.adapters.reading.text_reader import read_text
from daemon.adapters.reading.untrusted_reading import chances_from, recording_from, scan_from, window_from
from daemon.dictation import spoken_form
from daemon.faithfulness.medicines.second_hearing import Look, heard_again, second_looks
from daemon.faithfulness.medicines.suggested_words import suggested
from daemon.faithfulness.reading.heard_words import weighed
from daemon.model.errors import ChartdraftError, PermanentError
from daemon.model.limits import Limits
from daemon.model.passage import EngineInfo, Passage, Reading
from daemon.model.reading_engines import RAPIDOCR, FormsEngine
from daemon.model.source import Source, SourceKind
from daemon.model.speech_names import SpeechNames

# Longer than a file takes to settle; a child with a model takes some hundred megabytes.
UNWANTED_SECONDS = 60.0

EngineKind = Literal["recording", "scan"]
Model = tuple[Path, EngineInfo]
ModelSource = Callable[[], Model]
ReadyChild = tuple[EngineProcess, Model]


class SpareChildren:
    """At most one child that is ready before its source is: a file in the inbox settles for seconds, enough to load a model.

    It reads one source like any other child, and ends.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kind: EngineKind | None = None
        self._thread: threading.Thread | None = None
        self._ready: ReadyChild | None = None
        self._since = 0.0

    def expect(self, kind: EngineKind, make: Callable[[], ReadyChild]) -> None:
        """Begin to make one, unless one is there or on its way."""
        with self._lock:
            if self._kind is None:
                self._kind, self._since = kind, time.monotonic()
                self._thread = threading.Thread(target=self._make, args=(make,), name="spare child", daemon=True)
                self._thread.start()

    def take(self, kind: EngineKind) -> ReadyChild | None:
        """The ready child, waited for if it is of this kind and on its way; None if there is none or it has died."""
        with self._lock:
            thread, made_for = self._thread, self._kind
        if thread is None or made_for != kind:
            return None
        thread.join()
        with self._lock:
            ready, self._ready, self._thread, self._kind = self._ready, None, None, None
        if ready is not None and not ready[0].alive:
            ready[0].close()
            return None
        return ready

    def rest(self) -> None:
        """End one that nobody came for."""
        with self._lock:
            if self._kind is None or time.monotonic() - self._since < UNWANTED_SECONDS:
                return
            if self._thread is not None and self._thread.is_alive():
                return
            ready, self._ready, self._thread, self._kind = self._ready, None, None, None
        if ready is not None:
            ready[0].close()

    def _make(self, make: Callable[[], ReadyChild]) -> None:
        # Whatever is wrong with engine or model will be said when a source is read; this was only an attempt to be quick.
        with suppress(ChartdraftError):
            self._ready = make()


@dataclass(frozen=True, slots=True)
class EngineReader:
    """Reads recordings and scans in a child, texts here. A model source verifies its model and says in which folder it lies.

    `command_line`: an isolation's. `partials` keeps what was heard of long recordings, so that a try after one that died goes on
    where that stopped; `window_seconds` is how much of a recording is heard at once, None for the engine's own. `names` is asked
    before each recording for what recognition is told of; without it, that is `hotwords`.
    """

    limits: Limits
    threads: int
    language: str
    hotwords: tuple[str, ...]
    speech_model: ModelSource
    ocr_model: ModelSource
    on_progress: Callable[[Source, float, float], None] | None = None
    command_line: CommandLine | None = None
    ocr_engine: FormsEngine = RAPIDOCR
    spares: SpareChildren = field(default_factory=SpareChildren)
    partials: PartialTranscripts | None = None
    window_seconds: float | None = None
    names: Callable[[], SpeechNames] | None = None

    def read(self, source: Source, untrusted_name: str, untrusted_bytes: bytes) -> Reading:
        """What stands in one source. Raises the codes of `daemon.ports.Reader.read`, and those of the model source."""
        if not untrusted_bytes:
            raise PermanentError("media-empty")
        if len(untrusted_bytes) > self.limits.max_bytes:
            raise PermanentError("media-too-large")
        if source.kind == "text":
            if self.on_progress:
                self.on_progress(source, 0.0, len(untrusted_bytes))
            return read_text(source, untrusted_bytes)
        # Started first: the child imports its engine while the model's files are being hashed.
        child, model = self.spares.take(source.kind) or (self._start(source.kind), None)
        try:
            if source.kind == "recording":
                return self._recording(child, model or self.speech_model(), source, untrusted_name, untrusted_bytes)
            return self._scan(child, model or self.ocr_model(), source, untrusted_name, untrusted_bytes)
        finally:
            child.close()

    def expect(self, kind: SourceKind) -> None:
        """Make a child ready for a source of this kind, its model verified and loaded. Returns at once; harmless if none comes.

        A text needs none.
        """
        if kind == "text":
            return
        self.spares.expect(kind, partial(self._ready_child, kind))

    def forget(self, sources: Iterable[Source]) -> None:
        """These sources have been read, or will not be: what was kept of them for another try goes."""
        if self.partials is not None:
            self.partials.forget(source.sha256 for source in sources if source.kind == "recording")

    def rest(self) -> None:
        """End a child that was made ready for nothing."""
        self.spares.rest()

    def _start(self, kind: EngineKind) -> EngineProcess:
        return EngineProcess(kind, limits=self.limits, threads=self.threads, command_line=self.command_line)

    def _ready_child(self, kind: EngineKind) -> ReadyChild:
        child = self._start(kind)
        try:
            folder, engine = self.speech_model() if kind == "recording" else self.ocr_model()
            asked = {"do": "prepare", "kind": kind, "model": str(folder), "engine": self.ocr_engine}
            child.call(asked, timeout_seconds=self.limits.max_wall_seconds)
        except BaseException:
            child.close()
            raise
        return child, (folder, engine)

    def _recording(
        self, child: EngineProcess, model: Model, source: Source, untrusted_name: str, data: bytes
    ) -> Reading:
        folder, engine = model
        names = self.names() if self.names else SpeechNames(self.hotwords)
        asked = {"model": str(folder), "language": self.language, "hotwords": list(names.own)}
        untrusted = self._heard(child, engine, source, untrusted_name, data, asked)
        seconds, passages, unreadable = recording_from(untrusted, source.id, self.limits)
        return Reading(
            sources=(dataclasses.replace(source, seconds=seconds),),
            passages=suggested(spoken_form(self._heard_again(child, passages, names)), names),
            unreadable=unreadable,
            engines=(("speech", engine),),
        )

    def _heard_again(
        self, child: EngineProcess, passages: tuple[Passage, ...], names: SpeechNames
    ) -> tuple[Passage, ...]:
        """The passages with each word's confidence weighed, and with the drugs that a second hearing found."""
        doubted = weighed(passages, names)
        looks = second_looks(doubted, names)
        if not looks:
            return doubted
        asked = {"do": "again", "looks": [_asked(look) for look in looks]}
        try:
            untrusted, _ = child.call(asked, timeout_seconds=self.limits.max_wall_seconds)
            chances = chances_from(untrusted, [len(look.texts) for look in looks])
            # Anew: beside a drug that was found now fewer words are doubtful.
            return weighed(heard_again(passages, looks, chances), names)
        except ChartdraftError:
            # What was heard at first is whole, and its doubtful words are marked: no reason to lose a recording.
            return doubted

    def _heard(
        self,
        child: EngineProcess,
        engine: EngineInfo,
        source: Source,
        untrusted_name: str,
        data: bytes,
        asked: dict[str, Any],
    ) -> dict[str, Any]:
        """The child's answer, gone on from what an earlier try had heard; each window that is done is kept."""
        if self.window_seconds is not None:
            asked["window_seconds"] = self.window_seconds
        partials = self.partials
        if partials is None:
            return self._ask(child, source, untrusted_name, data, asked, lambda window: None)
        settings = [engine.sha256, json.dumps({key: value for key, value in asked.items() if key != "model"})]
        so_far = partials.find(source.sha256, settings)
        if so_far is not None:
            asked["before"] = so_far.to_json()

        def keep(untrusted_window: dict[str, Any]) -> None:
            nonlocal so_far
            window = window_from(untrusted_window, self.limits)
            so_far = so_far.with_next(window) if so_far else window
            partials.keep(source.sha256, settings, so_far)

        return self._ask(child, source, untrusted_name, data, asked, keep)

    def _scan(self, child: EngineProcess, model: Model, source: Source, untrusted_name: str, data: bytes) -> Reading:
        folder, engine = model
        untrusted = self._ask(child, source, untrusted_name, data, {"model": str(folder), "engine": self.ocr_engine})
        pages, used_ocr, passages, unreadable = scan_from(untrusted, source.id, self.limits)
        return Reading(
            sources=(dataclasses.replace(source, pages=pages),),
            passages=passages,
            unreadable=unreadable,
            engines=(("ocr", engine),) if used_ocr else (),
        )

    def _ask(
        self,
        child: EngineProcess,
        source: Source,
        untrusted_name: str,
        data: bytes,
        asked: dict[str, Any],
        on_window: OnWindow | None = None,
    ) -> dict[str, Any]:
        # Of the name only its ending crosses: a name may be a patient's.
        suffix = "." + untrusted_name.rpartition(".")[2].lower()[:8]
        header = {"do": source.kind, "suffix": suffix, "limits": dataclasses.asdict(self.limits), **asked}
        report = self.on_progress
        untrusted, _ = child.call(
            header,
            data,
            timeout_seconds=self.limits.max_wall_seconds,
            on_progress=(lambda done, total: report(source, done, total)) if report else None,
            on_window=on_window,
        )
        return untrusted


def _asked(look: Look) -> list[Any]:
    return [look.start, look.end, list(look.names), list(look.texts)]
