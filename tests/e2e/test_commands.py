"""`draft` and `retry`, with and without a daemon beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.product import ASSETS, Product, stop

pytestmark = pytest.mark.engines


def test_draft_and_retry(tmp_path: Path) -> None:
    product, folder = Product(tmp_path / "home"), tmp_path / "elsewhere"
    folder.mkdir()
    memo = str(ASSETS / "memo.mp3")

    assert product.run("draft", memo, "--to", str(folder)).returncode == 0
    assert len(list(folder.glob("memo - SOAP note - UNREVIEWED - *.docx"))) == 1
    assert Path(memo).exists()
    assert product.delivered(".docx") == []

    # The same files again are the same job: not read again, but delivered where they were asked for.
    assert product.run("draft", memo).returncode == 0
    assert len(product.delivered(".docx")) == 1
    (job,) = product.jobs()

    # What cannot be drafted from a recording is refused before the job changes.
    refused = product.run("retry", job["id"], "--as", "intake")
    assert (refused.returncode, b"document-unsuitable" in refused.stderr) == (3, True)
    assert product.jobs() == [job]

    daemon = product.start()
    try:
        product.wait_for_state("delivered")
        assert product.run("draft", str(ASSETS / "form.jpg")).returncode == 0
        assert product.run("retry", job["id"][:6]).returncode == 0
    finally:
        stop(daemon)
    assert sorted(each["state"] for each in product.jobs()) == ["delivered", "delivered"]
    assert len(list(folder.glob("* (2).docx"))) == 1
