"""The measurements of drafts as data and as tables in Markdown that read as they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from daemon.evaluation.draft_rows import DraftCorpus
from daemon.evaluation.draft_run import Outcome

SCHEMA = "chartdraft.eval-drafts/1"
NOTHING = "–"

_WORDS = {
    "copy": "the dialogue, copied", "leading": "leading sentences", "quoting": "quoting, no model", "best-passages": "best choice of passages",
    "best-quotes": "best choice of quotes",
}  # fmt: skip
_MANNERS = {"statement": "by statement", "section": "by section"}
_NOTES = (
    "ROUGE is that of the package rouge-score 0.1.2 with stemming, F-measure, averaged over rows; L-sum takes lines for sentences. ACI-Bench's "
    "own figures for “ROUGE-L” are L-sum. *High* and *any*: statements with such a finding of the faithfulness rules, of all. *Omitted*: the "
    "share of what a note is expected to carry that the draft does not (an estimate without a person's note). *In source*: of the draft's own "
    "drugs, numbers and denied findings, those that stand in the dialogue. Precision and recall are against what the person wrote. "
    "*Upper bound*: chosen with what the person wrote in view; no drafter can. Default: what `drafter = \"auto\"` takes here."
)  # fmt: skip

Entry = dict[str, Any]


def as_data(
    outcome: Outcome, corpora: Sequence[DraftCorpus], machine: dict[str, Any], about: dict[str, Any]
) -> dict[str, Any]:
    """Everything as JSON has it. Nothing of the texts is in it. `about`: version, command and date."""
    return {
        "schema": SCHEMA,
        **about,
        "complete": not outcome.stopped,
        "machine": machine,
        "data": [
            {"name": one.name, "sha256": one.sha256, "rows": len(one.rows), "all_rows": one.all_rows} for one in corpora
        ],
        "models": outcome.entries,
    }


def entries_of(data: dict[str, Any], corpus: dict[str, Any]) -> list[Entry]:
    """What was measured on one file; two files may have the same name."""
    about = corpus["name"], corpus.get("sha256")
    return [entry for entry in data["models"] if (entry["data"], entry.get("data_sha256")) == about]


def label(entry: Entry) -> str:
    """Who drafted, in words for tables and plots."""
    words: str = _WORDS.get(entry["name"]) or entry["name"]
    manner = _MANNERS.get(entry["manner"], "")
    return f"{words}, {manner}" if manner else words


def as_table(data: dict[str, Any]) -> str:
    """The one table: likeness, faithfulness and cost of each way of drafting, file by file."""
    lines: list[str] = []
    for corpus in data["data"]:
        lines += ["", f"**{corpus['name']}**, {_rows(corpus)}", ""]
        lines += _table(data, corpus, _MAIN)
    return "\n".join(lines[1:]) + "\n"


def as_markdown(data: dict[str, Any]) -> str:
    """The whole report."""
    return "\n".join(_report(data)) + "\n"


def _report(data: dict[str, Any]) -> Iterator[str]:
    yield from ["# How drafts compare with what people wrote", ""]
    if not data["complete"]:
        yield from ["**The run was stopped: not all rows were measured.**", ""]
    yield from [as_table(data), _NOTES, "", *_about(data)]
    for corpus in data["data"]:
        for title, columns in (("Against what the person wrote", _GOLD), ("Of the statements", _STATEMENTS)):
            yield from ["", f"## {corpus['name']}: {title.lower()}", "", *_table(data, corpus, columns)]
        yield from _by_section(data, corpus)


def _about(data: dict[str, Any]) -> Iterator[str]:
    machine = data["machine"]
    yield f"Measured {data['date']} with Chartdraft {data['version']} (code {data['code']}):"
    yield from ["", "```", data["command"], "```", ""]
    memory = f"{machine['memory_bytes'] / 2**30:.1f} GiB of memory" if machine.get("memory_bytes") else ""
    parts = (
        machine.get("processor"),
        machine.get("model"),
        f"{machine.get('cores')} cores",
        memory,
        machine.get("system"),
    )
    yield f"Machine: {', '.join(str(part) for part in parts if part)}; {machine.get('architecture')}, Python {machine.get('python')}."
    load = machine.get("load_average_before")
    if load is not None:
        yield f"Load average before: {load}. Seconds mean little where something else was running."


def _rows(corpus: dict[str, Any]) -> str:
    few = corpus["rows"] < corpus["all_rows"]
    return f"the first {corpus['rows']} of {corpus['all_rows']} rows" if few else f"{corpus['rows']} rows"


def _table(data: dict[str, Any], corpus: dict[str, Any], columns: Sequence[tuple[str, str, str]]) -> list[str]:
    head = ["", *(title for title, _, _ in columns)]
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * len(columns)]
    for entry in entries_of(data, corpus):
        cells = [_name(entry), *(_cell(entry.get(key), form) for _, key, form in columns)]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _name(entry: Entry) -> str:
    few = f" ({entry['rows']} rows)" if entry["rows"] < entry["of_rows"] else ""
    bound = " (upper bound)" if entry["kind"] == "bound" else ""
    return f"{label(entry)}{bound}{few}" + (" **default**" if entry["default"] else "")


def _cell(value: float | None, form: str) -> str:
    if value is None:
        return NOTHING
    return f"{value / 1e6:,.0f}" if form == "MB" else format(value, form)


_R, _S = ".3f", ".1%"
_MAIN = (
    ("R-1", "rouge1", _R), ("R-2", "rouge2", _R), ("R-L", "rougeL", _R), ("L-sum", "rougeLsum", _R), ("high", "unsupported", _S),
    ("any", "flagged", _S), ("omitted", "omission", _S), ("drugs in source", "drugs_in_source", _S), ("numbers", "numbers_in_source", _S),
    ("denied", "negated_in_source", _S), ("length", "length_ratio", ".2f"), ("failures", "failures", "d"), ("seconds", "seconds", ".2f"),
    ("MB", "peak_bytes", "MB"),
)  # fmt: skip
_GOLD = (
    ("drugs: precision", "drugs_precision", _R), ("recall", "drugs_recall", _R), ("numbers: precision", "numbers_precision", _R),
    ("recall", "numbers_recall", _R), ("denied: precision", "negated_precision", _R), ("recall", "negated_recall", _R),
    ("empty parts right", "section_empty", _R), ("omissions a row", "omissions_per_note", ".2f"), ("R-1 unstemmed", "rouge1_unstemmed", _R),
    ("R-2 unstemmed", "rouge2_unstemmed", _R),
)  # fmt: skip
_STATEMENTS = (
    ("statements", "statements", "d"), ("quoted", "quoted", _S), ("high, of those written", "unsupported_written", _S),
    ("unsupported terms", "unsupported_terms", _R), ("tokens read", "tokens_read", ".0f"), ("tokens written", "tokens_written", ".0f"),
    ("median seconds", "seconds_median", ".2f"),
)  # fmt: skip


def _by_section(data: dict[str, Any], corpus: dict[str, Any]) -> Iterator[str]:
    name, entries = corpus["name"], entries_of(data, corpus)
    placed = [entry for entry in entries if entry["sections"]]
    if placed:
        yield from [
            "",
            f"## {name}: by section",
            "",
            "| | section | rows | left empty | R-1 | R-2 | R-L |",
            "|---|---|---:|---:|---:|---:|---:|",
        ]
    for entry in placed:
        for one in entry["sections"]:
            figures = " | ".join(_cell(one[key], _R) for key in ("rouge1", "rouge2", "rougeL"))
            yield f"| {label(entry)} | {one['section']} | {one['rows']} | {one['empty']} | {figures} |"
    counted = [entry for entry in entries if entry["usage"]]
    if counted:
        yield from ["", f"## {name}: what the drafters counted", ""]
    for entry in counted:
        yield f"- {label(entry)}: " + ", ".join(f"{key} {value}" for key, value in entry["usage"].items())
