"""A handout in Word: large type, plain, the practice's name on top; what is for the office on pages at the end."""

from __future__ import annotations

from daemon.adapters.rendering import docx_style as style
from daemon.adapters.rendering.docx_letter import write_letterhead
from daemon.adapters.rendering.docx_office import write_office
from daemon.adapters.rendering.docx_sections import Look, write_section
from daemon.adapters.rendering.docx_style import FONT, Sheet
from daemon.adapters.rendering.docx_writer import OFFICE, DocxWriter
from daemon.adapters.rendering.draft_blocks import handout_blocks, has_own_title, is_filled_handout
from daemon.adapters.rendering.draft_view import SectionView

SHEET = Sheet(points=10)
# Thirteen points: health literacy guides ask for 12 to 14 (CDC, "Simply Put", 3rd ed.), and a sheet of two sides is read where
# a third is lost.
_POINTS = 13
_BODY = Look(
    SHEET.inches,
    sources=False,
    heading="Heading 2",
    text="Handout Text",
    bullet="Handout Bullet",
    line="Handout Text",
    table="Handout Table",
)
_OFFICE = Look(SHEET.inches, heading="Office Heading")
_STYLES = {
    "title": "Title",
    "heading": "Heading 2",
    "subheading": "Heading 3",
    "bullet": "Handout Bullet",
    "numbered": "Handout Number",
}


def write_handout(writer: DocxWriter) -> None:
    """Write it."""
    view = writer.view
    _set_styles(writer)
    writer.banner(writer.checks_line("see the pages for the office at the end"), OFFICE)
    write_letterhead(writer)
    if not has_own_title(view):
        writer.paragraph(view.title, "Title")
    for section in view.sections:
        if is_filled_handout(section):
            _blocks(writer, section)
        else:
            write_section(writer, section, _BODY)
    write_office(writer, _OFFICE)


def _blocks(writer: DocxWriter, section: SectionView) -> None:
    for block in handout_blocks(section):
        paragraph = writer.paragraph(style_name=_STYLES.get(block.kind, "Handout Text"))
        if block.number:
            writer.run(paragraph, block.number).add_tab()
        for part in block.parts:
            writer.part(paragraph, part)


def _set_styles(writer: DocxWriter) -> None:
    document = writer.document
    style.set_style(document, "Letterhead", 14, bold=True, font=FONT)
    style.set_style(document, "Letterhead Line", 10, font=FONT, color="3A444F")
    style.set_style(document, "Title", 24, before=10, after=6, bold=True, spacing=1.05)
    style.set_style(document, "Heading 2", 16, before=11, after=3, bold=True, spacing=1.05)
    style.set_style(document, "Heading 3", 13.5, before=8, after=2, bold=True, spacing=1.05)
    style.set_style(document, "Handout Text", _POINTS, after=5, spacing=1.15)
    style.set_style(document, "Handout Table", _POINTS, before=2, after=2, spacing=1.1)
    style.hang(style.set_style(document, "Handout Bullet", _POINTS, after=2.5, spacing=1.12, base="List Bullet"), 0.25)
    style.hang(style.set_style(document, "Handout Number", _POINTS, after=2.5, spacing=1.12), 0.35)
