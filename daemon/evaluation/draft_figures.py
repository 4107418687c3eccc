"""The rows of one way of drafting on one corpus, summed up. All rates, shares and ROUGE are fractions of 1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import fmean, median
from typing import Any

from daemon.evaluation.draft_content import KINDS
from daemon.evaluation.draft_measure import Entrant, Numbers
from daemon.evaluation.draft_rows import DraftCorpus

ROUGES = ("rouge1", "rouge2", "rougeL", "rougeLsum")
_WRITTEN = "written_tokens"
_READ = "prompt_tokens_evaluated"


def figures_of(entrant: Entrant, corpus: DraftCorpus, rows: Sequence[Numbers]) -> dict[str, Any]:
    """One entry of the report: who, on what, and every measure. None stands for what there is nothing to measure of."""
    return {
        "name": entrant.name,
        "manner": entrant.manner,
        "kind": entrant.kind,
        "default": entrant.default,
        "data": corpus.name,
        "data_sha256": corpus.sha256,
        "rows": len(rows),
        "of_rows": len(corpus.rows),
        "all_rows": corpus.all_rows,
        **_means(rows, "rouge", ROUGES),
        **_means(rows, "rouge_unstemmed", [f"{name}_unstemmed" for name in ROUGES[:3]]),
        **_faithfulness(rows),
        **_contents(rows),
        "section_empty": _section_empty(rows) if entrant.placed else None,
        "length_ratio": _share(_sum(rows, "words"), _sum(rows, "gold_words")),
        **_cost(rows),
        "failures": _sum(rows, "failures"),
        "errors": dict(Counter(row["error"] for row in rows if row["error"])),
        "usage": _usage(rows),
        "sections": _sections(rows) if entrant.placed else [],
        "model_sha256": entrant.model_sha256,
        "adapter_sha256": entrant.adapter_sha256,
        "size_bytes": entrant.size_bytes or None,
    }


def _means(rows: Sequence[Numbers], key: str, names: Sequence[str]) -> dict[str, float | None]:
    return {name: _mean(row[key][at] for row in rows) for at, name in enumerate(names)}


def _faithfulness(rows: Sequence[Numbers]) -> dict[str, Any]:
    """`unsupported`: statements with a high finding, of all; `flagged`: with any. `omission`: of what a note is expected to carry."""
    statements, written = _sum(rows, "statements"), _sum(rows, "written")
    return {
        "statements": statements,
        "unsupported": _share(_sum(rows, "high"), statements),
        "unsupported_written": _share(_sum(rows, "high_written"), written),
        "flagged": _share(_sum(rows, "any"), statements),
        "unsupported_terms": _mean(row["unsupported_terms"] for row in rows),
        "omission": _mean(row["omitted"] for row in rows),
        "omissions_per_note": _mean(row["omissions"] for row in rows if row["omissions"] is not None),
        "quoted": _share(statements - written, statements),
    }


def _contents(rows: Sequence[Numbers]) -> dict[str, Any]:
    """Of the draft's drugs, numbers and denied findings: those in the gold, in the source; and of the gold's, those in the draft."""
    found: dict[str, Any] = {}
    for name, key in (("in_source", "in_source"), ("precision", "in_gold"), ("recall", "of_gold")):
        for kind in KINDS:
            hits, total = (sum(row[key][kind][at] for row in rows) for at in (0, 1))
            found[f"{kind}_{name}"] = _share(hits, total)
            if name != "precision":
                found[f"{kind}_{'drafted' if name == 'in_source' else 'gold'}"] = total
    return found


def _section_empty(rows: Sequence[Numbers]) -> float | None:
    """Of the parts of notes: how many are empty in the draft where they are in the gold, and not where they are not."""
    parts = [part for row in rows for part in row["parts"].values()]
    return _share(sum(part["gold"] == part["draft"] for part in parts), len(parts))


def _cost(rows: Sequence[Numbers]) -> dict[str, Any]:
    seconds = [row["seconds"] for row in rows]
    peaks = [row["peak"] for row in rows if row["peak"]]
    written, read = (_tokens(rows, name) for name in (_WRITTEN, _READ))
    return {
        "seconds": round(fmean(seconds), 3) if seconds else None,
        "seconds_median": round(median(seconds), 3) if seconds else None,
        "tokens_written": written,
        "tokens_read": read,
        "peak_bytes": max(peaks, default=None),
    }


def _tokens(rows: Sequence[Numbers], name: str) -> float | None:
    """Tokens a row, where the drafter counts them."""
    counted = [row["usage"][name] for row in rows if name in row["usage"]]
    return round(fmean(counted), 1) if counted else None


def _usage(rows: Sequence[Numbers]) -> dict[str, int]:
    """All that the drafter counts of itself, summed: windows, statements rejected by their reason."""
    total: Counter[str] = Counter()
    for row in rows:
        total.update(row["usage"])
    return dict(sorted(total.items()))


def _sections(rows: Sequence[Numbers]) -> list[dict[str, Any]]:
    """ROUGE by part, over the rows in whose gold that part stands."""
    names = dict.fromkeys(name for row in rows for name in row["parts"])
    found = []
    for name in names:
        parts = [row["parts"][name] for row in rows if name in row["parts"] and row["parts"][name]["gold"]]
        figures = {rouge: _mean(part["rouge"][at] for part in parts) for at, rouge in enumerate(ROUGES[:3])}
        found.append(
            {"section": name, "rows": len(parts), "empty": sum(not part["draft"] for part in parts), **figures}
        )
    return found


def _sum(rows: Iterable[Numbers], key: str) -> int:
    return sum(int(row[key]) for row in rows)


def _share(part: int, whole: int) -> float | None:
    """Six digits: four would round a share that is just beyond a bound to the bound itself."""
    return round(part / whole, 6) if whole else None


def _mean(values: Iterable[float]) -> float | None:
    known = list(values)
    return round(fmean(known), 4) if known else None
