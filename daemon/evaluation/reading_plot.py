"""What is read right as a plot in SVG: a line for each measure from 0 to 1, its reach, and a mark for each reader.

It prints in black and white: Chartdraft is a dot, the engines as they come are hollow.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon.evaluation.reading_run import OURS

_TEMPLATES = Path(__file__).parent / "templates"
_LEFT, _RIGHT, _TOP, _ROW = 210.0, 700.0, 84.0, 30.0
_MEASURES = (
    ("speech", "facts_right", "facts right", 0.95), ("speech", "facts_right_or_marked", "facts right or marked", 0.98),
    ("speech", "drug_recall", "drugs", None), ("speech", "dose_recall", "doses", None), ("speech", "number_recall", "numbers", None),
    ("speech", "side_recall", "sides", None), ("speech", "duration_recall", "durations", None), ("speech", "negated_recall", "denied", None),
    ("speech", "medical_recall", "medical terms", None), ("forms", "fields_right", "form fields right", 0.98),
    ("forms", "boxes_right", "tick boxes right", 0.97),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """A reader's point."""

    x: float
    name: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A measure: where its line lies, its reach (None: none is asked) and its points."""

    title: str
    y: float
    reach_x: float | None
    value: str
    marks: tuple[Mark, ...]


def as_svg(data: dict[str, Any]) -> str:
    """The plot. `data` is what `reading_report.as_data` gives."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    shown = [one for one in _MEASURES if _known(data[one[0]], one[1])]
    rows = [_row(data, at, *one) for at, one in enumerate(shown)]
    bottom = _TOP + _ROW * len(rows)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    text: str = environment.get_template("reading.svg.j2").render(
        rows=rows, left=_LEFT, right=_RIGHT, top=_TOP, bottom=bottom, whole=round(bottom + 46),
        ticks=[(_x(tick / 4), f"{tick / 4:.0%}") for tick in range(5)], date=data["date"],
    )  # fmt: skip
    return text + "\n"


def _known(figures: dict[str, Any], key: str) -> dict[str, float]:
    return {name: one[key] for name, one in figures.items() if one[key] is not None}


def _row(data: dict[str, Any], at: int, kind: str, key: str, title: str, reach: float | None) -> Row:
    known, y = _known(data[kind], key), _TOP + _ROW * (at + 0.5)
    marks = tuple(Mark(_x(value), name, name == OURS) for name, value in known.items())
    value = f"{known[OURS]:.3f}" if OURS in known else ""
    return Row(title, y, None if reach is None else _x(reach), value, marks)


def _x(value: float) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * value, 1)
