"""Drafts as they come out: the Word file opened again, the page parsed."""

from __future__ import annotations

import io
from datetime import UTC

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from daemon.adapters.rendering.draft_docx import draft_docx
from daemon.adapters.rendering.draft_html import draft_html
from daemon.adapters.rendering.draft_view import Label
from daemon.model.draft import Draft
from daemon.model.letterhead import Letterhead
from tests.fakes import forms
from tests.unit.test_draft_html import Page

LABEL = Label("Memo 12", "7f3k", 1, UTC)
OFFICE = "For the office: take these pages off before sending"


def word(draft: Draft, letterhead: Letterhead | None = forms.PRACTICE) -> Document:
    return docx.Document(io.BytesIO(draft_docx(draft, LABEL, letterhead)))


def page(draft: Draft, letterhead: Letterhead | None = forms.PRACTICE) -> Page:
    return Page(draft_html(draft, LABEL, letterhead))


def blocks(document: Document) -> list[tuple[str, str]]:
    """Style and text of the paragraphs in order, those of tables included, links and all."""
    found = [Paragraph(node, document) for node in document.element.body.iter(qn("w:p"))]
    return [
        (
            (one.style or document.styles["Normal"]).name,
            "".join(node.text or "" for node in one._p.iter(qn("w:t"), qn("w:tab"))),
        )
        for one in found
    ]


def text_of(document: Document) -> str:
    return "\n".join(text for _, text in blocks(document))


def sent(document: Document, title: str = OFFICE) -> list[tuple[str, str]]:
    """What comes before the pages for the office, without the banner."""
    found = blocks(document)
    return found[1 : [text for _, text in found].index(title)]
