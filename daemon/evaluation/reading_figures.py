"""Rates out of the counts of recordings and forms. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Any

from daemon.evaluation.bare_reading import SAME
from daemon.evaluation.draft_measure import Numbers
from daemon.evaluation.reading_material import Clip
from daemon.evaluation.reading_run import Outcome, Row

FACTS = ("drug", "dose", "number", "side", "duration", "negated")
NOTHING_SAID = ("speech-none", "speech-other-language")
"""What a reader says of a recording in which nobody speaks; any other refusal is a failure, and no proof that nothing is invented."""
Figures = dict[str, Any]


def speech_figures(outcome: Outcome) -> Figures:
    """By reader: figures of all that was said, and apart by kind and way; what was invented where nobody spoke; seconds and memory."""
    found: Figures = {}
    for name, rows in _of(outcome, "speech"):
        spoken = [row for row in rows if isinstance(row[0], Clip) and row[0].text]
        silent = [row for row in rows if isinstance(row[0], Clip) and not row[0].text]
        found[name] = {
            **_speech([numbers for _, numbers in spoken]),
            "failures": sum(
                numbers["failed"] not in ("", *(() if one.text else NOTHING_SAID))
                for one, numbers in rows
                if isinstance(one, Clip)
            ),
            "silent_files": len(silent),
            "words_invented": sum(numbers["heard"] for _, numbers in silent),
            "files_with_invented": sum(numbers["heard"] > 0 for _, numbers in silent),
            "real_time_factor": _ratio(spoken, "seconds", "audio"),
            "over_bare": _over_bare(outcome, spoken),
            "peak_bytes": _peak(rows),
            "kinds": _parts(spoken, lambda clip: clip.kind),
            "ways": _parts(spoken, lambda clip: clip.way),
        }
    return found


def form_figures(outcome: Outcome) -> Figures:
    """By reader: character error, fields, tick boxes, handwriting, seconds a page and memory; and apart by form."""
    found: Figures = {}
    for name, rows in _of(outcome, "forms"):
        each = [numbers for _, numbers in rows]
        found[name] = {
            **_form(each),
            "seconds": sum(one["seconds"] for one in each) / len(each),
            "peak_bytes": _peak(rows),
            "files": {one.file.name: {"way": one.way} | _form([numbers]) for one, numbers in rows},
        }
    return found


def _of(outcome: Outcome, kind: str) -> Iterable[tuple[str, list[Row]]]:
    return ((name, rows) for (of, name), rows in outcome.rows.items() if of == kind)


def _speech(rows: Sequence[Numbers]) -> Figures:
    facts = {kind: _added(row["facts"].get(kind, [0, 0, 0]) for row in rows) for kind in FACTS}
    every = _added(facts.values())
    return {
        "files": len(rows),
        "failures": sum(row["failed"] != "" for row in rows),
        "wer": _share(sum(row["edits"] for row in rows), sum(row["words"] for row in rows)),
        "facts": every[0],
        "facts_right": _share(every[1], every[0]),
        "facts_right_or_marked": _share(every[2], every[0]),
        "words_marked": _share(sum(row["marked"] for row in rows), sum(row["shown"] for row in rows)),
        "number_recall": _recall(row["numbers"] for row in rows),
        "medical_recall": _recall(row["terms"] for row in rows),
        **{f"{kind}_recall": _share(facts[kind][1], facts[kind][0]) for kind in FACTS},
    }


def _form(rows: Sequence[Numbers]) -> Figures:
    boxes = _added(row["boxes"] for row in rows)
    return {
        "failures": sum(row["failed"] != "" for row in rows),
        "character_error": _share(sum(row["letter_edits"] for row in rows), sum(row["letters"] for row in rows)),
        "fields_right": _recall(row["fields"] for row in rows),
        "boxes": boxes[0],
        "boxes_right": _share(boxes[1], boxes[0]),
        "boxes_unclear": _share(boxes[2], boxes[0]),
        "boxes_missed": _share(sum(row["boxes_missed"] for row in rows), boxes[0]),
        "handwriting_flagged": _recall(row["hands"] for row in rows),
        "print_flagged": sum(row["hands_wrong"] for row in rows),
    }


def _parts(rows: Sequence[Row], of: Callable[[Clip], str]) -> Figures:
    names = dict.fromkeys(of(one) for one, _ in rows if isinstance(one, Clip))
    return {
        name: _speech([numbers for one, numbers in rows if isinstance(one, Clip) and of(one) == name]) for name in names
    }


def _over_bare(outcome: Outcome, rows: Sequence[Row]) -> float | None:
    """Seconds over those of the engine bare with the same settings: the median of the files that both have read."""
    bare = {
        one.file: numbers["seconds"] for one, numbers in outcome.rows.get(("speech", SAME), []) if not numbers["failed"]
    }
    ratios = [
        numbers["seconds"] / bare[one.file] for one, numbers in rows if bare.get(one.file) and not numbers["failed"]
    ]
    return median(ratios) if ratios else None


def _ratio(rows: Sequence[Row], of: str, by: str) -> float | None:
    read = [numbers for _, numbers in rows if numbers[of] and numbers[by]]
    return _share(sum(one[of] for one in read), sum(one[by] for one in read))


def _peak(rows: Sequence[Row]) -> int | None:
    return max((numbers["peak_bytes"] for _, numbers in rows if numbers["peak_bytes"]), default=None)


def _recall(counts: Iterable[Sequence[int]]) -> float | None:
    every = _added(counts)
    return _share(every[1], every[0]) if every else None


def _added(counts: Iterable[Sequence[int]]) -> list[int]:
    return [sum(each) for each in zip(*counts, strict=True)] or [0, 0, 0]


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
