"""A packet with the real engines: one draft of a memo, a photograph and a scan; a folder of no document is left alone."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.product import ASSETS, Product

pytestmark = pytest.mark.engines


def test_a_memo_a_photograph_and_a_scan_of_one_visit_are_one_draft(tmp_path: Path) -> None:
    product = Product(tmp_path / "home")
    packet, unknown = product.inbox / "Jane Doe", product.inbox / "Discharge"
    packet.mkdir()
    for name in ("two-pages.pdf", "memo.m4a", "form.jpg", "locked.pdf"):
        shutil.copy(ASSETS / name, packet)
    unknown.mkdir()
    shutil.copy(ASSETS / "memo.mp3", unknown)

    assert product.run("run", "--once", timeout=280).returncode == 3  # somebody has to look at the unknown folder

    (job,) = product.jobs()
    assert (job["state"], job["document"]) == ("delivered", "soap")
    (word,) = product.delivered(".docx")
    assert word.name.startswith("Jane Doe - SOAP note - UNREVIEWED - ")
    draft = product.json("open", job["id"])
    assert [source["kind"] for source in draft["sources"]] == ["recording", "scan", "scan", "scan"]
    assert draft["unread"] == [{"source": "s3", "code": "media-encrypted"}]
    assert cited_sources(draft) == {"s1", "s2", "s4"}
    assert not packet.exists()

    assert [path.name for path in unknown.iterdir()] == ["memo.mp3"]
    (note,) = product.delivered(".txt")
    assert note.name == "Discharge - NOT TAKEN IN.txt"
    assert "referral (Referral letter)" in note.read_text(encoding="utf-8-sig")


def cited_sources(draft: dict[str, Any]) -> set[str]:
    """The sources that the statements rest on, by way of their passages' anchors."""
    source = {passage["id"]: passage["anchor"]["source"] for passage in draft["passages"]}
    statements = [statement for section in draft["sections"] for statement in section["statements"]]
    return {source[each] for statement in statements for each in statement["evidence"]}
