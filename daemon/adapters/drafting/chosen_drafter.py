"""Which drafter it is: as the settings say, and by what the installed language model is fit for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.config import Settings
from daemon.model.errors import ChartdraftError, PermanentError
from daemon.model.passage import EngineInfo
from daemon.ports import Drafter

if TYPE_CHECKING:
    from daemon.adapters.drafting.llm_child import Child
    from daemon.adapters.drafting.llm_drafter import LlmDrafter
    from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
    from daemon.adapters.drafting.statement_drafter import StatementDrafter
    from daemon.adapters.models.measurements import Measurements
    from daemon.adapters.models.store import InstalledModel, ModelStore
    from daemon.adapters.reading.engine_process import CommandLine

OnProgress = Callable[[float, float], None]


class ChosenDrafter:
    """The drafter that the settings and the installed language model lead to; made when it is first asked for."""

    def __init__(
        self,
        settings: Settings,
        store: ModelStore,
        on_progress: OnProgress | None = None,
        command_line: CommandLine | None = None,
        measurements: Measurements | None = None,
    ) -> None:
        """`command_line`: how the language model's child is started, an isolation's. `measurements`: None are none."""
        self._settings, self._store, self._on_progress = settings, store, on_progress
        self._measurements = measurements
        self._command_line = command_line
        self._made: Drafter | None = None
        self._close_if_idle: Callable[[float], bool] | None = None

    def __call__(self) -> Drafter:
        """The drafter; `model-missing`."""
        if self._made is None:
            self._made = self._make()
        return self._made

    def rest(self) -> None:
        """Let the language model go when it was idle for as long as the settings say."""
        if self._close_if_idle is not None:
            self._close_if_idle(self._settings.language.idle_minutes * 60)

    def _make(self) -> Drafter:
        from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
        from daemon.adapters.models.drafting_choice import chosen

        settings, quoting, model = self._settings, QuotingDrafter(), self._language_model()
        measured = self._measurements.known().measured if self._measurements else ()
        choice = chosen(settings, model, measured)
        if choice.drafter == "quoting":
            return quoting
        if model is None:
            raise PermanentError("model-missing")
        write = self._statement_drafter if choice.manner == "statement" else self._section_drafter
        drafter = write(model, quoting)
        drafter.on_progress, self._close_if_idle = self._on_progress, drafter.close_if_idle
        return drafter

    def _statement_drafter(self, model: InstalledModel, quoting: QuotingDrafter) -> StatementDrafter:
        from daemon.adapters.drafting.statement_drafter import CONTEXT_TOKENS, Adapter, StatementDrafter

        settings, shipped = self._settings, model.adapter
        adapter = (
            Adapter(
                lambda: model.writing_files[1],
                EngineInfo(shipped.name, shipped.sha256),
                shipped.forms,
                shipped.least_sureness,
                shipped.least_in_new_words,
            )
            if shipped
            else None
        )
        return StatementDrafter(
            model_path=self._checked_path(model.name, lambda checked: checked.writing_files[0]),
            engine=EngineInfo(model.name, model.main_sha256),
            limits=settings.language_limits,
            threads=settings.threads,
            context_tokens=min(CONTEXT_TOKENS, settings.language.context_tokens),
            quoting=quoting,
            adapter=adapter,
            start=self._start,
        )

    def _section_drafter(self, model: InstalledModel, quoting: QuotingDrafter) -> LlmDrafter:
        from daemon.adapters.drafting.llm_drafter import LlmDrafter

        settings = self._settings
        return LlmDrafter(
            model_path=self._checked_path(model.name),
            engine=EngineInfo(model.name, model.main_sha256),
            limits=settings.language_limits,
            threads=settings.threads,
            context_tokens=settings.language.context_tokens,
            quoting=quoting,
            start=self._start,
        )

    def _checked_path(
        self, name: str, which: Callable[[InstalledModel], Path] = lambda model: model.main_path
    ) -> Callable[[], Path]:
        """The path of a model's weights, hashed just before it is given, as its adapter is."""
        store = self._store
        return lambda: (store.checked_files(name), which(store.get(name)))[1]

    def _start(self) -> Child:
        from daemon.adapters.reading.engine_process import EngineProcess

        limits, threads = self._settings.language_limits, self._settings.threads
        return EngineProcess("llm", limits=limits, threads=threads, command_line=self._command_line)

    def _language_model(self) -> InstalledModel | None:
        try:
            return self._store.get(self._settings.language.model)
        except ChartdraftError:
            return None
