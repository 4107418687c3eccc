"""Recall on corrupted twins, false alarms on what people wrote, and omissions found after a deletion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from daemon.evaluation.corpus import Encounter
from daemon.evaluation.invented import invented_examinations
from daemon.evaluation.twins import Twin, twins_of
from daemon.faithfulness.evidence import PassageIndex
from daemon.faithfulness.rules import verify_claim
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding

EXPECTED: Mapping[str, frozenset[str]] = {
    "quantity": frozenset(
        {"quantity-unsupported", "identity-unsupported", "frequency-unsupported", "result-unsupported"}
    ),
    "unit": frozenset({"quantity-unsupported", "frequency-unsupported"}),
    "drug": frozenset({"medication-unsupported", "medication-misheard"}),
    "negation": frozenset({"negation-flipped", "certainty-changed"}),
    "laterality": frozenset({"laterality-unsupported"}),
    "frequency": frozenset({"frequency-unsupported", "quantity-unsupported"}),
    "identity": frozenset({"identity-unsupported"}),
    "examination": frozenset({"examination-unsupported", "result-unsupported"}),
}
"""The codes by which a twin of a kind is caught. What another rule says of it does not count."""


@dataclass(slots=True)
class Figures:
    """Counts over a corpus. `missed` and `alarms` are for people who mend the rules."""

    sentences: int = 0
    high: int = 0
    any: int = 0
    twins: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    codes: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: list[tuple[str, Twin]] = field(default_factory=list)
    alarms: list[tuple[str, str, Finding]] = field(default_factory=list)


def measure(encounters: Sequence[Encounter]) -> Figures:
    """All counts but omissions."""
    figures = Figures()
    for at, encounter in enumerate(encounters):
        index = PassageIndex.of(encounter.source.by_id)
        for section, text in encounter.statements():
            gold = _findings(text, section, encounter.source, index)
            _count_gold(figures, encounter.id, text, gold)
            _count_twins(figures, encounter, index, twins_of(text, section), gold)
        _count_twins(figures, encounter, index, invented_examinations(encounters, at), ())
    return figures


def _findings(text: str, section: str, source: Texts, index: PassageIndex) -> tuple[Finding, ...]:
    return verify_claim(Claim(text, index.cite(text), section, inferred=True), source)


def _count_gold(figures: Figures, encounter: str, text: str, gold: Sequence[Finding]) -> None:
    figures.sentences += 1
    figures.any += bool(gold)
    figures.high += any(finding.severity == "high" for finding in gold)
    figures.codes.update({(finding.code, finding.severity) for finding in gold})
    figures.alarms += [(encounter, text, finding) for finding in gold]


def _count_twins(
    figures: Figures, encounter: Encounter, index: PassageIndex, twins: Iterator[Twin], gold: Sequence[Finding]
) -> None:
    known = {(finding.code, finding.detail) for finding in gold}
    for twin in twins:
        found = _findings(twin.text, twin.section, encounter.source, index)
        new = {finding.code for finding in found if (finding.code, finding.detail) not in known}
        figures.twins[twin.kind] += 1
        if new & EXPECTED[twin.kind]:
            figures.caught[twin.kind] += 1
        else:
            figures.missed.append((encounter.id, twin))
