"""How a Word draft looks: styles, header lines, tables. Real heading styles, so that Word's navigation and screen readers work."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daemon.adapters.rendering import docx_parts as parts
from daemon.adapters.rendering.draft_pieces import Piece
from daemon.model.visible_text import visible_text

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import _Footer, _Header
    from docx.shared import Pt
    from docx.styles.style import ParagraphStyle
    from docx.table import Table
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

# On every Mac and PC, with or without Office; LibreOffice on Linux puts Liberation Sans and Serif in their places, of the
# same widths.
FONT, SERIF = "Arial", "Times New Roman"
# What stands in a row that is surely no higher than half a page, also where it is broken into narrow columns.
_ROW_LETTERS = 600
SMALL = 10  # what is for the office, behind a letter, is set in these points
_INK, _QUIET, _CAUTION = "17202A", "55606C", "8A4B00"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The measures of a form: width of the text block in inches, its text in points, the space between lines."""

    inches: float = 6.7
    points: float = 11
    spacing: float = 1.15
    top: float = 0.85


def set_styles(document: Document, sheet: Sheet) -> None:
    """Real heading styles, and below them those that the forms have in common; headings 13 points, title 22."""
    parts.use_one_font(document, FONT)
    text, spacing = sheet.points, sheet.spacing
    set_style(document, "Normal", text, after=6, spacing=spacing)
    set_style(document, "Title", 22, before=14, after=2, bold=True)
    set_style(document, "Subtitle", 10, after=8, color=_QUIET)
    set_style(document, "Heading 1", 13, before=14, after=4, bold=True)
    set_style(document, "Heading 2", 12, before=12, after=3, bold=True)
    set_style(document, "Heading 3", 11, before=8, after=2, bold=True)
    set_style(document, "List Bullet", text, after=4, spacing=spacing)
    set_style(document, "Header", 9)
    set_style(document, "Footer", 9)
    parts.drop_from_styles(document, "w:pBdr", "w:contextualSpacing", "w:spacing[@w:val]")
    hang(set_style(document, "List Paragraph", text, after=5, spacing=spacing), 0.3)
    set_style(document, "Line", text, after=2, spacing=spacing, base="Normal")
    set_style(document, "Quiet", 10, after=6, color=_QUIET, base="Normal")
    set_style(document, "Banner", min(text, 9.5), after=6, base="Normal")
    set_style(
        document,
        "Table Text",
        min(text, 10) if text > SMALL else text - 1,
        before=1.5,
        after=1.5,
        base="Normal",
        spacing=1.05,
    )
    hang(set_style(document, "About Line", 8.5, after=1, base="Normal", spacing=1.0), 1.3)
    set_style(document, "Check Heading", min(text, 11), before=6, after=3, bold=True, base="Heading 3", font=FONT)
    set_style(document, "Office Title", 15, after=4, bold=True, base="Heading 1", font=FONT)
    set_style(document, "Office Heading", 12, before=12, after=3, bold=True, base="Heading 2", font=FONT)


def set_page(document: Document, sheet: Sheet) -> None:
    """US Letter."""
    from docx.shared import Inches

    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = Inches((8.5 - sheet.inches) / 2)
    section.top_margin, section.bottom_margin = Inches(sheet.top), Inches(sheet.top - 0.1)
    section.header_distance = section.footer_distance = Inches(min(0.45, sheet.top / 2))


def margin_line(margin: _Header | _Footer, side: str, inches: float) -> Paragraph:
    """The one line of a header or footer, with a rule on its `side` to the text and a tab stop at the right edge."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Inches, Twips

    margin.is_linked_to_previous = False
    paragraph: Paragraph = margin.paragraphs[0]
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Inches(inches), WD_TAB_ALIGNMENT.RIGHT)
    for stop in (4680, 9360):  # those of the template's style, in twentieths of a point
        if stop != round(inches * 1440):
            stops.add_tab_stop(Twips(stop), WD_TAB_ALIGNMENT.CLEAR)
    parts.add_border(paragraph, side)
    return paragraph


def add_table(
    document: Document,
    headings: Sequence[str],
    inches: Sequence[float],
    lines: int,
    name: str,
    text: str = "Table Text",
) -> Table:
    """A table with a heading row that repeats on each page, and `lines` empty rows of style `text` that do not break."""
    from docx.shared import Inches

    table: Table = document.add_table(lines + 1, len(headings), style="Table Grid")
    table.autofit = False
    parts.name_table(table, visible_text(name))
    parts.soften_borders(table)
    for column, width in zip(table.columns, inches, strict=True):
        column.width = Inches(width)
    style_id = document.styles[text].style_id  # once: the library goes through all styles for each paragraph
    for row in table.rows:
        for cell, width in zip(row.cells, inches, strict=True):
            cell.width = Inches(width)
            cell._tc.p_lst[0].style = style_id
    for cell, heading in zip(table.rows[0].cells, headings, strict=True):
        cell.paragraphs[0].add_run(visible_text(heading)).bold = True
        parts.shade(cell._tc.get_or_add_tcPr(), "EEF1F4")
    return table


def finish_table(table: Table, most: int = 0) -> None:
    """Once a table is filled: its rows do not break over pages, and its heading row is on each; no more than `most` rows stay together.

    None of that where a row is long: LibreOffice never ends where a row that must stay whole is higher than a page.
    """
    rows = list(table.rows)
    short = [sum(len(text) for text in row._tr.itertext()) <= _ROW_LETTERS for row in rows]
    for row, is_short in zip(rows, short, strict=True):
        if is_short:
            parts.keep_whole(row)
    if short[0]:
        parts.repeat_as_header(rows[0])
    if not all(short):
        return
    for row in rows[:-1] if len(rows) <= most else rows[:1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


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


def highlight(run: Run) -> Run:
    """Yellow, and bold so that it is seen without colour as well."""
    from docx.enum.text import WD_COLOR_INDEX

    run.font.highlight_color, run.bold = WD_COLOR_INDEX.YELLOW, True
    return run


def set_style(  # noqa: PLR0913 -- the measures of a style, each by its name
    document: Document,
    name: str,
    points: float,
    *,
    before: float = 0,
    after: float = 0,
    bold: bool = False,
    color: str = _INK,
    spacing: float = 1.15,
    base: str = "",
    font: str = "",
) -> ParagraphStyle:
    """A paragraph style with these measures; made, on `base`, where the template has none of that name."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    if name not in document.styles:
        made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = document.styles[base or "Normal"]
    style: ParagraphStyle = document.styles[name]
    style.font.size, style.font.bold, style.font.italic = Pt(points), bold, False
    style.font.color.rgb = RGBColor.from_string(color)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = spacing
    if font:
        parts.use_font(style, font)
    return style


def hang(style: ParagraphStyle, inches: float) -> None:
    """Let all lines but the first stand in from the left, and a tab bring the first there."""
    from docx.shared import Inches

    style.paragraph_format.left_indent = Inches(inches)
    style.paragraph_format.first_line_indent = -Inches(inches)
    style.paragraph_format.tab_stops.add_tab_stop(Inches(inches))


def points(number: float) -> Pt:
    """A length, for spaces above and below."""
    from docx.shared import Pt

    return Pt(number)


def quiet(run: Run) -> Run:
    """Grey: a label beside its value."""
    from docx.shared import RGBColor

    run.font.color.rgb = RGBColor.from_string(_QUIET)
    return run
