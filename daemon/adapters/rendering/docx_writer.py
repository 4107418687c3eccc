"""A Word draft on its way: the page, the marks, and the smallest things that every form is made of."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

from daemon.adapters.rendering import docx_parts as parts
from daemon.adapters.rendering import docx_style as style
from daemon.adapters.rendering.draft_blocks import Part
from daemon.adapters.rendering.draft_hands import HandView
from daemon.adapters.rendering.draft_pieces import Citation, Piece
from daemon.adapters.rendering.draft_view import DraftView
from daemon.model.draft import UNREVIEWED
from daemon.model.visible_text import visible_text

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import _Footer, _Header
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

CAUTION = "A draft made by a machine. Not a record until a licensed clinician has read and corrected it."
CHECKS, OFFICE = "checks", "office"  # the bookmarks that page 1 leads to
_CAUTION_FILL = "FFD54A"


class DocxWriter:
    """US Letter, en-US, marked UNREVIEWED in headers, footers, watermark and properties before anything else is written.

    Keeps the counter for bookmarks and boxes, which must be unique in a file. All text passes through `visible_text`, so
    nothing in it is illegal in XML or reorders what stands beside it.
    """

    def __init__(self, view: DraftView, sheet: style.Sheet) -> None:
        import docx

        self.view = view
        self.sheet = sheet
        self.is_office = not view.is_sent  # whether what is being written stays in the practice
        self.document: Document = docx.Document()
        self._ids = count(1)
        self._style_ids: dict[str, str] = {}
        style.set_page(self.document, sheet)
        style.set_styles(self.document, sheet)
        self._marks()

    def save(self, drafted_at: datetime) -> bytes:
        """The file; equal drafts give equal bytes."""
        self._properties(drafted_at)
        parts.drop_leftovers(self.document)
        return parts.save_reproducibly(self.document, drafted_at)

    def paragraph(self, text: str = "", style_name: str = "Normal") -> Paragraph:
        """A new paragraph."""
        paragraph: Paragraph = self.document.add_paragraph()
        if style_name != "Normal":
            paragraph._p.style = self._style_id(style_name)
        if text:
            self.run(paragraph, text)
        return paragraph

    def run(self, paragraph: Paragraph, text: str) -> Run:
        """More text in a paragraph."""
        return paragraph.add_run(visible_text(text))

    def bookmark(self, paragraph: Paragraph, anchor: str) -> AbstractContextManager[None]:
        """What is written meanwhile can be linked to."""
        return parts.bookmark(paragraph, anchor, next(self._ids))

    def checkbox(self, paragraph: Paragraph) -> None:
        """A box to tick."""
        parts.add_checkbox(paragraph, next(self._ids))

    def link(self, paragraph: Paragraph, text: str, anchor: str) -> Run:
        """Text that leads to a bookmark."""
        return style.as_link(parts.add_link(paragraph, visible_text(text), anchor))

    def pieces(self, paragraph: Paragraph, pieces: Sequence[Piece], *, bold: bool = False) -> None:
        """Text with what is to be checked highlighted and numbered, and what supports a line in bold."""
        for piece in pieces:
            run = self.run(paragraph, piece.text)
            if bold or piece.supports:
                run.bold = True
            if piece.marked:
                style.highlight(run)
            self.numbers(paragraph, piece.checks)
            self._doubt(paragraph, run, piece)
        if style.is_right_to_left(pieces):
            parts.set_right_to_left(paragraph)

    def plain_pieces(self, paragraph: Paragraph, pieces: Sequence[Piece]) -> None:
        """The text once more, where its checks stand elsewhere; doubtful words are underlined."""
        for piece in pieces:
            self._doubt(paragraph, self.run(paragraph, piece.text), piece)

    def _doubt(self, paragraph: Paragraph, run: Run, piece: Piece) -> None:
        """A dotted line, and behind the word what it may be; neither on a page that is sent."""
        from docx.enum.text import WD_UNDERLINE

        if piece.doubtful and self.is_office:
            run.font.underline = WD_UNDERLINE.DOTTED
            if piece.perhaps:
                style.small(self.run(paragraph, f" [{piece.perhaps}]")).italic = True

    def part(self, paragraph: Paragraph, part: Part) -> None:
        """A part with its label in grey."""
        with self.bookmark(paragraph, part.statement.anchor):
            if part.label:
                style.quiet(self.run(paragraph, f"{part.label}: "))
            for pieces, bold in part.runs:
                self.pieces(paragraph, pieces, bold=bold)
            self.numbers(paragraph, part.checks)
            self.hands(paragraph, part.statement.hands, short=True)

    def numbers(self, paragraph: Paragraph, checks: Sequence[int]) -> None:
        """The numbers of checks, each leading to its line in the list."""
        for number in checks:
            paragraph.add_run("\u00a0")
            style.caution(parts.add_link(paragraph, f"⚠\ufe0e{number}", f"check-{number}"))

    def hands(self, paragraph: Paragraph, hands: Sequence[HandView], *, short: bool = False) -> None:
        """What a person has to read themselves, in words; with a picture of the place where it need not be `short`. Never on a page
        that is sent."""
        for hand in hands if self.is_office else ():
            style.small(self.run(paragraph, f" ✍\ufe0e {hand.sign if short else hand.words}")).bold = True
            if hand.picture and not short:
                paragraph.add_run().add_break()
                parts.add_picture(paragraph, hand.picture, hand.alt)

    def cites(
        self, paragraph: Paragraph, citations: Sequence[Citation], *, small: bool = True, ids: bool = False
    ) -> None:
        """Where it was said or written, each place (or id) leading to its passage."""
        for nth, citation in enumerate(citations):
            paragraph.add_run(", " if nth else " " if small else "")
            run = self.link(paragraph, citation.id if ids else citation.place, citation.anchor)
            if small:
                run.font.size = style.points(8)

    def banner(self, more: str = "", anchor: str = "") -> None:
        """The mark over the first page, and how much there is to check."""
        banner = self.paragraph(style_name="Banner")
        parts.shade(banner._p.get_or_add_pPr(), _CAUTION_FILL)
        parts.add_border(banner, "top", "left", "bottom", "right", color=_CAUTION_FILL)
        banner.add_run(f"{UNREVIEWED}  ").bold = True
        banner.add_run(CAUTION)
        if more:
            banner.add_run(" ")
            self.link(banner, more, anchor).bold = True

    def checks_line(self, where: str) -> str:
        """ "4 things to check before signing: see page 2." """
        number = self.view.check_count
        if not number:
            return f"The automatic checks found nothing; {where}."
        return f"{number} thing{'s' if number > 1 else ''} to check before signing: {where}."

    def _style_id(self, name: str) -> str:
        """Looked up once: the library goes through all styles for each paragraph, which takes minutes for thousands."""
        if name not in self._style_ids:
            self._style_ids[name] = self.document.styles[name].style_id
        return self._style_ids[name]

    def _properties(self, drafted_at: datetime) -> None:
        view, core = self.view, self.document.core_properties
        core.title = visible_text(f"{UNREVIEWED} – {view.title} – {view.label.stem}")[:255]
        core.subject = visible_text(view.title)[:255]
        # Word and LibreOffice keep the keywords when they save, so an edited file still says whose draft it is.
        core.keywords = f"{UNREVIEWED}; {view.identity}"
        core.content_status = UNREVIEWED
        core.author = core.last_modified_by = "Chartdraft"
        core.comments = CAUTION
        core.identifier = view.identity
        core.language = "en-US"
        core.revision = 1
        core.created = core.modified = drafted_at.astimezone(UTC).replace(tzinfo=None)

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
        paragraph = style.margin_line(header, "bottom", self.sheet.inches)
        paragraph.add_run(UNREVIEWED).bold = True
        # The space stays where a name so long that it wraps leaves the tab no room.
        paragraph.add_run(" \t")
        paragraph.add_run(f"{_cut(self.view.title, 30)} · {_cut(label.stem, 36)} · {label.short}")
        parts.add_watermark(paragraph.add_run(), UNREVIEWED, number)

    def _footer(self, footer: _Footer) -> None:
        paragraph = style.margin_line(footer, "top", self.sheet.inches)
        paragraph.add_run(UNREVIEWED).bold = True
        paragraph.add_run(" · not a record until a licensed clinician has read it\tPage ")
        parts.add_field(paragraph, "PAGE")
        paragraph.add_run(" of ")
        parts.add_field(paragraph, "NUMPAGES")


def _cut(text: str, most: int) -> str:
    shown = visible_text(text)
    return shown if len(shown) <= most else shown[: most - 1].rstrip() + "…"
