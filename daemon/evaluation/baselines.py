"""What any way of drafting has to beat, and what none can pass that only chooses: copies of the dialogue, its beginning, its best passages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from daemon.evaluation.draft_rows import written_sections
from daemon.evaluation.rouge import overlap, tokens
from daemon.model.document import Document
from daemon.model.draft import Section, Statement
from daemon.model.passage import EngineInfo, Passage

Choice = Callable[[Sequence[Statement]], Sequence[Statement]]
Units = Callable[[Document, Sequence[Passage]], Sequence[Statement]]
"""What is chosen among: passages, or what a drafter would quote of each group of them."""


@dataclass(frozen=True, slots=True)
class ChoosingDrafter:
    """A `ports.Drafter` that quotes what `choice` leaves of the units, all in the document's first section."""

    name: str
    choice: Choice
    units: Units

    @property
    def engine(self) -> tuple[str, EngineInfo]:
        """The role "quoting"; there is no model."""
        return "quoting", EngineInfo(self.name, "")

    def draft(self, document: Document, passages: Sequence[Passage]) -> list[Section]:
        """The sections in order."""
        chosen = tuple(self.choice(self.units(document, passages)))
        first = next((spec.key for spec in written_sections(document)), "")
        return [Section(spec.key, spec.title, chosen if spec.key == first else ()) for spec in document.sections]


def passages_as_units(_document: Document, passages: Sequence[Passage]) -> list[Statement]:
    """Each passage by itself, as it was said."""
    return [Statement(passage.text, (passage.id,), "quoted") for passage in passages]


def all_of_them(units: Sequence[Statement]) -> Sequence[Statement]:
    """The plain copy."""
    return units


def leading(share: float) -> Choice:
    """Lead-k: the first units, until they hold `share` of all words, but one at least."""

    def choose(units: Sequence[Statement]) -> list[Statement]:
        sizes = [len(unit.text.split()) for unit in units]
        wanted = share * sum(sizes)
        return [unit for at, unit in enumerate(units) if not at or sum(sizes[: at + 1]) <= wanted]

    return choose


def best_for(gold: str) -> Choice:
    """The units that make ROUGE-1 and ROUGE-2 together largest, found greedily: an upper bound that no drafter can know.

    The greedy search of A. Nenkova and others for summaries by extraction, as R. Nallapati, F. Zhai, B. Zhou use it ("SummaRuNNer",
    2017, section 3).
    """
    theirs = tokens(gold)
    words, pairs = Counter[Hashable](theirs), Counter[Hashable](pairwise(theirs))

    def choose(units: Sequence[Statement]) -> list[Statement]:
        rows = [tokens(unit.text) for unit in units]
        counts = [(Counter[Hashable](row), Counter[Hashable](pairwise(row))) for row in rows]
        left, chosen = set(range(len(units))), set[int]()
        have, have_pairs = Counter[Hashable](), Counter[Hashable]()
        best = 0.0
        while left:
            value, at = max(
                (overlap(words, have + counts[at][0]) + overlap(pairs, have_pairs + counts[at][1]), -at) for at in left
            )
            if value <= best:
                break
            best, at = value, -at
            left.discard(at)
            chosen.add(at)
            have, have_pairs = have + counts[at][0], have_pairs + counts[at][1]
        return [units[at] for at in sorted(chosen)]

    return choose
