"""The list to work off: its groups and order, and what each line quotes."""

from __future__ import annotations

from dataclasses import replace

from docx.enum.text import WD_UNDERLINE
from docx.text.paragraph import Paragraph

from daemon.adapters.rendering.draft_view import draft_view
from daemon.model.finding import OMISSION_KINDS, Finding, Omission
from daemon.model.passage import Word
from tests.fakes import drafts, forms
from tests.fakes.rendered import LABEL, OFFICE, page, text_of, word


def test_the_groups_are_in_order_and_the_numbers_go_through() -> None:
    view = draft_view(drafts.checked(), LABEL)
    assert [(group.key, len(group.checks)) for group in view.groups] == [("doubts", 7), ("omissions", 3), ("unread", 1)]
    assert [check.number for check in view.checks] == list(range(1, 12))
    assert [check.level.rank for check in view.groups[0].checks] == [0, 1, 2, 2, 2, 2, 2]


def test_omissions_are_gravest_first_and_of_one_severity_by_kind() -> None:
    sentences = [check.sentence for check in draft_view(drafts.checked(), LABEL).groups[1].checks]
    assert sentences == [
        "Not in the draft: the allergy “penicillin”.",
        "Not in the draft: the advice “call if worse”.",
        "Not in the draft: “fifty four”.",
    ]
    kinds = tuple(Omission(kind, "x", ("p1",), "low") for kind in (*OMISSION_KINDS, "of-a-later-version"))
    found = draft_view(replace(drafts.checked(), omissions=kinds[::-1]), LABEL).groups[1].checks
    assert len(found) == len(kinds)
    assert found[-1].sentence == "Not in the draft: “x”."


def test_a_line_quotes_the_draft_what_speaks_against_it_and_what_may_be_meant() -> None:
    misheard, taken_back, *_ = draft_view(drafts.checked(), LABEL).checks
    assert [piece.text for piece in misheard.quoted if piece.supports] == ["Losarten"]
    assert misheard.perhaps == "“losartan” or “Lasix”"
    assert not misheard.against
    assert [excerpt.citation.id for excerpt in misheard.excerpts] == ["p4"]
    assert taken_back.against
    assert [excerpt.citation.id for excerpt in taken_back.excerpts] == ["p4"]  # and not p99, which does not exist
    shown = "Against it: [p4 · 0:41] “Stop the lisinopril and start losartan fifty milligrams once daily.”"
    assert page(drafts.checked()).words().count(shown) == 2  # in the list, and beside the line
    document = text_of(word(drafts.checked()))
    assert "“Losarten” may be a misheard name of a medication. May be: “losartan” or “Lasix”." in document
    assert "Against it: p4 · 0:41: “Stop the lisinopril and start" in document


def test_a_passage_names_the_checks_it_speaks_in() -> None:
    passages = {passage.citation.id: passage.checks for passage in draft_view(drafts.checked(), LABEL).passages}
    assert passages == {"p1": (10,), "p2": (9,), "p3": (8,), "p4": (2,), "p5": ()}


def test_what_repeats_the_line_before_it_is_a_place_alone() -> None:
    said = Omission("allergy", "She is allergic to penicillin", ("p3",))
    (check,) = draft_view(replace(drafts.plain_draft(), omissions=(said,)), LABEL).checks
    assert [(excerpt.citation.place, excerpt.text) for excerpt in check.excerpts] == [("0:17", "")]


def test_of_a_long_passage_the_list_shows_the_part_that_matters() -> None:
    long = replace(drafts.passages()[2], text="word " * 200 + "She is allergic to penicillin. " + "word " * 200)
    draft = replace(
        drafts.plain_draft(),
        passages=(*drafts.passages()[:2], long),
        omissions=(Omission("allergy", "penicillin", ("p3",)),),
    )
    (check,) = draft_view(draft, LABEL).checks
    (excerpt,) = check.excerpts
    assert len(excerpt.text) < 200
    assert excerpt.text.startswith("… word")
    assert excerpt.text.endswith("word …")
    assert "allergic to penicillin" in excerpt.text


def test_nothing_found_is_said_and_does_not_mean_right() -> None:
    for shown in (page(drafts.plain_draft()).words(), text_of(word(drafts.plain_draft()))):
        assert "found nothing to point out. That does not mean that it is right" in shown
    unread = replace(drafts.plain_draft(), unreadable=drafts.draft().unreadable)
    for shown in (page(unread).words(), text_of(word(unread))):
        assert "found no doubt about a line of the draft; which does not mean that all of them are right" in shown
        assert "Page 2, bottom right: nothing was guessed. Please look there." in shown


def test_ticks_are_boxes_that_keep_nothing() -> None:
    made = page(drafts.checked())
    boxes = [attributes for tag, attributes in made.tags if tag == "input"]
    assert len(boxes) == 11 + 1  # and what unfolds the list
    assert set(made.values("autocomplete")) == {"off"}
    assert "They are not saved" in made.words()


def test_what_is_unsure_is_underlined_where_it_says_something() -> None:
    text = "She said no pain in the left knee, took losartan, fifty milligrams (twice)."
    unsure = replace(drafts.passages()[3], text=text, words=tuple(Word(one, 0.2) for one in text.split()))
    draft = replace(drafts.plain_draft(), passages=(*drafts.passages()[:3], unsure))
    pieces = draft_view(draft, LABEL).passages[3].pieces
    assert "".join(piece.text for piece in pieces) == text
    marked = ["no", "pain", "left", "knee", "took", "losartan", "fifty", "milligrams", "twice"]
    assert [piece.text for piece in pieces if piece.doubtful] == marked


def test_a_misheard_drug_that_is_in_no_list_is_underlined_and_what_it_may_be_goes_along() -> None:
    text = "Start lozatan 50 mg and rest."
    words = (Word("Start", 0.9), Word("lozatan", 0.2, suggestions=("losartan",)), Word("50", 0.9))
    unsure = replace(drafts.passages()[3], text=text, words=words)
    pieces = draft_view(replace(drafts.plain_draft(), passages=(unsure,)), LABEL).passages[0].pieces
    assert [(piece.text, piece.suggestions) for piece in pieces if piece.doubtful] == [("lozatan", ("losartan",))]


def test_a_line_that_a_model_wrote_shows_what_was_read_unsurely_for_it() -> None:
    statement = draft_view(drafts.draft(), LABEL).sections[3].statements[0]
    assert [(piece.text, piece.confidence) for piece in statement.pieces if piece.doubtful] == [("Losartan", 0.3)]


def test_a_letter_is_sent_without_dotted_lines_and_its_office_pages_have_them() -> None:
    passages = tuple(replace(one, words=(Word("40", 0.1), Word("without", 0.1))) for one in forms.letter().passages)
    document = word(replace(forms.letter(), passages=passages))
    at = next(nth for nth, one in enumerate(document.paragraphs) if one.text == OFFICE)
    assert any("without ST changes" in one.text for one in document.paragraphs[:at])
    medications, *others = [
        [cell.paragraphs[0] for row in table.rows for cell in row.cells] for table in document.tables
    ]
    assert [one.text for one in medications if "40" in one.text] == ["40 mg"]
    assert _dotted([*document.paragraphs[:at], *medications]) == []
    assert _dotted([one for table in others for one in table]) == ["without", "40 mg", "without", "40"]


def test_a_note_has_the_dotted_lines_where_they_are_read() -> None:
    assert _dotted(word(drafts.draft()).paragraphs) == ["losartan", "Losartan"]


def _dotted(paragraphs: list[Paragraph]) -> list[str]:
    return [run.text for one in paragraphs for run in one.runs if run.font.underline == WD_UNDERLINE.DOTTED]


def test_a_finding_without_a_place_or_with_a_senseless_one_is_listed_all_the_same() -> None:
    for finding in (
        Finding("quantity-changed", "high", ""),
        Finding("quantity-changed", "high", "x", (90, 120), ("p1", "p1")),
    ):
        sections = drafts.plain_draft().sections
        statement = replace(sections[0].statements[0], findings=(finding,))
        draft = replace(drafts.plain_draft(), sections=(replace(sections[0], statements=(statement,)),))
        (check,) = draft_view(draft, LABEL).checks
        assert "".join(piece.text for piece in check.quoted) == statement.text
