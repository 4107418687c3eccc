"""What reads and drafts, built from the settings: its models, and the child that is shut in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from daemon.config import Home
from daemon.model.errors import ChartdraftError
from daemon.model.source import Source
from daemon.wiring import reading

if TYPE_CHECKING:
    from daemon.adapters.drafting.chosen_drafter import ChosenDrafter
    from daemon.adapters.models.installed_model import InstalledModel as InstalledModel  # noqa: PLC0414 - re-exported: cli names no adapter
    from daemon.adapters.models.measurements import Measurements
    from daemon.adapters.models.store import ModelStore
    from daemon.adapters.reading.engine_reader import EngineReader
    from daemon.adapters.sandbox.choose import Isolation
    from daemon.adapters.state.drug_counts import DrugCounts
    from daemon.model.drafting_fitness import Choice, Fitness
    from daemon.model.speech_names import SpeechNames

OCR_MODEL = reading.OCR_MODEL


def models(home: Home) -> ModelStore:
    """The installed models."""
    from daemon.adapters.models.store import ModelStore, default_models_dir

    return ModelStore(home.models or default_models_dir())


def measurements(home: Home) -> Measurements:
    """What was measured of models' drafts: what came with Chartdraft, and this home's own."""
    from daemon.adapters.models.measurements import Measurements

    return Measurements(home.measured)


def language_model(home: Home) -> InstalledModel | None:
    """The language model that the settings name; None if it is not installed as it must be."""
    try:
        return models(home).get(home.settings.language.model)
    except ChartdraftError:
        return None


def drafting_choice(home: Home) -> Choice:
    """Which drafter writes this home's drafts, in which manner, and why; `adapter-altered`."""
    from daemon.adapters.models.drafting_choice import chosen

    return chosen(home.settings, language_model(home), measurements(home).known().measured)


def fitness(home: Home, model: InstalledModel) -> Fitness:
    """Whether a language model may write drafts here, and why; `adapter-altered`."""
    from daemon.adapters.models.drafting_choice import fitness_of

    return fitness_of(model, measurements(home).known().measured)


def isolation(home: Home) -> Isolation:
    """How the children that read and draft for this home are shut in."""
    from daemon.adapters.models.store import default_models_dir
    from daemon.adapters.sandbox import choose

    return choose.isolation(home, home.models or default_models_dir())


def reader(home: Home, on_progress: Callable[[Source, float, float], None] | None = None) -> EngineReader:
    """Speech and OCR in a child process. The models are verified before each load."""
    from daemon.adapters.reading.engine_reader import EngineReader
    from daemon.adapters.reading.partial_transcripts import PartialTranscripts
    from daemon.wiring import vault

    settings, store = home.settings, models(home)
    return EngineReader(
        limits=settings.media_limits,
        threads=settings.threads,
        language=settings.speech.language,
        hotwords=settings.speech.hotwords,
        names=lambda: speech_names(home),
        speech_model=reading.checked(store, lambda: hears(home)),
        ocr_model=reading.checked(store, lambda: reads_forms(home)),
        on_progress=on_progress,
        command_line=isolation(home).command_line,
        ocr_engine="rapidocr" if settings.forms.engine == "auto" else settings.forms.engine,
        partials=PartialTranscripts(vault(home), home.state / "partial_transcripts.json"),
    )


def engines_in_use(home: Home) -> tuple[str, str]:
    """Who hears and who reads, in words; where that cannot be, why."""

    def said(choose: Callable[[Home], reading.Chosen]) -> str:
        try:
            return str(choose(home))
        except ChartdraftError as error:
            return error.text.sentence

    return f"recordings are heard by: {said(hears)}", f"forms are read by: {said(reads_forms)}"


def hears(home: Home) -> reading.Chosen:
    """The engine and the model for recordings; raises as `reading.speech`."""
    return reading.speech(home, models(home))


def reads_forms(home: Home) -> reading.Chosen:
    """The same for scans; raises as `reading.forms`."""
    return reading.forms(home)


def drug_counts(home: Home) -> DrugCounts:
    """How many of this home's delivered drafts named which drug."""
    from daemon.adapters.state.drug_counts import DrugCounts
    from daemon.faithfulness.vocabulary.hotwords import generic_names

    return DrugCounts(home.drug_counts, generic_names)


def speech_names(home: Home) -> SpeechNames:
    """What speech recognition is told of here, as the vocabulary file and the drafts' drugs are now."""
    from daemon.adapters.reading.vocabulary_file import read_vocabulary
    from daemon.faithfulness.vocabulary import hotwords

    own = (*read_vocabulary(home.vocabulary), *home.settings.speech.hotwords)
    return hotwords.speech_names(own, drug_counts(home).named())


def drafter(home: Home, on_progress: Callable[[float, float], None] | None = None) -> ChosenDrafter:
    """The drafter of this home."""
    from daemon.adapters.drafting.chosen_drafter import ChosenDrafter

    return ChosenDrafter(home.settings, models(home), on_progress, isolation(home).command_line, measurements(home))
