"""Which drafter it is: as the settings say, and by what the installed language model is fit for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from daemon.config import Settings
from daemon.model.errors import ChartdraftError, PermanentError
from daemon.model.passage import EngineInfo
from daemon.ports import Drafter

if TYPE_CHECKING:
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

    def __call__(self) -> Drafter:
        """The drafter; `model-missing`."""
        if self._made is None:
            self._made = self._make()
        return self._made

    def rest(self) -> None:
        """Let the language model go when it was idle for as long as the settings say."""
        from daemon.adapters.drafting.llm_drafter import LlmDrafter

        if isinstance(self._made, LlmDrafter):
            self._made.close_if_idle(self._settings.language.idle_minutes * 60)

    def _make(self) -> Drafter:
        from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
        from daemon.adapters.models.drafting_choice import chosen

        settings, quoting, model = self._settings, QuotingDrafter(), self._language_model()
        measured = self._measurements.known().measured if self._measurements else ()
        if chosen(settings, model, measured).drafter == "quoting":
            return quoting
        if model is None:
            raise PermanentError("model-missing")
        from daemon.adapters.drafting.llm_drafter import LlmDrafter
        from daemon.adapters.reading.engine_process import EngineProcess

        store, name = self._store, model.name
        drafter = LlmDrafter(
            model_path=lambda: (store.checked_files(name), store.get(name).main_path)[1],
            engine=EngineInfo(model.name, model.main_sha256),
            limits=settings.language_limits,
            threads=settings.threads,
            context_tokens=settings.language.context_tokens,
            quoting=quoting,
            start=lambda: EngineProcess(
                "llm", limits=settings.language_limits, threads=settings.threads, command_line=self._command_line
            ),
        )
        drafter.on_progress = self._on_progress
        return drafter

    def _language_model(self) -> InstalledModel | None:
        try:
            return self._store.get(self._settings.language.model)
        except ChartdraftError:
            return None
