"""What a bench reads and writes: an earlier report, what is known of quality, and the new report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daemon.benching.compare import changes
from daemon.benching.figures import SCHEMA, ModelFigures
from daemon.model.drafting_fitness import WAY
from daemon.model.errors import PermanentError

if TYPE_CHECKING:
    from daemon.config import Home

_UNREADABLE = "measurements-unreadable"
_RATES = ("rouge1", "rouge2", "rougeL", "unsupported", "omission", "high_rate", "drugs", "numbers", "negated")


@dataclass(frozen=True, slots=True)
class Quality:
    """What was measured elsewhere of one model's drafts. `names`: its name or the SHA-256 of its weights; "" and None: not said."""

    names: frozenset[str]
    manner: str
    adapter_sha256: str | None
    rates: dict[str, float]

    def is_of(self, model: ModelFigures) -> bool:
        """Whether it was of this model as it was benched: in the same manner, with the same adapter."""
        wanted = model.adapter_sha256 if model.manner == "statement" else ""  # as `drafting_fitness.adapter_in`
        same = self.manner in ("", model.manner) and self.adapter_sha256 in (None, wanted)
        return same and not self.names.isdisjoint((model.name, model.sha256))


def quality_of(model: ModelFigures, known: Sequence[Quality]) -> dict[str, float] | None:
    """The first that is known of a model as it was benched."""
    return next((each.rates for each in known if each.is_of(model)), None)


def check_target(report: Path | None) -> None:
    """`target-unwritable` where no report could be written later; `wrong-use` for a name that JSON beside it would replace."""
    if report is None:
        return
    if report.suffix.lower() not in (".html", ".htm"):
        raise PermanentError("wrong-use")
    if not report.absolute().parent.is_dir() or report.is_dir():
        raise PermanentError("target-unwritable")


def write_report(report: Path, data: Mapping[str, Any], before: Mapping[str, Any] | None) -> None:
    """The page, and the figures as JSON beside it; earlier ones of the same names are replaced. `target-unwritable`."""
    from daemon.adapters.atomic_file import publish_bytes
    from daemon.benching.page import as_page

    figures = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    for path, content in ((report, as_page(data, before)), (report.with_suffix(".json"), figures.encode())):
        publish_bytes(path.absolute(), content, replace=True, mode=0o644, unwritable="target-unwritable")


def read_bench(file: Path) -> dict[str, Any]:
    """An earlier report's JSON; `measurements-unreadable`."""
    untrusted = _read(file)
    try:
        if untrusted["schema"] != SCHEMA or not isinstance(untrusted["measured_at"], str):
            raise PermanentError(_UNREADABLE)
        names = [model["name"] + model["sha256"] + model["adapter_sha256"] for model in untrusted["models"]]
        if not all(isinstance(name, str) for name in names) or not isinstance(untrusted["machine"], dict):
            raise PermanentError(_UNREADABLE)
        _ = untrusted["settings"]
        changes(
            untrusted, untrusted
        )  # what cannot be compared with itself is told before the minutes that measuring takes
    except (KeyError, TypeError, ValueError, AttributeError):
        raise PermanentError(_UNREADABLE) from None
    found: dict[str, Any] = untrusted
    return found


def read_quality(home: Home, file: Path | None) -> list[Quality]:
    """What is known of models' drafts: `file`, or what was remembered, that of the most statements first."""
    if file is None:
        return _remembered(home)
    untrusted = _read(file)
    models = untrusted.get("models") or untrusted.get("measured")
    if not isinstance(models, list):
        raise PermanentError(_UNREADABLE)
    return [_quality(model) for model in models if isinstance(model, dict)]


def _quality(untrusted: Mapping[str, Any]) -> Quality:
    said = {name: value for name, value in untrusted.items() if isinstance(value, str)}
    names = (said.get(key, "") for key in ("name", "model", "sha256", "model_sha256"))
    return Quality(
        frozenset(filter(None, names)), said.get("manner", ""), said.get("adapter_sha256"), _rates(untrusted)
    )


def _remembered(home: Home) -> list[Quality]:
    from daemon.adapters.models.measurements import Measurements

    known = [each for each in Measurements(home.measured).known().measured if each.way == WAY]
    return [
        Quality(frozenset({each.model_sha256}), each.manner, each.about[1], _rates(asdict(each)))
        for each in sorted(known, key=lambda each: -each.statements)
    ]


def _rates(untrusted: Mapping[str, Any]) -> dict[str, float]:
    return {
        name: float(value)
        for name, value in untrusted.items()
        if name in _RATES and type(value) in (int, float) and 0 <= value <= 1
    }


def _read(file: Path) -> dict[str, Any]:
    try:
        untrusted = json.loads(file.read_bytes())
    except OSError:
        raise PermanentError("file-missing") from None
    except (ValueError, RecursionError):
        raise PermanentError(_UNREADABLE) from None
    if not isinstance(untrusted, dict):
        raise PermanentError(_UNREADABLE)
    return untrusted
