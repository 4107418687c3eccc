"""Which words are marked, where they stand, and how they are shown: the same rule for the page and for the measurement."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from docx.enum.text import WD_UNDERLINE
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.adapters.rendering.draft_html import draft_html
from daemon.adapters.rendering.draft_pieces import Piece
from daemon.model.codec import draft_from_bytes, draft_to_bytes, draft_to_json
from daemon.model.doubtful_words import LOW_CONFIDENCE, count_marked, is_marked, marked_words
from daemon.model.draft import Draft, Statement
from daemon.model.passage import PageAnchor, Passage, TimeAnchor, Word
from tests.fakes import drafts, forms
from tests.fakes.rendered import LABEL, page, word

TIME = TimeAnchor("s1", 0.0, 1.0)


def passage(text: str, *unsure: str, **more: tuple[str, ...]) -> Passage:
    """A passage whose words `unsure` have a low confidence; `more` says what a word may be."""
    words = tuple(
        Word(each, 0.2 if each.strip(".,") in unsure else 0.9, suggestions=more.get(each.strip(".,"), ()))
        for each in text.split()
    )
    return Passage("p4", text, TIME, 0.8, words)


@pytest.mark.parametrize(
    "said",
    ["left", "knee", "lisinopril", "500", "no", "without", "weeks", "off", "after", "101.2", "mg/dL", "she's no", "isn't", "MRI", "Kowalczyk"],
)  # fmt: skip
def test_what_can_be_a_clinical_fact_is_marked_where_it_is_unsure(said: str) -> None:
    assert is_marked(Word(said, LOW_CONFIDENCE - 0.01))
    assert not is_marked(Word(said, LOW_CONFIDENCE))


@pytest.mark.parametrize("said", ["the", "The,", "and", "of", "she", "she's", "Um,", "it’s", ".", "", "…"])
def test_what_only_holds_a_sentence_together_is_not(said: str) -> None:
    assert not is_marked(Word(said, 0.01))


def test_a_word_is_found_at_its_own_place() -> None:
    one = passage("No pain, but no fever in the left knee.", "left")
    words = (*one.words[:3], replace(one.words[3], confidence=0.1), *one.words[4:])
    found = marked_words(replace(one, words=words))
    assert [(one.text[slice(*each.span)], each.span[0]) for each in found] == [("no", 13), ("left", 29)]


def test_words_are_found_around_those_that_were_put_into_another_form() -> None:
    spoken = passage("start lozatan five hundred milligrams for the white knee period", "lozatan", "five", "white")
    one = replace(spoken, text="Start lozatan 500 milligrams for the white knee.", original=spoken.text)
    assert [one.text[slice(*each.span)] for each in marked_words(one)] == ["lozatan", "white"]


def test_a_line_of_which_only_the_whole_has_a_confidence_is_marked_as_a_whole() -> None:
    line = Passage("p1", "Allergies: penicilin.", PageAnchor("s2", 1, (0, 0, 1, 1)), 0.55)
    assert [line.text[slice(*each.span)] for each in marked_words(line)] == ["Allergies: penicilin"]
    assert marked_words(replace(line, confidence=0.95)) == ()


@given(
    st.lists(st.tuples(st.sampled_from(["no", "left", "the", "5", "mg,", "12.5", "она", "é", "-", ""]), st.floats(0, 1)), max_size=12),
    st.text(max_size=40),
    st.booleans(),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_places_are_inside_in_order_and_say_what_the_engine_said(
    words: list[tuple[str, float]], other: str, same: bool
) -> None:
    text = " ".join(each for each, _ in words) if same else other
    one = Passage("p1", text, TIME, 0.9, tuple(Word(*each) for each in words))
    found = marked_words(one)
    assert all(before.span[1] <= after.span[0] for before, after in pairwise(found))
    assert all(0 <= each.span[0] < each.span[1] <= len(text) for each in found)
    if words:
        assert all(text[slice(*each.span)].lower() in each.word.text.lower() for each in found)
    marked, counted = count_marked([one])
    assert marked <= counted <= len(words)
    if same:
        assert len(found) == marked or not words


def shown() -> Draft:
    """A plan that quotes an unsure line, and one that a model made of it."""
    said = passage("Start lozatan 50 mg for the white knee.", "lozatan", "white", lozatan=("losartan", "Lozol"))
    said = replace(said, original="start lozatan fifty milligrams for the white knee period", voice="A")
    draft = drafts.draft()
    plan = (Statement(said.text, ("p4",), "quoted"), Statement("The white knee: lozatan.", ("p4",), "written"))
    sections = (*draft.sections[:3], replace(draft.sections[3], statements=plan))
    passages = tuple(said if one.id == "p4" else one for one in draft.passages)
    return replace(draft, sections=sections, passages=passages, omissions=())


def test_the_page_says_what_an_unsure_word_may_be_and_how_it_was_spoken() -> None:
    words = page(shown()).words()
    assert "“Start lozatan may be: losartan, Lozol 50 mg for the white knee.”" in words
    assert "The white knee: lozatan may be: losartan, Lozol" in words
    assert "0:41 Voice A" in words or "0:00 Voice A" in words
    assert "as spoken: “start lozatan fifty milligrams for the white knee period”" in words
    assert "the machine was unsure of them" in words


def test_so_does_the_document() -> None:
    document = word(shown())
    runs = [run for one in document.paragraphs for run in one.runs]
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(one.text for one in document.paragraphs), *(cell.text for cell in cells)])
    assert "lozatan [may be: losartan, Lozol] 50 mg for the white knee" in text
    assert "as spoken: “start lozatan fifty milligrams for the white knee period”" in text
    assert "Voice A" in text
    dotted = {run.text for run in runs if run.font.underline == WD_UNDERLINE.DOTTED}
    assert dotted == {"lozatan", "white"}


def test_and_the_json_which_comes_back_as_it_was() -> None:
    draft = shown()
    (said,) = [one for one in draft_to_json(draft)["passages"] if one["id"] == "p4"]
    assert said["voice"] == "A"
    assert said["original"] == "start lozatan fifty milligrams for the white knee period"
    assert said["words"][1]["suggestions"] == ("losartan", "Lozol")
    assert draft_from_bytes(draft_to_bytes(draft)) == draft


def test_what_is_sent_shows_no_hint_on_paper() -> None:
    made = forms.letter()
    hinted = [replace(one, words=(Word("without", 0.1, suggestions=("with",)),)) for one in made.passages]
    document = word(replace(made, passages=tuple(hinted)))
    text = [one.text for one in document.paragraphs]
    first_office = next(nth for nth, one in enumerate(text) if one.startswith("For the office"))
    assert not any("may be: with" in one for one in text[:first_office])
    html = draft_html(replace(made, passages=tuple(hinted)), LABEL).decode()
    assert ".paper .maybe { display: none; }" in html.split("@media print")[1]


def test_no_suggestion_is_no_hint_and_markup_in_one_is_words() -> None:
    draft = shown()
    said = replace(draft.passages[3], words=(Word("Start", 0.9), Word("lozatan", 0.1, suggestions=("<b>x</b>",))))
    html = draft_html(replace(draft, passages=(*draft.passages[:3], said)), LABEL).decode()
    assert "may be: &lt;b&gt;x&lt;/b&gt;" in html
    assert html.count("may be:") == html.count("&lt;b&gt;x")


def test_what_was_heard_at_first_is_named_before_what_it_may_be() -> None:
    piece = Piece("furosemide", confidence=0.2, suggestions=("fluoxetine", "first heard: furos might"))
    assert piece.perhaps == "first heard: furos might; may be: fluoxetine"
