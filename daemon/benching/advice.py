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
    "fits": "fits",
    "tight": "fits, with nothing to spare",
    "too-large": "does not fit",
}
BREAK_SECONDS = 60.0
"""What a person may be asked to wait for."""
NOT_DONE = 0.9
"""A note that took this part of its time limit was most likely ended by it."""


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
            found.append(f"By arithmetic, not measured: a model of {_listed(names)} at 4 bit {words}.")
    found += [sentence for each in bench.models if (sentence := _about(bench, each))]
    found += _estimates(bench)
    found.append(
        "Speed says nothing of whether a draft is true: `chartdraft eval drafts` measures that, and `chartdraft models list` says "
        "which model may write."
    )
    return found


def _about(bench: Bench, each: ModelFigures) -> str:
    if each.failed == "too-large":
        assert each.memory is not None
        needed = gigabytes(each.memory.needed_bytes)
        return (
            f"{each.name} needs about {needed}, which does not fit, and was not tried; --models {each.name} tries it."
        )
    if each.failed:
        return f"{each.name} could not be measured wholly ({each.failed}); please run: chartdraft doctor."
    if each.kind == "speech":
        seconds = each.seconds_per_memo_minute["idle"].median
        return f"{each.name} turns a minute of dictation into words in {in_seconds(seconds)}."
    if each.kind == "ocr":
        return f"{each.name} reads a page of a form in {in_seconds(each.seconds_per_form_page['idle'].median)}."
    assert each.note_seconds is not None
    seconds, limit = each.note_seconds.median, bench.plan.note_minutes * 60
    whole = bench.visit["whole"]
    what = "a SOAP note of a one-minute dictation" if whole else "a few sentences of a SOAP note (--quick)"
    if seconds >= NOT_DONE * limit:
        return f"{each.name} does not finish {what} within {in_seconds(limit)}; what it had not written was quoted."
    manner = "one statement at a time" if each.manner == "statement" else "whole sections"
    wait = "" if seconds <= BREAK_SECONDS else "; that is longer than a minute, so let drafts wait in the background"
    return f"{each.name} writes {what} in {in_seconds(seconds)} ({manner}){wait}."


def _estimates(bench: Bench) -> list[str]:
    """For installed models that memory is too little for, from the largest that has one: by the size of the files, since every token
    that is written reads all weights once (where memory's bandwidth is what holds it up)."""
    language = [each for each in bench.models if each.kind == "language" and each.memory]
    timed = [
        (each.memory.weights_bytes, each.note_seconds, each.name)
        for each in language
        if each.memory and each.note_seconds
    ]
    if not timed:
        return []
    weights, seconds, name = max(timed, key=lambda each: each[0])
    return [
        f"By arithmetic, not measured: a note by {each.name} would take very roughly "
        f"{in_seconds(seconds.median * each.memory.weights_bytes / weights)} if memory were enough, since its weights are "
        f"{each.memory.weights_bytes / weights:.1f} times those of {name}."
        for each in language
        if each.failed == "too-large" and each.memory
    ]


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
