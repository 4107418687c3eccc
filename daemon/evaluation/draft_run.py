"""Every way of drafting on every corpus, row by row; what was measured when the run is stopped still counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from daemon.evaluation.draft_figures import figures_of
from daemon.evaluation.draft_measure import Entrant, Measurement, Numbers, Way, measure_row
from daemon.evaluation.draft_rows import DraftCorpus, GoldRow
from daemon.evaluation.kept_rows import KeptRows
from daemon.model.document import Document
from daemon.model.draft import Draft

Progress = Callable[[Entrant, DraftCorpus, int], None]
"""Told after each row: who, on what, and how many rows are done."""
Seen = Callable[[Entrant, GoldRow, Draft], None]
"""Shown every draft that was made just now."""

_WARM_UP = GoldRow("", "section", "CC", "Patient: I have had a cough for three days.", "Cough for three days.", ())
"""Drafted before the first row that counts, so that loading a model is no part of its seconds."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What all rows are measured with."""

    way: Way
    soap: Document
    kept: KeptRows
    progress: Progress
    seen: Seen


@dataclass(slots=True)
class Outcome:
    """The entries of the report, and whether all rows were measured."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    stopped: bool = False


def run(corpora: Sequence[DraftCorpus], entrants: Sequence[Entrant], bench: Bench) -> Outcome:
    """Measure. A KeyboardInterrupt ends it, and what was measured by then is told."""
    outcome = Outcome()
    for corpus in corpora:
        for entrant in entrants:
            rows: list[Numbers] = []
            try:
                _measure(entrant, corpus, bench, rows)
            except KeyboardInterrupt:
                outcome.stopped = True
            finally:
                entrant.close()
            if rows:
                outcome.entries.append(figures_of(entrant, corpus, rows))
            if outcome.stopped:
                return outcome
    return outcome


def _measure(entrant: Entrant, corpus: DraftCorpus, bench: Bench, rows: list[Numbers]) -> None:
    warm = entrant.kind != "model"
    for at, row in enumerate(corpus.rows):
        numbers = bench.kept.get(entrant.key, corpus.sha256, at)
        if numbers is None:
            if not warm:
                measure_row(entrant, _WARM_UP, corpus, bench.way, bench.soap)
                warm = True
            measured = measure_row(entrant, row, corpus, bench.way, bench.soap)
            numbers = _told(measured, bench, entrant, row)
            bench.kept.add(entrant.key, corpus.sha256, at, numbers)
        rows.append(numbers)
        bench.progress(entrant, corpus, at + 1)


def _told(measured: Measurement, bench: Bench, entrant: Entrant, row: GoldRow) -> Numbers:
    if measured.draft is not None:
        bench.seen(entrant, row, measured.draft)
    return measured.numbers
