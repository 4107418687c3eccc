"""Retention as a person meets it: `purge`, and what `open`, `retry`, the status page and the inbox say afterwards."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.product import QUICK, Product

SETTINGS = f'{QUICK}drafter = "quoting"\n[retention]\noriginals_days = 3\ndrafts_days = 9\n'
VISIT = "He denies fever. Follow up in two weeks.\n"


@pytest.fixture
def product(tmp_path: Path) -> Product:
    made = Product(tmp_path / "home", SETTINGS)
    (made.inbox / "soap" / "visit.txt").write_text(VISIT)
    assert made.run("run", "--once").returncode == 0
    return made


def age(product: Product, days: float) -> str:
    """The job was delivered so many days ago; its id."""
    when = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds")
    with closing(sqlite3.connect(product.state / "jobs.sqlite")) as db, db:
        db.execute("UPDATE jobs SET updated_at = ?", (when,))
    (job,) = product.jobs()
    return str(job["id"])


def said(product: Product, *arguments: str) -> tuple[int, str]:
    done = product.run(*arguments)
    return done.returncode, done.stdout.decode() + done.stderr.decode()


def test_what_purge_leaves_and_what_can_still_be_done(product: Product) -> None:
    job = age(product, 4)
    assert "Would be deleted: 1 original and 0" in said(product, "purge", "--dry-run")[1]
    assert product.run("open", job, "--source").stdout.decode() == VISIT
    assert "unlinked" in said(product, "purge")[1]
    code, words = said(product, "open", job, "--source")
    assert (code, "vault-purged" in words, VISIT.strip() in words) == (3, True, False)
    assert "denies fever" in said(product, "open", job)[1]
    # What was read is kept, so a retry needs no original.
    assert said(product, "retry", job, "--as", "email")[0] == 0

    age(product, 10)
    done = product.json("purge")
    assert (done["jobs"], done["originals"], done["made"], done["undrafted"]) == (1, 0, 3, 0)
    for command in (["open", job], ["open", job, "--transcript"], ["retry", job]):
        code, words = said(product, *command)
        assert (code, "vault-purged" in words) == (3, True), command
    (row,) = product.jobs()
    assert row["state"] == "delivered"
    assert "denies fever" not in "".join(map(repr, product.everything_at_rest().values()))

    drafts = len(product.delivered(".docx"))
    (product.inbox / "soap" / "visit again.txt").write_text(VISIT)
    assert product.run("run", "--once").returncode == 0
    assert len(product.delivered(".docx")) == drafts + 1
    assert "denies fever" in said(product, "open", job)[1]
    assert product.run("audit", "verify").returncode == 0
    events = product.run("audit", "show").stdout.decode()
    assert events.count("vault-purged") == 2


def test_the_page_shows_a_job_whose_name_is_gone(product: Product) -> None:
    job = age(product, 10)
    assert product.json("purge")["jobs"] == 1
    (product.inbox / "soap" / "other.txt").write_text("She has a cough.\n")
    assert product.run("run", "--once").returncode == 0
    page = (product.outbox / "Status.html").read_text()
    assert "other" in page
    assert job[:4] in page


def test_what_was_not_drafted_is_kept_and_said(product: Product) -> None:
    (product.inbox / "cut.pdf").write_bytes(b"%PDF-1.7\nnothing\n")
    assert product.run("run", "--once").returncode == 3
    age_all = datetime(2020, 1, 1, tzinfo=UTC).isoformat(timespec="milliseconds")
    with closing(sqlite3.connect(product.state / "jobs.sqlite")) as db, db:
        db.execute("UPDATE jobs SET updated_at = ?", (age_all,))
    code, words = said(product, "purge")
    assert (code, "Kept, whatever their age: 1 item that was not drafted yet." in words) == (0, True)
    (failed,) = [job["id"] for job in product.jobs() if job["state"] == "attention"]
    assert product.run("open", failed, "--source").stdout.startswith(b"%PDF")
