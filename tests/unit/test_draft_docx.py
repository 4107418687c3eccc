"""The Word file: marked on every kind of page, made of real styles, safe from what stands in a document."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.adapters.rendering.draft_docx import draft_docx
from daemon.adapters.rendering.draft_view import Label
from tests.fakes import drafts
from tests.fakes.cutouts import cutout

LABEL = Label("New Recording 12", "7f3k", 1, UTC)


@pytest.fixture(scope="module")
def data() -> bytes:
    return draft_docx(drafts.draft(), LABEL)


@pytest.fixture(scope="module")
def document(data: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(data))


def all_text(document: docx.document.Document) -> str:
    """With the text of links and boxes, which `paragraph.text` leaves out or not, depending on the version."""
    return "\n".join(
        "".join(node.text or "" for node in paragraph.iter(qn("w:t"))) for paragraph in document.element.iter(qn("w:p"))
    )


def test_headers_and_footers_of_first_even_and_other_pages_bear_the_mark(document: docx.document.Document) -> None:
    section = document.sections[0]
    headers = (section.header, section.first_page_header, section.even_page_header)
    footers = (section.footer, section.first_page_footer, section.even_page_footer)
    for margin in (*headers, *footers):
        assert not margin.is_linked_to_previous
        assert margin.paragraphs[0].text.startswith("UNREVIEWED")
    for header in headers:
        assert 'string="UNREVIEWED"' in header._element.xml
        assert "SOAP note · New Recording 12 · 7f3k" in header.paragraphs[0].text


def test_properties_bear_the_mark_and_no_one_elses_name(document: docx.document.Document, data: bytes) -> None:
    core = document.core_properties
    assert core.content_status == "UNREVIEWED"
    assert core.title == "UNREVIEWED – SOAP note – New Recording 12"
    assert core.keywords == f"UNREVIEWED; chartdraft:{drafts.JOB}:1"
    assert (core.author, core.language) == ("Chartdraft", "en-US")
    assert core.created == core.modified == drafts.DRAFTED
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if "thumbnail" in name or "app.xml" in name]
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 11, 21, 14, 15, 30)}


def test_paper_is_letter_and_headings_are_real(document: docx.document.Document) -> None:
    assert (document.sections[0].page_width.inches, document.sections[0].page_height.inches) == (8.5, 11)
    headings = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    assert headings == [
        "Please check before signing (5)", "Subjective", "Objective", "Assessment", "Plan", "What was said or written",
        "About this draft",
    ]  # fmt: skip


def test_statements_carry_their_place_their_doubts_and_their_manner(document: docx.document.Document) -> None:
    text = all_text(document)
    assert "Losartan 100 mg\u00a0⚠\ufe0e1 once daily. 0:41" in text
    assert "“Pharmacy: 21 Main St” quoted page 1" in text
    assert "Come back.\u00a0⚠\ufe0e2 no source given" in text
    assert "Not documented" in text
    assert "▲ 1 Check first: “100 mg” is not in what was said or written.In Plan: “Losartan 100 mg once daily.”" in text
    assert "Source: p4 · 0:41: “Stop the lisinopril and start losartan fifty milligrams once daily.”" in text
    highlighted = [run.text for each in document.paragraphs for run in each.runs if run.font.highlight_color]
    assert highlighted == ["left", "100 mg"]


def test_every_link_leads_to_a_bookmark_and_ids_are_unique(document: docx.document.Document) -> None:
    marks = [node.get(qn("w:name")) for node in document.element.iter(qn("w:bookmarkStart"))]
    links = {node.get(qn("w:anchor")) for node in document.element.iter(qn("w:hyperlink"))}
    assert len(marks) == len(set(marks))
    assert links <= set(marks)
    ids = [node.get(qn("w:id")) for node in document.element.iter(qn("w:bookmarkStart"))]
    assert len(ids) == len(set(ids))


def test_passages_stand_in_a_table_with_their_places(document: docx.document.Document) -> None:
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[0] == ["No.", "Where", "Text"]
    assert rows[4] == ["p4", "0:41", "Stop the lisinopril and start losartan fifty milligrams once daily."]
    assert rows[5][1] == "page 1"


def test_the_same_draft_gives_the_same_bytes(data: bytes) -> None:
    assert draft_docx(drafts.draft(), LABEL) == data
    assert draft_docx(drafts.draft(), replace(LABEL, revision=2)) != data


def test_a_clock_before_the_calendar_of_zip_is_no_reason_to_fail() -> None:
    long_ago = replace(drafts.plain_draft(), drafted_at=datetime(1971, 1, 1, tzinfo=UTC))
    assert draft_docx(long_ago, LABEL)


@pytest.mark.parametrize("text", drafts.HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    assert_harmless(text)


@settings(max_examples=15, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_any_text_stays_text(text: str) -> None:
    assert_harmless(text)


def assert_harmless(text: str) -> None:
    label = replace(LABEL, stem=text)
    document = docx.Document(io.BytesIO(draft_docx(drafts.with_text(text), label)))
    assert document.sections[0].header.paragraphs[0].text.startswith("UNREVIEWED \t")
    assert document.core_properties.title.startswith("UNREVIEWED – ")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f]", all_text(document))


def test_right_to_left_text_is_set_from_right_to_left() -> None:
    document = docx.Document(io.BytesIO(draft_docx(drafts.with_text("اسم المريض"), LABEL)))
    statements = [each for each in document.paragraphs if each.style.name == "List Bullet"]
    assert all(each._p.pPr.find(qn("w:bidi")) is not None for each in statements)


def test_handwriting_is_named_with_a_picture_and_the_same_bytes_each_time() -> None:
    made = drafts.draft()
    passages = [replace(one, hand="handwritten", cutout=cutout()) if one.id == "p5" else one for one in made.passages]
    by_hand = replace(made, passages=tuple(passages))
    data = draft_docx(by_hand, LABEL)
    document = docx.Document(io.BytesIO(data))
    # At the statement that rests on it, and at the passage.
    assert all_text(document).count("handwritten, read it yourself") == len(document.inline_shapes) == 2
    assert {shape._inline.docPr.get("descr") for shape in document.inline_shapes} == {"The place, cut out of page 1"}
    ids = [node.get("id") for node in document.element.iter(qn("wp:docPr"))]
    assert len(set(ids)) == len(ids)
    assert draft_docx(by_hand, LABEL) == data
