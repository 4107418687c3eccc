"""A draft as a Word file: to edit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from itertools import count
from typing import TYPE_CHECKING

from daemon.adapters import docx_parts as parts
from daemon.adapters import docx_style as style
from daemon.adapters.draft_view import Check, Citation, DraftView, Label, Piece, StatementView, draft_view
from daemon.model.draft import UNREVIEWED, Draft
from daemon.model.visible_text import visible_text

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import _Footer, _Header
    from docx.text.paragraph import Paragraph

_CAUTION = "A draft made by a machine. Not a record until a licensed clinician has read and corrected it."
_CAUTION_FILL = "FFD54A"


def draft_docx(draft: Draft, label: Label) -> bytes:
    """The Word file: US Letter, en-US, marked UNREVIEWED in headers, footers, watermark and properties.

    The same draft and label give the same bytes. All text passes through `visible_text`, so nothing in it is illegal in
    XML or reorders what stands beside it.
    """
    return _Writer(draft_view(draft, label)).write(draft)


class _Writer:
    """One document on its way; keeps the counter for bookmarks and boxes, which must be unique in a file."""

    def __init__(self, view: DraftView) -> None:
        import docx

        self.view = view
        self.document: Document = docx.Document()
        self.ids = count(1)

    def write(self, draft: Draft) -> bytes:
        self._set_up(draft)
        self._marks()
        self._opening()
        for section in self.view.sections:
            self.document.add_heading(visible_text(section.title), 1)
            if not section.statements:
                self.document.add_paragraph().add_run("Not documented").italic = True
            for statement in section.statements:
                self._statement(statement)
        self._passages()
        self._about()
        parts.drop_leftovers(self.document)
        return parts.save_reproducibly(self.document, draft.drafted_at)

    def _set_up(self, draft: Draft) -> None:
        view, core = self.view, self.document.core_properties
        core.title = visible_text(f"{UNREVIEWED} – {view.title} – {view.label.stem}")[:255]
        core.subject = visible_text(view.title)[:255]
        # Word and LibreOffice keep the keywords when they save, so an edited file still says whose draft it is.
        core.keywords = f"{UNREVIEWED}; {view.identity}"
        core.content_status = UNREVIEWED
        core.author = core.last_modified_by = "Chartdraft"
        core.comments = _CAUTION
        core.identifier = view.identity
        core.language = "en-US"
        core.revision = 1
        core.created = core.modified = draft.drafted_at.astimezone(UTC).replace(tzinfo=None)
        style.set_page(self.document)
        style.set_styles(self.document)

    def _marks(self) -> None:
        """All three kinds of header and footer bear the mark, also those that are not switched on (yet)."""
        section = self.document.sections[0]
        headers = (section.header, section.first_page_header, section.even_page_header)
        for number, header in enumerate(headers, 1):
            self._header(header, number)
        for footer in (section.footer, section.first_page_footer, section.even_page_footer):
            self._footer(footer)

    def _header(self, header: _Header, number: int) -> None:
        label = self.view.label
        paragraph = style.margin_line(header, "bottom")
        paragraph.add_run(UNREVIEWED).bold = True
        # The space stays where a name so long that it wraps leaves the tab no room.
        paragraph.add_run(" \t")
        paragraph.add_run(f"{_cut(self.view.title, 30)} · {_cut(label.stem, 36)} · {label.short}")
        parts.add_watermark(paragraph.add_run(), UNREVIEWED, number)

    def _footer(self, footer: _Footer) -> None:
        paragraph = style.margin_line(footer, "top")
        paragraph.add_run(UNREVIEWED).bold = True
        paragraph.add_run(" · not a record until a licensed clinician has read it\tPage ")
        parts.add_field(paragraph, "PAGE")
        paragraph.add_run(" of ")
        parts.add_field(paragraph, "NUMPAGES")

    def _opening(self) -> None:
        view = self.view
        banner = self.document.add_paragraph()
        parts.shade(banner._p.get_or_add_pPr(), _CAUTION_FILL)
        parts.add_border(banner, "top", "left", "bottom", "right", color=_CAUTION_FILL)
        banner.add_run(f"{UNREVIEWED}  ").bold = True
        banner.add_run(_CAUTION)
        self.document.add_paragraph(visible_text(view.title), style="Title")
        again = f" · draft {view.label.revision}" if view.label.revision > 1 else ""
        line = f"{view.label.stem} · drafted {view.drafted} · {view.label.short}{again}"
        self.document.add_paragraph(visible_text(line), style="Subtitle")
        self.document.add_heading("Please check before signing" + (f" ({len(view.checks)})" if view.checks else ""), 1)
        for check in view.checks:
            self._check(check)
        if not view.checks:
            nothing = "The automatic checks found nothing to point out. They cannot see everything: please read each line against its source."
            self.document.add_paragraph(nothing)

    def _check(self, check: Check) -> None:
        paragraph = self.document.add_paragraph(style="List Paragraph")
        parts.add_checkbox(paragraph, next(self.ids))
        paragraph.add_run(f"\t{check.level.sign} {check.number} {check.level.word}: ").bold = True
        paragraph.add_run(visible_text(check.sentence))
        if check.statement:
            paragraph.add_run(" In ")
            style.as_link(parts.add_link(paragraph, visible_text(check.section), check.statement))
            paragraph.add_run(".")
        if check.citations:
            self._cite(paragraph, check.citations)
        parts.add_bookmark(paragraph, f"check-{check.number}", next(self.ids))

    def _statement(self, statement: StatementView) -> None:
        paragraph = self.document.add_paragraph(style="List Bullet")
        paragraph.add_run("“" if statement.quoted else "")
        self._pieces(paragraph, statement.pieces)
        paragraph.add_run("”" if statement.quoted else "")
        if style.is_right_to_left(statement.pieces):
            parts.set_right_to_left(paragraph)
        self._numbers(paragraph, statement.checks)
        if statement.quoted:
            style.small(paragraph.add_run(" quoted")).italic = True
        self._cite(paragraph, statement.citations)
        if not statement.citations:
            style.small(paragraph.add_run(" no source given")).bold = True
        parts.add_bookmark(paragraph, statement.anchor, next(self.ids))

    def _pieces(self, paragraph: Paragraph, pieces: Sequence[Piece]) -> None:
        from docx.enum.text import WD_COLOR_INDEX, WD_UNDERLINE

        for piece in pieces:
            run = paragraph.add_run(visible_text(piece.text))
            if piece.checks:
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW
                run.bold = True
                self._numbers(paragraph, piece.checks)
            if piece.doubtful:
                run.font.underline = WD_UNDERLINE.DOTTED_HEAVY

    def _numbers(self, paragraph: Paragraph, checks: Sequence[int]) -> None:
        for number in checks:
            paragraph.add_run("\u00a0")
            style.caution(parts.add_link(paragraph, f"⚠\ufe0e{number}", f"check-{number}"))

    def _cite(self, paragraph: Paragraph, citations: Sequence[Citation]) -> None:
        for nth, citation in enumerate(citations):
            paragraph.add_run(", " if nth else " ").font.superscript = True
            run = style.as_link(parts.add_link(paragraph, visible_text(citation.place), citation.anchor))
            run.font.superscript = True

    def _passages(self) -> None:
        heading = self.document.add_heading("What was said or written", 1)
        heading.paragraph_format.page_break_before = True
        if self.view.has_doubtful:
            self.document.add_paragraph("Words with a dotted underline: the machine was unsure of them.")
        passages = self.view.passages
        table = style.add_table(self.document, ("No.", "Where", "Text"), (0.6, 1.2, 4.9), len(passages))
        for passage, row in zip(passages, table.rows[1:], strict=True):
            cells = row.cells
            cells[0].paragraphs[0].add_run(visible_text(passage.citation.id))
            cells[1].paragraphs[0].add_run(visible_text(passage.citation.place))
            text = cells[2].paragraphs[0]
            self._pieces(text, passage.pieces)
            if style.is_right_to_left(passage.pieces):
                parts.set_right_to_left(text)
            parts.add_bookmark(cells[0].paragraphs[0], passage.citation.anchor, next(self.ids))

    def _about(self) -> None:
        view = self.view
        self.document.add_heading("About this draft", 1)
        lines = [(name, extent, f"SHA-256 {sha256}…") for name, extent, sha256 in view.sources]
        lines += [(f"Engine: {role}", name, f"SHA-256 {sha256}…") for role, name, sha256 in view.engines]
        lines += [("Drafted", view.drafted, f"draft {view.label.revision}"), ("Job", view.job, "")]
        table = style.add_table(self.document, ("What", "Which", "Details"), (1.3, 2.7, 2.7), len(lines))
        for line, row in zip(lines, table.rows[1:], strict=True):
            for cell, text in zip(row.cells, line, strict=True):
                cell.paragraphs[0].add_run(visible_text(text))


def _cut(text: str, most: int) -> str:
    shown = visible_text(text)
    return shown if len(shown) <= most else shown[: most - 1].rstrip() + "…"
