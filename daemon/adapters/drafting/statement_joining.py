"""Statements of one section that say the same are joined: a visit comes back to a matter more than once, and a note says it once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from daemon.faithfulness.persons.kin import KIN, RELATIONS
from daemon.faithfulness.persons.sides import sides_of_statement
from daemon.faithfulness.vocabulary.terms import terms
from daemon.model.draft import Statement

_STATUS = re.compile(
    r"\b(?:stopp?\w*|quit\w*|discontinu\w*|held|former\w*|previous\w*|past|history|prior|ago|resolv\w*|used to|no longer|start\w*|increas\w*|decreas\w*|"
    r"improv\w*|wors\w*|better|was|were|had|will|would|if|may|might|possibl\w*|probabl\w*|denie[sd]|no|not|never|without|negative)\b",
    re.IGNORECASE,
)
"""Words by which the same matter is another: then and now, more and less, so and not so."""


@dataclass(frozen=True, slots=True)
class _Content:
    """What a statement says: its terms with their polarity, how it says it, of whom, and of which side."""

    terms: frozenset[tuple[str, bool]]
    status: frozenset[str]
    relations: frozenset[str]
    sides: frozenset[str]

    @classmethod
    def of(cls, text: str) -> _Content:
        return cls(
            frozenset((term.key, term.denied) for term in terms(text)),
            frozenset(found.group().lower() for found in _STATUS.finditer(text)),
            frozenset(RELATIONS[found["kin"].lower()] for found in KIN.finditer(text)),
            frozenset(one.side for one in sides_of_statement(text)),
        )

    def is_within(self, other: _Content) -> bool:
        """Whether nothing is lost when `other` alone stands."""
        alike = self.status == other.status and self.relations == other.relations
        return bool(self.terms) and alike and self.terms <= other.terms and self.sides <= other.sides


def joined(statements: Sequence[Statement], order: Mapping[str, int]) -> tuple[Statement, ...]:
    """The statements with each that a model wrote left out where another written one says it too, which takes its evidence over.

    It stands where the first of them stood. Evidence is in `order`, of passage ids. Quotes stay as they are.
    """
    kept: list[tuple[Statement, _Content]] = []
    for statement in statements:
        content = _Content.of(statement.text)
        at = _same(kept, content) if statement.manner == "written" else None
        if at is None:
            kept.append((statement, content))
            continue
        fuller = kept[at] if content.is_within(kept[at][1]) else (statement, content)
        evidence = dict.fromkeys((*kept[at][0].evidence, *statement.evidence))
        kept[at] = replace(fuller[0], evidence=tuple(sorted(evidence, key=order.__getitem__))), fuller[1]
    return tuple(statement for statement, _ in kept)


def _same(kept: Sequence[tuple[Statement, _Content]], content: _Content) -> int | None:
    written = ((at, other) for at, (statement, other) in enumerate(kept) if statement.manner == "written")
    return next((at for at, other in written if content.is_within(other) or other.is_within(content)), None)
