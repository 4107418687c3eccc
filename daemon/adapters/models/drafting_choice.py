"""What writes the drafts of a home: by its settings, its language model, and what was measured of that."""

from __future__ import annotations

from collections.abc import Sequence

from daemon.adapters.models.installed_model import InstalledModel
from daemon.config import Settings
from daemon.model.drafting_fitness import Candidate, Choice, Fitness, Measured, best, choose


def chosen(settings: Settings, model: InstalledModel | None, measurements: Sequence[Measured]) -> Choice:
    """Which drafter, in which manner, and why; `model` is the language model that the settings name, None if it is not installed.

    Raises RetryableError("adapter-altered") if the model is needed and its adapter's card is broken.
    """
    needed = model if settings.drafter != "quoting" else None
    return choose(settings.drafter, settings.draft.manner, candidate(needed) if needed else None, measurements)


def fitness_of(model: InstalledModel, measurements: Sequence[Measured]) -> Fitness:
    """Whether a language model may write, in which manner, and why. Raises RetryableError("adapter-altered")."""
    asked = candidate(model)
    return best(asked, asked.manners, measurements)


def candidate(model: InstalledModel) -> Candidate:
    """What is asked about a language model. Raises RetryableError("adapter-altered")."""
    return Candidate(model.main_sha256, model.adapter_sha256, model.size_bytes, model.fit_for_drafting)
