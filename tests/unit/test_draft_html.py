"""The page: marked everywhere, self-contained, and no text from a document becomes a part of it."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.adapters.rendering.draft_html import draft_html
from daemon.adapters.rendering.draft_view import Label
from daemon.model.draft import Draft, Section, Statement
from daemon.model.finding import Finding
from daemon.model.source import Source
from tests.fakes import drafts
from tests.fakes.cutouts import cutout

LABEL = Label("New Recording 12", "7f3k", 1, UTC)


class Page(HTMLParser):
    """Tags with attributes in order, text by the tag it stands in, ids and links."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[tuple[str, str]] = []
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append((self.tags[-1][0] if self.tags else "", data))

    def values(self, name: str) -> list[str]:
        return [value for _, key, value in self.attributes if key == name]

    def words(self) -> str:
        return " ".join(" ".join(text for tag, text in self.text if tag != "style").split())


# What sets words of a text apart, as often as there are such words.
EMPHASIS = {("b", ("class",)), ("u", ("class", "title", "aria-description")), ("mark", ())}


def frame(data: bytes) -> list[tuple[str, tuple[str, ...]]]:
    """All tags but those of emphasis."""
    return [tag for tag in Page(data).tags if tag not in EMPHASIS]


def page_of(draft: Draft) -> Page:
    return Page(draft_html(draft, LABEL))


def test_the_mark_is_in_title_metadata_banner_watermark_and_running_lines() -> None:
    data = draft_html(drafts.draft(), LABEL).decode()
    assert "<title>UNREVIEWED – SOAP note – New Recording 12 – 7f3k</title>" in data
    assert '<meta name="status" content="UNREVIEWED">' in data
    assert re.search(r'class="banner"[^>]*><strong>[^<]*UNREVIEWED</strong>', data)
    assert re.search(r'class="watermark"[^>]*><span>UNREVIEWED</span>', data)
    assert len(re.findall(r'class="running[^>]*><div><strong>UNREVIEWED</strong>', data)) == 2


def test_the_page_has_no_script_loads_nothing_and_its_policy_says_so() -> None:
    data = draft_html(drafts.draft(), LABEL).decode()
    page = Page(data.encode())
    assert not {"script", "img", "link", "iframe", "object", "form", "base"} & {tag for tag, _ in page.tags}
    assert not re.search(r"https?:|//[a-z]|@import|url\(", data)
    assert all(link.startswith("#") for link in page.values("href"))
    assert not any(name.startswith("on") or name in {"src", "style"} for _, name, _ in page.attributes)
    style = data.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in "".join(page.values("content"))


def test_every_link_leads_somewhere_and_ids_are_unique() -> None:
    page = page_of(drafts.draft())
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.values("href")} <= set(ids)
    assert set(page.values("aria-labelledby")) <= set(ids)


def test_checks_come_gravest_first_then_what_is_missing_or_unreadable() -> None:
    words = page_of(drafts.draft()).words()
    expected = [
        "Please check before signing (5)",
        "▲ 1 Check first: “100 mg” is not in what was said or written.",
        "▲ 2 Check first: This line names no source",
        "◆ 3 Check: “left”: left and right may have been swapped.",
        "What was said or written, and is not in the draft (1)",
        "▲ 4 Check first: Not in the draft: the allergy “penicillin”.",
        "What could not be read (1)",
        "▲ 5 Check first: Page 2, bottom right: nothing was guessed.",
        "Objective Not documented",
        "Losartan 100 mg ⚠\ufe0e 1 once daily. [p4 · 0:41]",
        "“Pharmacy: 21 Main St” quoted [p5 · page 1]",
        "Come back. ⚠\ufe0e 2 ⚠\ufe0e no source given",
    ]
    for each in expected:
        assert each in words


def test_only_the_words_of_a_finding_and_doubtful_words_are_marked() -> None:
    data = draft_html(drafts.draft(), LABEL).decode()
    assert re.findall(r"<mark>(.*?)</mark>", data.split('id="about-title"')[0]) == ["left", "100 mg"]
    unsure = r'<u class="doubtful" title="The reader was unsure of this word: 30 %"[^>]*>(.*?)</u>'
    assert set(re.findall(unsure, data)) == {"losartan", "Losartan"}
    assert data.count('<u class="doubtful"') == len(re.findall(unsure, data))


def test_a_clean_draft_says_that_the_checks_are_not_everything() -> None:
    words = page_of(drafts.plain_draft()).words()
    assert "found nothing to point out. That does not mean that it is right: they cannot see everything." in words


def test_several_recordings_are_told_apart() -> None:
    sources = (Source("s1", "recording", "ab" * 32), Source("s2", "recording", "cd" * 32))
    assert "[p4 · recording 1, 0:41]" in page_of(replace(drafts.draft(), sources=sources)).words()


@pytest.mark.parametrize("text", drafts.HOSTILE)
def test_hostile_text_changes_no_tag_and_hides_nothing(text: str) -> None:
    # Both say "no", so that both have a word that is underlined and the line that explains it.
    hostile, tame = (draft_html(drafts.with_text(f"no {one}"), LABEL) for one in (text, "tame"))
    assert frame(hostile) == frame(tame)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f\x00-\x09\x0b-\x1f]", hostile.decode())


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_no_text_changes_a_tag(text: str) -> None:
    label = replace(LABEL, stem=text)
    # An empty text leaves out the elements around it, so both begin with a word; it is one that may be underlined.
    hostile, tame = (
        draft_html(drafts.with_text(f"no x{one}"), one_label) for one, one_label in ((text, label), ("", LABEL))
    )
    assert frame(hostile) == frame(tame)


@given(st.text(min_size=1), st.lists(st.tuples(st.integers(-2, 12), st.integers(-2, 12)), max_size=4))
@settings(max_examples=60, deadline=None)
def test_overlapping_or_senseless_spans_lose_no_text(text: str, spans: list[tuple[int, int]]) -> None:
    from daemon.adapters.rendering.draft_view import draft_view

    findings = tuple(Finding("quantity-unsupported", "low", str(at), span) for at, span in enumerate(spans))
    section = Section("plan", "Plan", (Statement(text, ("p1", "p99"), "written", findings),))
    view = draft_view(replace(drafts.draft(), sections=(section,)), LABEL).sections[0].statements[0]
    assert "".join(piece.text for piece in view.pieces) == text
    shown = {number for piece in view.pieces for number in piece.checks} | set(view.checks)
    assert shown == set(range(1, len(findings) + 1))
    assert [citation.id for citation in view.citations] == ["p1"]


def test_the_same_draft_gives_the_same_bytes() -> None:
    assert draft_html(drafts.draft(), LABEL) == draft_html(drafts.draft(), LABEL)


def _by_hand(**more: str) -> Draft:
    made = drafts.draft()
    passages = [replace(passage, **more) if passage.id == "p5" else passage for passage in made.passages]
    return replace(made, passages=tuple(passages))


def test_a_statement_from_handwriting_says_so_beside_the_picture_of_the_place() -> None:
    page = page_of(_by_hand(hand="handwritten", cutout=cutout()))
    pictures = [value for tag, name, value in page.attributes if (tag, name) == ("img", "src")]
    assert pictures == [f"data:image/png;base64,{cutout()}"] * 2  # at the statement, and at the passage
    assert [value for tag, name, value in page.attributes if (tag, name) == ("img", "alt")] == [
        "The place, cut out of page 1"
    ] * 2
    assert page.words().count("handwritten , read it yourself") == 2
    (policy,) = [value for value in page.values("content") if "default-src" in value]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.endswith("'; img-src data:; base-uri 'none'; form-action 'none'")


def test_handwriting_without_a_picture_still_says_so_and_no_picture_is_allowed() -> None:
    page = page_of(_by_hand(hand="handwritten"))
    assert page.words().count("handwritten , read it yourself") == 2
    assert not [tag for tag, _ in page.tags if tag == "img"]
    assert not [value for value in page.values("content") if "img-src" in value]


def test_what_could_not_be_read_shows_its_place_and_is_not_called_handwriting() -> None:
    words = page_of(_by_hand(cutout=cutout())).words()
    assert words.count("not readable , look at it yourself") == 2
    assert "handwritten" not in words


@pytest.mark.parametrize("untrusted", ['" onerror="alert(1)', "PHN2Zy8+", "https://192.0.2.1/x.png", "AAAA"])
def test_a_picture_that_is_no_png_is_never_shown(untrusted: str) -> None:
    page = page_of(_by_hand(hand="handwritten", cutout=untrusted))
    assert not [tag for tag, _ in page.tags if tag == "img"]
    assert untrusted not in page.words()


def test_the_words_of_a_hand_are_doubtful_however_sure_the_engine_was() -> None:
    page = page_of(_by_hand(hand="handwritten"))
    doubtful = [text for tag, text in page.text if tag == "u"]
    assert any("21 Main St" in text for text in doubtful)
