"""What reading a scanned form costs on this machine, through the child process that reads scans."""

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
from daemon.model.reading_engines import RAPIDOCR

if TYPE_CHECKING:
    from daemon.adapters.models.store import InstalledModel


def measure_forms(tools: Tools, model: InstalledModel) -> ModelFigures:
    """All of one model. A fresh child reads each scan, as it does in daily work."""
    figures = ModelFigures(model.name, "ocr", model.size_bytes, model.main_sha256)
    try:
        tools.store.checked_files(model.name)
        tools.say(f"{model.name}: a page of a form")
        if out_of_the_cache([model.directory / file for file in model.files]):
            figures.cold_load_seconds = _one(tools, model, read=False)[0]
        with PeakMemory() as peak:
            runs = [_one(tools, model) for _ in range(tools.plan.note_runs)]
        figures.peak_resident_bytes = peak.peak_bytes
        figures.load_seconds = Spread(tuple(load for load, _ in runs))
        figures.seconds_per_form_page["idle"] = Spread(tuple(seconds for _, seconds in runs))
        if not tools.plan.quick:
            with other_work():
                figures.seconds_per_form_page["busy"] = Spread((_one(tools, model)[1],))
    except ChartdraftError as error:
        figures.failed = error.code
    return figures


def _one(tools: Tools, model: InstalledModel, *, read: bool = True) -> tuple[float, float]:
    """Seconds until the model is loaded, and from then until the scan of one page is read."""
    settings = tools.settings
    limits, started = settings.media_limits, time.monotonic()
    asked = {"model": str(model.directory), "engine": RAPIDOCR}
    with ExitStack() as ending:
        child = EngineProcess("scan", limits=limits, threads=settings.threads, command_line=tools.command_line)
        ending.callback(child.close)
        child.call({"do": "prepare", "kind": "scan", **asked}, timeout_seconds=limits.max_wall_seconds)
        loaded = time.monotonic()
        if read:
            header = {"do": "scan", "suffix": ".jpg", "limits": dataclasses.asdict(limits), **asked}
            form = (VISIT / "form.jpg").read_bytes()
            reply, _ = child.call(header, form, timeout_seconds=limits.max_wall_seconds)
            if reply.get("pages") != 1:
                raise PermanentError("page-unreadable")
        return loaded - started, time.monotonic() - loaded
