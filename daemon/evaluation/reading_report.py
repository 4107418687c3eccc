"""What was measured of reading as data and as tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from daemon.evaluation.reading_figures import form_figures, speech_figures
from daemon.evaluation.reading_material import Material
from daemon.evaluation.reading_run import Outcome

SCHEMA = "chartdraft.eval-reading/1"
NOTHING = "–"
_NOTES = (
    "Words are compared in lower case, without punctuation and hesitations, contractions taken apart, number words as digits and units in one "
    "form. Where commands were dictated, with what they ask for carried out. WER: substitutions, insertions and deletions over what was said. A "
    "fact is right where all of its words are, with none between them; marked where a word in its place is shown as unsure. Times over: "
    "seconds over those of the engine bare with Chartdraft's settings but no hotwords, the median of the files, without loading. A field is "
    "right where its value stands in what was read, letter by letter. Character error: the fewest edits from a printed line to any stretch of "
    "what was read. Unclear: boxes that are said to be unclear; missed: of which nothing is said."
)
_S, _P = ".3f", ".1%"
Columns = Sequence[tuple[str, str, str]]
_SPEECH: Columns = (
    ("WER", "wer", _S), ("facts right", "facts_right", _S), ("right or marked", "facts_right_or_marked", _S),
    ("words marked", "words_marked", _P), ("drugs", "drug_recall", _S), ("numbers", "number_recall", _S),
    ("medical terms", "medical_recall", _S), ("failures", "failures", "d"),
)  # fmt: skip
_FACTS: Columns = (
    ("drugs", "drug_recall", _S), ("doses", "dose_recall", _S), ("numbers", "number_recall", _S), ("sides", "side_recall", _S),
    ("durations", "duration_recall", _S), ("denied", "negated_recall", _S),
)  # fmt: skip
_COST: Columns = (
    ("files without speech", "silent_files", "d"), ("words invented", "words_invented", "d"),
    ("real-time factor", "real_time_factor", _S), ("times over", "over_bare", ".2f"), ("MB", "peak_bytes", "MB"),
)  # fmt: skip
_FORMS: Columns = (
    ("character error", "character_error", ".4f"), ("fields right", "fields_right", _S), ("boxes right", "boxes_right", _S),
    ("unclear", "boxes_unclear", _P), ("missed", "boxes_missed", _P), ("handwriting flagged", "handwriting_flagged", _S),
    ("print flagged", "print_flagged", "d"), ("failures", "failures", "d"),
)  # fmt: skip
_FORM_COST: Columns = (("seconds a page", "seconds", ".2f"), ("MB", "peak_bytes", "MB"))


def as_data(outcome: Outcome, material: Material, machine: dict[str, Any], about: dict[str, Any]) -> dict[str, Any]:
    """Everything as JSON has it. `about`: version, command, code and date."""
    return {
        "schema": SCHEMA, **about, "complete": not outcome.stopped, "machine": machine, "material": material.sha256,
        "speech": speech_figures(outcome), "forms": form_figures(outcome),
    }  # fmt: skip


def as_table(data: dict[str, Any]) -> str:
    """What was heard and what was read off forms, each beside the engine as it comes."""
    return "\n".join(_tables(data)) + "\n"


def as_markdown(data: dict[str, Any]) -> str:
    """The whole report."""
    return "\n".join(_report(data)) + "\n"


def _tables(data: dict[str, Any]) -> Iterator[str]:
    for title, figures, columns in (
        ("Speech", data["speech"], _SPEECH), ("Where nobody speaks, and cost", data["speech"], _COST), ("Forms", data["forms"], _FORMS),
    ):  # fmt: skip
        if figures:
            yield from [f"**{title}**", "", *_table(figures, columns), ""]


def _report(data: dict[str, Any]) -> Iterator[str]:
    yield from ["# What was said, and what was read", ""]
    if not data["complete"]:
        yield from ["**The run was stopped: not everything was measured.**", ""]
    yield from [*_tables(data), _NOTES, ""]
    yield from [
        f"Measured {data['date']} with Chartdraft {data['version']} (code {data['code']}):",
        "",
        "```",
        data["command"],
        "```",
    ]
    for name, figures in data["speech"].items():
        yield from ["", f"## Speech, {name}: by kind and way", "", *_table(figures["kinds"] | figures["ways"], _SPEECH)]
    if data["speech"]:
        yield from ["", "## Speech: facts by kind", "", *_table(data["speech"], _FACTS)]
    for name, figures in data["forms"].items():
        rows = {f"{file} ({one['way']})": one for file, one in figures["files"].items()}
        yield from ["", f"## Forms, {name}: one by one", "", *_table(rows, _FORMS)]
    if data["forms"]:
        yield from ["", "## Forms: cost", "", *_table(data["forms"], _FORM_COST)]


def _table(figures: dict[str, Any], columns: Columns) -> list[str]:
    lines = ["| " + " | ".join(["", *(title for title, _, _ in columns)]) + " |", "|---|" + "---:|" * len(columns)]
    for name, one in figures.items():
        lines.append("| " + " | ".join([name, *(_cell(one.get(key), form) for _, key, form in columns)]) + " |")
    return lines


def _cell(value: float | None, form: str) -> str:
    if value is None:
        return NOTHING
    return f"{value / 1e6:,.0f}" if form == "MB" else format(value, form)
