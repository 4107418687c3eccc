"""What one speech model costs on this machine, through the child process that reads recordings."""

from __future__ import annotations

import dataclasses
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from daemon.adapters.reading.engine_process import EngineProcess
from daemon.benching.figures import ModelFigures, Spread
from daemon.benching.other_work import other_work
from daemon.benching.peak import PeakMemory
from daemon.benching.tools import VISIT, Tools, out_of_the_cache
from daemon.model.errors import ChartdraftError, PermanentError

if TYPE_CHECKING:
    from daemon.adapters.models.store import InstalledModel

MEMO_SECONDS = 65.3
"""How long the recording of the visit is."""


def measure_speech(tools: Tools, model: InstalledModel) -> ModelFigures:
    """All of one model. A fresh child reads each memo, as it does in daily work."""
    figures = ModelFigures(model.name, "speech", model.size_bytes, model.main_sha256)
    try:
        tools.store.checked_files(model.name)
        tools.say(f"{model.name}: a memo of a minute")
        if out_of_the_cache([model.main_path]):
            figures.cold_load_seconds = _one(tools, model, read=False)[0]
        with PeakMemory() as peak:
            runs = [_one(tools, model) for _ in range(tools.plan.note_runs)]
        figures.peak_resident_bytes = peak.peak_bytes
        figures.load_seconds = Spread(tuple(load for load, _ in runs))
        figures.seconds_per_memo_minute["idle"] = _per_minute(runs)
        if not tools.plan.quick:
            with other_work():
                figures.seconds_per_memo_minute["busy"] = _per_minute([_one(tools, model)])
    except ChartdraftError as error:
        figures.failed = error.code
    return figures


def _per_minute(runs: list[tuple[float, float]]) -> Spread:
    return Spread(tuple(seconds / MEMO_SECONDS * 60 for _, seconds in runs))


def _one(tools: Tools, model: InstalledModel, *, read: bool = True) -> tuple[float, float]:
    """Seconds until the model is loaded, and from then until the memo is read."""
    settings = tools.settings
    limits, started = settings.media_limits, time.monotonic()
    with ExitStack() as ending:
        child = EngineProcess("recording", limits=limits, threads=settings.threads, command_line=tools.command_line)
        ending.callback(child.close)
        prepare = {"do": "prepare", "kind": "recording", "model": str(model.directory)}
        child.call(prepare, timeout_seconds=limits.max_wall_seconds)
        loaded = time.monotonic()
        if read:
            asked = {
                "do": "recording",
                "suffix": ".opus",
                "limits": dataclasses.asdict(limits),
                "model": str(model.directory),
                "language": settings.speech.language,
                "hotwords": list(settings.speech.hotwords),
            }
            memo = (VISIT / "visit.opus").read_bytes()
            reply, _ = child.call(asked, memo, timeout_seconds=limits.max_wall_seconds)
            if not reply.get("passages"):
                raise PermanentError("speech-none")
        return loaded - started, time.monotonic() - loaded
