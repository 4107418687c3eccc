"""The real daemon, left alone: its share goes and comes back, it is stopped, and the folders alone tell what happened."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.product import QUICK, Product, stop

SETTINGS = f'{QUICK}drafter = "quoting"\ninbox_dir = "share/inbox"\nnotifications = "off"\nkeep_awake = false\n'


def wait_for(holds: Callable[[], bool], what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


@pytest.mark.timeout(240)
def test_a_share_goes_and_comes_back_and_the_page_tells_how_it_ended(tmp_path: Path) -> None:
    product = Product(tmp_path / "home", SETTINGS)
    share, log = product.root / "share", product.state / "log" / "daemon.log"
    inbox, page = share / "inbox", product.outbox / "Status.html"
    daemon = product.start()
    try:
        wait_for(page.exists, "the page is written at the start")
        share.rename(product.root / "away")
        wait_for(lambda: log.exists() and '"service-waits", "code": "inbox-away"' in log.read_text(), "it notices")
        wait_for(lambda: "The inbox is not there" in page.read_text(), "the page says so")
        (product.root / "away" / "inbox" / "soap" / "visit.txt").write_text(
            "He denies fever. Follow up in two weeks.\n"
        )
        (product.root / "away").rename(share)
        wait_for(lambda: len(product.delivered(".docx")) == 1, "what came meanwhile is drafted")
        assert not list(inbox.glob("soap/*.txt"))
        wait_for(lambda: "The inbox is not there" not in page.read_text(), "the page says so no more")
    finally:
        code = stop(daemon)
    assert code == 0
    assert "Chartdraft is switched off" in page.read_text()
    assert (product.root / "daemon.log").read_bytes() == b"", "stderr is for crashes"
    assert "visit" not in log.read_text()
    events = product.run("audit", "show").stdout.decode()
    assert events.count("inbox-away") >= 1
    assert product.run("audit", "verify").returncode == 0
