"""What a bench measures, and its one JSON document (`chartdraft.bench/1`): units stand in the names."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from daemon.model.model_memory import Fit

SCHEMA = "chartdraft.bench/1"
NOISY = 0.15
"""A spread of runs above this part of their median is told as noise."""

Kind = Literal["language", "speech", "ocr"]


@dataclass(frozen=True, slots=True)
class Spread:
    """Several runs of one measurement, in the order in which they were made."""

    runs: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.runs)

    @property
    def noise(self) -> float:
        """From the least to the most, as a part of the median."""
        return (max(self.runs) - min(self.runs)) / self.median if self.median else 0.0

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        figures = {"median": self.median, "least": min(self.runs), "most": max(self.runs)}
        return {name: _rounded(value) for name, value in figures.items()} | {"runs": [_rounded(r) for r in self.runs]}


@dataclass(frozen=True, slots=True)
class Memory:
    """What a model needs by the arithmetic of `daemon.model.model_memory`, and whether that fits. Not measured."""

    weights_bytes: int
    cache_bytes: int
    needed_bytes: int
    fit: Fit


@dataclass(slots=True)
class ModelFigures:
    """One model: what was measured of it; None where nothing was. "busy" is with one other process at work."""

    name: str
    kind: Kind
    file_bytes: int
    sha256: str
    adapter_sha256: str = ""
    failed: str = ""
    """Why it was not measured, or not wholly: an error code, or "too-large" for one that was not tried."""
    memory: Memory | None = None
    cold_load_seconds: float | None = None
    load_seconds: Spread | None = None
    prompt_tokens_per_second: dict[str, Spread] = field(default_factory=dict)
    written_tokens_per_second: dict[str, Spread] = field(default_factory=dict)
    peak_resident_bytes: int | None = None
    manner: str = ""
    first_note_seconds: float | None = None
    note_seconds: Spread | None = None
    note_statements: int | None = None
    seconds_per_memo_minute: dict[str, Spread] = field(default_factory=dict)
    seconds_per_form_page: dict[str, Spread] = field(default_factory=dict)
    quality: dict[str, float] | None = None
    """Measured elsewhere (`eval drafts`): rates and ROUGE as fractions of 1."""

    def spreads(self) -> list[tuple[str, Spread]]:
        """All that was measured several times, named by what it is."""
        one = [("loading", self.load_seconds), ("the note", self.note_seconds)]
        several = [
            ("reading tokens", self.prompt_tokens_per_second),
            ("writing tokens", self.written_tokens_per_second),
            ("the memo", self.seconds_per_memo_minute),
            ("the form", self.seconds_per_form_page),
        ]
        found = [(what, spread) for what, spread in one if spread is not None]
        return found + [(f"{what}, {state}", spread) for what, states in several for state, spread in states.items()]

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "name": self.name,
            "kind": self.kind,
            "file_bytes": self.file_bytes,
            "sha256": self.sha256,
            "adapter_sha256": self.adapter_sha256,
            "failed": self.failed,
            "memory": asdict(self.memory) if self.memory else None,
            "cold_load_seconds": _rounded(self.cold_load_seconds),
            "load_seconds": self.load_seconds.as_data() if self.load_seconds else None,
            "prompt_tokens_per_second": _states(self.prompt_tokens_per_second),
            "written_tokens_per_second": _states(self.written_tokens_per_second),
            "peak_resident_bytes": self.peak_resident_bytes,
            "manner": self.manner,
            "first_note_seconds": _rounded(self.first_note_seconds),
            "note_seconds": self.note_seconds.as_data() if self.note_seconds else None,
            "note_statements": self.note_statements,
            "seconds_per_memo_minute": _states(self.seconds_per_memo_minute),
            "seconds_per_form_page": _states(self.seconds_per_form_page),
            "quality": self.quality,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured. `quick` is to see that it works, not for figures to decide by."""

    quick: bool = False

    @property
    def runs(self) -> int:
        """Of each measurement, after one that warms up."""
        return 2 if self.quick else 5

    @property
    def note_runs(self) -> int:
        """Of a whole note or memo."""
        return 1 if self.quick else 3

    @property
    def prompt_tokens(self) -> int:
        """Evaluated at once."""
        return 128 if self.quick else 512

    @property
    def written_tokens(self) -> int:
        """Written one after another."""
        return 16 if self.quick else 96

    @property
    def note_sentences(self) -> int | None:
        """Of the visit; None is all of it."""
        return 6 if self.quick else None

    @property
    def note_minutes(self) -> float:
        """After which a model's note is ended: what is not written by then is quoted."""
        return 0.1 if self.quick else 15.0


@dataclass(slots=True)
class Bench:
    """All of one bench."""

    measured_at: str
    version: str
    command: str
    machine: dict[str, Any]
    plan: Plan
    visit: dict[str, Any]
    models: list[ModelFigures]
    noise: list[str] = field(default_factory=list)
    advice: dict[str, Any] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """The JSON document."""
        plan = self.plan
        return {
            "schema": SCHEMA,
            "measured_at": self.measured_at,
            "version": self.version,
            "command": self.command,
            "machine": self.machine,
            "settings": {
                "quick": plan.quick,
                "runs": plan.runs,
                "note_runs": plan.note_runs,
                "prompt_tokens": plan.prompt_tokens,
                "written_tokens": plan.written_tokens,
                "note_limit_seconds": plan.note_minutes * 60,
            },
            "visit": self.visit,
            "models": [model.as_data() for model in self.models],
            "noise": self.noise,
            "advice": self.advice,
        }


def spread_of(runs: Sequence[float]) -> Spread | None:
    """Runs as a spread; None if there were none."""
    return Spread(tuple(runs)) if runs else None


def _states(found: dict[str, Spread]) -> dict[str, Any]:
    return {state: spread.as_data() for state, spread in found.items()}


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
