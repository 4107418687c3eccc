"""Drafts without a model: every passage in its own words, in the section where it belongs.

The floor under every other way of drafting: nothing in such a draft can be invented, because nothing in it is written. What
was dictated is cut at the headings spoken in it, and a long passage where its halves are clearly of two sections; each piece
goes by the section classifier. What stands on a form goes by the form's printed labels, and by the classifier where these say
nothing. A document's own headings and cues go before both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from importlib import resources
from typing import Literal, Protocol

from daemon.adapters.drafting.conversation_groups import Said, conversation, grouped
from daemon.adapters.drafting.cued_pieces import Cues, Place
from daemon.adapters.drafting.document_headings import DocumentHeadings, Part
from daemon.adapters.drafting.request_words import without_request
from daemon.adapters.drafting.section_classifier import LABELS, Placement, SectionClassifier
from daemon.adapters.drafting.selection import keeps
from daemon.adapters.drafting.spoken_headings import spoken_heading
from daemon.adapters.drafting.spoken_pieces import Piece, halves, spoken_pieces
from daemon.adapters.drafting.statement_groups import Group, line_group, piece_group, talk_group
from daemon.adapters.rendering.passage_labels import passage_labels
from daemon.documents.filler import is_filler
from daemon.documents.form import Entry, read_form
from daemon.model.document import Document
from daemon.model.draft import Section, Statement
from daemon.model.passage import EngineInfo, PageAnchor, Passage

LEAST_PROBABILITY = 0.5
"""On a form without a label the classifier is believed from here on, since below it another section is as likely."""


CLEAR_PROBABILITY = 0.8
"""Both halves of a cut have it. Of 129 long validation sentences 1 was cut; of 43 pairs of dictated ones, joined, 24 were, rightly."""


_WHOLE_SENTENCES = frozenset({"letter", "email", "handout"})
"""What others read is cut inside a sentence only where a cue or a heading begins."""
CONTINUES = re.compile(r"(?:and|also|or|another|second(?:ly)?|furthermore|the other)\b", re.IGNORECASE)
"""A sentence that begins so belongs to the one before it, where that was put somewhere by its own words."""


class Placer(Protocol):
    """What is needed of the section classifier."""

    def place(
        self, texts: Sequence[str], sections: Mapping[str, Sequence[str]], *, order_matters: bool
    ) -> list[Placement]:
        """The section of each text."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A piece to quote of one passage, and its section; "" where the classifier has to find it.

    `goes_on`: it is the end of the sentence before, and goes wherever that went.
    """

    passage: str
    text: str
    placed_as: str
    section: str
    goes_on: bool = False


class _Scope:
    """What one remembers down a dictation: the document's heading one is under, and where the last piece was put by its own words."""

    def __init__(self, lines: Collection[str]) -> None:
        self.section = ""
        self.filled: set[str] = set()
        self._lines = lines
        self._holds: Literal["", "next", "here", "on"] = ""
        self._glued = False
        self._last = ""

    def begin(self, part: Part) -> None:
        """Another stretch. A heading holds for what it stands before; one that stands alone, for more than the next stretch."""
        if part.section:
            self.section, self._glued = part.section, bool(part.text)
            self._holds = "here" if part.text else "next"
        elif self._holds == "next":
            self._holds = "here"
        elif self._holds == "here":
            self._holds = "" if self._glued or self.section in self._lines else "on"
        self.section = self.section if self._holds else ""

    def leave_before(self, piece: Piece, elsewhere: Callable[[], bool]) -> None:
        """No heading holds any longer where one of every note follows, or a piece that clearly belongs elsewhere."""
        heading = spoken_heading(piece.placed_as) is not None and not (self._holds == "here" and self._glued)
        if self.section and (heading or (self._holds == "on" and elsewhere())):
            self.section, self._holds = "", ""

    def place(self, place: Place) -> str:
        """The section of a piece: its heading's, its cue's, the lasting heading's, or that of the sentence it goes on with."""
        if place.line:
            self.filled.add(place.section)
            return place.section
        here = self.section if self._holds == "here" and not (place.anew and place.section) else ""
        on = self._last if place.goes_on or CONTINUES.match(place.text) else ""
        self._last = here or place.section or self.section or on
        return self._last


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
        weights = (resources.files("daemon.adapters.drafting") / "weights" / "sections.npz").read_bytes()
        return "quoting", EngineInfo("section-classifier", sha256(weights).hexdigest())

    def draft(self, document: Document, passages: Sequence[Passage]) -> list[Section]:
        """The document's sections in order; computed ones stay empty."""
        if all(spec.computed for spec in document.sections):
            return [Section(spec.key, spec.title) for spec in document.sections]
        groups = self._grouped(document, passages)
        return [
            Section(
                spec.key, spec.title, tuple(quote for one in groups if one.section == spec.key for quote in one.quotes)
            )
            for spec in document.sections
        ]

    def groups(self, document: Document, passages: Sequence[Passage], *, selecting: bool = False) -> list[Group]:
        """What `draft` quotes, in its order, as groups of passages that may each be written as one statement instead.

        With `selecting`, without the parts of a conversation that say nothing for a note (`selection.keeps`): for what is written.
        What is quoted, and what was dictated or stands on a form, loses nothing but filler.
        """
        if all(spec.computed for spec in document.sections):
            return []
        return self._labelled(document, self._grouped(document, passages, selecting=selecting))

    def _grouped(self, document: Document, passages: Sequence[Passage], *, selecting: bool = False) -> list[Group]:
        order = {passage.id: number for number, passage in enumerate(passages)}
        talk, rest = conversation([p for p in passages if not isinstance(p.anchor, PageAnchor)])
        placed = [*self._dictated(document, rest), *self._talked(document, talk, selecting=selecting)]
        placed += self._on_forms(document, passages)
        return sorted(placed, key=lambda one: min(order[name] for quote in one.quotes for name in quote.evidence))

    def _labelled(self, document: Document, groups: Sequence[Group]) -> list[Group]:
        """Each that may be written with the best label of those of its section; of all, where the section has none."""
        labels: dict[int, str] = {}
        for spec in document.sections:
            mine = [number for number, one in enumerate(groups) if one.section == spec.key and one.rewritable]
            texts = [" ".join(groups[number].lines) for number in mine]
            each = {label: (label,) for label in spec.labels if label in LABELS} or {
                label: (label,) for label in LABELS
            }
            places = self._classifier.place(texts, each, order_matters=False) if texts else []
            labels |= {number: place.section for number, place in zip(mine, places, strict=True)}
        return [replace(one, label=labels.get(number, "")) for number, one in enumerate(groups)]

    def labels(self, passages: Sequence[Passage]) -> dict[str, tuple[str, ...]]:
        """`ports.Labeller`: the classifier's labels by passage id."""
        return passage_labels(self._classifier, passages)

    def _talked(self, document: Document, said: Sequence[Said], *, selecting: bool) -> list[Group]:
        """A conversation by questions with their answers, each placed as a whole, and by the document's cues before that."""
        talks = grouped(said)
        places = self._place(document, [talk.text for talk in talks], order_matters=True)
        kept = keeps(talks) if selecting else [True] * len(talks)
        cues, filled = Cues(document), set[str]()
        found: list[Group] = []
        for talk, place, keep in zip(talks, places, kept, strict=True):
            cued = [(one, each) for one in talk.said for each in cues.places(one.text, filled) if each.section]
            for one, each in cued:
                if each.line:
                    filled.add(each.section)
                    found.append(line_group(each.section, one.id, each.text))
            section = next((each.section for _, each in cued if not each.line), place.section)
            if keep or cued:
                found.append(talk_group(talk, section))
        return found

    def _dictated(self, document: Document, passages: Sequence[Passage]) -> list[Group]:
        told = self._told(document, [p for p in passages if not is_filler(p.text)])
        open_ = [one for one in told if not (one.section or one.goes_on)]
        places = iter(self._place(document, [one.placed_as for one in open_], order_matters=True))
        placed: list[tuple[str, _Told]] = []
        for one in told:
            placed.append((placed[-1][0] if one.goes_on else one.section or next(places).section, one))
        lines = {spec.key for spec in document.sections if spec.layout == "line"}
        return [
            line_group(section, one.passage, one.text)
            if section in lines
            else piece_group(section, one.passage, one.text)
            for section, one in placed
            if one.text and not is_filler(one.text)
        ]

    def _told(self, document: Document, said: Sequence[Passage]) -> list[_Told]:
        """The pieces of a dictation in order, each with the section that the document's own headings and cues put it in."""
        headings, cues = DocumentHeadings(document), Cues(document)
        texts = without_request(document, said)
        parts = [(name, part) for name, text in texts if text for part in headings.parts(text)]
        scope = _Scope({spec.key for spec in document.sections if spec.layout == "line"})
        told: list[_Told] = []
        for (name, part), cut in zip(parts, spoken_pieces([part.text for _, part in parts]), strict=True):
            scope.begin(part)
            for whole in cut:
                for piece in [whole] if scope.section else self._in_two(document, whole):
                    for one in self._piece(document, cues, scope, name, piece):
                        told.append(one if told else replace(one, goes_on=False))
        return told

    def _piece(self, document: Document, cues: Cues, scope: _Scope, name: str, piece: Piece) -> Iterator[_Told]:
        scope.leave_before(piece, lambda: self._is_clearly_elsewhere(document, scope.section, piece.placed_as))
        if not piece.text:
            if piece.placed_as and not scope.section:
                yield _Told(name, "", piece.placed_as, "")
            return
        for place in cues.places(piece.text, scope.filled):
            section = scope.place(place)
            whole = place.text == piece.text
            goes_on = place.goes_on and not section
            yield _Told(name, place.text, piece.placed_as if whole else place.text, section, goes_on)

    def _is_clearly_elsewhere(self, document: Document, section: str, text: str) -> bool:
        place = self._place(document, [text], order_matters=False)[0]
        return place.section != section and place.probability >= CLEAR_PROBABILITY

    def _in_two(self, document: Document, piece: Piece) -> list[Piece]:
        """A long piece, cut where both sides are clearly of different sections: a finding and a plan in one breath."""
        ways = halves(piece, at_stops=document.form in _WHOLE_SENTENCES)
        places = self._place(document, [half.text for way in ways for half in way], order_matters=False)
        clear = [
            (min(first.probability, second.probability), -number)
            for number, (first, second) in enumerate(zip(places[::2], places[1::2], strict=True))
            if first.section != second.section
        ]
        best, number = max(clear, default=(0.0, 0))
        return list(ways[-number]) if best >= CLEAR_PROBABILITY else [piece]

    def _on_forms(self, document: Document, passages: Sequence[Passage]) -> list[Group]:
        answers = [entry for entry in read_form(document, passages) if entry.kind == "answer"]
        unknown = [entry for entry in answers if entry.section is None]
        places = iter(self._place(document, [entry.text for entry in unknown], order_matters=False))
        placed: list[Group] = []
        computed = {spec.key for spec in document.sections if spec.computed}
        for entry in answers:
            section = entry.section if entry.section is not None else self._likely(document, next(places))
            if section not in computed:
                placed.append(Group(entry.evidence, (entry.text,), section, "", (_quote(entry),), rewritable=False))
        return placed

    def _place(self, document: Document, texts: Sequence[str], *, order_matters: bool) -> list[Placement]:
        labels = {spec.key: spec.labels for spec in document.sections if spec.labels and not spec.computed}
        if not labels:
            return [Placement(_catch_all(document), 0.0, heading=False) for _ in texts]
        return self._classifier.place(texts, labels, order_matters=order_matters) if texts else []

    @staticmethod
    def _likely(document: Document, place: Placement) -> str:
        return place.section if place.probability >= LEAST_PROBABILITY else _catch_all(document)


def _quote(entry: Entry) -> Statement:
    return Statement(entry.text, entry.evidence, "quoted")


def _catch_all(document: Document) -> str:
    """The section for what fits nowhere: "other" where there is one, else the first that a drafter writes in sentences.

    "" where code writes all sections.
    """
    written = [spec for spec in document.sections if not spec.computed]
    keys = [spec.key for spec in sorted(written, key=lambda spec: spec.layout == "line")]
    return "other" if "other" in keys else next(iter(keys), "")
