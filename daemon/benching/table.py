"""The figures of a bench as a table in words, for the terminal and for the page. Rules alone; `data` is the JSON document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from daemon.benching.advice import FITS, gigabytes
from daemon.benching.compare import changes

Model = Mapping[str, Any]
_NONE = "–"
KINDS = {"language": "language", "speech": "speech", "ocr": "forms"}
"""What a kind of model is called for people."""


def rows(data: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Each measure that at least one model has, and what each model has of it."""
    found = [(title, [of(model) for model in data["models"]]) for title, of in _measures(data)]
    return [(title, cells) for title, cells in found if any(cell != _NONE for cell in cells)]


def lines(data: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> Iterator[str]:
    """For the terminal: a block for each model, then advice, changes and doubts."""
    yield machine_line(data)
    table = rows(data)
    width = max(len(title) for title, _ in table)
    for at, model in enumerate(data["models"]):
        yield ""
        yield f"{model['name']} ({KINDS[model['kind']]})"
        for title, cells in table:
            if cells[at] != _NONE:
                yield f"  {title:<{width}}  {cells[at]}"
    yield ""
    yield from data["advice"]["sentences"]
    if before is not None:
        yield ""
        yield f"Since {before['measured_at'][:10]}:"
        yield from (f"  {change.sentence}" for change in changes(before, data))
    if data["noise"]:
        yield ""
        yield from (f"Note: {sentence}" for sentence in data["noise"])


def machine_line(data: Mapping[str, Any]) -> str:
    """The machine in one line."""
    machine = data["machine"]
    what = " ".join(filter(None, (machine["model"], machine["processor"] or machine["architecture"])))
    cores = f"{machine['cores']} cores ({machine['threads']} for models)"
    return f"{what}, {cores}, {gigabytes(machine['memory_bytes'])} of memory, {machine['system']}, load {machine['load_average_before']:.1f} before"


def _measures(data: Mapping[str, Any]) -> list[tuple[str, Callable[[Model], str]]]:
    written, read = data["settings"]["written_tokens"], data["settings"]["prompt_tokens"]
    return [
        ("file", lambda m: gigabytes(m["file_bytes"])),
        ("load, from the disk", lambda m: _seconds(m["cold_load_seconds"])),
        ("load, file in memory", lambda m: _spread(m["load_seconds"], "s")),
        (f"reads {read} tokens, alone", lambda m: _spread(m["prompt_tokens_per_second"].get("idle"), "tokens/s")),
        ("the same, beside a busy program", lambda m: _spread(m["prompt_tokens_per_second"].get("busy"), "tokens/s")),
        (f"writes {written} tokens, alone", lambda m: _spread(m["written_tokens_per_second"].get("idle"), "tokens/s")),
        ("the same, beside a busy program ", lambda m: _spread(m["written_tokens_per_second"].get("busy"), "tokens/s")),
        ("a minute of memo, alone", lambda m: _spread(m["seconds_per_memo_minute"].get("idle"), "s")),
        ("a minute of memo, busy", lambda m: _spread(m["seconds_per_memo_minute"].get("busy"), "s")),
        ("a page of a form, alone", lambda m: _spread(m["seconds_per_form_page"].get("idle"), "s")),
        ("a page of a form, busy", lambda m: _spread(m["seconds_per_form_page"].get("busy"), "s")),
        ("the first note, with loading", lambda m: _seconds(m["first_note_seconds"])),
        ("a note, model loaded", lambda m: _spread(m["note_seconds"], "s")),
        ("manner, statements", _manner),
        ("most memory seen", lambda m: gigabytes(m["peak_resident_bytes"]) if m["peak_resident_bytes"] else _NONE),
        ("memory needed (arithmetic)", _needed),
        ("quality (measured elsewhere)", _quality),
        ("not measured", lambda m: m["failed"] or _NONE),
    ]


def _seconds(value: float | None) -> str:
    return _NONE if value is None else f"{figure(value)} s"


def _spread(spread: Mapping[str, Any] | None, unit: str) -> str:
    if spread is None:
        return _NONE
    if len(spread["runs"]) == 1:
        return f"{figure(spread['median'])} {unit}"
    return f"{figure(spread['median'])} {unit} ({figure(spread['least'])} to {figure(spread['most'])})"


def _manner(model: Model) -> str:
    if not model["manner"]:
        return _NONE
    return f"{model['manner']}, {model['note_statements']}"


def _needed(model: Model) -> str:
    memory = model["memory"]
    return f"{gigabytes(memory['needed_bytes'])}, {FITS[memory['fit']]}" if memory else _NONE


def _quality(model: Model) -> str:
    quality = model["quality"] or {}
    return ", ".join(f"{name} {value:.3f}" for name, value in quality.items()) or _NONE


def figure(value: float) -> str:
    """Three digits that count, and no more."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
