"""What a computed section is made of, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from daemon.documents.form import Entry
from daemon.model.document import Document, SectionSpec
from daemon.model.draft import Section, Statement
from daemon.model.finding import Caution
from daemon.model.handout import Handout
from daemon.model.passage import Passage, Reading


@dataclass(frozen=True, slots=True)
class Material:
    """All that is known when the drafter is done.

    `written` are the drafter's sections by key; `entries` what stands on forms; `labels` the section classifier's label of each
    passage's text (passage id → labels of its pieces), empty where no classifier was asked; `handouts` the practice's.
    """

    document: Document
    reading: Reading
    entries: Sequence[Entry]
    written: dict[str, tuple[Statement, ...]] = field(default_factory=dict)
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    handouts: Sequence[Handout] = ()

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages of all sources, in order."""
        return self.reading.passages


@dataclass(frozen=True, slots=True)
class Computed:
    """The statements of one section; `columns` the heads of their cells; `cautions` and `measures` are the draft's.

    `absent`: the section is not printed at all, nor its title; a patient is not told what a list has nothing of.
    """

    statements: tuple[Statement, ...] = ()
    columns: tuple[str, ...] = ()
    cautions: tuple[Caution, ...] = ()
    measures: tuple[tuple[str, str], ...] = ()
    absent: bool = False

    def as_section(self, spec: SectionSpec) -> Section:
        """The section that `spec` declares, with these statements."""
        return Section(
            spec.key, spec.title, self.statements, spec.layout, spec.placeholder, self.columns, spec.audience
        )


Compute = Callable[[Material, SectionSpec], Computed]
