"""What comes out of the printer, by way of a browser and of an office suite: the mark in head and foot of every page."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from daemon.adapters.rendering.draft_docx import draft_docx
from daemon.adapters.rendering.draft_html import draft_html
from daemon.adapters.rendering.draft_view import Label
from daemon.model.draft import Draft, Section, Statement
from tests.fakes import drafts

# Wide letters without a space: what pushed the mark out of its line once.
LABEL = Label("W" * 64, "7f3k", 1, UTC)


def long_draft() -> Draft:
    """Some pages, with lines that do not break."""
    statements = tuple(Statement(f"{n} " + "W" * 400, ("p1",), "quoted") for n in range(24))
    return replace(drafts.draft(), title="W" * 80, sections=(Section("plan", "W" * 200, statements),))


def pages(pdf: Path) -> list[list[str]]:
    """The lines of each page, without blanks (letters may be set apart)."""
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    return [[line.replace(" ", "") for line in page.splitlines() if line.strip()] for page in text.split("\f")[:-1]]


def assert_marked(pdf: Path) -> None:
    printed = pages(pdf)
    assert len(printed) > 2
    for lines in printed:
        assert lines[0].startswith("UNREVIEWED")
        assert any(line.startswith("UNREVIEWED") for line in lines[-3:])


@pytest.mark.needs("chromium", "pdftotext")
def test_the_page_bears_the_mark_on_every_sheet(tmp_path: Path) -> None:
    page, pdf = tmp_path / "draft.html", tmp_path / "draft.pdf"
    page.write_bytes(draft_html(long_draft(), LABEL))
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={pdf}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert_marked(pdf)


@pytest.mark.needs("soffice", "pdftotext")
def test_the_word_file_bears_the_mark_on_every_sheet(tmp_path: Path) -> None:
    (tmp_path / "draft.docx").write_bytes(draft_docx(long_draft(), LABEL))
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "draft.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert_marked(tmp_path / "draft.pdf")
