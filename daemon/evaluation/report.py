"""The figures as data, and as a table in Markdown that reads as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from daemon.evaluation.deletions import count_by_kind
from daemon.evaluation.faithfulness_figures import CUTOFFS, Figures
from daemon.evaluation.twins import KINDS

REACH = {
    "quantity": 0.95, "unit": 0.95, "drug": 0.95, "laterality": 0.95, "frequency": 0.95, "negation": 0.85, "examination": 0.85, "identity": 0.85,
}  # fmt: skip
"""The recall that each kind of error is meant to be found with."""
HIGH_REACH, ANY_REACH, DELETION_REACH = 0.05, 0.15, 0.90
SCHEMA = "chartdraft.eval-faithfulness/1"

_KIND_WORDS = {
    "quantity": "number changed", "unit": "unit changed", "drug": "drug swapped", "laterality": "side swapped", "frequency": "frequency changed",
    "negation": "yes and no flipped", "examination": "examination invented", "identity": "name invented",
}  # fmt: skip


def as_data(figures: Figures) -> dict[str, Any]:
    """All figures, as shares with the counts they are made of. Nothing of the texts is in it."""
    return {
        "schema": SCHEMA,
        "encounters": figures.encounters,
        "sentences": figures.sentences,
        "twins": [_kind(figures, kind) for kind in REACH if figures.twins[kind]],
        "alarms": {
            "all": _shares(figures.flagged, figures.sentences),
            "said_nowhere": figures.said_nowhere,
            "without_said_nowhere": _shares(
                {cutoff: figures.flagged[cutoff] - figures.flagged_nowhere[cutoff] for cutoff in CUTOFFS},
                figures.sentences - figures.said_nowhere,
            ),
            "codes": [
                {"code": code, "severity": severity, "sentences": count}
                for (code, severity), count in sorted(figures.codes.items())
            ],
        },
        "omissions": {
            "per_note": {one: round(figures.omissions[one] / max(1, figures.encounters), 2) for one in CUTOFFS[::-1]},
            "deletions": {
                kind: {"found": found, "of": total, "share": share(found, total)}
                for kind, (found, total) in count_by_kind([one for _, one in figures.deletions]).items()
            },
        },
    }


def as_markdown(data: dict[str, Any]) -> str:
    """The table. `data` is what `as_data` gives."""
    return "\n".join([*_head(data), *_twin_table(data), *_alarm_table(data), *_omission_table(data)]) + "\n"


def words_for(kind: str) -> str:
    """What a kind of error is called in tables and plots."""
    return _KIND_WORDS[kind]


def share(part: int, whole: int) -> float | None:
    """A share of 0 to 1; none of nothing."""
    return round(part / whole, 4) if whole else None


def _kind(figures: Figures, kind: str) -> dict[str, Any]:
    total = figures.twins[kind]
    return {
        "kind": kind,
        "twins": total,
        "reach": REACH[kind],
        "recall": {cutoff: share(figures.caught_at[kind, cutoff], total) for cutoff in CUTOFFS},
        "alarms": {cutoff: share(figures.flagged_kind[kind, cutoff], figures.sentences) for cutoff in CUTOFFS},
    }


def _shares(counts: Any, total: int) -> dict[str, Any]:
    return {"sentences": total} | {
        cutoff: {"count": counts[cutoff], "share": share(counts[cutoff], total)} for cutoff in CUTOFFS
    }


def _head(data: dict[str, Any]) -> Iterator[str]:
    yield from ["# Faithfulness: what the rules find", ""]
    yield (
        f"{data['encounters']} encounters, {data['sentences']} sentences of their notes, counted as `chartdraft check` splits a "
        "note (headings are none; other ways to split give other counts). A finding counts from a severity on: from low (all), "
        "from medium, high alone."
    )


def _twin_table(data: dict[str, Any]) -> Iterator[str]:
    yield from ["", "## Injected errors that are found", ""]
    yield "| error | twins | reach | found, from low | from medium | high | sentences flagged without an error, from low | from medium | high |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    for row in data["twins"]:
        cells = [f"{row['recall'][cutoff]:.3f}" for cutoff in CUTOFFS] + [_percent(row["alarms"][c]) for c in CUTOFFS]
        yield f"| {words_for(row['kind'])} | {row['twins']} | {row['reach']:.2f} | {' | '.join(cells)} |"


def _alarm_table(data: dict[str, Any]) -> Iterator[str]:
    alarms = data["alarms"]
    yield from ["", "## Untouched sentences with a finding", ""]
    yield f"Reach: high at most {HIGH_REACH:.0%}, any at most {ANY_REACH:.0%} of the sentences."
    yield from ["", "| sentences | of | from low | from medium | high |", "|---|---:|---:|---:|---:|"]
    for name, one in (
        ("all", alarms["all"]),
        ("without what stands nowhere in the source", alarms["without_said_nowhere"]),
    ):
        yield f"| {name} | {one['sentences']} | {' | '.join(_percent(one[c]['share']) for c in CUTOFFS)} |"
    yield ""
    yield (
        f"Of {alarms['said_nowhere']} sentences a number, a person's name or a drug stands in no form in the source, by a plain "
        "look apart from the rules: a finding against them is right."
    )
    yield from ["", "| finding | severity | sentences |", "|---|---|---:|"]
    yield from (f"| {one['code']} | {one['severity']} | {one['sentences']} |" for one in alarms["codes"])


def _omission_table(data: dict[str, Any]) -> Iterator[str]:
    yield from ["", "## Omissions", ""]
    yield "Each of these that note and dialogue both hold was taken out of the note, with every statement that holds it."
    yield f"Reach: {DELETION_REACH:.2f} found."
    yield from ["", "| taken out | count | found |", "|---|---:|---:|"]
    for kind, one in data["omissions"]["deletions"].items():
        yield f"| {kind} | {one['of']} | {'–' if one['share'] is None else format(one['share'], '.3f')} |"
    per_note = ", ".join(f"{severity} {count}" for severity, count in data["omissions"]["per_note"].items())
    yield from ["", f"Omissions in an untouched note, on average: {per_note}."]


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


assert set(REACH) == set(KINDS)
