"""Texts by id, in their order, and what the rules have read of them, each once: the passages of a source, the statements of a note."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

T = TypeVar("T")

DOCTOR, PATIENT, OTHER = "doctor", "patient", "other"
"""Who speaks a passage, where a source says so."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that is held against what was said.

    `section` is the heading it stands under, as printed; `evidence` are the ids of the passages it rests on. `inferred` says
    that nobody cited them: they were found by their words, so that a passage which is not among them may still be meant.
    """

    text: str
    evidence: tuple[str, ...] = ()
    section: str = ""
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts by id, in order; `speakers` by id where they are known.

    `learn` gives what a function reads of all of them, and calls each function once, so that many rules and many statements
    share one reading.
    """

    by_id: Mapping[str, str]
    speakers: Mapping[str, str] = field(default_factory=dict)
    _learned: dict[Callable[[Texts], Any], Any] = field(default_factory=dict, repr=False, compare=False)

    def learn(self, reading: Callable[[Texts], T]) -> T:
        """What `reading` makes of these texts. It has to be pure, and a function that lives as long as the module."""
        if reading not in self._learned:
            self._learned[reading] = reading(self)
        return cast("T", self._learned[reading])

    def cited(self, claim: Claim) -> tuple[str, ...]:
        """The ids among the claim's evidence that exist, each once, in its order."""
        return tuple(dict.fromkeys(each for each in claim.evidence if each in self.by_id))

    def cited_text(self, claim: Claim) -> str:
        """The cited passages, on lines of their own, so that nothing is read across the border of two."""
        return "\n".join(self.by_id[each] for each in self.cited(claim))
