"""Each form of document looks like what it is, and none of them loses a mark, a doubt or a word."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn

from daemon.adapters.rendering.draft_docx import draft_docx
from daemon.adapters.rendering.draft_html import draft_html
from daemon.adapters.rendering.draft_view import draft_view
from daemon.model.codec import draft_from_bytes, draft_to_bytes
from daemon.model.draft import Draft, Section, Statement
from daemon.model.finding import Finding
from daemon.model.letterhead import Letterhead
from tests.fakes import drafts, forms
from tests.fakes.rendered import LABEL, blocks, page, text_of, word
from tests.unit.test_draft_html import frame

every_form = pytest.mark.parametrize("form", sorted(forms.ALL))


@every_form
def test_every_page_of_every_form_bears_the_mark(form: str) -> None:
    document = word(forms.ALL[form]())
    for section in document.sections:
        for margin in (section.header, section.first_page_header, section.even_page_header, section.footer,
                       section.first_page_footer, section.even_page_footer):  # fmt: skip
            assert margin.paragraphs[0].text.startswith("UNREVIEWED")
    assert blocks(document)[0][1].startswith("UNREVIEWED  A draft made by a machine.")
    assert document.core_properties.content_status == "UNREVIEWED"
    html = draft_html(forms.ALL[form](), LABEL, forms.PRACTICE).decode()
    assert "<title>UNREVIEWED – " in html
    assert len(re.findall(r'class="running[^>]*><div><strong>UNREVIEWED</strong>', html)) == 2


@every_form
def test_every_link_leads_somewhere_in_every_form(form: str) -> None:
    document, html = word(forms.ALL[form]()), page(forms.ALL[form]())
    marks = [node.get(qn("w:name")) for node in document.element.iter(qn("w:bookmarkStart"))]
    assert len(marks) == len(set(marks))
    assert {node.get(qn("w:anchor")) for node in document.element.iter(qn("w:hyperlink"))} <= set(marks)
    ids = html.values("id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in html.values("href")} | set(html.values("aria-labelledby")) <= set(ids)
    view = draft_view(forms.ALL[form](), LABEL)
    cited = {one.anchor for part in view.sections for statement in part.statements for one in statement.citations}
    assert cited
    assert {link[1:] for link in html.values("href")} >= cited


@every_form
def test_no_form_loses_a_statement_a_check_or_the_reason_for_the_document(form: str) -> None:
    draft = forms.ALL[form]()
    shown = text_of(word(draft)), page(draft).words()
    view = draft_view(draft, LABEL)
    expected = [view.routing, f"Please check before signing{f' ({len(view.checks)})' if view.checks else ''}"]
    expected += [check.sentence for check in view.checks]
    for section in draft.sections:
        for statement in section.statements:
            # What kind of block it is, and that a name is a name, goes without saying.
            first = 1 if section.key in {"handout", "identity"} else 0
            expected += statement.cells[first:] or statement.text.split(": ", 1)
    for text in shown:
        bare = re.sub(r"[\s.]*⚠\ufe0e\s?\d+|\s|\.", "", text)
        assert [one for one in expected if re.sub(r"\s|\.", "", one) not in bare and not re.match(r"\d\. ", one)] == []


@every_form
def test_a_doubt_whose_words_stand_nowhere_is_numbered_beside_its_line(form: str) -> None:
    draft = forms.ALL[form]()
    doubt = Finding("quantity-changed", "high", "not in the line")
    sections = [
        replace(one, statements=tuple(replace(said, findings=(doubt,)) for said in one.statements))
        for one in draft.sections
    ]
    draft = replace(draft, sections=tuple(sections), cautions=(), unread=())
    total = sum(len(section.statements) for section in sections)
    links = page(draft).values("href")
    anchors = [node.get(qn("w:anchor")) for node in word(draft).element.iter(qn("w:hyperlink"))]
    assert [n for n in range(1, total + 1) if f"#check-{n}" not in links or f"check_{n}" not in anchors] == []


@every_form
def test_every_line_that_rests_on_something_can_be_chosen_and_has_it_at_hand(form: str) -> None:
    html = draft_html(forms.ALL[form](), LABEL).decode()
    view = draft_view(forms.ALL[form](), LABEL)
    lines = [one for section in (*view.sections, *view.office) for one in section.statements if one.opens]
    assert len(lines) >= 3
    assert all(f'id="{line.anchor}" tabindex="0"' in html for line in lines)
    assert html.count('class="origins"') == len(lines)


@every_form
def test_the_same_draft_gives_the_same_bytes(form: str) -> None:
    for render in (draft_docx, draft_html):
        made = [render(forms.ALL[form](), LABEL, forms.PRACTICE) for _ in range(2)]
        assert made[0] == made[1]


@every_form
def test_a_draft_comes_out_of_the_vault_as_it_went_in(form: str) -> None:
    assert draft_from_bytes(draft_to_bytes(forms.ALL[form]())) == forms.ALL[form]()


@every_form
@pytest.mark.parametrize("text", drafts.HOSTILE)
def test_hostile_text_stays_text_in_every_form(form: str, text: str) -> None:
    # Both say "no", so that both have a word that is underlined and the line that explains it.
    hostile, tame = (_hostile(form, f"no {one}") for one in (text, "tame"))
    label = replace(LABEL, stem=text)
    head = Letterhead(text, (text,), text, text, text, text)
    document = docx.Document(io.BytesIO(draft_docx(hostile, label, head)))
    assert document.sections[-1].header.paragraphs[0].text.startswith("UNREVIEWED \t")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f]", text_of(document))
    made = draft_html(hostile, label, head)
    assert frame(made) == frame(draft_html(tame, label, head))
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f\x00-\x09\x0b-\x1f]", made.decode())


def _hostile(form: str, text: str) -> Draft:
    said = Statement(text, ("p1",), "quoted", (Finding("negation-flipped", "high", text),))
    row = replace(said, cells=(text, text))
    sections = (
        Section("recipient", text, (said,), "line"),
        Section("identity", text, (row,), "line", "", (text, text)),
        Section("history", text, (said, said), "prose"),
        Section("medications", text, (row, said), "table", "", (text, text)),
        Section("handout", text, (replace(said, cells=("bullet", text, text)),), "line", "", ("block",)),
        Section("missing", text, (row,), "table", text, (text, text), "office"),
    )
    return replace(
        drafts.with_text(text),
        form=forms.ALL[form]().form,
        sections=sections,
        opening=text,
        closing=text,
        measures=((text, text),),
    )
