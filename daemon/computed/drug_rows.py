"""Rows of a list of medications: which of them say the same, and in which order they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from daemon.faithfulness.medicines.drug_status import ORDER, Status

NO_NAME = "(no name said)"
_MOST_EVIDENCE = 6  # passages that a row cites: the first that say it, not each time a drug is named in an hour


@dataclass(frozen=True, slots=True)
class Row:
    """One drug and one dose. `name`, `dose`, `stated` and `said` are cells; `text` is what stands for the row alone.

    `generic` tells which rows are of one drug; `known` is false where the name is in no list.
    """

    name: str
    dose: str
    stated: str
    said: str
    text: str
    evidence: tuple[str, ...]
    generic: str
    status: Status
    known: bool = True


def merged(rows: Sequence[Row]) -> list[Row]:
    """One row for the same drug, dose and status. A drug that is only named again adds nothing to a row that says more."""
    kept: list[Row] = []
    of_drug: dict[tuple[str, Status, bool], list[int]] = {}
    for row in rows:
        same = of_drug.setdefault((row.generic, row.status, row.known), [])
        at = next((n for n in same if _alike(kept[n].dose, row.dose)), None)
        if at is None:
            same.append(len(kept))
            kept.append(row)
        else:
            first, second = (row, kept[at]) if row.dose and not kept[at].dose else (kept[at], row)
            evidence = tuple(dict.fromkeys((*first.evidence, *second.evidence)))
            kept[at] = replace(first, evidence=evidence[: max(_MOST_EVIDENCE, len(first.evidence))])
    return _without_bare(kept)


def _alike(dose: str, other: str) -> bool:
    """The same dose, or none beside one."""
    return not dose or not other or _plain(dose) == _plain(other)


def _plain(dose: str) -> str:
    return re.sub(r"\W+", " ", dose.lower()).strip()


def _without_bare(rows: Sequence[Row]) -> list[Row]:
    """Without rows that only name or ask for a drug of which another row says what is done with it, and its dose if any."""
    said = {row.generic for row in rows if row.known and row.status not in {"named", "asked", "family", "allergy"}}
    return [
        row
        for row in rows
        if row.status not in {"named", "asked"} or row.dose or not row.known or row.generic not in said
    ]


def ordered(rows: Sequence[Row]) -> list[Row]:
    """What is taken first, then what is only spoken of, then what is not taken; otherwise as they were said."""
    group = {"changed": 0, "current": 0, "named": 0}
    return sorted(rows, key=lambda row: group.get(row.status, 1 + ORDER.index(row.status)))
