"""How a Word draft looks: styles, header lines, tables. Real heading styles, so that Word's navigation and screen readers work."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from daemon.adapters import docx_parts as parts
from daemon.adapters.draft_view import Piece

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import _Footer, _Header
    from docx.styles.style import ParagraphStyle
    from docx.table import Table
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

# On every Mac and PC, with or without Office; LibreOffice on Linux puts Liberation Sans in its place, of the same widths.
FONT = "Arial"
TEXT_WIDTH_INCHES = 6.7
_INK, _QUIET, _CAUTION = "17202A", "55606C", "8A4B00"


def set_styles(document: Document) -> None:
    """Points: text 11, headings 13, title 22."""
    parts.use_one_font(document, FONT)
    _set_style(document, "Normal", 11, after=6)
    _set_style(document, "Title", 22, before=14, after=2, bold=True)
    _set_style(document, "Subtitle", 10, after=8, color=_QUIET)
    _set_style(document, "Heading 1", 13, before=14, after=4, bold=True)
    _set_style(document, "List Bullet", 11, after=4)
    _set_style(document, "Header", 9)
    _set_style(document, "Footer", 9)
    parts.drop_from_styles(document, "w:pBdr", "w:contextualSpacing", "w:spacing[@w:val]")
    _hang(_set_style(document, "List Paragraph", 11, after=5), 0.3)


def set_page(document: Document) -> None:
    """US Letter; the text block is 6.7 inches wide."""
    from docx.shared import Inches

    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = Inches((8.5 - TEXT_WIDTH_INCHES) / 2)
    section.top_margin, section.bottom_margin = Inches(1.0), Inches(0.9)
    section.header_distance = section.footer_distance = Inches(0.45)


def margin_line(margin: _Header | _Footer, side: str) -> Paragraph:
    """The one line of a header or footer, with a rule on its `side` to the text and a tab stop at the right edge."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Inches, Twips

    margin.is_linked_to_previous = False
    paragraph: Paragraph = margin.paragraphs[0]
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Inches(TEXT_WIDTH_INCHES), WD_TAB_ALIGNMENT.RIGHT)
    for stop in (4680, 9360):  # those of the template's style, in twentieths of a point
        stops.add_tab_stop(Twips(stop), WD_TAB_ALIGNMENT.CLEAR)
    parts.add_border(paragraph, side)
    return paragraph


def add_table(document: Document, headings: Sequence[str], inches: Sequence[float], lines: int) -> Table:
    """A table with a heading row that repeats on each page, and `lines` empty rows that do not break."""
    from docx.shared import Inches, Pt

    table: Table = document.add_table(lines + 1, len(headings), style="Table Grid")
    table.autofit = False
    parts.soften_borders(table)
    for column, width in zip(table.columns, inches, strict=True):
        column.width = Inches(width)
    for row in table.rows:
        parts.keep_whole(row)
        for cell, width in zip(row.cells, inches, strict=True):
            cell.width = Inches(width)
            spacing = cell.paragraphs[0].paragraph_format
            spacing.space_before = spacing.space_after = Pt(2)
    for cell, heading in zip(table.rows[0].cells, headings, strict=True):
        cell.paragraphs[0].add_run(heading).bold = True
        parts.shade(cell._tc.get_or_add_tcPr(), "EEF1F4")
    parts.repeat_as_header(table.rows[0])
    return table


def small(run: Run) -> Run:
    """Eight points, quiet."""
    from docx.shared import Pt, RGBColor

    run.font.size = Pt(8)
    run.font.color.rgb = RGBColor.from_string(_QUIET)
    return run


def caution(run: Run) -> Run:
    """Nine points, bold, brown: the number of a check."""
    from docx.shared import Pt, RGBColor

    run.font.size, run.bold = Pt(9), True
    run.font.color.rgb = RGBColor.from_string(_CAUTION)
    return run


def as_link(run: Run) -> Run:
    """Underlined and blue: recognised also in black and white."""
    from docx.shared import RGBColor

    run.font.color.rgb = RGBColor.from_string(parts.LINK_COLOR)
    run.underline = True
    return run


def is_right_to_left(pieces: Sequence[Piece]) -> bool:
    """Whether the first strong character is Hebrew's or Arabic's kind (UAX #9, rule P2)."""
    for char in "".join(piece.text for piece in pieces):
        direction = unicodedata.bidirectional(char)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def _set_style(
    document: Document,
    name: str,
    points: int,
    *,
    before: int = 0,
    after: int = 0,
    bold: bool = False,
    color: str = _INK,
) -> ParagraphStyle:
    from docx.shared import Pt, RGBColor

    style: ParagraphStyle = document.styles[name]
    style.font.size, style.font.bold, style.font.italic = Pt(points), bold, False
    style.font.color.rgb = RGBColor.from_string(color)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = 1.15
    return style


def _hang(style: ParagraphStyle, inches: float) -> None:
    from docx.shared import Inches

    style.paragraph_format.left_indent = Inches(inches)
    style.paragraph_format.first_line_indent = -Inches(inches)
    style.paragraph_format.tab_stops.add_tab_stop(Inches(inches))
