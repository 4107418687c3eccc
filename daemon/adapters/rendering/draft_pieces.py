"""A statement's or passage's text cut where something is said about it, and what its sources are called by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from daemon.adapters.rendering import draft_words as words
from daemon.model.doubtful_words import FIRST_HEARD
from daemon.model.draft import Draft
from daemon.model.finding import Finding

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Unsure:
    """Where a word stands that an engine was unsure of, how sure it was (0 to 1), and what the word may have been."""

    span: Span
    confidence: float
    suggestions: tuple[str, ...] = ()


# The longest label of a form that is set apart from its answer; what is longer is a sentence with a colon.
MAX_LABEL = 40
# More than these is a list to guess from, not a hint.
MOST_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `marked`: a check is about it; `checks` are the numbers of those that end with it.

    `supports`: it says what the statement says that the passage stands beside. `confidence`: how sure the engine was of it, 0 to
    1, where it was not sure enough and it matters; `suggestions` what the word that ends with it may have been.
    """

    text: str
    checks: tuple[int, ...] = ()
    marked: bool = False
    supports: bool = False
    confidence: float | None = None
    suggestions: tuple[str, ...] = ()

    @property
    def doubtful(self) -> bool:
        """Whether the engine was unsure of it."""
        return self.confidence is not None

    @property
    def perhaps(self) -> str:
        """What stands behind it: "may be: lisinopril, Lunesta", "first heard: furos might"; empty where there is no idea."""
        before = [one for one in self.suggestions if one.startswith(FIRST_HEARD)]
        ideas = [one for one in self.suggestions if one not in before]
        may_be = [f"may be: {', '.join(ideas[:MOST_SUGGESTIONS])}"] if ideas else []
        return "; ".join([*before[:1], *may_be])


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage's anchor name ("passage-4"), the id people see ("p4") and where to look ("0:41")."""

    anchor: str
    id: str
    place: str


def citations(draft: Draft) -> dict[str, Citation]:
    """What each passage is cited as, by its id."""
    names, whole = words.source_names(draft.sources), words.one_page(draft.sources)
    return {
        passage.id: Citation(f"passage-{at}", passage.id, words.place(passage.anchor, names, whole))
        for at, passage in enumerate(draft.passages, 1)
    }


def cite(evidence: Sequence[str], cited: Mapping[str, Citation]) -> tuple[Citation, ...]:
    """The citations of the passages that exist, each once."""
    return tuple(cited[each] for each in dict.fromkeys(evidence) if each in cited)


def mark_text(
    text: str, numbered: Sequence[tuple[Finding, int]], unsure: Sequence[Unsure] = ()
) -> tuple[tuple[Piece, ...], tuple[int, ...]]:
    """The text in pieces, with the numbers of the findings that stand in it; and the numbers of those that do not."""
    placed = [(place_of(text, finding), number) for finding, number in numbered]
    spans = [(span, number) for span, number in placed if span is not None]
    return cut(text, spans, unsure=unsure), tuple(number for span, number in placed if span is None)


def mark_cells(
    text: str,
    cells: Sequence[str],
    numbered: Sequence[tuple[Finding, int]],
    unsure: Callable[[str], Sequence[Unsure]] = lambda _: (),
) -> tuple[tuple[tuple[Piece, ...], ...], tuple[int, ...]]:
    """The same for a table's row. A finding's span is one of the statement's `text`, so its words are looked for in the cells."""
    spans: list[list[tuple[Span, int]]] = [[] for _ in cells]
    loose = []
    for finding, number in numbered:
        span = place_of(text, finding)
        phrase = text[slice(*span)] if span else finding.detail
        holding = [nth for nth, cell in enumerate(cells) if phrase and cell.count(phrase) == 1]
        if len(holding) == 1:
            start = cells[holding[0]].index(phrase)
            spans[holding[0]].append(((start, start + len(phrase)), number))
        else:
            loose.append(number)
    return tuple(cut(cell, found, unsure=unsure(cell)) for cell, found in zip(cells, spans, strict=True)), tuple(loose)


def split_label(pieces: Sequence[Piece]) -> tuple[str, tuple[Piece, ...]]:
    """A form's printed label and what follows it ("Date of birth", "07/22/1975"); without one, an empty label."""
    if not pieces or pieces[0].marked or pieces[0].doubtful:
        return "", tuple(pieces)
    label, colon, value = pieces[0].text.partition(": ")
    if not colon or len(label) > MAX_LABEL or not label.strip():
        return "", tuple(pieces)
    return label, (replace(pieces[0], text=value), *pieces[1:])


def is_gap(pieces: Sequence[Piece]) -> bool:
    """Whether a cell is nothing but a gap that somebody has to fill in: "[when – not stated]"."""
    text = "".join(piece.text for piece in pieces)
    return len(pieces) == 1 and not pieces[0].marked and text.startswith("[") and text.endswith("]")


def place_of(text: str, finding: Finding) -> Span | None:
    """Where the finding stands, if it says so and that is inside the text, or if its words stand there just once.

    What a finding says of evidence is a passage's id, not words of the statement.
    """
    if finding.span is not None:
        start, end = finding.span
        return finding.span if 0 <= start < end <= len(text) else None
    if finding.detail and finding.code != "evidence-missing" and text.count(finding.detail) == 1:
        start = text.index(finding.detail)
        return start, start + len(finding.detail)
    return None


def cut(
    text: str,
    spans: Sequence[tuple[Span, int]] = (),
    supports: Sequence[Span] = (),
    unsure: Sequence[Unsure] = (),
) -> tuple[Piece, ...]:
    """Cut the text at every edge of a span. Those of `spans` may overlap; joined, the pieces are the text.

    A number stands once, where its span ends, so that many that overlap take no more room than as many apart.
    """
    ends: dict[int, list[int]] = {}
    for (_, end), number in spans:
        ends.setdefault(end, []).append(number)
    marks, hits = _steps(span for span, _ in spans), _steps(supports)
    sure: dict[int, Unsure | None] = dict.fromkeys(one.span[1] for one in unsure)
    sure |= {one.span[0]: one for one in unsure}
    pieces: list[Piece] = []
    marked = supporting = 0
    doubt: Unsure | None = None
    for start, end in pairwise(sorted({0, len(text), *marks, *hits, *sure})):
        marked, supporting, doubt = marked + marks[start], supporting + hits[start], sure.get(start, doubt)
        confidence = doubt.confidence if doubt else None
        suggestions = doubt.suggestions if doubt and end == doubt.span[1] else ()
        numbers = tuple(ends.get(end, ()))
        pieces.append(Piece(text[start:end], numbers, marked > 0, supporting > 0, confidence, suggestions))
    return tuple(pieces)


def _steps(spans: Iterable[Span]) -> Counter[int]:
    """How many more spans are open from each place on."""
    depth: Counter[int] = Counter()
    for start, end in spans:
        depth[start] += 1
        depth[end] -= 1
    return depth
