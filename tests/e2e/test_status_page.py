"""What somebody sees who opens the outbox and double-clicks on Status.html: in a browser, from the file itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daemon.adapters.outbox.folder import OutboxFolder
from daemon.adapters.rendering.draft_view import draft_identity
from daemon.model.job import STATES, JobRow
from daemon.model.outbox_name import clean_stem, draft_name
from daemon.model.status_report import Condition, StatusReport
from daemon.model.work import WorkNow
from tests.fakes import drafts
from tests.fakes.browser import Browser, browser

pytestmark = pytest.mark.needs("chromium", "bash")
TITLES = {"soap": "SOAP note"}
NAMES = ("W" * 64, "ملاحظات زيارة المريض", "Delgado follow-up 100% #2 ?x=1", *drafts.HOSTILE)
# WCAG 2.2, 1.4.3: contrast of each text with the ground it stands on, as the browser computed both.
CONTRASTS = """(() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = color => { const [r, g, b] = rgb(color).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b };
  const ground = it => { for (; it; it = it.parentElement) { const color = getComputedStyle(it).backgroundColor;
    if (rgb(color)[3] !== 0) return color } return "rgb(255, 255, 255)" };
  const texts = [...document.querySelectorAll("body *")].filter(it => [...it.childNodes].some(n => n.nodeType === 3 && n.data.trim()));
  return Math.min(...texts.map(it => { const pair = [light(getComputedStyle(it).color), light(ground(it))].sort((a, b) => b - a);
    return (pair[0] + .05) / (pair[1] + .05) })) })()"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An outbox with every kind of row, and names as bad as they come."""
    folder = tmp_path_factory.mktemp("outbox")
    outbox = OutboxFolder(folder, zone=UTC, titles=TITLES)
    rows = [JobRow(f"{n:04}q2v9m4", STATES[n % 6], "soap", ("recording",), "m", drafts.DRAFTED) for n in range(72)]
    rows = [replace(row, code="media-unsupported") if row.state == "attention" else row for row in rows]
    names = {row.id: clean_stem(NAMES[n // 6]) for n, row in enumerate(rows)}
    for row in rows:
        short, stem = row.id[:4], names[row.id]
        if row.state == "attention":
            outbox.publish_failure(row.code, job=row.id, stem=stem, short=short, revision=1)
        if row.state == "delivered":
            name = draft_name(stem, "SOAP note", short, suffix=".html")
            (folder / name).write_text(draft_identity(row.id, 1))  # a draft as far as this page looks into it
    outbox.publish_status(
        replace(
            drafts.report(rows),
            names=names,
            condition=Condition("waiting", "volume-away", drafts.DRAFTED),
            work=[WorkNow(row.id, row.state, drafts.DRAFTED, 0.5, 60.0) for row in rows if row.state == "reading"],
            left=[(clean_stem(name), "inbox-folder-several") for name in NAMES],
            coming=[clean_stem(name) for name in NAMES],
            coming_count=len(NAMES),
        )
    )
    return folder


def open_page(page: Browser, folder: Path, width: int = 1280) -> None:
    page.open((folder / "Status.html").as_uri(), width, 900)


@pytest.mark.parametrize("width", [320, 500, 760, 1280])
def test_nothing_runs_out_of_the_window(page: Browser, full: Path, width: int) -> None:
    open_page(page, full, width)
    assert page.ask("document.documentElement.scrollWidth") <= width
    cells = "[...document.querySelectorAll('td, th, h1, h2, p, dd')].filter(it => it.getClientRects().length)"
    # What is set far to the left is the narrow tables' head, which only readers of screens are given.
    outside = f"{cells}.filter(it => {{ const box = it.getBoundingClientRect(); return box.right > {width} && box.left > 0 }}).length"
    assert page.ask(outside) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_words_can_be_read_by_weak_eyes(page: Browser, full: Path, scheme: str) -> None:
    page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    open_page(page, full)
    assert page.ask(CONTRASTS) >= 4.5
    page.call("Emulation.setEmulatedMedia", features=[])


def test_every_link_leads_to_its_file_whatever_its_name(page: Browser, full: Path) -> None:
    open_page(page, full)
    links = page.ask("[...document.links].map(it => it.href).filter(it => !it.includes('#'))")
    assert len(links) == 12 + 12 + len(
        {clean_stem(name) for name in NAMES if (full / f"{clean_stem(name)} - NOT TAKEN IN.txt").exists()}
    )
    assert {link for link in links if not link.startswith(f"{full.as_uri()}/")} == set()
    assert {path.as_uri() for path in full.iterdir() if path.suffix == ".html" and path.name != "Status.html"} <= set(
        links
    )


def test_a_note_is_read_in_place(page: Browser, full: Path) -> None:
    note = next(path for path in full.glob("Delgado follow-up 100% #2*COULD NOT DRAFT*"))
    open_page(page, full)
    address = page.ask(
        "[...document.links].map(it => it.href).find(it => it.includes('Delgado') && it.endsWith('.txt'))"
    )
    page.open(address, 1280, 900)
    assert page.ask("document.body.innerText").replace("\ufeff", "").startswith("“Delgado follow-up 100% #2")
    assert note.exists()


def test_it_is_plain_to_a_reader_of_screens(page: Browser, full: Path) -> None:
    open_page(page, full)
    assert page.ask("[...document.querySelectorAll('h1')].length") == 1
    assert page.ask(
        "[...document.querySelectorAll('section')].every(it => document.getElementById(it.getAttribute('aria-labelledby')))"
    )
    assert page.ask("[...document.querySelectorAll('table')].every(it => it.querySelector('thead th[scope=col]'))")
    assert page.ask("[...document.querySelectorAll('tbody tr')].every(it => it.querySelector('th[scope=row]'))")
    ids = page.ask("[...document.querySelectorAll('[id]')].map(it => it.id)")
    assert len(ids) == len(set(ids))
    assert page.ask(
        "[...document.querySelectorAll('a[href^=\"#\"]')].every(it => document.querySelector(it.getAttribute('href')))"
    )


def test_the_tiles_lead_to_what_they_count(page: Browser, tmp_path: Path) -> None:
    report: StatusReport = replace(drafts.report(), left=[("Monday", "inbox-folder-unknown")])
    OutboxFolder(tmp_path, zone=UTC).publish_status(report)
    open_page(page, tmp_path)
    assert page.ask("document.querySelector('.counts a').innerText") == "Need your attention"
    assert page.ask("document.querySelector(document.querySelector('.counts a').getAttribute('href')).innerText") == (
        "Lies in the inbox, and is not taken in"
    )


@pytest.mark.parametrize(("minutes", "old"), [(0, False), (9, False), (11, True), (60 * 24 * 30, True), (-60, False)])
def test_a_page_that_a_killed_daemon_left_says_so_itself(
    page: Browser, tmp_path: Path, minutes: int, *, old: bool
) -> None:
    written = datetime.now(UTC) - timedelta(minutes=minutes)
    OutboxFolder(tmp_path, zone=UTC).publish_status(replace(drafts.report(), at=written))
    open_page(page, tmp_path)
    said = page.ask("document.body.innerText")
    assert ("Chartdraft does not seem to be running" in said) == old
    assert ("✓ Chartdraft is running" in said) == (not old)
    assert page.ask("document.title").endswith("not running?") == old


def test_a_page_left_open_grows_old(page: Browser, tmp_path: Path) -> None:
    OutboxFolder(tmp_path, zone=UTC).publish_status(replace(drafts.report(), at=datetime.now(UTC)))
    open_page(page, tmp_path)
    page.ask("document.documentElement.dataset.written -= 660000; look()")
    assert "Chartdraft does not seem to be running" in page.ask("document.body.innerText")
