"""A draft as it is laid out, the same for the page and for Word: pieces, numbers and places instead of ids and spans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import pairwise

from daemon.adapters import draft_words as words
from daemon.model.draft import Draft, Section, Statement
from daemon.model.finding import Finding, Omission
from daemon.model.passage import Passage, Word

# Below this an engine's own word probability is worth a second look. A choice, not a measurement: low enough that the
# underlined words stay few.
LOW_CONFIDENCE = 0.6


@dataclass(frozen=True, slots=True)
class Label:
    """What a delivered draft is called by: `stem` as in the file's name, `short` the first characters of the job's id."""

    stem: str
    short: str
    revision: int = 1
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `checks` are the numbers of the checks it carries, `doubtful` a word the engine was unsure of."""

    text: str
    checks: tuple[int, ...] = ()
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage's anchor name ("passage-4"), the id people see ("p4") and where to look ("0:41")."""

    anchor: str
    id: str
    place: str


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list on top: a finding, an omission, or a place that could not be read."""

    number: int
    level: words.Level
    sentence: str
    citations: tuple[Citation, ...] = ()
    statement: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement in pieces; `checks` are those that no single piece carries."""

    anchor: str
    pieces: tuple[Piece, ...]
    citations: tuple[Citation, ...]
    quoted: bool
    checks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section; without statements it is "Not documented"."""

    anchor: str
    title: str
    statements: tuple[StatementView, ...]


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage in pieces, and the statements that cite it (anchor name, section title)."""

    citation: Citation
    pieces: tuple[Piece, ...]
    cited_by: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DraftView:
    """All that either rendering shows."""

    title: str
    label: Label
    identity: str
    job: str
    drafted: str
    checks: tuple[Check, ...]
    sections: tuple[SectionView, ...]
    passages: tuple[PassageView, ...]
    sources: tuple[tuple[str, str, str], ...]
    engines: tuple[tuple[str, str, str], ...]
    has_quoted: bool
    has_doubtful: bool


def draft_identity(job: str, revision: int) -> str:
    """What stands in a published file's metadata, so that it is known again as this job's whatever it is called."""
    return f"chartdraft:{job}:{revision}"


def draft_view(draft: Draft, label: Label) -> DraftView:
    """Lay a draft out. Pure: the same draft and label give the same view."""
    cited = _citations(draft)
    numbers, checks = _checks(draft, cited)
    sections = tuple(_section(section, at, numbers, cited) for at, section in enumerate(draft.sections, 1))
    passages = tuple(_passage(passage, cited[passage.id], sections) for passage in draft.passages)
    names = words.source_names(draft.sources)
    return DraftView(
        title=draft.title,
        label=label,
        identity=draft_identity(draft.job, label.revision),
        job=draft.job,
        drafted=words.date_and_time(draft.drafted_at, label.zone),
        checks=checks,
        sections=sections,
        passages=passages,
        sources=tuple(
            ((names[source.id] or source.kind).capitalize(), words.extent(source), source.sha256[:12])
            for source in draft.sources
        ),
        engines=tuple((role, engine.name, engine.sha256[:12]) for role, engine in draft.engines),
        has_quoted=any(statement.quoted for section in sections for statement in section.statements),
        has_doubtful=any(piece.doubtful for passage in passages for piece in passage.pieces),
    )


def _citations(draft: Draft) -> dict[str, Citation]:
    names = words.source_names(draft.sources)
    return {
        passage.id: Citation(f"passage-{at}", passage.id, words.place(passage.anchor, names))
        for at, passage in enumerate(draft.passages, 1)
    }


Found = tuple[int, int, Finding]
"""A finding and where it stands: number of the section, of the statement (from 1)."""


def _checks(draft: Draft, cited: Mapping[str, Citation]) -> tuple[dict[Found, int], tuple[Check, ...]]:
    """The list on top, gravest first, then in the draft's order; and the number that each finding got."""
    found = [
        (at, nth, finding)
        for at, section in enumerate(draft.sections, 1)
        for nth, statement in enumerate(section.statements, 1)
        for finding in statement.findings
    ]
    found = sorted(dict.fromkeys(found), key=lambda one: words.LEVELS[one[2].severity].rank)
    numbers = {one: number for number, one in enumerate(found, 1)}
    checks = [_finding_check(draft, one, number, cited) for one, number in numbers.items()]
    checks += [_omission_check(omission, len(checks) + at, cited) for at, omission in enumerate(draft.omissions, 1)]
    names = words.source_names(draft.sources)
    high = words.LEVELS["high"]
    checks += [
        Check(len(checks) + at, high, f"Could not be read: {words.area(anchor, names)}. Nothing was guessed.")
        for at, anchor in enumerate(draft.unreadable, 1)
    ]
    return numbers, tuple(checks)


def _finding_check(draft: Draft, found: Found, number: int, cited: Mapping[str, Citation]) -> Check:
    at, nth, finding = found
    section = draft.sections[at - 1]
    return Check(
        number,
        words.LEVELS[finding.severity],
        words.finding_sentence(finding),
        _cite(section.statements[nth - 1].evidence, cited),
        f"statement-{at}-{nth}",
        section.title,
    )


def _omission_check(omission: Omission, number: int, cited: Mapping[str, Citation]) -> Check:
    sentence = f"Not in the draft: {omission.kind.replace('-', ' ')} “{omission.text}”."
    return Check(number, words.LEVELS["high"], sentence, _cite(omission.evidence, cited))


def _section(section: Section, at: int, numbers: Mapping[Found, int], cited: Mapping[str, Citation]) -> SectionView:
    statements = tuple(
        _statement(statement, at, nth, numbers, cited) for nth, statement in enumerate(section.statements, 1)
    )
    return SectionView(f"section-{at}", section.title, statements)


def _statement(
    statement: Statement, at: int, nth: int, numbers: Mapping[Found, int], cited: Mapping[str, Citation]
) -> StatementView:
    spans, loose = [], []
    for finding in dict.fromkeys(statement.findings):
        number = numbers[at, nth, finding]
        span = _span(statement.text, finding)
        if span is None:
            loose.append(number)
        else:
            spans.append((span, number))
    return StatementView(
        f"statement-{at}-{nth}",
        _pieces(statement.text, spans),
        _cite(statement.evidence, cited),
        statement.manner == "quoted",
        tuple(loose),
    )


def _span(text: str, finding: Finding) -> tuple[int, int] | None:
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


def _pieces(text: str, spans: Sequence[tuple[tuple[int, int], int]]) -> tuple[Piece, ...]:
    """Cut the text at every edge of a span; spans may overlap. Joined, the pieces are the text."""
    edges = sorted({0, len(text), *(edge for span, _ in spans for edge in span)})
    return tuple(
        Piece(text[start:end], tuple(number for span, number in spans if span[0] <= start and end <= span[1]))
        for start, end in pairwise(edges)
    )


def _passage(passage: Passage, citation: Citation, sections: Sequence[SectionView]) -> PassageView:
    cited_by = tuple(
        (statement.anchor, section.title)
        for section in sections
        for statement in section.statements
        if citation in statement.citations
    )
    return PassageView(citation, _doubtful_pieces(passage.text, passage.words), cited_by)


def _doubtful_pieces(text: str, untrusted_words: Sequence[Word]) -> tuple[Piece, ...]:
    """Mark the words that the engine was unsure of. A word that does not stand in the text, in order, is passed over."""
    pieces: list[Piece] = []
    done = at = 0
    for word in untrusted_words:
        bare = word.text.strip()
        start = text.find(bare, at) if bare else -1
        if start < 0:
            continue
        at = start + len(bare)
        if word.confidence < LOW_CONFIDENCE:
            pieces += [Piece(text[done:start]), Piece(bare, doubtful=True)]
            done = at
    return tuple(piece for piece in [*pieces, Piece(text[done:])] if piece.text)


def _cite(evidence: Sequence[str], cited: Mapping[str, Citation]) -> tuple[Citation, ...]:
    return tuple(cited[each] for each in dict.fromkeys(evidence) if each in cited)
