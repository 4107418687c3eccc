"""The Reader port: each source is read by a fresh engine child, and nothing it says is believed unchecked."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon.adapters.engine_process import EngineProcess
from daemon.adapters.untrusted_reading import recording_from, scan_from
from daemon.model.errors import PermanentError
from daemon.model.limits import Limits
from daemon.model.passage import EngineInfo, Reading
from daemon.model.source import Source

ModelSource = Callable[[], tuple[Path, EngineInfo]]


@dataclass(frozen=True, slots=True)
class EngineReader:
    """Reads recordings and scans. A model source verifies its model and says in which folder it lies."""

    limits: Limits
    threads: int
    language: str
    hotwords: tuple[str, ...]
    speech_model: ModelSource
    ocr_model: ModelSource
    on_progress: Callable[[str, float, float], None] | None = None

    def read(self, source: Source, untrusted_name: str, untrusted_bytes: bytes) -> Reading:
        """What stands in one source. Raises the codes of `daemon.ports.Reader.read`, and those of the model source."""
        if not untrusted_bytes:
            raise PermanentError("media-empty")
        if len(untrusted_bytes) > self.limits.max_bytes:
            raise PermanentError("media-too-large")
        # Started first: the child imports its engine while the model's files are being hashed.
        child = EngineProcess(source.kind, limits=self.limits, threads=self.threads)
        try:
            if source.kind == "recording":
                return self._recording(child, source, untrusted_name, untrusted_bytes)
            return self._scan(child, source, untrusted_name, untrusted_bytes)
        finally:
            child.close()

    def _recording(self, child: EngineProcess, source: Source, untrusted_name: str, data: bytes) -> Reading:
        folder, engine = self.speech_model()
        asked = {"model": str(folder), "language": self.language, "hotwords": list(self.hotwords)}
        untrusted = self._ask(child, source, untrusted_name, data, asked)
        seconds, passages, unreadable = recording_from(untrusted, source.id, self.limits)
        return Reading(
            sources=(dataclasses.replace(source, seconds=seconds),),
            passages=passages,
            unreadable=unreadable,
            engines=(("speech", engine),),
        )

    def _scan(self, child: EngineProcess, source: Source, untrusted_name: str, data: bytes) -> Reading:
        folder, engine = self.ocr_model()
        untrusted = self._ask(child, source, untrusted_name, data, {"model": str(folder)})
        pages, used_ocr, passages, unreadable = scan_from(untrusted, source.id, self.limits)
        return Reading(
            sources=(dataclasses.replace(source, pages=pages),),
            passages=passages,
            unreadable=unreadable,
            engines=(("ocr", engine),) if used_ocr else (),
        )

    def _ask(
        self, child: EngineProcess, source: Source, untrusted_name: str, data: bytes, asked: dict[str, Any]
    ) -> dict[str, Any]:
        # Of the name only its ending crosses: a name may be a patient's.
        suffix = "." + untrusted_name.rpartition(".")[2].lower()[:8]
        header = {"do": source.kind, "suffix": suffix, "limits": dataclasses.asdict(self.limits), **asked}
        report = self.on_progress
        untrusted, _ = child.call(
            header,
            data,
            timeout_seconds=self.limits.max_wall_seconds,
            on_progress=(lambda done, total: report(source.id, done, total)) if report else None,
        )
        return untrusted
