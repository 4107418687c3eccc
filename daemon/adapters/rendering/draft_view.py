"""A draft as it is laid out, the same for the page and for Word: pieces, numbers and places instead of ids and spans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial

from daemon.adapters.rendering import draft_words as words
from daemon.adapters.rendering.draft_checks import Check, CheckGroup, Found, checklist, citing_checks
from daemon.adapters.rendering.draft_excerpts import Excerpt, Excerpts, PassageView, passage_views
from daemon.adapters.rendering.draft_hands import HandView
from daemon.adapters.rendering.draft_pieces import Citation, Piece, citations, mark_cells, mark_text
from daemon.model.document import Form, Layout
from daemon.model.draft import Draft, Manner, Section, Statement
from daemon.model.finding import Finding
from daemon.model.letterhead import Letterhead

_NAME_LENGTH = 60
_WORDS_WIDE = 42  # letters that stand side by side in half a page, at the type of a summary
_WORDS_WIDE_ON_A_PAGE = 2 * _WORDS_WIDE
NOT_DOCUMENTED = "Not documented"
SENT_FORMS: Mapping[Form, str] = {
    "letter": "For the office: take these pages off before sending",
    "handout": "For the office: take these pages off before giving it to the patient",
    "email": "For the office: do not send this",
}
"""The forms that leave the practice, and what stands over the pages that must not."""
IDENTITY_KEYS = frozenset({"identity", "patient"})
RECIPIENT_KEYS = frozenset({"recipient", "to"})
SUBJECT_KEYS = frozenset({"subject"})
HEADED: frozenset[Layout] = frozenset({"list", "table"})
"""The layouts whose title an e-mail shows: the message itself, in paragraphs, has none."""
ENCLOSURE_KEYS = frozenset({"enclosures", "attachments"})


@dataclass(frozen=True, slots=True)
class Label:
    """What a delivered draft is called by: `stem` as in the file's name, `short` the first characters of the job's id."""

    stem: str
    short: str
    revision: int = 1
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement in pieces; `excerpts` are the passages it rests on, with the words that support it. `checks` are those that no
    single piece carries, `cells` and `cell_checks` the same by columns."""

    anchor: str
    pieces: tuple[Piece, ...]
    excerpts: tuple[Excerpt, ...]
    manner: Manner
    checks: tuple[int, ...]
    cells: tuple[tuple[Piece, ...], ...] = ()
    cell_checks: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The whole of it."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Where it comes from."""
        return tuple(excerpt.citation for excerpt in self.excerpts)

    @property
    def hands(self) -> tuple[HandView, ...]:
        """What of it a person has to read themselves, each picture once."""
        return tuple(dict.fromkeys(excerpt.hand for excerpt in self.excerpts if excerpt.hand))

    @property
    def opens(self) -> bool:
        """Whether there is something to show beside it when it is chosen: its passages, or that it has none."""
        return bool(self.excerpts or self.numbers) or self.unsourced

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of all checks that are about it."""
        return tuple(sorted({*self.checks, *(number for piece in self.pieces for number in piece.checks)}))

    @property
    def quoted(self) -> bool:
        """Whether these are the source's own words."""
        return self.manner == "quoted"

    def row(self, columns: int) -> tuple[tuple[Piece, ...], ...]:
        """One cell for each column: too few are filled up, what is too much goes into the last; without cells all is in the first."""
        cells = self.cells or (self.pieces,)
        kept, last = cells[: columns - 1], tuple(piece for cell in cells[columns - 1 :] for piece in cell)
        return (*kept, *([()] * (columns - 1 - len(kept))), last)

    @property
    def ends_open(self) -> bool:
        """Whether it lacks the stop that it needs where another statement follows on the same line."""
        return not self.text.rstrip().endswith((".", "!", "?", ":", ";", "…", "”", '"'))

    @property
    def unsourced(self) -> bool:
        """Whether it names no source although it should: what the document or a rule prints has none."""
        return not self.citations and self.manner != "printed"


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section; without statements its `placeholder` is shown."""

    anchor: str
    key: str
    title: str
    statements: tuple[StatementView, ...]
    layout: Layout
    placeholder: str
    columns: tuple[str, ...]

    @property
    def is_table(self) -> bool:
        """Whether it stands as a table."""
        return self.layout == "table" and bool(self.columns)

    @property
    def has_short_words(self) -> bool:
        """Whether a table is wide enough for the longest word of each column, also in half a page; else words have to break."""
        return self._words_wide <= _WORDS_WIDE

    @property
    def has_fitting_words(self) -> bool:
        """The same of a table that has the whole page's width."""
        return self._words_wide <= _WORDS_WIDE_ON_A_PAGE

    @property
    def _words_wide(self) -> int:
        """Letters of the longest words of all columns."""
        cells = [statement.row(len(self.columns)) for statement in self.statements if statement.cells]
        texts = [["".join(piece.text for piece in cell) for cell in row] for row in cells]
        columns = zip(self.columns, *texts, strict=True)
        return sum(max(len(word) for text in column for word in text.split() or [""]) for column in columns)

    @property
    def names_sources(self) -> bool:
        """Whether any line has a source, or should have one."""
        return any(statement.citations or statement.unsourced for statement in self.statements)

    @property
    def empty_text(self) -> str:
        """What is shown where there is nothing."""
        return self.placeholder or NOT_DOCUMENTED

    @property
    def runs_together(self) -> bool:
        """Whether it is a mere list of names, such as the fields that were left blank: one line is enough for it."""
        texts = [statement.text for statement in self.statements]
        printed = all(statement.manner == "printed" for statement in self.statements)
        return printed and len(texts) > 1 and max(map(len, texts)) <= _NAME_LENGTH


@dataclass(frozen=True, slots=True)
class DraftView:
    """All that either rendering shows. `office` are the sections that are for the practice alone."""

    title: str
    label: Label
    letterhead: Letterhead
    form: Form
    identity: str
    job: str
    drafted: str
    day: str
    routing: str
    opening: str
    closing: str
    measures: tuple[tuple[str, str], ...]
    groups: tuple[CheckGroup, ...]
    checks: tuple[Check, ...]
    sections: tuple[SectionView, ...]
    office: tuple[SectionView, ...]
    passages: tuple[PassageView, ...]
    sources: tuple[tuple[str, str, str], ...]
    engines: tuple[tuple[str, str, str], ...]
    has_quoted: bool
    has_doubtful: bool

    @property
    def check_count(self) -> int:
        """How much there is to check."""
        return len(self.checks)

    def check(self, number: int) -> Check:
        """A line of the list, by its number."""
        return self.checks[number - 1]

    @property
    def is_sent(self) -> bool:
        """Whether it leaves the practice: then what is for the office stands on pages of its own."""
        return self.form in SENT_FORMS

    @property
    def take_off(self) -> str:
        """What stands over the pages that stay in the practice."""
        return SENT_FORMS.get(self.form, "")

    @property
    def subtitle(self) -> str:
        """Whose draft it is and when it was made."""
        again = f" · draft {self.label.revision}" if self.label.revision > 1 else ""
        return f"{self.label.stem} · drafted {self.drafted} · {self.label.short}{again}"

    def first(self, keys: frozenset[str]) -> SectionView | None:
        """The first section for the reader that bears one of these keys."""
        return next((section for section in self.sections if section.key in keys), None)

    def body(self, *apart: frozenset[str]) -> tuple[SectionView, ...]:
        """The sections for the reader without those that have a place of their own."""
        placed = [self.first(keys) for keys in apart]
        return tuple(section for section in self.sections if section not in placed)


def draft_identity(job: str, revision: int) -> str:
    """What stands in a published file's metadata, so that it is known again as this job's whatever it is called."""
    return f"chartdraft:{job}:{revision}"


def draft_view(draft: Draft, label: Label, letterhead: Letterhead | None = None) -> DraftView:
    """Lay a draft out. Pure: the same draft, label and letterhead give the same view."""
    cited = citations(draft)
    excerpts = Excerpts(draft, cited)
    checks = checklist(draft, excerpts)
    shown = [(at, one) for at, one in enumerate(draft.sections, 1) if one.statements or not _is_aside(draft, one)]
    sections = tuple(_section(section, at, checks.numbers, excerpts) for at, section in shown)
    passages = passage_views(draft, excerpts, _citing(sections), citing_checks(checks.checks))
    for_office = [draft.form in SENT_FORMS and section.audience == "office" for _, section in shown]
    return DraftView(
        title=draft.title,
        label=label,
        letterhead=letterhead or Letterhead(),
        form=draft.form,
        identity=draft_identity(draft.job, label.revision),
        job=draft.job,
        drafted=words.date_and_time(draft.drafted_at, label.zone),
        day=words.day(draft.drafted_at, label.zone),
        routing=words.routing_sentence(draft.title, draft.routing),
        opening=draft.opening,
        closing=draft.closing,
        measures=draft.measures,
        groups=checks.groups,
        checks=checks.checks,
        sections=tuple(section for section, office in zip(sections, for_office, strict=True) if not office),
        office=tuple(section for section, office in zip(sections, for_office, strict=True) if office),
        passages=passages,
        sources=_sources(draft),
        engines=tuple((role, engine.name, engine.sha256[:12]) for role, engine in draft.engines),
        has_quoted=any(statement.quoted for section in sections for statement in section.statements),
        has_doubtful=any(piece.doubtful for passage in passages for piece in passage.pieces),
    )


def _is_aside(draft: Draft, section: Section) -> bool:
    """Whether a section, empty, would only be in the way: one for the practice alone where nothing is sent, or one of a handout
    that says something and has no gap to fill in there."""
    if draft.form == "handout" and section.audience != "office" and not section.placeholder.startswith("["):
        return any(one.statements for one in draft.sections if one.audience != "office")
    return draft.form not in SENT_FORMS and section.audience == "office"


def _sources(draft: Draft) -> tuple[tuple[str, str, str], ...]:
    names = words.source_names(draft.sources)
    return tuple(
        ((names[source.id] or source.kind).capitalize(), words.extent(source), source.sha256[:12])
        for source in draft.sources
    )


def _section(section: Section, at: int, numbers: Mapping[Found, int], excerpts: Excerpts) -> SectionView:
    statements = tuple(
        _statement(statement, f"statement-{at}-{nth}", _numbered(statement, at, nth, numbers), excerpts)
        for nth, statement in enumerate(section.statements, 1)
    )
    return SectionView(
        f"section-{at}", section.key, section.title, statements, section.layout, section.placeholder, section.columns
    )


def _numbered(statement: Statement, at: int, nth: int, numbers: Mapping[Found, int]) -> list[tuple[Finding, int]]:
    return [(finding, numbers[at, nth, finding]) for finding in dict.fromkeys(statement.findings)]


def _statement(
    statement: Statement, anchor: str, numbered: Sequence[tuple[Finding, int]], excerpts: Excerpts
) -> StatementView:
    unsure = partial(excerpts.unsure, statement)
    pieces, loose = mark_text(statement.text, numbered, unsure(statement.text))
    cells, cell_loose = mark_cells(statement.text, statement.cells, numbered, unsure)
    told = excerpts.of(statement.evidence, statement.text)
    return StatementView(anchor, pieces, told, statement.manner, loose, cells, cell_loose)


def _citing(sections: Sequence[SectionView]) -> dict[Citation, list[tuple[str, str]]]:
    """The statements (anchor name, section title) that cite each passage."""
    citing: dict[Citation, list[tuple[str, str]]] = {}
    for section in sections:
        for statement in section.statements:
            for citation in statement.citations:
                citing.setdefault(citation, []).append((statement.anchor, section.title))
    return citing
