"""Every recording and form, read by each reader; what was measured when the run is stopped still counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from daemon.evaluation.draft_measure import Numbers
from daemon.evaluation.kept_rows import KeptRows
from daemon.evaluation.reading_forms import form_numbers
from daemon.evaluation.reading_material import Clip, FormTruth, Material, known_by
from daemon.evaluation.reading_measure import speech_numbers
from daemon.model.passage import Passage

OURS = "chartdraft"
Row = tuple[Clip | FormTruth, Numbers]


@dataclass(frozen=True, slots=True)
class Read:
    """What was read, the seconds from when the model was there, how long a recording is, and the most memory."""

    passages: tuple[Passage, ...]
    seconds: float
    audio: float | None
    peak_bytes: int | None
    failed: str = ""


class Readers(Protocol):
    """Who reads, by name: "chartdraft", and the engines as they come."""

    def names(self, kind: str) -> Sequence[str]:
        """Who reads "speech" or "forms", in the order of the report."""

    def read(self, name: str, one: Clip | FormTruth) -> Read:
        """Raises nothing of ChartdraftError: a reader that fails has read nothing, and says why in `failed`."""


@dataclass(slots=True)
class Outcome:
    """Rows by (kind, reader), and whether all were measured."""

    rows: dict[tuple[str, str], list[Row]] = field(default_factory=dict)
    stopped: bool = False


def run(material: Material, readers: Readers, kept: KeptRows, say: Callable[[str], None]) -> Outcome:
    """Measure file by file, all readers of a file one after another, so that their seconds are of the same minutes. A
    KeyboardInterrupt ends it, and what was measured by then is told."""
    outcome = Outcome()
    groups: list[tuple[str, Sequence[Clip | FormTruth]]] = [("speech", material.clips), ("forms", material.forms)]
    try:
        for kind, all_of in groups:
            for at, one in enumerate(all_of):
                _measure(kind, one, readers, kept, outcome)
                say(f"{kind}: {at + 1} of {len(all_of)}")
    except KeyboardInterrupt:
        outcome.stopped = True
    return outcome


def _measure(kind: str, one: Clip | FormTruth, readers: Readers, kept: KeptRows, outcome: Outcome) -> None:
    for name in readers.names(kind):
        key, data = f"{kind}/{name}/{one.file.name}", known_by(one)
        numbers = kept.get(key, data, 0)
        if numbers is None:
            numbers = _numbers(one, readers.read(name, one))
            kept.add(key, data, 0, numbers)
        outcome.rows.setdefault((kind, name), []).append((one, numbers))


def _numbers(one: Clip | FormTruth, read: Read) -> Numbers:
    counted = speech_numbers(one, read.passages) if isinstance(one, Clip) else form_numbers(one, read.passages)
    cost = {"seconds": read.seconds, "audio": read.audio, "peak_bytes": read.peak_bytes, "failed": read.failed}
    return counted | cost
