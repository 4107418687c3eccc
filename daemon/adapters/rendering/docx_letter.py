"""A letter in Word: it can be signed and sent once what is for the office is taken off its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.adapters.rendering import docx_parts as parts
from daemon.adapters.rendering import docx_style as style
from daemon.adapters.rendering.docx_office import write_office
from daemon.adapters.rendering.docx_sections import Look, prose, write_gap, write_section, write_statement
from daemon.adapters.rendering.docx_style import SERIF, Sheet
from daemon.adapters.rendering.docx_writer import OFFICE, DocxWriter
from daemon.adapters.rendering.draft_blocks import reference
from daemon.adapters.rendering.draft_view import ENCLOSURE_KEYS, IDENTITY_KEYS, RECIPIENT_KEYS, SectionView

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

# One inch on both sides, as business letters have it; what is for the office is set smaller.
SHEET = Sheet(inches=6.5, points=10, top=0.7)
_BODY = Look(
    SHEET.inches,
    sources=False,
    text="Letter Text",
    bullet="Letter Bullet",
    line="Letter Line",
    table="Letter Table",
)
_OFFICE = Look(SHEET.inches, heading="Office Heading")


def write_letter(writer: DocxWriter) -> None:
    """Write it."""
    view = writer.view
    set_letter_styles(writer)
    writer.banner(writer.checks_line("see the pages for the office at the end"), OFFICE)
    write_letterhead(writer)
    writer.paragraph(view.day, "Letter Date")
    _recipient(writer, view.first(RECIPIENT_KEYS))
    _subject(writer, view.first(IDENTITY_KEYS))
    if view.opening:
        writer.paragraph(view.opening, "Letter Opening")
    for section in view.body(RECIPIENT_KEYS, IDENTITY_KEYS, ENCLOSURE_KEYS):
        write_section(writer, section, _BODY)
    # A signature does not stand alone on a page: the last paragraph goes along with it.
    writer.document.paragraphs[-1].paragraph_format.keep_with_next = True
    if view.closing:
        writer.paragraph(view.closing, "Letter Closing")
    _signature(writer)
    _enclosures(writer, view.first(ENCLOSURE_KEYS))
    write_office(writer, _OFFICE)


def set_letter_styles(writer: DocxWriter, font: str = SERIF, points: float = 10.5) -> None:
    """The styles of what is sent."""
    document = writer.document
    style.set_style(document, "Heading 1", points, before=5, after=0, bold=True, font=font, spacing=1.05)
    style.set_style(document, "Letterhead", 16, after=0, spacing=1.05, bold=True, font=font)
    style.set_style(document, "Letterhead Line", 9.5, font=font, spacing=1.05, color="3A444F")
    style.set_style(document, "Letter Text", points, after=3, spacing=1.05, font=font)
    style.set_style(document, "Letter Line", points, font=font, spacing=1.05)
    style.set_style(document, "Letter Table", points - 1, before=1, after=1, font=font, spacing=1.0)
    style.set_style(document, "Letter Date", points, before=7, after=7, font=font)
    style.set_style(document, "Letter Opening", points, before=7, after=2, font=font)
    closing = style.set_style(document, "Letter Closing", points, before=8, after=0, font=font)
    closing.paragraph_format.keep_with_next = True
    bullet = style.set_style(document, "Letter Bullet", points, after=1, font=font, base="List Bullet", spacing=1.05)
    style.hang(bullet, 0.25)
    reference = style.set_style(document, "Letter Reference", points, font=font, spacing=1.05)
    style.hang(reference, 0.5)


def write_letterhead(writer: DocxWriter) -> None:
    """The practice's name and how to reach it; what the settings leave empty is not printed, and neither is the rule below."""
    head = writer.view.letterhead
    lines = [" · ".join(head.address), head.numbers]
    last = None
    if head.name:
        last = writer.paragraph(head.name, "Letterhead")
    for line in filter(None, lines):
        last = writer.paragraph(line, "Letterhead Line")
    if last is not None:
        parts.add_border(last, "bottom", color="3A444F")


def _recipient(writer: DocxWriter, section: SectionView | None) -> None:
    if section is None:
        return
    for statement in section.statements:
        write_statement(writer, writer.paragraph(style_name="Letter Line"), statement, sources=False)
    if not section.statements:
        write_gap(writer, writer.paragraph(style_name="Letter Line"), section.placeholder or "[recipient – not stated]")


def _subject(writer: DocxWriter, section: SectionView | None) -> None:
    """Who the letter is about: the name on the first line, what else is known of the person on the next."""
    if section is None:
        return
    paragraph = writer.paragraph(style_name="Letter Reference")
    paragraph.paragraph_format.space_before = style.points(8)
    paragraph.add_run("Re:\t").bold = True
    if not section.statements:
        write_gap(writer, paragraph, section.placeholder or "[patient – not stated]")
    for nth, part in enumerate(reference(section)):
        if nth:
            paragraph.add_run("\n" if nth == 1 else " · ")
        writer.part(paragraph, part)


def _signature(writer: DocxWriter) -> None:
    """Room and a line to sign on, and who signs."""
    from docx.shared import Inches

    head = writer.view.letterhead
    rule = writer.paragraph(style_name="Letter Line")
    rule.paragraph_format.space_before = style.points(20)
    rule.paragraph_format.right_indent = Inches(SHEET.inches - 3.2)
    rule.paragraph_format.keep_with_next = bool(head.signature or head.name)
    parts.add_border(rule, "bottom", color="3A444F")
    lines = [line for line in (head.signature, head.name) if line]
    for nth, line in enumerate(lines, 1):
        _kept(writer.paragraph(line, "Letter Line"), together=nth < len(lines))


def _kept(paragraph: Paragraph, *, together: bool) -> None:
    paragraph.paragraph_format.keep_with_next = together


def _enclosures(writer: DocxWriter, section: SectionView | None) -> None:
    if section is None or not (section.statements or section.placeholder):
        return
    paragraph = writer.paragraph(style_name="Letter Text")
    paragraph.paragraph_format.space_before = style.points(8)
    writer.run(paragraph, f"{section.title}: ").bold = True
    if section.statements:
        prose(writer, paragraph, section.statements, sources=False, between="; ")
    else:
        write_gap(writer, paragraph, section.placeholder)
