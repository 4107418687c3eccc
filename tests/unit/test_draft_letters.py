"""Letters, summaries, handouts, e-mails and notes: each with what it alone has."""

from __future__ import annotations

import re
from dataclasses import replace

from docx.enum.section import WD_SECTION
from docx.oxml.ns import qn

from daemon.adapters.rendering.draft_html import draft_html
from daemon.adapters.rendering.draft_view import SENT_FORMS, draft_view
from daemon.model.draft import Section, Statement
from daemon.model.letterhead import Letterhead
from tests.fakes import forms
from tests.fakes.rendered import LABEL, OFFICE, blocks, page, sent, text_of, word


def test_a_letter_is_in_the_order_of_a_letter() -> None:
    texts = [text for _, text in sent(word(forms.letter()))]
    expected = [
        "Riverside Family Medicine", "12 Mill Road, Suite 4 · Ashford, OH 44805",
        "Telephone (419) 555-0134 · Fax (419) 555-0135", "November 21, 2026", "Dr. Helen Osei, Lakeview Heart Center",
        "Re:Maria DelgadoDate of birth: March 4, 1972", "Dear Colleague,", "Urgency",
        "This is urgent, please see her within two weeks.", "Reason for referral", "[reason for referral – not stated]", "History",
        "She has had chest tightness when climbing stairs for about six weeks, and it settles within five minutes of rest. "
        "Her father had a heart attack at fifty one.",
    ]  # fmt: skip
    assert texts[: len(expected)] == expected
    assert texts[-5:] == ["Thank you for seeing this patient. Sincerely,", "", "Dana Whitfield, MD, FAAFP",
                          "Riverside Family Medicine", "Enclosures: [enclosures – not stated]"]  # fmt: skip


def test_a_letters_body_has_no_citations_quotation_marks_or_bullets() -> None:
    document = word(forms.letter())
    styles, texts = zip(*sent(document), strict=True)
    assert not re.search(r"[“”]|quoted|\d:\d\d|\[p\d|line \d|page \d|no source", "\n".join(texts))
    assert not {"List Bullet", "List Paragraph", "Letter Bullet"} & set(styles)
    assert "To" not in texts
    assert "Patient" not in texts
    body = document.paragraphs[: [one.text for one in document.paragraphs].index(OFFICE)]
    assert not [run for one in body for run in one.runs if run.font.superscript]
    highlighted = [run.text for one in body for run in one.runs if run.font.highlight_color]
    assert highlighted == ["[reason for referral – not stated]", "[enclosures – not stated]"]


def test_a_letters_medications_are_a_table_whose_doubt_is_numbered() -> None:
    document = word(forms.letter())
    table = document.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["Medication", "Dose", "How often"]
    assert "<w:tblHeader/>" in table.rows[0]._tr.xml
    dose = table.rows[1].cells[1].paragraphs[0]
    assert [run.text for run in dose.runs if run.font.highlight_color] == ["10 mg"]
    assert "⚠\ufe0e1" in "".join(node.text or "" for node in dose._p.iter(qn("w:t")))


def test_what_is_for_the_office_begins_a_page_after_the_letter() -> None:
    document = word(forms.letter())
    found = blocks(document)
    at = [text for _, text in found].index(OFFICE)
    heading = next(one for one in document.paragraphs if one.text == OFFICE)
    assert heading.paragraph_format.page_break_before
    assert ("Office Title", OFFICE) in found
    assert '<w:basedOn w:val="Heading1"/>' in document.styles["Office Title"].element.xml
    after = [text for _, text in found[at:]]
    for text in ("Please check before signing (4)", "Usually asked for, and not in the source", "What came from where",
                 "What was said or written", "About this draft"):  # fmt: skip
        assert text in after
        assert text not in [before for _, before in found[:at]]
    assert "4 things to check before signing" in found[0][1]


def test_what_the_practice_left_empty_is_not_printed() -> None:
    texts = [text for _, text in sent(word(forms.letter(), None))]
    assert texts[0] == "November 21, 2026"
    assert not re.search("Telephone|Fax|·", "\n".join(texts))
    assert 'class="letterhead"' not in draft_html(forms.letter(), LABEL).decode()
    only_name = [text for _, text in sent(word(forms.letter(), Letterhead("Riverside")))]
    assert only_name[:2] == ["Riverside", "November 21, 2026"]


def test_what_nobody_said_of_recipient_and_patient_is_a_gap_to_fill() -> None:
    bare = [replace(one, statements=(), placeholder="") for one in forms.letter().sections]
    draft = replace(forms.letter(), sections=tuple(bare))
    for shown in ("\n".join(text for _, text in sent(word(draft))), page(draft).words()):
        assert "[recipient – not stated]" in shown
        assert "[patient – not stated]" in shown


def test_cautions_and_what_could_not_be_read_are_in_the_list_gravest_first() -> None:
    groups = {
        group.key: [check.sentence for check in group.checks] for group in draft_view(forms.letter(), LABEL).groups
    }
    assert groups["doubts"] == [
        "“10 mg” differs from what was said or written.",
        "The recipient's address was not said.",
    ]
    assert groups["omissions"] == [
        "Not in the draft: the follow-up “Call us the same day if the stress test is abnormal”."
    ]
    assert groups["unread"][0].startswith(
        "The scan could not be read, so nothing of it is in this draft. The PDF is locked"
    )


def test_a_summary_is_one_page_in_two_columns_with_the_list_to_check_on_the_next() -> None:
    document = word(forms.summary())
    assert 'class="card paper summary type-95"' in draft_html(forms.summary(), LABEL).decode()
    kinds = [(one.start_type, one._sectPr.find(qn("w:cols")).get(qn("w:num"))) for one in document.sections]
    assert [columns for _, columns in kinds] == [None, "2", "1"]
    assert [kind for kind, _ in kinds[1:]] == [WD_SECTION.CONTINUOUS, WD_SECTION.NEW_PAGE]
    found = text_of(document)
    assert "Fax; Guardian name; Last tetanus; E-cigarettes" in found
    assert "Not documented: Other" in found
    assert found.index("Not documented: Other") < found.index("Please check before signing (2)")
    assert "2 things to check before signing: see the list after this summary." in found


def test_a_summarys_type_becomes_smaller_until_it_goes_over_the_page() -> None:
    sizes = [word(forms.summary(n)).styles["Summary Line"].font.size.pt for n in (1, 2, 6)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[1] >= sizes[2] == 8.5
    assert "w:br w:type" in word(forms.summary())._element.xml
    assert 'w:type="column"' not in word(forms.summary(6))._element.xml


def test_a_handout_has_the_practices_words_in_their_styles() -> None:
    document = word(forms.handout())
    found = sent(document, SENT_FORMS["handout"])
    assert ("Title", "Going home after your visit") in found
    assert ("Heading 2", "What to do at home") in found
    assert ("Handout Bullet", "Take your medicines every day, also when you feel well.") in found
    assert ("Handout Number", "1.Sit down for five minutes before you measure.") in found
    assert any(text.startswith("Today we talked about: your blood pressure") for _, text in found)
    assert "Patient education" not in [text for _, text in found]
    assert not [text for _, text in found if re.search(r"[“”]|quoted|0:30|Said, and not", text)]
    bold = [
        run.text
        for one in document.paragraphs
        for run in one.runs
        if run.bold and ("Handout Bullet", one.text) in found
    ]
    assert bold == ["every day", "911"]
    assert document.styles["Handout Text"].font.size.pt == 13
    assert "Reading level: grade 6.1 (Flesch-Kincaid)." in text_of(document)


def test_a_handouts_lists_are_lists_on_the_page() -> None:
    html = draft_html(forms.handout(), LABEL, forms.PRACTICE).decode()
    assert re.search(r"<ul>(<li>.*?</li>){2}</ul>", html.replace("\n", ""))
    assert '<h2 class="title">' in html


def test_an_email_is_fields_paragraphs_and_an_action_table() -> None:
    document = word(forms.email())
    texts = [text for _, text in sent(document, SENT_FORMS["email"])]
    assert texts[:4] == ["To:[recipient – not stated]", "Subject:New fax number from Monday", "Hello,",
                         "Our fax number changes on Monday. Please use the new one for all referrals."]  # fmt: skip
    assert "Message" not in texts
    assert [cell.text for cell in document.tables[0].rows[1].cells] == ["Update the letterhead", "Kim", "Friday"]


def test_a_notes_table_names_its_sources_and_what_code_prints_needs_none() -> None:
    printed = Section("missing", "Missing", (Statement("Allergies: why", (), "printed"),))
    draft = replace(forms.note(), sections=(*forms.note().sections, printed))
    document = word(draft)
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[0] == ["Medication", "Dose", "How often", "Source"]
    assert rows[2][-1] == "0:42"
    assert text_of(document).count("no source given") == 1
    assert "“Allergies" not in text_of(document)
    assert page(draft).words().count("no source given") == 1


def test_a_row_without_cells_or_with_too_many_loses_nothing() -> None:
    rows = (
        Statement("Ibuprofen as needed", ("p7",), "quoted"),
        Statement("a b c d", ("p7",), "quoted", (), ("a", "b", "c", "d")),
        Statement("e", ("p7",), "quoted", (), ("e",)),
    )
    section = replace(forms.note().sections[2], statements=rows)
    document = word(replace(forms.note(), sections=(section,)))
    found = [[cell.text for cell in row.cells][:3] for row in document.tables[0].rows[1:]]
    assert found == [["Ibuprofen as needed"] * 3, ["a", "b", "cd"], ["e", "", ""]]
    assert "Ibuprofen as needed" in page(replace(forms.note(), sections=(section,))).words()
