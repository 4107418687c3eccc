"""A summary in Word: one page to see at a glance, in two columns; what to check and where it came from on the pages after it.

The type is made smaller, in steps, as long as a page is then enough; below the last step the text would not be read, so that
a longer summary goes on over the page. Nothing is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from daemon.adapters.rendering import docx_parts as parts
from daemon.adapters.rendering import docx_style as style
from daemon.adapters.rendering.docx_office import write_about, write_checks, write_origins, write_passages
from daemon.adapters.rendering.docx_sections import Look, prose, write_body, write_gap
from daemon.adapters.rendering.docx_style import Sheet
from daemon.adapters.rendering.docx_writer import CHECKS, DocxWriter
from daemon.adapters.rendering.draft_blocks import labelled
from daemon.adapters.rendering.draft_view import SectionView
from daemon.adapters.rendering.summary_room import COLUMN_INCHES, column_letters, fitting_type, parted, split_columns

if TYPE_CHECKING:
    from docx.section import Section

SHEET = Sheet(inches=7.4, points=10, top=0.7)
_GAP_INCHES = SHEET.inches - 2 * COLUMN_INCHES
_AFTER = Look(SHEET.inches, heading="Heading 1")


def write_summary(writer: DocxWriter) -> None:
    """Write it."""
    view = writer.view
    first = view.sections[:1]
    known, unknown = parted(view.sections[1:])
    points, fits = fitting_type(first, known)
    _set_styles(writer, points)
    _head(writer)
    for section in first:
        _across(writer, section)
    _new_part(writer, columns=2, new_page=False)
    left, right = split_columns(known, column_letters(points)) if fits else (known, [])
    for section in left:
        _section(writer, section)
    if right:
        _next_column(writer)
    for section in right:
        _section(writer, section)
    _undocumented(writer, [section.title for section in unknown])
    # Not a continuous break: that would even out the columns, and Word and LibreOffice do it each in their way.
    _new_part(writer, columns=1, new_page=True)
    _rest(writer)


def _head(writer: DocxWriter) -> None:
    view = writer.view
    writer.banner(writer.checks_line("see the list after this summary"), CHECKS)
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
        writer.part(paragraph, labelled(statement, bold=not nth))


def _section(writer: DocxWriter, section: SectionView) -> None:
    writer.paragraph(section.title, "Heading 1")
    look = Look(
        COLUMN_INCHES,
        sources=False,
        text="Summary Line",
        bullet="Summary Line",
        line="Summary Line",
        table="Summary Table",
    )
    if section.runs_together and not section.is_table:
        prose(writer, writer.paragraph(style_name="Summary Line"), section.statements, sources=False, between="; ")
    elif not section.statements or section.is_table or section.layout == "prose":
        write_body(writer, section, look)
    else:
        for statement in section.statements:
            writer.part(writer.paragraph(style_name="Summary Line"), labelled(statement))


def _undocumented(writer: DocxWriter, titles: Sequence[str]) -> None:
    """The sections that nothing is known for, on one line."""
    if titles:
        paragraph = writer.paragraph(style_name="Summary Line")
        paragraph.paragraph_format.space_before = style.points(6)
        paragraph.add_run("Not documented: ").bold = True
        writer.run(paragraph, "; ".join(titles))


def _rest(writer: DocxWriter) -> None:
    """The pages after the summary."""
    write_checks(writer, "Heading 1")
    if writer.view.routing:
        writer.paragraph(writer.view.routing, "Quiet")
    write_origins(writer, _AFTER, ids=True)
    write_passages(writer, _AFTER)
    write_about(writer, _AFTER)


def _new_part(writer: DocxWriter, *, columns: int, new_page: bool) -> None:
    from docx.enum.section import WD_SECTION

    section: Section = writer.document.add_section(WD_SECTION.NEW_PAGE if new_page else WD_SECTION.CONTINUOUS)
    parts.set_columns(section, columns, _GAP_INCHES)


def _next_column(writer: DocxWriter) -> None:
    """End the left column with its last paragraph, so that no empty one stands on top of the right."""
    from docx.enum.text import WD_BREAK

    paragraph = writer.paragraph(style_name="Summary Line")
    paragraph.paragraph_format.line_spacing = style.points(1)
    paragraph.add_run().add_break(WD_BREAK.COLUMN)


def _set_styles(writer: DocxWriter, points: float) -> None:
    document = writer.document
    style.set_style(document, "Title", 17, before=2, after=0, bold=True, spacing=1.0)
    style.set_style(document, "Subtitle", 8.5, after=2, color="55606C", spacing=1.0)
    style.set_style(document, "Heading 1", points + 0.5, before=6, after=1, bold=True, spacing=1.0)
    style.set_style(document, "Summary Line", points, after=1, spacing=1.0)
    style.hang(document.styles["Summary Line"], 0.12)
    style.set_style(document, "Summary Box", points, after=2, spacing=1.1)
    style.set_style(document, "Summary Table", points - 0.5, before=2, after=2, spacing=1.0)
