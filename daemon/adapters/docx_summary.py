"""A summary in Word: one page to see at a glance, in two columns; what to check and where it came from on the pages after it.

The type is made smaller, in steps, as long as a page is then enough; below the last step the text would not be read, so that
a longer summary goes on over the page. Nothing is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from daemon.adapters import docx_parts as parts
from daemon.adapters import docx_style as style
from daemon.adapters.docx_office import write_about, write_checks, write_origins, write_passages
from daemon.adapters.docx_sections import Look, prose, write_body, write_gap
from daemon.adapters.docx_style import Sheet
from daemon.adapters.docx_writer import CHECKS, DocxWriter
from daemon.adapters.draft_pieces import split_label
from daemon.adapters.draft_view import SectionView, StatementView, summary_lines

if TYPE_CHECKING:
    from docx.section import Section
    from docx.text.paragraph import Paragraph

SHEET = Sheet(inches=7.4, points=10, top=0.7)
_GAP_INCHES = 0.3
_COLUMN_INCHES = (SHEET.inches - _GAP_INCHES) / 2
# Points, and how many lines of a column they let stand on the page below the head: measured with LibreOffice.
_STEPS = ((10.0, 80), (9.0, 96), (8.5, 0))
_AFTER = Look(SHEET.inches, heading="Heading 1")


def write_summary(writer: DocxWriter) -> None:
    """Write it."""
    view = writer.view
    _set_styles(writer, _points(view.sections))
    _head(writer)
    first, rest = view.sections[:1], view.sections[1:]
    for section in first:
        _across(writer, section)
    _columns(writer, 2)
    for section in rest:
        if section.statements or section.placeholder or section.is_table:
            _section(writer, section)
    _columns(writer, 1)
    _undocumented(writer, rest)
    _rest(writer)


def _head(writer: DocxWriter) -> None:
    view = writer.view
    writer.banner(writer.checks_line("see the next page"), CHECKS)
    writer.paragraph(view.title, "Title")
    writer.paragraph(" · ".join(filter(None, (view.subtitle, view.letterhead.name))), "Subtitle")


def _across(writer: DocxWriter, section: SectionView) -> None:
    """Who it is about: label and value after label and value, over the whole width."""
    writer.paragraph(section.title, "Heading 1")
    paragraph = writer.paragraph(style_name="Summary Box")
    parts.shade(paragraph._p.get_or_add_pPr(), "EEF1F4")
    if not section.statements:
        write_gap(writer, paragraph, section.empty_text)
    for nth, statement in enumerate(section.statements):
        if nth:
            paragraph.add_run("   ·   ")
        _labelled(writer, paragraph, statement)


def _section(writer: DocxWriter, section: SectionView) -> None:
    writer.paragraph(section.title, "Heading 1")
    look = Look(
        _COLUMN_INCHES,
        sources=False,
        text="Summary Line",
        bullet="Summary Line",
        line="Summary Line",
        table="Summary Table",
    )
    if not section.statements or section.is_table or section.layout == "prose":
        write_body(writer, section, look)
    elif section.runs_together:
        prose(writer, writer.paragraph(style_name="Summary Line"), section.statements, sources=False, between="; ")
    else:
        for statement in section.statements:
            _labelled(writer, writer.paragraph(style_name="Summary Line"), statement)


def _labelled(writer: DocxWriter, paragraph: Paragraph, statement: StatementView) -> None:
    label, value = split_label(statement.pieces)
    with writer.bookmark(paragraph, statement.anchor):
        if label:
            style.quiet(writer.run(paragraph, f"{label}: "))
        writer.pieces(paragraph, value)
        writer.numbers(paragraph, statement.checks)


def _undocumented(writer: DocxWriter, sections: Sequence[SectionView]) -> None:
    """The sections that nothing is known for, on one line."""
    names = [
        section.title for section in sections if not (section.statements or section.placeholder or section.is_table)
    ]
    if names:
        paragraph = writer.paragraph(style_name="Summary Line")
        paragraph.paragraph_format.space_before = style.points(6)
        paragraph.add_run("Not documented: ").bold = True
        writer.run(paragraph, "; ".join(names))


def _rest(writer: DocxWriter) -> None:
    """The pages after the summary."""
    write_checks(writer, "Page Heading")
    if writer.view.routing:
        writer.paragraph(writer.view.routing, "Quiet")
    write_origins(writer, _AFTER)
    write_passages(writer, _AFTER)
    write_about(writer, _AFTER)


def _columns(writer: DocxWriter, number: int) -> Section:
    """From here on so many columns. A continuous break also evens out the columns before it."""
    from docx.enum.section import WD_SECTION

    section: Section = writer.document.add_section(WD_SECTION.CONTINUOUS)
    parts.set_columns(section, number, _GAP_INCHES)
    return section


def _points(sections: Sequence[SectionView]) -> float:
    """The largest type that the summary stands on one page in."""
    for points, room in _STEPS[:-1]:
        if summary_lines(sections, round(_COLUMN_INCHES * 72 / (points * 0.5))) <= room:
            return points
    return _STEPS[-1][0]


def _set_styles(writer: DocxWriter, points: float) -> None:
    document = writer.document
    style.set_style(document, "Title", 17, before=2, after=0, bold=True, spacing=1.0)
    style.set_style(document, "Subtitle", 8.5, after=2, color="55606C", spacing=1.0)
    style.set_style(document, "Heading 1", points + 0.5, before=6, after=1, bold=True, spacing=1.0)
    style.set_style(document, "Summary Line", points, after=1, spacing=1.0)
    style.hang(document.styles["Summary Line"], 0.12)
    style.set_style(document, "Summary Box", points, after=2, spacing=1.1)
    style.set_style(document, "Summary Table", points - 0.5, spacing=1.0)
    heading = style.set_style(document, "Page Heading", 13, before=0, after=4, bold=True, base="Heading 1")
    heading.paragraph_format.page_break_before = True
