"""An e-mail in Word: To and Subject, then plain paragraphs to copy into a mail program; the office's page at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.adapters.rendering import docx_parts as parts
from daemon.adapters.rendering import docx_style as style
from daemon.adapters.rendering.docx_office import write_office
from daemon.adapters.rendering.docx_sections import Look, prose, write_body, write_gap
from daemon.adapters.rendering.docx_style import Sheet
from daemon.adapters.rendering.docx_writer import OFFICE, DocxWriter
from daemon.adapters.rendering.draft_view import HEADED, RECIPIENT_KEYS, SUBJECT_KEYS, SectionView

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

SHEET = Sheet()
_BODY = Look(SHEET.inches, sources=False, heading="Heading 1")
_OFFICE = Look(SHEET.inches, heading="Office Heading")


def write_email(writer: DocxWriter) -> None:
    """Write it."""
    view = writer.view
    style.hang(style.set_style(writer.document, "Mail Line", 11, after=3), 0.9)
    writer.banner(writer.checks_line("see “For the office” at the end"), OFFICE)
    _line(writer, "To", view.first(RECIPIENT_KEYS), "[recipient – not stated]")
    last = _line(writer, "Subject", view.first(SUBJECT_KEYS), "[subject – not stated]")
    parts.add_border(last, "bottom", color="B5BEC7")
    if view.opening:
        writer.paragraph(view.opening).paragraph_format.space_before = style.points(10)
    for section in view.body(RECIPIENT_KEYS, SUBJECT_KEYS):
        if section.layout in HEADED:
            writer.paragraph(section.title, "Heading 1")
        write_body(writer, section, _BODY)
    if view.closing:
        writer.paragraph(view.closing).paragraph_format.space_before = style.points(10)
    head = view.letterhead
    for nth, line in enumerate(filter(None, (head.signature, head.name, head.numbers))):
        writer.paragraph(line, "Line").paragraph_format.space_before = style.points(0 if nth or view.closing else 10)
    write_office(writer, _OFFICE)


def _line(writer: DocxWriter, name: str, section: SectionView | None, gap: str) -> Paragraph:
    paragraph = writer.paragraph(style_name="Mail Line")
    paragraph.add_run(f"{name}:\t").bold = True
    if section is None or not section.statements:
        write_gap(writer, paragraph, (section.placeholder if section else "") or gap)
    else:
        prose(writer, paragraph, section.statements, sources=False, between="; ")
    return paragraph
