"""Sources that speak to the software change neither schema, status, marks nor sections, and the draft says what they hold."""

from __future__ import annotations

import io
import json
from functools import lru_cache
from html.parser import HTMLParser

import docx
import pytest

from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
from daemon.adapters.rendering.draft_docx import draft_docx
from daemon.adapters.rendering.draft_html import draft_html
from daemon.adapters.rendering.draft_view import Label
from daemon.documents.loader import load_documents
from daemon.faithfulness.instruction.instructions import find_in_passages
from daemon.model.codec import draft_from_bytes, draft_to_bytes
from daemon.model.document import Document
from daemon.model.draft import Draft
from daemon.model.passage import Reading
from daemon.steps.draft import draft
from daemon.steps.route import route
from daemon.steps.verify import verify
from tests.fakes import hostile
from tests.fakes.clock import FakeClock
from tests.fakes.passages import form, memo

DOCUMENTS = load_documents(None)
QUOTING = QuotingDrafter()
LABEL = Label("Recording 4", "7f3k")
ACTIVE = {"script", "img", "iframe", "object", "embed", "svg", "base", "form", "link", "video", "audio", "button"}  # fmt: skip
CHECK = "Please check before signing"


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def assert_unmoved(made: Draft, document: Document, reading: Reading) -> None:
    """Everything that such text could want to change is as it always is, and every passage that holds some is marked."""
    parsed = json.loads(draft_to_bytes(made))
    assert (parsed["schema"], parsed["status"]) == ("chartdraft.draft/1", "UNREVIEWED")
    assert draft_from_bytes(draft_to_bytes(made)) == made
    declared = iter([(spec.key, spec.title) for spec in document.sections])
    assert all((section.key, section.title) in declared for section in made.sections)  # in this order, and no other
    assert len(made.sections) == len(document.sections) or document.form == "handout"
    statements = [statement for section in made.sections for statement in section.statements]
    ids = {passage.id for passage in reading.passages}
    assert all(ids.issuperset(statement.evidence) for statement in statements)
    marked = {name for s in statements if "instruction-like" in {f.code for f in s.findings} for name in s.evidence}
    marked |= {name for caution in made.cautions if caution.code == "instruction-like" for name in caution.evidence}
    found = find_in_passages([(passage.id, passage.text) for passage in reading.passages])
    assert found
    assert marked >= found.keys()


def assert_marked_pages(made: Draft, document: Document) -> None:
    data = draft_html(made, LABEL).decode()
    page = _Page(data)
    assert not ACTIVE & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert all(value.startswith("#") for name, value in page.attributes if name in {"href", "src", "action"})
    assert {value for name, value in page.attributes if name == "type"} <= {"checkbox"}  # the reader's own ticks
    assert ("content", "UNREVIEWED") in page.attributes
    assert data.count("UNREVIEWED</strong>") >= 3
    word = word_of(made)
    section = word.sections[0]
    for header in (section.header, section.first_page_header, section.even_page_header):
        assert header.paragraphs[0].text.startswith("UNREVIEWED")
        assert 'string="UNREVIEWED"' in header._element.xml
    assert word.core_properties.content_status == "UNREVIEWED"
    assert headings(word) - {section.title for section in made.sections} <= usual_headings(document.key)
    assert "speaks to the software" in data


def word_of(made: Draft) -> docx.document.Document:
    return docx.Document(io.BytesIO(draft_docx(made, LABEL)))


@lru_cache
def usual_headings(key: str) -> set[str]:
    """Those of the same document about a patient of whom nothing hostile was said."""
    reading = form() if key == "intake" else memo()
    return headings(word_of(verify(draft("j2", DOCUMENTS[key], reading, QUOTING, FakeClock()), DOCUMENTS[key])))


def headings(word: docx.document.Document) -> set[str]:
    """Without how many points there are to check."""
    found = [each.text for each in word.paragraphs if (each.style.name or "").startswith("Heading")]
    return {CHECK if text.startswith(CHECK) else text for text in found} | {CHECK}


@pytest.mark.parametrize("name", hostile.SOURCES)
@pytest.mark.parametrize("key", ["soap", "intake"])
def test_a_hostile_source_changes_nothing_and_is_named(name: str, key: str) -> None:
    """As a memo, and as the lines of a scanned form."""
    document = DOCUMENTS[key]
    reading = memo(hostile.SOURCES[name]) if key == "soap" else form(hostile.SOURCES[name])
    made = verify(draft("j1", document, reading, QUOTING, FakeClock()), document)
    assert_unmoved(made, document, reading)
    assert_marked_pages(made, document)


@pytest.mark.parametrize("key", DOCUMENTS)
def test_no_document_takes_it_for_anything_but_text(key: str) -> None:
    document = DOCUMENTS[key]
    lines = [*hostile.SOURCES["mark-as-reviewed"], *hostile.SOURCES["markup"], *hostile.SOURCES["end-of-turn"]]
    reading = form(lines) if document.accepts == ("scan",) else memo(lines)
    assert_unmoved(verify(draft("j1", document, reading, QUOTING, FakeClock()), document), document, reading)


@pytest.mark.parametrize("name", hostile.SOURCES)
def test_it_makes_no_other_document_of_a_memo(name: str) -> None:
    assert route("soap", "kind-default", memo(hostile.SOURCES[name]), DOCUMENTS)[0] == "soap"
