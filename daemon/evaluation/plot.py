"""The figures as a plot in SVG: recall of each kind of error beside its reach, and recall against false alarms.

It prints in black and white: severities are told apart by shape, kinds by a panel of their own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon.evaluation.faithfulness_figures import CUTOFFS
from daemon.evaluation.report import words_for

_TEMPLATES = Path(__file__).parent / "templates"
_LEFT, _RIGHT, _TOP, _ROW = 190.0, 720.0, 96.0, 30.0
_PANEL_WIDTH, _PANEL_HEIGHT, _PANEL_GAP, _COLUMNS = 176.0, 116.0, 42.0, 4
_LEAST_ALARMS = 0.02  # the axis is never so short that one sentence looks like many


@dataclass(frozen=True, slots=True)
class Mark:
    """A point: its place, and the cut-off it stands for."""

    x: float
    y: float
    cutoff: str


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of error on the first plot: where its line lies, its reach and its points."""

    title: str
    y: float
    reach_x: float
    value: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A kind of error on the second plot; `path` joins its points."""

    title: str
    left: float
    top: float
    reach_y: float
    path: str
    marks: tuple[Mark, ...]


def as_svg(data: dict[str, Any]) -> str:
    """The plot. `data` is what `report.as_data` gives."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    rows = [_row(each, number) for number, each in enumerate(data["twins"])]
    below = _TOP + _ROW * len(rows) + 118
    most = _most_alarms(data["twins"])
    panels = [_panel(each, number, below, most) for number, each in enumerate(data["twins"])]
    deep = math.ceil(len(panels) / _COLUMNS)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    text: str = environment.get_template("faithfulness.svg.j2").render(
        rows=rows, panels=panels, cutoffs=CUTOFFS, ticks=[(_x(tick), f"{tick:.0%}") for tick in (0, 0.25, 0.5, 0.75, 1)],
        left=_LEFT, right=_RIGHT, top=_TOP, below=below, bottom=_TOP + _ROW * len(rows), width=_PANEL_WIDTH, height=_PANEL_HEIGHT,
        whole=round(below + deep * (_PANEL_HEIGHT + _PANEL_GAP + 24) - 20), most=f"{most:.0%}", sentences=data["sentences"],
        encounters=data["encounters"],
    )  # fmt: skip
    return text + "\n"


def _row(each: dict[str, Any], number: int) -> Row:
    y = _TOP + _ROW * (number + 0.5)
    marks = tuple(Mark(_x(each["recall"][cutoff]), y, cutoff) for cutoff in CUTOFFS)
    value = f"{each['recall']['low']:.3f} of {each['twins']}"
    return Row(words_for(each["kind"]), y, _x(each["reach"]), value, marks)


def _x(value: float) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * value, 1)


def _most_alarms(kinds: list[dict[str, Any]]) -> float:
    """The end of all panels' axis of alarms: the next whole percent."""
    most = max((each["alarms"]["low"] or 0 for each in kinds), default=0)
    return max(_LEAST_ALARMS, math.ceil(most * 100) / 100)


def _panel(each: dict[str, Any], number: int, below: float, most: float) -> Panel:
    left = 50 + (number % _COLUMNS) * (_PANEL_WIDTH + 54)
    top = below + (number // _COLUMNS) * (_PANEL_HEIGHT + _PANEL_GAP + 24)
    marks = tuple(
        Mark(
            round(left + _PANEL_WIDTH * (each["alarms"][cutoff] or 0) / most, 1),
            round(top + _PANEL_HEIGHT * (1 - each["recall"][cutoff]), 1),
            cutoff,
        )
        for cutoff in CUTOFFS
    )
    path = " ".join(f"{'ML'[at > 0]}{mark.x} {mark.y}" for at, mark in enumerate(marks))
    return Panel(words_for(each["kind"]), left, top, round(top + _PANEL_HEIGHT * (1 - each["reach"]), 1), path, marks)
