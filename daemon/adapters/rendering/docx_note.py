"""A note in Word: what to check on top, sections of bullets and tables, each line with its place; the sources at the end."""

from __future__ import annotations

from daemon.adapters.rendering.docx_office import write_about, write_checks, write_passages
from daemon.adapters.rendering.docx_sections import Look, write_section
from daemon.adapters.rendering.docx_style import Sheet
from daemon.adapters.rendering.docx_writer import DocxWriter

SHEET = Sheet()
_LOOK = Look(SHEET.inches)


def write_note(writer: DocxWriter) -> None:
    """Write it."""
    view = writer.view
    writer.banner()
    writer.paragraph(view.title, "Title")
    writer.paragraph(view.subtitle, "Subtitle")
    if view.routing:
        writer.paragraph(view.routing, "Quiet")
    write_checks(writer, "Heading 1")
    for section in view.sections:
        write_section(writer, section, _LOOK)
    write_passages(writer, _LOOK)
    write_about(writer, _LOOK)
