"""One bench: every installed model measured, one after another, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from daemon import __version__
from daemon.benching.advice import advise
from daemon.benching.figures import Bench, ModelFigures, Plan
from daemon.benching.files import Quality, quality_of
from daemon.benching.forms import measure_forms
from daemon.benching.language import measure_language, written_per_second
from daemon.benching.machine import describe
from daemon.benching.noise import noises
from daemon.benching.speech import MEMO_SECONDS, measure_speech
from daemon.benching.tools import VISIT, Tools
from daemon.model.errors import ChartdraftError, RetryableError
from daemon.model.model_memory import usable_bytes
from daemon.model.source import Source

if TYPE_CHECKING:
    from daemon.adapters.models.store import InstalledModel
    from daemon.config import Home

_DOCUMENT = "soap"


def bench(
    home: Home,
    plan: Plan,
    *,
    names: Sequence[str] = (),
    command: str,
    say: Callable[[str], None],
    daemon_running: bool = False,
    quality: Sequence[Quality] = (),
) -> Bench:
    """Measure the installed models, or those named. Of the home only its settings are used; nothing in it is opened or written.

    `command` is what was typed, for the report; `quality` what is known of models' drafts. Raises
    PermanentError("model-unknown"), RetryableError("model-missing", "model-altered").
    """
    tools = _tools(home, plan, say, named=bool(names))
    models = _models(tools, names)
    if not models:
        raise RetryableError("model-missing")
    machine = describe() | {"threads": home.settings.threads, "daemon_running": daemon_running}
    usable = usable_bytes(machine["memory_bytes"])
    figures = [_measure(tools, model, usable) for model in models]
    for each in figures:
        each.quality = quality_of(each, quality)
    done = Bench(
        measured_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        version=__version__,
        command=command,
        machine=machine,
        plan=plan,
        visit=_visit(tools),
        models=figures,
    )
    done.noise = noises(done, _slowed(tools, models, figures))
    done.advice = advise(done, home.settings.language.context_tokens)
    return done


def _tools(home: Home, plan: Plan, say: Callable[[str], None], *, named: bool) -> Tools:
    from daemon import wiring
    from daemon.adapters.reading.text_reader import read_text

    text = (VISIT / "visit.txt").read_bytes()
    passages = read_text(Source("s1", "text", "0" * 64), text).passages[: plan.note_sentences]
    return Tools(
        settings=home.settings,
        store=wiring.models(home),
        measurements=wiring.measurements(home),
        command_line=wiring.isolation(home).command_line,
        document=wiring.documents(home)[_DOCUMENT],
        passages=passages,
        plan=plan,
        say=say,
        asked_by_name=named,
    )


def _models(tools: Tools, names: Sequence[str]) -> list[InstalledModel]:
    if names:
        return [tools.store.get(name) for name in names]
    return tools.store.installed()


def _measure(tools: Tools, model: InstalledModel, usable: int) -> ModelFigures:
    if model.kind == "speech":
        return measure_speech(tools, model)
    if model.kind == "ocr":
        return measure_forms(tools, model)
    return measure_language(tools, model, usable)


def _slowed(tools: Tools, models: Sequence[InstalledModel], figures: Sequence[ModelFigures]) -> float | None:
    """By what part the first language model writes slower at the end than it did at first; None if that was not measured."""
    if tools.plan.quick:
        return None
    for model, each in zip(models, figures, strict=True):
        if "idle" in each.written_tokens_per_second:
            before = each.written_tokens_per_second["idle"].median
            try:
                return 1 - written_per_second(tools, model) / before
            except ChartdraftError:
                return None  # all else is measured by now, and is not lost for it
    return None


def _visit(tools: Tools) -> dict[str, Any]:
    words = sum(len(passage.text.split()) for passage in tools.passages)
    whole = tools.plan.note_sentences is None
    return {"document": _DOCUMENT, "memo_seconds": MEMO_SECONDS, "note_words": words, "whole": whole}
