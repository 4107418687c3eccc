"""Quality against what it costs, as plots in SVG: ROUGE-1 against seconds a row, and against memory, a panel for each file.

It prints in black and white: who writes with a model is a dot, who quotes a square, and what nobody can use or would is a dashed line.
Names stand in a column beside the panel, in the order of the points and never on each other, joined to them by thin lines.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from daemon.evaluation.draft_report import entries_of, label

Cost = Literal["seconds", "memory"]

_TEMPLATES = Path(__file__).parent / "templates"
_LEFT, _RIGHT, _NAMES, _WIDTH = 64.0, 520.0, 556.0, 1040
_TOP, _LEAST_HEIGHT, _GAP, _LINE = 84.0, 230.0, 96.0, 19.0
_LONGEST_NAME = 48
_EDGE = 0.06  # so much of a panel stays free at each end
_WORDS = {
    "seconds": "Seconds a row, drafted and checked (logarithmic)",
    "memory": "Most memory that the model's process took, in GB",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A way of drafting: its point (x None: a line across the panel), and where its name stands."""

    name: str
    figures: str
    kind: str
    default: bool
    x: float | None
    y: float
    name_y: float


@dataclass(frozen=True, slots=True)
class Panel:
    """One file. Ticks are (place, words)."""

    title: str
    top: float
    bottom: float
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    marks: tuple[Mark, ...]


def as_svg(data: dict[str, Any], cost: Cost) -> str:
    """The plot of one cost. `data` is what `draft_report.as_data` gives."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    panels: list[Panel] = []
    top = _TOP
    for corpus in data["data"]:
        entries = [each for each in entries_of(data, corpus) if each["rouge1"] is not None]
        if entries:
            panels.append(_panel(f"{corpus['name']}, {corpus['rows']} rows", entries, cost, top))
            top = panels[-1].bottom + _GAP
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    machine = data["machine"]
    about = ", ".join(str(part) for part in (machine.get("processor") or machine.get("model"), f"{machine['cores']} cores", data["date"]) if part)  # fmt: skip
    text: str = environment.get_template("drafts.svg.j2").render(
        panels=panels, left=_LEFT, right=_RIGHT, names=_NAMES, width=_WIDTH, height=round(top - _GAP + 62), cost=_WORDS[cost],
        title=f"ROUGE-1 against {'seconds' if cost == 'seconds' else 'memory'}", about=about,
    )  # fmt: skip
    return text + "\n"


def _panel(title: str, entries: Sequence[dict[str, Any]], cost: Cost, top: float) -> Panel:
    bottom = top + max(_LEAST_HEIGHT, _LINE * len(entries))
    most = max(float(each["rouge1"]) for each in entries)
    high = max(0.1, math.ceil(most * 10 + 0.2) / 10)
    places = [_place(each, cost) for each in entries]
    scale = _seconds_scale(places) if cost == "seconds" else _memory_scale(places)

    def across(value: float) -> float:
        share = _EDGE + (1 - 2 * _EDGE) * (scale.of(value) - scale.low) / (scale.high - scale.low)
        return round(_LEFT + (_RIGHT - _LEFT) * share, 1)

    def up(value: float) -> float:
        return round(bottom - (bottom - top) * value / high, 1)

    ordered = sorted(zip(entries, places, strict=True), key=lambda each: -float(each[0]["rouge1"]))
    rows = spread([up(entry["rouge1"]) for entry, _ in ordered], top, bottom)
    marks = tuple(
        Mark(_short(label(entry)), _figures(entry), entry["kind"], entry["default"], None if place is None else across(place), up(entry["rouge1"]), y)
        for (entry, place), y in zip(ordered, rows, strict=True)
    )  # fmt: skip
    y_ticks = tuple((up(tenth / 10), f"{tenth / 10:.1f}") for tenth in range(round(high * 10) + 1))
    return Panel(title, top, bottom, tuple((across(value), words) for value, words in scale.ticks), y_ticks, marks)


def _short(name: str) -> str:
    """A long file name without its middle."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 26]}…{name[-25:]}"


def spread(wanted: Sequence[float], top: float, bottom: float) -> list[float]:
    """Places for lines of text, near to those `wanted` (ascending), a line apart, between `top` and `bottom`."""
    found: list[float] = []
    for at, place in enumerate(wanted):
        low = found[-1] + _LINE if found else top + _LINE / 2
        last = bottom - _LINE / 2 - _LINE * (len(wanted) - 1 - at)
        found.append(round(min(max(place, low), max(low, last)), 1))
    return found


def _place(entry: dict[str, Any], cost: Cost) -> float | None:
    """None for what nobody would wait for, or cannot use."""
    if entry["kind"] not in {"model", "rules"}:
        return None
    if cost == "seconds":
        return max(float(entry["seconds"]), 0.001)
    return (entry["peak_bytes"] or 0) / 1e9 if entry["kind"] == "rules" or entry["peak_bytes"] else None


def _figures(entry: dict[str, Any]) -> str:
    high = entry["unsupported"]
    doubt = "" if high is None or entry["kind"] != "model" else f", high {high:.1%}"
    return f"{entry['rouge1']:.3f}{doubt}"


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    logarithmic: bool

    def of(self, value: float) -> float:
        return math.log10(value) if self.logarithmic else value


def _seconds_scale(places: Iterable[float | None]) -> _Scale:
    known = [place for place in places if place is not None] or [1.0]
    low, high = math.floor(math.log10(min(known))), math.ceil(math.log10(max(known)))
    high = max(high, low + 1)
    return _Scale(
        low, high, tuple((10.0**power, f"{10.0**power:g}") for power in range(low, high + 1)), logarithmic=True
    )


def _memory_scale(places: Iterable[float | None]) -> _Scale:
    most = max([place for place in places if place is not None], default=0.0) or 1.0
    step = next(each for each in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000) if most / each <= 6)
    count = math.ceil(most / step)
    ticks = tuple((step * at, f"{step * at:g}" if at else "no model") for at in range(count + 1))
    return _Scale(0.0, step * count, ticks, logarithmic=False)
