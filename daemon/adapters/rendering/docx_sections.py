"""A draft's sections in Word, by their layout: bullets, a paragraph, lines, a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daemon.adapters.rendering import docx_style as style
from daemon.adapters.rendering.docx_writer import DocxWriter
from daemon.adapters.rendering.draft_pieces import Piece, is_gap
from daemon.adapters.rendering.draft_view import SectionView, StatementView

if TYPE_CHECKING:
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

# Beyond so many letters a text does not ask for more width. A letter of ten points in Arial or Times is 0.075 inch wide at
# most on average, in the fonts that stand in for them on Linux 0.09, and in the bold of a heading 0.1; a cell's margins are
# Word's own.
_WIDE = 42
_LETTER_INCHES, _BOLD_INCHES, _MARGIN_INCHES = 0.085, 0.098, 0.17
_NUMBER = " ⚠ 12"  # the room that a check's number takes


@dataclass(frozen=True, slots=True)
class Look:
    """How sections look in a form: the names of the styles, and whether each line says on the spot where it comes from.

    `sources` False is for what others than the practice will read: no places, no quotation marks. `inches` is the width there is.
    """

    inches: float
    sources: bool = True
    heading: str = "Heading 1"
    text: str = "Normal"
    bullet: str = "List Bullet"
    line: str = "Line"
    table: str = "Table Text"


def write_section(writer: DocxWriter, section: SectionView, look: Look) -> None:
    """The heading and what stands under it."""
    writer.paragraph(section.title, look.heading)
    write_body(writer, section, look)


def write_body(writer: DocxWriter, section: SectionView, look: Look) -> None:
    """What stands in a section, without its heading."""
    if not section.statements:
        write_gap(writer, writer.paragraph(style_name=look.text), section.empty_text)
    elif section.is_table:
        _table(writer, section, look)
    elif section.layout == "prose":
        between = "; " if section.runs_together else " "
        prose(writer, writer.paragraph(style_name=look.text), section.statements, sources=look.sources, between=between)
    else:
        for statement in section.statements:
            paragraph = writer.paragraph(style_name=look.line if section.layout == "line" else look.bullet)
            write_statement(writer, paragraph, statement, sources=look.sources)


def write_gap(writer: DocxWriter, paragraph: Paragraph, text: str) -> None:
    """What is shown where nothing is: in italics, and highlighted where somebody has to fill it in, "[so]"."""
    run = writer.run(paragraph, text)
    if text.startswith("["):
        style.highlight(run)
    else:
        run.italic = True


def prose(
    writer: DocxWriter, paragraph: Paragraph, statements: Sequence[StatementView], *, sources: bool, between: str = " "
) -> None:
    """Statements run together; one that ends without a stop gets one before the next begins."""
    for nth, statement in enumerate(statements):
        if nth:
            paragraph.add_run(between)
        write_statement(writer, paragraph, statement, sources=sources)
        if between == " " and statement.ends_open:
            paragraph.add_run(".")


def write_statement(writer: DocxWriter, paragraph: Paragraph, statement: StatementView, *, sources: bool) -> None:
    """One statement, with its places and its manner where `sources` are shown."""
    quoted = statement.quoted and sources
    with writer.bookmark(paragraph, statement.anchor):
        paragraph.add_run("“" if quoted else "")
        writer.pieces(paragraph, statement.pieces)
        paragraph.add_run("”" if quoted else "")
        writer.numbers(paragraph, statement.checks)
        writer.hands(paragraph, statement.hands, short=not sources)
        if not sources:
            return
        if quoted:
            style.small(paragraph.add_run(" quoted")).italic = True
        writer.cites(paragraph, statement.citations)
        if statement.unsourced:
            style.small(paragraph.add_run(" no source given")).bold = True


def _table(writer: DocxWriter, section: SectionView, look: Look) -> None:
    sources = look.sources and section.names_sources
    columns = (*section.columns, "Source") if sources else section.columns
    rows = [statement.row(len(section.columns)) for statement in section.statements]
    texts = [["".join(piece.text + _NUMBER * len(piece.checks) for piece in cell) for cell in row] for row in rows]
    widths = column_widths(section.columns, texts, look.inches - (1.0 if sources else 0.0))
    table = style.add_table(
        writer.document, columns, (*widths, 1.0) if sources else widths, len(rows), section.title, look.table
    )
    for statement, row, line in zip(section.statements, rows, table.rows[1:], strict=True):
        cells = line.cells
        if not statement.cells and len(section.columns) > 1:
            cells[0].merge(cells[len(section.columns) - 1])
        _fill(writer, statement, row, [cells[nth] for nth in range(len(section.columns))])
        if sources:
            writer.cites(cells[-1].paragraphs[0], statement.citations, small=False)
            if statement.unsourced:
                style.small(cells[-1].paragraphs[0].add_run("no source given")).bold = True
    style.finish_table(table, 12)


def _fill(writer: DocxWriter, statement: StatementView, row: Sequence[Sequence[Piece]], cells: Sequence[_Cell]) -> None:
    first = cells[0].paragraphs[0]
    with writer.bookmark(first, statement.anchor):
        _cell(writer, first, row[0])
    for cell, pieces in zip(cells[1:], row[1:], strict=True):
        if statement.cells:
            _cell(writer, cell.paragraphs[0], pieces)
    last = cells[-1].paragraphs[0] if statement.cells else first
    writer.numbers(last, statement.cell_checks if statement.cells else statement.checks)
    writer.hands(last, statement.hands, short=True)


def _cell(writer: DocxWriter, paragraph: Paragraph, pieces: Sequence[Piece]) -> None:
    if is_gap(pieces):
        style.highlight(writer.run(paragraph, pieces[0].text))
    else:
        writer.pieces(paragraph, pieces)


def column_widths(headings: Sequence[str], rows: Sequence[Sequence[str]], inches: float) -> list[float]:
    """The width of each column in inches, together `inches`: room for its longest word, the rest by its longest text."""
    heads, columns = [_longest([heading]) for heading in headings], list(zip(*rows, strict=True))
    words = [_longest(column) for column in columns]
    floors = [
        _MARGIN_INCHES + max(_BOLD_INCHES * min(head, _WIDE), _LETTER_INCHES * min(word, _WIDE))
        for head, word in zip(heads, words, strict=True)
    ]
    wanted = [
        max(1, min(max(map(len, column)), _WIDE) - min(word, _WIDE))
        for column, word in zip(columns, words, strict=True)
    ]
    rest = inches - sum(floors)
    if rest < 0:  # nothing fits: let each break
        return [inches * floor / sum(floors) for floor in floors]
    return [floor + rest * share / sum(wanted) for floor, share in zip(floors, wanted, strict=True)]


def _longest(texts: Sequence[str]) -> int:
    return max(len(word) for text in texts for word in text.split() or [""])
