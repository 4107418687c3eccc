"""What one language model costs on this machine, through the child process that drafts."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from daemon.adapters.models.drafting_choice import chosen
from daemon.adapters.reading.engine_process import EngineProcess
from daemon.benching.figures import Memory, ModelFigures, Spread, spread_of
from daemon.benching.other_work import other_work
from daemon.benching.peak import PeakMemory
from daemon.benching.tools import Tools, out_of_the_cache
from daemon.model.errors import ChartdraftError, PermanentError
from daemon.model.model_memory import ModelShape, fit_of, need

if TYPE_CHECKING:
    from daemon.adapters.models.store import InstalledModel
    from daemon.ports import Drafter

_SHORT_CONTEXT = 2048  # holds all that the speeds are measured with
_MOST = 1 << 20  # no model has more layers, heads or values in a head


def measure_language(tools: Tools, model: InstalledModel, usable_bytes: int) -> ModelFigures:
    """All of one model. What goes wrong is told in `failed`, and what was measured until then is kept."""
    figures = ModelFigures(model.name, "language", model.size_bytes, model.main_sha256)
    try:
        tools.store.checked_files(model.name)
        choice = chosen(_settings_for(tools, model), model, tools.measurements.known().measured)
        figures.manner, figures.adapter_sha256 = choice.manner, model.adapter_sha256
        figures.memory = _memory(tools, model, usable_bytes)
        if figures.memory and figures.memory.fit == "too-large" and not tools.asked_by_name:
            figures.failed = "too-large"
            return figures
        with PeakMemory() as peak:
            child = _load(tools, model, figures)
            try:
                figures.prompt_tokens_per_second["idle"], figures.written_tokens_per_second["idle"] = _speeds(
                    tools, model, child
                )
                figures.peak_resident_bytes = peak.look()
                with other_work():
                    figures.prompt_tokens_per_second["busy"], figures.written_tokens_per_second["busy"] = _speeds(
                        tools, model, child
                    )
            finally:
                child.close()
        _note(tools, model, figures)
    except ChartdraftError as error:
        figures.failed = error.code
    return figures


def written_per_second(tools: Tools, model: InstalledModel) -> float:
    """The speed of writing once more: whether the machine is still as fast as it was."""
    child = _child(tools)
    try:
        return _speeds(tools, model, child)[1].median
    finally:
        child.close()


def shape_from(untrusted: Mapping[str, Any], file_bytes: int) -> ModelShape | None:
    """The shape of a model as its child told it; None where its file does not say enough."""
    said = {name: value for name, value in untrusted.items() if type(value) is int and 0 < value < _MOST}
    layers, heads = said.get("layers"), said.get("heads")
    kv_heads = said.get("kv_heads", heads)
    length = said["embedding_length"] // heads if heads and "embedding_length" in said else None
    key_length, value_length = said.get("key_length", length), said.get("value_length", length)
    if not (layers and kv_heads and key_length and value_length):
        return None
    return ModelShape(file_bytes, layers, kv_heads, key_length, value_length)


def _child(tools: Tools) -> EngineProcess:
    settings = tools.settings
    return EngineProcess(
        "llm", limits=settings.language_limits, threads=settings.threads, command_line=tools.command_line
    )


def _ask(tools: Tools, model: InstalledModel, child: EngineProcess, what: str, **more: object) -> dict[str, Any]:
    path, adapter = model.writing_files
    asked = {
        "path": str(path),
        "adapter": str(adapter or ""),
        "context_tokens": _SHORT_CONTEXT,
        "threads": tools.settings.threads,
    }
    header = {"do": what, "model": asked} | more
    return child.call(header, timeout_seconds=tools.settings.language_limits.max_wall_seconds)[0]


def _memory(tools: Tools, model: InstalledModel, usable_bytes: int) -> Memory | None:
    child = _child(tools)
    try:
        shape = shape_from(_ask(tools, model, child, "llm.shape"), _weights(model))
    finally:
        child.close()
    if shape is None:
        return None
    needed = need(shape, tools.settings.language.context_tokens)
    return Memory(
        needed.weights_bytes, needed.cache_bytes, needed.total_bytes, fit_of(needed.total_bytes, usable_bytes)
    )


def _weights(model: InstalledModel) -> int:
    """What is mapped or read into memory: the weights, and the adapter's."""
    return sum(file.stat().st_size for file in model.writing_files if file)


def _load(tools: Tools, model: InstalledModel, figures: ModelFigures) -> EngineProcess:
    """Load it several times, each in a child of its own, the first time from the disk; the last child."""
    tools.say(f"{model.name}: loading")
    if out_of_the_cache([model.writing_files[0]]):
        figures.cold_load_seconds = _one_load(tools, model)[0]
    runs = []
    for run in range(tools.plan.runs):
        seconds, child = _one_load(tools, model, keep=run == tools.plan.runs - 1)
        runs.append(seconds)
    figures.load_seconds = Spread(tuple(runs))
    assert child is not None
    return child


def _one_load(tools: Tools, model: InstalledModel, *, keep: bool = False) -> tuple[float, EngineProcess | None]:
    started = time.monotonic()
    child = _child(tools)
    try:
        _ask(tools, model, child, "llm.load")
    except BaseException:
        child.close()
        raise
    seconds = time.monotonic() - started
    if keep:
        return seconds, child
    child.close()
    return seconds, None


def _speeds(tools: Tools, model: InstalledModel, child: EngineProcess) -> tuple[Spread, Spread]:
    """Tokens a second, read and written; the first time is for warming up and does not count."""
    tools.say(f"{model.name}: speed")
    plan = tools.plan
    ask: Callable[[], dict[str, Any]] = partial(
        _ask, tools, model, child, "llm.speed", prompt_tokens=plan.prompt_tokens, written_tokens=plan.written_tokens
    )
    ask()
    replies = [ask() for _ in range(plan.runs)]
    read = tuple(plan.prompt_tokens / _seconds(reply, "prompt_seconds") for reply in replies)
    return Spread(read), Spread(tuple(plan.written_tokens / _seconds(reply, "written_seconds") for reply in replies))


def _seconds(untrusted: Mapping[str, Any], name: str) -> float:
    value = untrusted.get(name)
    if not isinstance(value, float) or not math.isfinite(value) or value <= 0:
        raise PermanentError("engine-protocol")
    return value


def _note(tools: Tools, model: InstalledModel, figures: ModelFigures) -> None:
    """Draft the visit: first with all that comes before a first note, then with a model that is loaded."""
    from daemon.adapters.drafting.chosen_drafter import ChosenDrafter

    tools.say(f"{model.name}: a note")
    drafting = ChosenDrafter(_settings_for(tools, model), tools.store, None, tools.command_line, tools.measurements)
    with PeakMemory() as peak:
        try:
            drafter = drafting()
            figures.first_note_seconds, figures.note_statements = _one_note(tools, drafter)
            figures.note_seconds = spread_of([_one_note(tools, drafter)[0] for _ in range(tools.plan.note_runs)])
        finally:
            drafting.rest()
    figures.peak_resident_bytes = max(figures.peak_resident_bytes or 0, peak.peak_bytes)


def _one_note(tools: Tools, drafter: Drafter) -> tuple[float, int]:
    started = time.monotonic()
    sections = drafter.draft(tools.document, tools.passages)
    return time.monotonic() - started, sum(len(section.statements) for section in sections)


def _settings_for(tools: Tools, model: InstalledModel) -> Any:
    settings = tools.settings
    return settings.model_copy(
        update={
            "drafter": "llm",
            # It rests as soon as it is told to.
            "language": settings.language.model_copy(update={"model": model.name, "idle_minutes": 1e-9}),
            "limits": settings.limits.model_copy(update={"max_wall_minutes": tools.plan.note_minutes}),
        }
    )
