"""Drafts without a model: every passage in its own words, in the section where it belongs.

The floor under every other way of drafting: nothing in such a draft can be invented, because nothing in it is written. What
was dictated is cut at the headings spoken in it, and a long passage where its halves are clearly of two sections; each piece
goes by the section classifier. What stands on a form goes by the form's printed labels, and by the classifier where these say
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from importlib import resources
from typing import Protocol

from daemon.adapters.passage_labels import passage_labels
from daemon.adapters.section_classifier import Placement, SectionClassifier
from daemon.adapters.spoken_pieces import Piece, halves, spoken_pieces
from daemon.documents.filler import is_filler
from daemon.documents.form import Entry, read_form
from daemon.model.document import Document
from daemon.model.draft import Section, Statement
from daemon.model.passage import EngineInfo, PageAnchor, Passage

LEAST_PROBABILITY = 0.5
"""On a form without a label the classifier is believed from here on, since below it another section is as likely."""


CLEAR_PROBABILITY = 0.8
"""Both halves of a cut have it. Of 129 long validation sentences 1 was cut; of 43 pairs of dictated ones, joined, 24 were, rightly."""


class Placer(Protocol):
    """What is needed of the section classifier."""

    def place(
        self, texts: Sequence[str], sections: Mapping[str, Sequence[str]], *, order_matters: bool
    ) -> list[Placement]:
        """The section of each text."""


class QuotingDrafter:
    """A `Drafter`. The classifier's weights are read when the first draft is made."""

    def __init__(self, load_classifier: Callable[[], Placer] = SectionClassifier.load) -> None:
        self._load_classifier = load_classifier

    @cached_property
    def _classifier(self) -> Placer:
        return self._load_classifier()

    @cached_property
    def engine(self) -> tuple[str, EngineInfo]:
        """The role "quoting" and the SHA-256 of the classifier's weights."""
        weights = (resources.files("daemon.adapters") / "weights" / "sections.npz").read_bytes()
        return "quoting", EngineInfo("section-classifier", sha256(weights).hexdigest())

    def draft(self, document: Document, passages: Sequence[Passage]) -> list[Section]:
        """The document's sections in order; computed ones stay empty."""
        if all(spec.computed for spec in document.sections):
            return [Section(spec.key, spec.title) for spec in document.sections]
        placed: list[tuple[str, Statement]] = [*self._spoken(document, passages), *self._on_forms(document, passages)]
        order = {passage.id: number for number, passage in enumerate(passages)}
        placed.sort(key=lambda one: min(order[name] for name in one[1].evidence))
        return [
            Section(spec.key, spec.title, tuple(statement for key, statement in placed if key == spec.key))
            for spec in document.sections
        ]

    def labels(self, passages: Sequence[Passage]) -> dict[str, tuple[str, ...]]:
        """`ports.Labeller`: the classifier's labels by passage id."""
        return passage_labels(self._classifier, passages)

    def _spoken(self, document: Document, passages: Sequence[Passage]) -> list[tuple[str, Statement]]:
        said = [p for p in passages if not isinstance(p.anchor, PageAnchor) and not is_filler(p.text)]
        pieces = [
            (passage.id, piece)
            for passage, cut in zip(said, spoken_pieces([passage.text for passage in said]), strict=True)
            for whole in cut
            for piece in self._in_two(document, whole)
        ]
        places = self._place(document, [piece.placed_as for _, piece in pieces], order_matters=True)
        return [
            (place.section, Statement(piece.text, (name,), "quoted"))
            for (name, piece), place in zip(pieces, places, strict=True)
            if piece.text and not is_filler(piece.text)
        ]

    def _in_two(self, document: Document, piece: Piece) -> list[Piece]:
        """A long piece, cut where both sides are clearly of different sections: a finding and a plan in one breath."""
        ways = halves(piece)
        places = self._place(document, [half.text for way in ways for half in way], order_matters=False)
        clear = [
            (min(first.probability, second.probability), -number)
            for number, (first, second) in enumerate(zip(places[::2], places[1::2], strict=True))
            if first.section != second.section
        ]
        best, number = max(clear, default=(0.0, 0))
        return list(ways[-number]) if best >= CLEAR_PROBABILITY else [piece]

    def _on_forms(self, document: Document, passages: Sequence[Passage]) -> list[tuple[str, Statement]]:
        answers = [entry for entry in read_form(document, passages) if entry.kind == "answer"]
        unknown = [entry for entry in answers if entry.section is None]
        places = iter(self._place(document, [entry.text for entry in unknown], order_matters=False))
        placed: list[tuple[str, Statement]] = []
        for entry in answers:
            section = entry.section if entry.section is not None else self._likely(document, next(places))
            placed.append((section, _quote(entry)))
        return placed

    def _place(self, document: Document, texts: Sequence[str], *, order_matters: bool) -> list[Placement]:
        labels = {spec.key: spec.labels for spec in document.sections if spec.labels}
        if not labels:
            return [Placement(_catch_all(document), 0.0, heading=False) for _ in texts]
        return self._classifier.place(texts, labels, order_matters=order_matters) if texts else []

    @staticmethod
    def _likely(document: Document, place: Placement) -> str:
        return place.section if place.probability >= LEAST_PROBABILITY else _catch_all(document)


def _quote(entry: Entry) -> Statement:
    return Statement(entry.text, entry.evidence, "quoted")


def _catch_all(document: Document) -> str:
    """The section for what fits nowhere: "other" where there is one, else the first that a drafter writes."""
    keys = [spec.key for spec in document.sections if not spec.computed]
    return "other" if "other" in keys else keys[0]
