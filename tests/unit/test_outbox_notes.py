"""Notes and the status page: plain words for every code, openable everywhere, and no PHI on the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from daemon.adapters.outbox_folder import OutboxFolder
from daemon.adapters.outbox_notes import MAX_ROWS, failure_note
from daemon.model.error_catalog import CATALOG
from daemon.model.job import STATES, JobRow
from tests.fakes import drafts

ROW = JobRow("7f3kq2v9m4", "delivered", "soap", ("recording",), "m", drafts.DRAFTED)


def status_page(folder: Path, *rows: JobRow) -> str:
    OutboxFolder(folder, zone=UTC, titles={"soap": "SOAP note"}).publish_status(drafts.report(rows))
    return (folder / "Status.html").read_text("utf-8")


@pytest.mark.parametrize("code", [*CATALOG, "not-a-code"])
def test_every_code_has_a_note_that_says_what_happened_and_what_to_do(code: str) -> None:
    data = failure_note(code, job=drafts.JOB, stem="Scan 001", short="7f3k", revision=2)
    text = data.decode("utf-8-sig")
    assert data.startswith(b"\xef\xbb\xbf")
    assert "\n" not in text.replace("\r\n", "")
    parts = text.split("\r\n\r\n")
    assert [part.split("\r\n")[0] for part in parts[1:4]] == ["WHAT HAPPENED", "THE ORIGINAL", "WHAT TO DO"]
    sentences = [part.split("\r\n")[1] for part in parts[1:4]]
    assert all(each[0] == each[0].upper() and each.endswith(".") for each in sentences)
    assert ("original is safe" in text) == (code not in {"vault-missing", "vault-unreadable"})
    assert f"{code}, chartdraft:{drafts.JOB}:2" in text


def test_the_page_puts_what_needs_attention_first_and_says_what_to_do(tmp_path: Path) -> None:
    broken = replace(ROW, id="ab3dq2v9m4", state="attention", code="media-truncated")
    page = status_page(tmp_path, ROW, replace(ROW, id="c8d2q2v9m4", state="drafting"), broken)
    assert "1 item needs your attention" in page
    assert CATALOG["media-truncated"].sentence in page
    assert page.index("ab3dq2") < page.index("c8d2q2") < page.index("7f3kq2")
    assert "SOAP note" in page
    assert "Nov 21, 2026, 2:15 PM UTC" in page
    assert '<meta http-equiv="refresh" content="30">' in page


def test_a_job_that_waits_for_the_disk_says_so_and_counts_as_under_way(tmp_path: Path) -> None:
    page = status_page(tmp_path, replace(ROW, state="checking", code="disk-full"))
    assert "1 under way" in page
    assert "Cannot go on yet" in page
    assert CATALOG["disk-full"].sentence in page


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_words(tmp_path: Path, state: str) -> None:
    page = status_page(tmp_path, replace(ROW, state=state))  # type: ignore[arg-type] # of the six
    assert "7f3kq2" in page


def test_nothing_to_do_says_so_and_a_backlog_is_counted_not_listed(tmp_path: Path) -> None:
    assert "Nothing is waiting" in status_page(tmp_path)
    rows = [replace(ROW, id=f"{n:010}", updated_at=drafts.DRAFTED - timedelta(seconds=n)) for n in range(1000)]
    page = status_page(tmp_path, *rows)
    assert page.count("<tr>") == MAX_ROWS + 1
    assert f"{1000 - MAX_ROWS} more" in page


def test_the_page_counts_all_jobs_where_it_is_given_some(tmp_path: Path) -> None:
    folder = OutboxFolder(tmp_path, zone=UTC)
    folder.publish_status(drafts.report([replace(ROW, state="waiting")], {"waiting": 40, "attention": 2}))
    page = (tmp_path / "Status.html").read_text("utf-8")
    assert "2 items need your attention" in page
    assert "41 more" in page
