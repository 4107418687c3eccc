"""A bench as it could have been measured, for tests of what is made of it."""

from __future__ import annotations

from typing import Any

from daemon.benching.advice import advise
from daemon.benching.figures import Bench, Memory, ModelFigures, Plan, Spread
from daemon.benching.noise import noises
from daemon.model.model_memory import fit_of, usable_bytes

GB = 1_000_000_000
MACHINE: dict[str, Any] = {
    "system": "macOS 15.6",
    "architecture": "arm64",
    "processor": "Apple M4",
    "model": "Mac16,10",
    "cores": 10,
    "physical_cores": 10,
    "memory_bytes": 16 * GB,
    "memory_available_bytes": 12 * GB,
    "on_battery": False,
    "load_average_before": 0.2,
    "python": "3.12.11",
    "threads": 9,
    "daemon_running": False,
}


def language(
    name: str, size: int, *, faster: float = 1.0, needed: int | None = None, seconds: float = 8.0
) -> ModelFigures:
    """A language model that was measured wholly."""
    needed = needed or size + GB
    fit = fit_of(needed, usable_bytes(MACHINE["memory_bytes"]))
    return ModelFigures(
        name,
        "language",
        size,
        f"{len(name):064x}",
        memory=Memory(size, needed - size - GB // 2, needed, fit),
        cold_load_seconds=1.9,
        load_seconds=Spread((0.61, 0.58, 0.6)),
        prompt_tokens_per_second={
            "idle": Spread((300.0 * faster, 310.0 * faster, 305.0 * faster)),
            "busy": Spread((250.0 * faster, 260.0 * faster, 255.0 * faster)),
        },
        written_tokens_per_second={
            "idle": Spread((70.0 * faster, 72.0 * faster, 71.0 * faster)),
            "busy": Spread((60.0 * faster, 61.0 * faster, 40.0 * faster)),
        },
        peak_resident_bytes=size + GB // 3,
        manner="statement",
        first_note_seconds=seconds + 2,
        note_seconds=Spread((seconds, seconds * 1.02, seconds * 0.99)),
        note_statements=14,
    )


def speech() -> ModelFigures:
    """A speech model that was measured wholly."""
    return ModelFigures(
        "whisper-base",
        "speech",
        147_000_000,
        "b" * 64,
        cold_load_seconds=2.2,
        load_seconds=Spread((1.1, 1.0, 1.05)),
        peak_resident_bytes=525_000_000,
        seconds_per_memo_minute={"idle": Spread((6.1, 6.0, 6.2)), "busy": Spread((7.7,))},
    )


def forms() -> ModelFigures:
    """A model for scans that was measured wholly."""
    return ModelFigures(
        "pp-ocrv6-small",
        "ocr",
        32_000_000,
        "c" * 64,
        cold_load_seconds=1.4,
        load_seconds=Spread((0.9, 0.8, 0.85)),
        peak_resident_bytes=610_000_000,
        seconds_per_form_page={"idle": Spread((3.1, 3.0, 3.3)), "busy": Spread((4.2,))},
    )


def measured(models: list[ModelFigures] | None = None, *, quick: bool = False, **machine: object) -> Bench:
    """A bench of these models on a Mac mini."""
    done = Bench(
        measured_at="2026-11-22T18:00:00Z",
        version="0.1.0",
        command="chartdraft bench --report out.html",
        machine=MACHINE | machine,
        plan=Plan(quick=quick),
        visit={"document": "soap", "memo_seconds": 65.3, "note_words": 180, "whole": not quick},
        models=[language("smollm2-135m", 98_000_000), speech()] if models is None else models,
    )
    done.noise = noises(done, None)
    done.advice = advise(done, 16_384)
    return done
