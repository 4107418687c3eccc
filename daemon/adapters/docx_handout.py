"""A handout in Word: large type, plain, the practice's name on top; what is for the office on pages at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.adapters import docx_style as style
from daemon.adapters.docx_letter import write_letterhead
from daemon.adapters.docx_office import write_office
from daemon.adapters.docx_sections import Look, write_gap, write_section
from daemon.adapters.docx_style import FONT, Sheet
from daemon.adapters.docx_writer import OFFICE, DocxWriter
from daemon.adapters.draft_pieces import Piece
from daemon.adapters.draft_view import SectionView
from daemon.model.handout import HANDOUT_COLUMNS

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

TAKE_OFF = "For the office: take these pages off before giving it to the patient"
SHEET = Sheet(points=10)
# Fourteen points: what the American Printing House for the Blind calls large enough for most readers with low vision begins
# at 18, what health literacy guides ask of handouts (CDC, "Simply Put", 3rd ed.) is 12 to 14.
_POINTS = 14
_BODY = Look(
    SHEET.inches,
    sources=False,
    heading="Heading 2",
    text="Handout Text",
    bullet="Handout Bullet",
    line="Handout Text",
    table="Handout Text",
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
    if not any(is_filled(section) for section in view.sections):
        writer.paragraph(view.title, "Title")
    for section in view.sections:
        if is_filled(section):
            _blocks(writer, section)
        else:
            write_section(writer, section, _BODY)
    write_office(writer, _OFFICE, TAKE_OFF)


def is_filled(section: SectionView) -> bool:
    """Whether a section holds a practice's handout, block by block."""
    return section.columns == HANDOUT_COLUMNS and bool(section.statements)


def _blocks(writer: DocxWriter, section: SectionView) -> None:
    paragraph: Paragraph | None = None
    for statement in section.statements:
        kind = "".join(piece.text for piece in statement.cells[0]) if statement.cells else "paragraph"
        if paragraph is None or kind != "run":
            paragraph = writer.paragraph(style_name=_STYLES.get(kind, "Handout Text"))
        with writer.bookmark(paragraph, statement.anchor):
            runs = statement.cells[1:] or (statement.pieces,)
            if kind == "numbered":
                number, runs = split_number(runs)
                paragraph.add_run(f"{number}\t")
            for nth, pieces in enumerate(runs):
                before = len(paragraph.runs)
                writer.pieces(paragraph, pieces)
                for run in paragraph.runs[before:] if nth % 2 else []:
                    run.bold = True
            writer.numbers(paragraph, statement.cell_checks if statement.cells else statement.checks)
    if paragraph is None:
        write_gap(writer, writer.paragraph(style_name="Handout Text"), section.empty_text)


def split_number(runs: tuple[tuple[Piece, ...], ...]) -> tuple[str, tuple[tuple[Piece, ...], ...]]:
    """A numbered block's own number, "1.", and its runs without it."""
    number, _, rest = runs[0][0].text.partition(" ") if runs and runs[0] else ("", "", "")
    if not number[:-1].isdigit():
        return "", runs
    return number, ((Piece(rest, runs[0][0].checks), *runs[0][1:]), *runs[1:])


def _set_styles(writer: DocxWriter) -> None:
    document = writer.document
    style.set_style(document, "Letterhead", 15, bold=True, font=FONT)
    style.set_style(document, "Letterhead Line", 10.5, font=FONT, color="3A444F")
    style.set_style(document, "Title", 26, before=16, after=8, bold=True, spacing=1.05)
    style.set_style(document, "Heading 2", 18, before=16, after=5, bold=True)
    style.set_style(document, "Heading 3", 15, before=10, after=4, bold=True)
    style.set_style(document, "Handout Text", _POINTS, after=8, spacing=1.3)
    style.hang(style.set_style(document, "Handout Bullet", _POINTS, after=5, spacing=1.25, base="List Bullet"), 0.35)
    style.hang(style.set_style(document, "Handout Number", _POINTS, after=5, spacing=1.25), 0.35)
