"""What a bench reads and writes: an earlier report, what is known of quality, and the new report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daemon.benching.figures import SCHEMA
from daemon.model.errors import PermanentError

if TYPE_CHECKING:
    from daemon.config import Home

_UNREADABLE = "measurements-unreadable"
_RATES = ("rouge1", "rouge2", "rougeL", "unsupported", "omission", "high_rate", "drugs", "numbers", "negated")
Quality = dict[str, dict[str, float]]


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
    except (KeyError, TypeError):
        raise PermanentError(_UNREADABLE) from None
    found: dict[str, Any] = untrusted
    return found


def read_quality(home: Home, file: Path | None) -> Quality:
    """What is known of models' drafts, by the model's name and by the SHA-256 of its weights: `file`, or what was remembered."""
    if file is None:
        return _remembered(home)
    untrusted = _read(file)
    models = untrusted.get("models") or untrusted.get("measured")
    if not isinstance(models, list):
        raise PermanentError(_UNREADABLE)
    found: Quality = {}
    for model in models:
        if isinstance(model, dict):
            for key in ("name", "model", "sha256", "model_sha256"):
                if isinstance(model.get(key), str):
                    found.setdefault(model[key], _rates(model))
    return found


def _remembered(home: Home) -> Quality:
    from daemon.adapters.models.measurements import Measurements

    known = Measurements(home.measured).known().measured
    return {
        each.model_sha256: {
            "high_rate": each.high_rate, "drugs": each.drugs, "numbers": each.numbers, "negated": each.negated,
        }
        for each in known
    }  # fmt: skip


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
