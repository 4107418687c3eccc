"""Recall on corrupted twins, false alarms on what people wrote, and omissions found after a deletion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from daemon.evaluation.corpus import Encounter
from daemon.evaluation.deletions import Deletion, deletions_in
from daemon.evaluation.invented import invented_examinations
from daemon.evaluation.nowhere import nowhere
from daemon.evaluation.twins import Twin, twins_of
from daemon.faithfulness.checking import note_texts
from daemon.faithfulness.evidence import PassageIndex
from daemon.faithfulness.omissions import find_omissions
from daemon.faithfulness.rules import verify_claim
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding

EXPECTED: Mapping[str, frozenset[str]] = {
    "quantity": frozenset(
        {"quantity-unsupported", "identity-unsupported", "frequency-unsupported", "result-unsupported"}
    ),
    "unit": frozenset({"quantity-unsupported", "frequency-unsupported"}),
    "drug": frozenset({"medication-unsupported", "medication-misheard"}),
    "negation": frozenset({"negation-flipped", "certainty-changed", "examination-unsupported", "result-flipped"}),
    "laterality": frozenset({"laterality-unsupported"}),
    "frequency": frozenset({"frequency-unsupported", "quantity-unsupported"}),
    "identity": frozenset({"identity-unsupported"}),
    "examination": frozenset({"examination-unsupported", "result-unsupported", "negation-flipped"}),
}
"""The codes by which a twin of a kind is caught. What another rule says of it does not count. What an examination found against
what was said has one of two codes, by whether somebody said the opposite: two rules that doubt the same words are told as one."""
CUTOFFS = ("low", "medium", "high")
"""Severities from which on a finding counts: all findings, those that `check` lists, those to check first."""
Progress = Callable[[int, int], None]
"""Told after each encounter how many are done, and of how many."""


@dataclass(slots=True)
class Figures:
    """Counts over a corpus; those by cut-off count findings of that severity and graver ones.

    `flagged` are untouched sentences with a finding; `said_nowhere` those of which something stands nowhere in the source, and
    `flagged_nowhere` those among them with a finding. `missed` and `alarms` are for people who mend the rules.
    """

    encounters: int = 0
    sentences: int = 0
    high: int = 0
    any: int = 0
    said_nowhere: int = 0
    flagged: Counter[str] = field(default_factory=Counter)
    flagged_nowhere: Counter[str] = field(default_factory=Counter)
    flagged_kind: Counter[tuple[str, str]] = field(default_factory=Counter)
    twins: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    caught_at: Counter[tuple[str, str]] = field(default_factory=Counter)
    codes: Counter[tuple[str, str]] = field(default_factory=Counter)
    omissions: Counter[str] = field(default_factory=Counter)
    deletions: list[tuple[str, Deletion]] = field(default_factory=list)
    missed: list[tuple[str, Twin]] = field(default_factory=list)
    alarms: list[tuple[str, str, Finding]] = field(default_factory=list)
    nowhere: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)


def measure(encounters: Sequence[Encounter], progress: Progress | None = None, omissions: bool = False) -> Figures:
    """All counts; those of omissions too if asked for, which takes as long again."""
    figures = Figures(encounters=len(encounters))
    for at, encounter in enumerate(encounters):
        index = PassageIndex.of(encounter.source.by_id)
        for section, text in encounter.statements():
            gold = _findings(text, section, encounter.source, index)
            _count_gold(figures, encounter, text, gold)
            _count_twins(figures, encounter, index, twins_of(text, section), gold)
        _count_twins(figures, encounter, index, invented_examinations(encounters, at), ())
        if omissions:
            _count_omissions(figures, encounter)
        if progress is not None:
            progress(at + 1, len(encounters))
    return figures


def reached(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The cut-offs that the gravest of these findings reaches; none without findings."""
    gravest = max((CUTOFFS.index(one.severity) for one in findings), default=-1)
    return CUTOFFS[: gravest + 1]


def _findings(text: str, section: str, source: Texts, index: PassageIndex) -> tuple[Finding, ...]:
    return verify_claim(Claim(text, index.cite(text), section, inferred=True), source)


def _count_gold(figures: Figures, encounter: Encounter, text: str, gold: Sequence[Finding]) -> None:
    figures.sentences += 1
    figures.any += bool(gold)
    figures.high += any(finding.severity == "high" for finding in gold)
    figures.flagged.update(reached(gold))
    for kind, codes in EXPECTED.items():
        figures.flagged_kind.update((kind, cutoff) for cutoff in reached(one for one in gold if one.code in codes))
    if missing := nowhere(text, encounter.source):
        figures.said_nowhere += 1
        figures.flagged_nowhere.update(reached(gold))
        figures.nowhere.append((encounter.id, text, missing))
    figures.codes.update({(finding.code, finding.severity) for finding in gold})
    figures.alarms += [(encounter.id, text, finding) for finding in gold]


def _count_twins(
    figures: Figures, encounter: Encounter, index: PassageIndex, twins: Iterable[Twin], gold: Sequence[Finding]
) -> None:
    known = {(finding.code, finding.detail) for finding in gold}
    for twin in twins:
        found = _findings(twin.text, twin.section, encounter.source, index)
        new = [one for one in found if one.code in EXPECTED[twin.kind] and (one.code, one.detail) not in known]
        figures.twins[twin.kind] += 1
        figures.caught_at.update((twin.kind, cutoff) for cutoff in reached(new))
        if new:
            figures.caught[twin.kind] += 1
        else:
            figures.missed.append((encounter.id, twin))


def _count_omissions(figures: Figures, encounter: Encounter) -> None:
    found = find_omissions(note_texts(encounter.sections), encounter.source)
    figures.omissions.update(one.severity for one in found)
    figures.deletions += [(encounter.id, deletion) for deletion in deletions_in(encounter)]
