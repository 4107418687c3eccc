"""What of a Word draft is for the practice: the list to check, what came from where, what was said or written, about the draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from daemon.adapters.rendering import docx_parts as parts
from daemon.adapters.rendering import docx_style as style
from daemon.adapters.rendering import draft_words as words
from daemon.adapters.rendering.docx_sections import Look, write_section
from daemon.adapters.rendering.docx_writer import CHECKS, OFFICE, DocxWriter
from daemon.adapters.rendering.draft_checks import Check
from daemon.adapters.rendering.draft_pieces import Piece
from daemon.adapters.rendering.draft_view import SectionView, StatementView

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

_TITLE_FILL = "E3E8EE"
_KEPT_LINES = 20  # a packet of so many sources is kept together; a longer list may break


def write_office(writer: DocxWriter, look: Look) -> None:
    """The pages that are taken off, after those that are sent."""
    view = writer.view
    writer.is_office = True
    heading = writer.paragraph(style_name="Office Title")
    heading.paragraph_format.page_break_before = True
    parts.shade(heading._p.get_or_add_pPr(), _TITLE_FILL)
    with writer.bookmark(heading, OFFICE):
        writer.run(heading, view.take_off)
    writer.paragraph(view.subtitle, "Subtitle")
    facts = [view.routing, *(f"{what}: {value}." for what, value in view.measures)]
    if any(facts):
        writer.paragraph(" ".join(filter(None, facts)), "Quiet")
    write_checks(writer, look.heading)
    for section in view.office:
        write_section(writer, section, look)
    write_origins(writer, look)
    write_passages(writer, look)
    write_about(writer, look)


def write_checks(writer: DocxWriter, heading: str) -> None:
    """The list to work off, in groups, each line with a box to tick."""
    view = writer.view
    paragraph = writer.paragraph(style_name=heading)
    with writer.bookmark(paragraph, CHECKS):
        writer.run(paragraph, "Please check before signing" + (f" ({view.check_count})" if view.checks else ""))
    if not view.checks:
        writer.paragraph(words.NOTHING_FOUND)
    for group in view.groups:
        writer.paragraph(group.title + (f" ({len(group.checks)})" if group.checks else ""), "Check Heading")
        for check in group.checks:
            _check(writer, check)
        if not group.checks:
            writer.paragraph(group.nothing)


def _check(writer: DocxWriter, check: Check) -> None:
    """The doubt; below it where it stands, and what was said."""
    paragraph = writer.paragraph(style_name="List Paragraph")
    with writer.bookmark(paragraph, f"check-{check.number}"):
        writer.checkbox(paragraph)
        paragraph.add_run(f"\t{check.level.sign} {check.number} {check.level.word}: ").bold = True
        writer.run(paragraph, check.sentence)
        if check.suggestions:
            writer.run(paragraph, f" May be: {check.perhaps}.")
        if check.statement:
            _line(paragraph, "In ")
            writer.link(paragraph, check.section, check.statement)
            _quoted(writer, paragraph, check.quoted)
        for excerpt in check.excerpts:
            _line(paragraph, "Against it: " if check.against else "Source: ")
            writer.link(paragraph, f"{excerpt.citation.id} · {excerpt.citation.place}", excerpt.citation.anchor)
            _quoted(writer, paragraph, excerpt.pieces)


def _line(paragraph: Paragraph, text: str) -> None:
    paragraph.add_run().add_break()
    style.quiet(paragraph.add_run(text))


def _quoted(writer: DocxWriter, paragraph: Paragraph, pieces: Sequence[Piece]) -> None:
    if pieces:
        paragraph.add_run(": “")
        writer.pieces(paragraph, pieces)
        paragraph.add_run("”")


def write_origins(writer: DocxWriter, look: Look, *, ids: bool = False) -> None:
    """Each line that should have a source, followed by its places (or the ids of its passages): for forms that do not show them.

    A line that a model worded says so; the others are the source's own words or a rule's.
    """
    sections = [(section, _sourced(section)) for section in writer.view.sections]
    sections = [(section, statements) for section, statements in sections if statements]
    if not sections:
        return
    writer.paragraph("What came from where", look.heading)
    if any(statement.manner == "written" for _, statements in sections for statement in statements):
        writer.paragraph("Lines without “reworded” are the source's own words.", "Quiet")
    widths = (1.5, look.inches - 1.5)
    table = style.add_table(writer.document, ("Section", "Lines"), widths, len(sections), "What came from where")
    for (section, statements), row in zip(sections, table.rows[1:], strict=True):
        title, lines = (cell.paragraphs[0] for cell in row.cells)
        writer.run(title, section.title)
        for nth, statement in enumerate(statements):
            lines.add_run("  ·  " if nth else "")
            writer.plain_pieces(lines, statement.pieces)
            if statement.manner == "written":
                style.small(lines.add_run(" reworded")).italic = True
            writer.hands(lines, statement.hands, short=True)
            writer.cites(lines, statement.citations, ids=ids)
            if statement.unsourced:
                style.small(lines.add_run(" no source given")).bold = True
    style.finish_table(table)


def _sourced(section: SectionView) -> list[StatementView]:
    return [statement for statement in section.statements if statement.citations or statement.unsourced]


def write_passages(writer: DocxWriter, look: Look) -> None:
    """All that was read, in order."""
    writer.paragraph("What was said or written", look.heading)
    if writer.view.has_doubtful:
        writer.paragraph(words.DOTTED, "Quiet")
    passages = writer.view.passages
    widths = (0.6, 1.3, look.inches - 1.9)
    table = style.add_table(
        writer.document, ("No.", "Where", "Text"), widths, len(passages), "What was said or written"
    )
    for passage, row in zip(passages, table.rows[1:], strict=True):
        number, place, text = (cell.paragraphs[0] for cell in row.cells)
        with writer.bookmark(number, passage.citation.anchor):
            writer.run(number, passage.citation.id)
        writer.run(place, " · ".join(filter(None, (passage.citation.place, passage.voice))))
        writer.pieces(text, passage.pieces)
        writer.numbers(text, passage.checks)
        writer.hands(text, (passage.hand,) if passage.hand else ())
        if passage.original:
            what, said = passage.original
            _line(text, f"{what}: ")
            style.quiet(writer.run(text, f"“{said}”"))
    style.finish_table(table)


def write_about(writer: DocxWriter, look: Look) -> None:
    """Sources, engines, and what was measured where no office page has said it; in small lines that stay on one page."""
    view = writer.view
    writer.paragraph("About this draft", look.heading)
    lines = [(name, extent, f"SHA-256 {sha256}…") for name, extent, sha256 in view.sources]
    lines += [(f"Engine: {role}", name, f"SHA-256 {sha256}…") for role, name, sha256 in view.engines]
    lines += [(what, value, "") for what, value in view.measures if not view.is_sent]
    lines += [("Drafted", view.drafted, f"draft {view.label.revision}, job {view.job}")]
    for nth, (what, *facts) in enumerate(lines, 1):
        paragraph = writer.paragraph(style_name="About Line")
        name = writer.run(paragraph, f"{what}:")
        name.bold = True
        name.add_tab()
        writer.run(paragraph, " · ".join(filter(None, facts)))
        paragraph.paragraph_format.keep_with_next = nth < min(len(lines), _KEPT_LINES)
