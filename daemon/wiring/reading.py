"""Which engine reads what in a home, and with which model: as the settings say, and as the models' formats allow."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.model.errors import PermanentError, RetryableError
from daemon.model.passage import EngineInfo
from daemon.model.reading_engines import (
    APPLE_VISION,
    FASTER_WHISPER,
    MLX_MODEL,
    MLX_WHISPER,
    RAPIDOCR,
    FormsEngine,
    SpeechEngine,
    speech_engine,
)

if TYPE_CHECKING:
    from daemon.adapters.models.store import ModelStore
    from daemon.config import Home

OCR_MODEL = "pp-ocrv6-small"
_PACKAGES = {MLX_WHISPER: ("mlx", "mlx_whisper"), APPLE_VISION: ("ocrmac", "Vision")}


@dataclass(frozen=True, slots=True)
class Chosen:
    """An engine, and the model it runs; the name is empty where the engine brings its own."""

    engine: SpeechEngine | FormsEngine
    model: str

    def __str__(self) -> str:
        return f"{self.engine} with {self.model}" if self.model else self.engine


def speech(home: Home, store: ModelStore) -> Chosen:
    """Who hears recordings: the model that is named; where MLX is asked for and it is not in its format, the one made of it
    (`NAME-mlx`). Raises what the store raises, PermanentError("speech-engine-model") and RetryableError("engine-not-here")."""
    asked, name = home.settings.speech.engine, home.settings.speech.model
    engine = speech_engine(frozenset(store.get(name).files))
    if asked == MLX_WHISPER and engine != asked:
        name, engine = name + MLX_MODEL, speech_engine(frozenset(store.get(name + MLX_MODEL).files))
    if asked not in ("auto", engine):
        raise PermanentError("speech-engine-model")
    if engine != FASTER_WHISPER:
        _here(engine)
    return Chosen(engine, name)


def forms(home: Home) -> Chosen:
    """Who reads scans. Raises RetryableError("engine-not-here")."""
    if home.settings.forms.engine != APPLE_VISION:
        return Chosen(RAPIDOCR, OCR_MODEL)
    _here(APPLE_VISION)
    return Chosen(APPLE_VISION, "")


def checked(store: ModelStore, choose: Callable[[], Chosen]) -> Callable[[], tuple[Path, EngineInfo]]:
    """A model source for the reader: who reads is asked, and its files are hashed, before each load."""

    def check() -> tuple[Path, EngineInfo]:
        chosen = choose()
        if not chosen.model:
            return Path(), _of_package(chosen.engine)
        store.checked_files(chosen.model)
        model = store.get(chosen.model)
        return model.directory, EngineInfo(model.name, model.main_sha256)

    return check


def _here(engine: str) -> None:
    """Whether an optional engine is installed. Raises RetryableError("engine-not-here")."""
    for_mac = engine == APPLE_VISION and sys.platform != "darwin"
    if for_mac or not all(importlib.util.find_spec(package) for package in _PACKAGES[engine]):
        raise RetryableError("engine-not-here")


def _of_package(engine: str) -> EngineInfo:
    """What a draft names an engine by whose model is a part of the system: the package's version, and its code's SHA-256."""
    from importlib.metadata import version

    spec = importlib.util.find_spec(engine)
    folder = Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else Path()
    try:
        code = (folder / f"{engine}.py").read_bytes()
    except OSError:
        raise RetryableError("engine-not-here") from None
    return EngineInfo(f"Apple Vision ({engine} {version(engine)})", hashlib.sha256(code).hexdigest())
