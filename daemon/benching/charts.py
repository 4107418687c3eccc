"""The plots of a bench's page: where each bar and mark lies. Rules alone; `data` is the JSON document.

A plot is 440 units wide, so that its words can still be read on a phone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from daemon.benching.advice import FITS, gigabytes
from daemon.benching.table import figure

WIDTH = 440.0
_LEFT, _RIGHT = 4.0, 366.0  # what stands right of a bar is its figure
_LABEL, _BAR, _GAP = 20.0, 17.0, 12.0
_MOST_NAME = 54


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from `x`; `kind` says how it is drawn. `whisker` is from the least to the most of the runs, if there were several."""

    x: float
    y: float
    width: float
    kind: str
    value: str = ""
    whisker: tuple[float, float] | None = None
    height: float = _BAR - 3


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place; `end` lets them end there."""

    x: float
    y: float
    words: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Chart:
    """One plot. `rules` are lines: x, y and height with a kind; `dots` are points, whose words are among the labels."""

    title: str
    says: str
    height: float
    bars: Sequence[Bar] = ()
    labels: Sequence[Label] = ()
    rules: Sequence[tuple[float, float, float, str]] = ()
    dots: Sequence[Label] = ()
    legend: Sequence[tuple[str, str]] = ()


def charts(data: Mapping[str, Any]) -> list[Chart]:
    """Those that there are figures for."""
    language = [model for model in data["models"] if model["kind"] == "language"]
    seconds = [(model["name"], model["note_seconds"]) for model in language if model["note_seconds"]]
    memos = [
        (model["name"], model["seconds_per_memo_minute"]["idle"])
        for model in data["models"]
        if "idle" in model["seconds_per_memo_minute"]
    ]
    title = (
        "Seconds for a minute of dictation" if data["visit"]["whole"] else "Seconds (--quick: notes of a few sentences)"
    )
    found = [
        _speeds("Writing: tokens a second", "More is better. A token is about three quarters of a word.", language, "written_tokens_per_second"),
        _speeds("Reading: tokens a second", "More is better. What was said in the visit is read once for each note.", language, "prompt_tokens_per_second"),
        _seconds(title, seconds, memos),
        _pages(data["models"]),
        _memory(data),
        _quality(language),
    ]  # fmt: skip
    return [chart for chart in found if chart is not None]


def _speeds(title: str, says: str, models: Sequence[Mapping[str, Any]], name: str) -> Chart | None:
    groups = [
        (model["name"], [(state, model[name][state]) for state in ("idle", "busy") if state in model[name]])
        for model in models
        if model[name]
    ]
    legend = [("alone", "idle"), ("beside a busy program", "busy")]
    return _bars(title, says, groups, legend) if groups else None


def _seconds(title: str, notes: Iterable[tuple[str, Any]], memos: Iterable[tuple[str, Any]]) -> Chart | None:
    groups = [(f"{name}: heard", [("idle", spread)]) for name, spread in memos]
    groups += [(f"{name}: written as a SOAP note", [("idle", spread)]) for name, spread in notes]
    return _bars(title, "Less is better. Models are loaded already.", groups, []) if groups else None


def _pages(models: Iterable[Mapping[str, Any]]) -> Chart | None:
    states = "idle", "busy"
    groups = [
        (model["name"], [(state, model["seconds_per_form_page"][state]) for state in states if state in model["seconds_per_form_page"]])
        for model in models
        if model["seconds_per_form_page"]
    ]  # fmt: skip
    legend = [("alone", "idle"), ("beside a busy program", "busy")]
    return _bars("Seconds for a page of a form", "Less is better. The model is loaded already.", groups, legend) if groups else None  # fmt: skip


def _bars(
    title: str, says: str, groups: Sequence[tuple[str, Sequence[tuple[str, Any]]]], legend: Sequence[tuple[str, str]]
) -> Chart:
    most = max(spread["most"] for _, spreads in groups for _, spread in spreads) or 1.0
    bars, labels, y = [], [], 0.0
    for name, spreads in groups:
        labels.append(Label(_LEFT, y + 14, shortened(name)))
        y += _LABEL
        for kind, spread in spreads:
            ends = _scaled(spread["least"], most), _scaled(spread["most"], most)
            whisker = ends if len(spread["runs"]) > 1 else None
            width = _scaled(spread["median"], most) - _LEFT
            bars.append(Bar(_LEFT, y, width, kind, figure(spread["median"]), whisker))
            y += _BAR
        y += _GAP
    return Chart(title, says, y, bars, labels, legend=legend)


def _memory(data: Mapping[str, Any]) -> Chart | None:
    advice = data["advice"]
    rows, total, usable = advice["rows"], advice["memory_bytes"], advice["usable_bytes"]
    if not rows:
        return None
    most = max([total, *(row["needed_bytes"] for row in rows)]) * 1.02
    at, end = _scaled(usable, most), _scaled(total, most)
    labels = [_beside(at, 14, f"left for a model: {gigabytes(usable)}"), _beside(end, 32, f"all: {gigabytes(total)}")]
    bars, rules, y = [], [(at, 2.0, 16.0, "usable"), (end, 20.0, 16.0, "total")], 44.0
    for row in rows:
        peak = row["measured_peak_bytes"]
        name = row["name"] if row["installed"] else f"{row['name']} at 4 bit, not installed"
        labels.append(Label(_LEFT, y + 14, shortened(f"{name}: {FITS[row['fit']]}")))
        y += _LABEL
        weights, needed = _scaled(row["weights_bytes"], most), _scaled(row["needed_bytes"], most)
        cache = _scaled(row["weights_bytes"] + row["cache_bytes"], most)
        bars.append(Bar(_LEFT, y, weights - _LEFT, "weights"))
        bars.append(Bar(weights, y, cache - weights, "cache"))
        bars.append(Bar(cache, y, needed - cache, "scratch", gigabytes(row["needed_bytes"])))
        if peak:
            bars.append(Bar(_scaled(peak, most) - 1.5, y - 3, 3, "peak", height=_BAR + 3))
        rules += [(at, y - 3, _BAR + 3, "usable"), (end, y - 3, _BAR + 3, "total")]
        y += _BAR + _GAP
    legend = [
        ("the file", "weights"),
        ("a long visit", "cache"),
        ("to work with", "scratch"),
        ("most seen here", "peak"),
    ]
    says = "Bars are arithmetic on what the files say, not measured; upright marks are measured."
    return Chart("Memory, against what this machine has", says, y, bars, labels, rules, legend=legend)


def _quality(models: Sequence[Mapping[str, Any]]) -> Chart | None:
    """Seconds to the right, quality upwards. One measure for all: that of `MEASURES` which most models have."""
    timed = [model for model in models if model["note_seconds"] and model["quality"]]
    counts = {name: sum(name in model["quality"] for model in timed) for name in MEASURES}
    name = max(counts, key=lambda each: counts[each])
    shown = [model for model in timed if name in model["quality"]]
    if not shown:
        return None
    left, right, top, bottom = 44.0, WIDTH - 20, 12.0, 210.0
    slowest = max(model["note_seconds"]["median"] for model in shown) * 1.15
    values = [1 - model["quality"][name] if name == "high_rate" else model["quality"][name] for model in shown]
    low, high = _scale_of(values)
    dots, labels = [], []
    for model, value in zip(shown, values, strict=True):
        seconds = model["note_seconds"]["median"]
        x = left + (right - left) * seconds / slowest
        y = bottom - (bottom - top) * (value - low) / (high - low)
        flipped = x > WIDTH / 2
        dots.append(Label(x, y, ""))
        labels.append(
            Label(
                x + (-9 if flipped else 9),
                y + 4,
                f"{shortened(model['name'])}, {figure(seconds)} s",
                "end" if flipped else "start",
            )
        )
    labels += [Label(left - 6, top + 8, f"{high:.2f}", "end"), Label(left - 6, bottom, f"{low:.2f}", "end")]
    labels += [Label(left, bottom + 18, "0 s"), Label(right, bottom + 18, f"{figure(slowest)} s a note", "end")]
    return Chart("Quality against seconds", f"Up: {MEASURES[name]}. To the right: seconds a note.", bottom + 28, labels=labels, dots=dots, rules=[(left, top, bottom - top, "axis")])  # fmt: skip


MEASURES = {
    "rouge1": "ROUGE-1 against notes that people wrote (measured elsewhere, 1 is the same words)",
    "high_rate": "the share of statements without a high finding (measured elsewhere)",
}
"""What quality may be shown by, and in which words."""


def _scale_of(values: Sequence[float]) -> tuple[float, float]:
    low, high = math.floor((min(values) - 0.02) * 20) / 20, math.ceil((max(values) + 0.02) * 20) / 20
    return max(0.0, low), min(1.0, high) if high > 1 else high


def _beside(x: float, y: float, words: str) -> Label:
    """Words at a line, on the side where there is room."""
    return Label(x - 6, y, words, "end") if x > WIDTH / 2 else Label(x + 6, y, words)


def _scaled(value: float, most: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * value / most


def shortened(name: str) -> str:
    """What fits above a bar."""
    return name if len(name) <= _MOST_NAME else f"{name[: _MOST_NAME - 1]}…"
