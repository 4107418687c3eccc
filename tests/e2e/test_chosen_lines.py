"""What a reader does with the page: click on a line, go on with the Tab key, follow a check. In a browser, for there is no script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from daemon.adapters.rendering.draft_html import draft_html
from daemon.adapters.rendering.draft_view import Label
from tests.fakes import drafts, forms
from tests.fakes.browser import Browser, browser

pytestmark = pytest.mark.needs("chromium", "bash")
LABEL = Label("Memo 12", "7f3k", 1, UTC)
WIDE, PHONE = (1280, 900), (390, 844)
# The passages that are shown: the line they belong to, and where they stand.
SHOWN = """[...document.querySelectorAll(".origins")].filter(it => it.getClientRects().length).map(it => {
  const box = it.getBoundingClientRect(), line = it.closest(".opens").getBoundingClientRect();
  return {line: it.closest(".opens").id, text: it.innerText, left: box.left, top: box.top, bottom: box.bottom,
          lineRight: line.right, lineTop: line.top, seen: box.top >= 0 && box.top < innerHeight}})"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as started:
        yield started


def show(page: Browser, folder: Path, name: str, size: tuple[int, int]) -> None:
    made = drafts.checked() if name == "checked" else forms.ALL[name]()
    (folder / "draft.html").write_bytes(draft_html(made, LABEL, forms.PRACTICE))
    page.open((folder / "draft.html").as_uri(), *size)


@pytest.mark.parametrize(
    ("form", "line", "words"),
    [
        ("note", "statement-1-2", "heart attack at fifty one"),
        ("note", "statement-3-1", "She takes lisinopril"),
        ("letter", "statement-5-1", "chest tightness"),
        ("letter", "statement-7-1", "She takes lisinopril"),
        ("summary", "statement-3-1", "Referral letter"),
        ("handout", "statement-1-5", "Blood pressure today"),
        ("email", "statement-3-2", "She has had chest tightness"),
    ],
)
@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_a_click_on_a_line_shows_its_passages_beside_it_or_under_it(
    page: Browser, tmp_path: Path, form: str, line: str, words: str, size: tuple[int, int]
) -> None:
    show(page, tmp_path, form, size)
    assert page.ask(SHOWN) == []
    assert page.ask("[...document.querySelectorAll('.origins-row')].every(it => !it.getClientRects().length)")
    page.click(f"#{line} .text")
    (shown,) = page.ask(SHOWN)
    assert shown["line"] == line
    assert words in shown["text"]
    assert shown["seen"]
    if size == WIDE:
        assert shown["left"] >= shown["lineRight"]
    else:
        assert shown["top"] > shown["lineTop"]


def test_one_line_is_open_at_a_time_and_a_passage_in_the_list_closes_it(page: Browser, tmp_path: Path) -> None:
    show(page, tmp_path, "note", WIDE)
    page.click("#statement-1-1 .text")
    page.click("#statement-1-2 .text")
    assert [one["line"] for one in page.ask(SHOWN)] == ["statement-1-2"]
    page.click("#statement-1-2 .origins a")
    assert page.ask("document.activeElement.id") == "passage-4"
    assert page.ask(SHOWN) == []
    page.click("#passage-4 a.back")
    assert [one["line"] for one in page.ask(SHOWN)] == ["statement-1-2"]


def test_a_check_leads_to_its_line_and_opens_it(page: Browser, tmp_path: Path) -> None:
    show(page, tmp_path, "note", PHONE)
    page.click("#check-1 .where a")
    (shown,) = page.ask(SHOWN)
    assert shown["line"] == "statement-3-1"
    assert "“10 mg” differs from what was said or written." in shown["text"]
    assert shown["seen"]


def test_the_tab_key_goes_from_line_to_line(page: Browser, tmp_path: Path) -> None:
    show(page, tmp_path, "note", PHONE)
    page.click("#statement-1-1 .text")
    lines = []
    for _ in range(8):
        page.press("Tab", 9)
        lines += [one["line"] for one in page.ask(SHOWN)]
    assert list(dict.fromkeys(lines))[:3] == ["statement-1-1", "statement-1-2", "statement-2-1"]


def test_a_long_lists_small_lines_are_folded_but_not_for_a_link_or_on_paper(page: Browser, tmp_path: Path) -> None:
    show(page, tmp_path, "checked", WIDE)
    hidden = "[...document.querySelectorAll('.checks > li')].filter(it => !it.getClientRects().length).map(it => it.id)"
    folded = page.ask(hidden)
    assert len(folded) > 3
    assert page.ask(f"document.getElementById({folded[0]!r}).className") == "minor"
    page.click(f'main .number[href="#{folded[0]}"]')
    assert page.ask(hidden) == folded[1:]
    page.click("#fold-doubts + label")
    assert page.ask(hidden) == []
    page.click("#fold-doubts + label")
    page.call("Emulation.setEmulatedMedia", media="print")
    assert page.ask(hidden) == []
    page.click(f"#{folded[1]} .where a")
    assert page.ask(SHOWN) == []
    page.call("Emulation.setEmulatedMedia", media="")
