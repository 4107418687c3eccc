"""What the figures of a bench mean for a practice: which models fit, and in plain words what they cost. Rules alone."""

from __future__ import annotations

from typing import Any

from daemon.benching.figures import Bench, ModelFigures
from daemon.model.model_memory import (
    SPEECH_BYTES,
    TYPICAL,
    Fit,
    fit_of,
    need,
    usable_bytes,
)

FITS: dict[Fit, str] = {
    "fits": "fits, with room to spare",
    "tight": "fits, with nothing to spare",
    "too-large": "does not fit",
}
BREAK_SECONDS = 60.0
"""A draft that takes less than this is there before the next patient is in the room."""


def advise(bench: Bench, context_tokens: int) -> dict[str, Any]:
    """`usable_bytes`, `rows` (installed and typical models against it) and `sentences` for people."""
    memory = bench.machine["memory_bytes"]
    speech = speech_bytes(bench)
    usable = usable_bytes(memory, speech)
    rows = [_row(each) for each in bench.models if each.memory is not None]
    return {
        "memory_bytes": memory,
        "usable_bytes": usable,
        "speech_bytes": speech,
        "context_tokens": context_tokens,
        "rows": rows + typical_rows(usable, context_tokens),
        "sentences": sentences(bench, usable, context_tokens),
    }


def speech_bytes(bench: Bench) -> int:
    """What the speech model takes: as measured here, else as it was measured elsewhere."""
    measured = [each.peak_resident_bytes or 0 for each in bench.models if each.kind == "speech"]
    return max([SPEECH_BYTES, *measured])


def typical_rows(usable: int, context_tokens: int) -> list[dict[str, Any]]:
    """Sizes of models that may be thought of: arithmetic alone."""
    found = []
    for each in TYPICAL:
        needed = need(each.shape, context_tokens)
        fit = fit_of(needed.total_bytes, usable)
        found.append(
            {
                "name": each.title,
                "like": each.like,
                "installed": False,
                "weights_bytes": needed.weights_bytes,
                "cache_bytes": needed.cache_bytes,
                "needed_bytes": needed.total_bytes,
                "measured_peak_bytes": None,
                "fit": fit,
            }
        )
    return found


def _row(each: ModelFigures) -> dict[str, Any]:
    assert each.memory is not None
    return {
        "name": each.name,
        "like": "",
        "installed": True,
        "weights_bytes": each.memory.weights_bytes,
        "cache_bytes": each.memory.cache_bytes,
        "needed_bytes": each.memory.needed_bytes,
        "measured_peak_bytes": each.peak_resident_bytes,
        "fit": each.memory.fit,
    }


def sentences(bench: Bench, usable: int, context_tokens: int) -> list[str]:
    """For whoever decides about the Mac and the model, without a figure that was not measured or computed."""
    found = [
        f"This machine has {gigabytes(bench.machine['memory_bytes'])} of memory. After the system, other programs and speech "
        f"recognition, about {gigabytes(usable)} are left for a language model."
    ]
    rows = typical_rows(usable, context_tokens)
    for fit, words in FITS.items():
        names = [row["name"] for row in rows if row["fit"] == fit]
        if names:
            found.append(
                f"By its memory need, a model of {_listed(names)} {words} here. This is arithmetic, not a measurement."
            )
    found += [sentence for each in bench.models for sentence in _about(bench, each)]
    return found


def _about(bench: Bench, each: ModelFigures) -> list[str]:
    if each.failed == "too-large":
        assert each.memory is not None
        needed = gigabytes(each.memory.needed_bytes)
        return [
            f"{each.name} needs about {needed} and was not tried, because that does not fit; --models {each.name} tries it."
        ]
    if each.failed:
        return [f"{each.name} could not be measured ({each.failed}); please run: chartdraft doctor."]
    if each.kind == "speech" and "idle" in each.seconds_per_memo_minute:
        seconds = each.seconds_per_memo_minute["idle"].median
        return [f"{each.name} turns a minute of dictation into words in {in_seconds(seconds)}."]
    if each.note_seconds is None:
        return []
    return [_note_sentence(bench, each), *_estimates(bench, each)]


def _note_sentence(bench: Bench, each: ModelFigures) -> str:
    assert each.note_seconds is not None
    seconds = each.note_seconds.median
    what = (
        "a SOAP note of a one-minute dictation" if bench.visit["whole"] else "a few sentences of a SOAP note (--quick)"
    )
    if seconds >= 0.9 * bench.plan.note_minutes * 60:
        return f"{each.name} does not finish {what} within {in_seconds(seconds)}; what it had not written was quoted."
    wait = (
        "short enough to look at it before the next patient"
        if seconds <= BREAK_SECONDS
        else "so drafts wait in the background"
    )
    manner = "one statement at a time" if each.manner == "statement" else "whole sections"
    return f"{each.name} writes {what} in {in_seconds(seconds)} ({manner}), {wait}."


def _estimates(bench: Bench, measured: ModelFigures) -> list[str]:
    """For installed models that were not measured: by the size of the files, since each token written reads all weights once."""
    found = []
    assert measured.note_seconds is not None
    for other in bench.models:
        if other.kind == "language" and other.note_seconds is None and other.memory and measured.memory:
            factor = other.memory.weights_bytes / measured.memory.weights_bytes
            seconds = in_seconds(measured.note_seconds.median * factor)
            found.append(
                f"If {other.name} did fit, its note would take very roughly {seconds}: {factor:.0f} times the weights of "
                f"{measured.name} have to be read for each word. This is arithmetic, not a measurement."
            )
    return found


def gigabytes(size: int) -> str:
    """For people."""
    return f"{size / 1e9:.1f} GB"


def in_seconds(seconds: float) -> str:
    """For people."""
    if seconds >= 120:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds:.0f} seconds" if seconds >= 10 else f"{seconds:.1f} seconds"


def _listed(names: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
