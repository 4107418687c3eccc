"""Passages in the reader's hand: what a statement rests on, with the words that support it, and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from daemon.adapters.rendering.draft_doubts import Doubt, doubts, doubts_at, doubts_in
from daemon.adapters.rendering.draft_hands import HandView, hand_view
from daemon.adapters.rendering.draft_pieces import Citation, Piece, Span, Unsure, cite, cut
from daemon.adapters.rendering.draft_terms import Terms, shared, terms
from daemon.model.doubtful_words import has_marked
from daemon.model.draft import Draft, Statement
from daemon.model.passage import Passage, TimeAnchor

_BEFORE = 60  # letters of a long passage that stand before the first word that matters
_SMALL_REST, _LONG_WORD = 30, 20


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage, or the part of it that matters: where it stands, and its words; `hand` what a person has to look at themselves."""

    citation: Citation
    pieces: tuple[Piece, ...]
    hand: HandView | None = None

    @property
    def text(self) -> str:
        """The whole of it."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage in pieces, the statements that cite it (anchor name, section title), and the checks that quote it.

    `voice` is who speaks ("Voice A"), empty where nobody knows; `original` is how it was said or written where the text is another
    form of that, with words for what it is: ("as spoken", "five hundred milligrams"). `hand` is for what a person has to look at.
    """

    citation: Citation
    pieces: tuple[Piece, ...]
    cited_by: tuple[tuple[str, str], ...]
    checks: tuple[int, ...]
    voice: str = ""
    original: tuple[str, str] | None = None
    hand: HandView | None = None


class _Known:
    """What is known of one passage, found when it is first asked for."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage

    @cached_property
    def terms(self) -> Terms:
        return terms(self.passage.text)

    @cached_property
    def doubts(self) -> tuple[Doubt, ...]:
        return doubts(self.passage, self.terms) if has_marked(self.passage) else ()

    @property
    def unsure(self) -> tuple[Unsure, ...]:
        return tuple(doubt.unsure for doubt in self.doubts)


class Excerpts:
    """The passages of one draft, each read once for all statements."""

    def __init__(self, draft: Draft, cited: Mapping[str, Citation]) -> None:
        self.cited = cited
        self._known = {passage.id: _Known(passage) for passage in draft.passages}
        self._terms = cache(terms)  # a statement is asked for more than once

    def whole(self, passage: Passage) -> tuple[Piece, ...]:
        """A passage with its doubtful words."""
        return cut(passage.text, unsure=self._known[passage.id].unsure)

    def of(self, evidence: Sequence[str], about: str, most: int = 0) -> tuple[Excerpt, ...]:
        """The passages, with the words that they share with the text `about` set apart; no more than about `most` letters of each."""
        if not any(each in self._known for each in evidence):
            return ()
        theirs = self._terms(about)
        found = []
        for citation in cite(evidence, self.cited):
            known = self._known[citation.id]
            quoted = _quoted(known.passage.text, about)
            supports = [quoted] if quoted else shared(known.terms, theirs)
            pieces = cut(known.passage.text, supports=supports, unsure=known.unsure)
            hand = hand_view(known.passage, citation.place)
            found.append(Excerpt(citation, clipped(pieces, most) if most else pieces, hand))
        return tuple(found)

    def unsure(self, statement: Statement, text: str) -> tuple[Unsure, ...]:
        """The words of a statement (or of a cell of it) that an engine was unsure of in the passages it rests on."""
        known = [self._known[each] for each in statement.evidence if each in self._known]
        found = [doubt for each in known for doubt in each.doubts]
        if found and len(known) == 1 and (quoted := _quoted(known[0].passage.text, text)):
            return doubts_at(quoted, found)
        return doubts_in(self._terms(text), found) if found else ()


def passage_views(
    draft: Draft,
    excerpts: Excerpts,
    citing: Mapping[Citation, Sequence[tuple[str, str]]],
    checks: Mapping[Citation, tuple[int, ...]],
) -> tuple[PassageView, ...]:
    """All passages in order, with their doubtful words and what speaks of them."""
    views = ((passage, excerpts.cited[passage.id], excerpts.whole(passage)) for passage in draft.passages)
    return tuple(
        PassageView(
            citation,
            pieces,
            tuple(citing.get(citation, ())),
            checks.get(citation, ()),
            voice=f"Voice {passage.voice}" if passage.voice else "",
            original=_original(passage),
            hand=hand_view(passage, citation.place),
        )
        for passage, citation, pieces in views
    )


def _original(passage: Passage) -> tuple[str, str] | None:
    if not passage.original or passage.original == passage.text:
        return None
    return "as spoken" if isinstance(passage.anchor, TimeAnchor) else "as it stands there", passage.original


def _quoted(text: str, about: str) -> Span | None:
    """Where the very words stand, if they do, without a full stop that may have been added."""
    words = about.strip().rstrip(".")
    start = text.find(words) if words else -1
    return (start, start + len(words)) if start >= 0 else None


def clipped(pieces: Sequence[Piece], most: int) -> tuple[Piece, ...]:
    """No more than about `most` letters, around the first that are set apart; an ellipsis stands for what is left out."""
    lengths = [len(piece.text) for piece in pieces]
    if sum(lengths) <= most + _SMALL_REST:
        return tuple(pieces)
    text = "".join(piece.text for piece in pieces)
    hit = next((nth for nth, piece in enumerate(pieces) if piece.supports or piece.marked), 0)
    start = max(0, sum(lengths[:hit]) - _BEFORE)
    start = text.find(" ", start, start + _LONG_WORD) + 1 or start if start else 0
    end = max(text.rfind(" ", start + most - _LONG_WORD, start + most), 0) or start + most
    kept, at = [], 0
    for piece, length in zip(pieces, lengths, strict=True):
        inside = piece.text[max(0, start - at) : max(0, end - at)]
        if inside:
            kept.append(replace(piece, text=inside))
        at += length
    before, after = "… " if start else "", " …" if end < at else ""
    return (*([Piece(before)] if before else []), *kept, *([Piece(after)] if after else []))
