"""Two reports of a bench beside each other: what changed. Rules alone; both are JSON documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_MEASURES = (
    ("load, file in memory", ("load_seconds",), False),
    ("reading tokens", ("prompt_tokens_per_second", "idle"), True),
    ("writing tokens", ("written_tokens_per_second", "idle"), True),
    ("a minute of memo", ("seconds_per_memo_minute", "idle"), False),
    ("a page of a form", ("seconds_per_form_page", "idle"), False),
    ("a note", ("note_seconds",), False),
)
_MACHINE = ("processor", "architecture", "cores", "threads", "memory_bytes")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was measured twice. `better` is None within the noise of the two."""

    what: str
    sentence: str
    better: bool | None = None


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Change]:
    """What changed for each model that both have; first what speaks against comparing them at all."""
    found = list(_doubts(before, now))
    old = {model["name"]: model for model in before["models"]}
    for model in now["models"]:
        if model["name"] in old:
            found += _of_one(old[model["name"]], model)
        else:
            found.append(Change(model["name"], f"{model['name']} is new."))
    return found


def _doubts(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    if any(before["machine"].get(name) != now["machine"].get(name) for name in _MACHINE):
        yield Change(
            "machine", "The machine, or the number of threads, is not the same: this says what the machine changed."
        )
    if before["settings"] != now["settings"]:
        yield Change(
            "settings", "The two were not measured in the same way (one with --quick?): they cannot be compared well."
        )


def _of_one(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    name = now["name"]
    if (before["sha256"], before["adapter_sha256"]) != (now["sha256"], now["adapter_sha256"]):
        yield Change(name, f"{name}: its files are not those of then.")
    for what, path, more_is_better in _MEASURES:
        then, today = _at(before, path), _at(now, path)
        if then and today and then["median"]:
            part = today["median"] / then["median"] - 1
            apart = today["least"] > then["most"] or today["most"] < then["least"]
            better = (part > 0) == more_is_better if apart else None
            word = {True: "better", False: "worse", None: "within what runs differ by anyway"}[better]
            yield Change(
                what, f"{name}: {what}: {then['median']:.3g} → {today['median']:.3g} ({part:+.0%}), {word}", better
            )


def _at(model: Mapping[str, Any], path: tuple[str, ...]) -> Mapping[str, Any] | None:
    found: Any = model
    for key in path:
        found = found.get(key) if found else None
    return found or None
