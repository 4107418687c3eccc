"""A draft as a Word file: to edit. Each form of document looks like what it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from daemon.adapters.rendering import docx_email, docx_handout, docx_letter, docx_note, docx_summary
from daemon.adapters.rendering.docx_style import Sheet
from daemon.adapters.rendering.docx_writer import DocxWriter
from daemon.adapters.rendering.draft_view import Label, draft_view
from daemon.model.document import Form
from daemon.model.draft import Draft
from daemon.model.letterhead import Letterhead

_FORMS: Mapping[Form, tuple[Sheet, Callable[[DocxWriter], None]]] = {
    "note": (docx_note.SHEET, docx_note.write_note),
    "summary": (docx_summary.SHEET, docx_summary.write_summary),
    "letter": (docx_letter.SHEET, docx_letter.write_letter),
    "handout": (docx_handout.SHEET, docx_handout.write_handout),
    "email": (docx_email.SHEET, docx_email.write_email),
}


def draft_docx(draft: Draft, label: Label, letterhead: Letterhead | None = None) -> bytes:
    """The Word file, marked as `DocxWriter` says. The same draft, label and letterhead give the same bytes."""
    sheet, write = _FORMS[draft.form]
    writer = DocxWriter(draft_view(draft, label, letterhead), sheet)
    write(writer)
    return writer.save(draft.drafted_at)
