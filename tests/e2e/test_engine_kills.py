"""Kills and stops with the real engines at work."""

from __future__ import annotations

import random
import shutil
import signal
import time
from pathlib import Path

import pytest

from tests.e2e.product import ASSETS, Product, stop

pytestmark = pytest.mark.engines
KILLS = 10


@pytest.mark.timeout(400)
def test_ten_kills_with_engines_at_work_lose_and_repeat_nothing(tmp_path: Path) -> None:
    product = Product(tmp_path / "home")
    for name in ("memo.m4a", "memo.wav", "form.jpg"):
        shutil.copy(ASSETS / name, product.inbox)
    for _ in range(KILLS):
        daemon = product.start()
        time.sleep(random.uniform(0.5, 4.0))
        daemon.kill()
        daemon.wait()
    assert product.run("run", "--once").returncode == 0
    assert len(product.delivered(".docx")) == len(product.delivered(".html")) == 3
    assert product.delivered(".txt") == []
    assert product.run("audit", "verify").returncode == 0


def test_a_stop_abandons_inference_and_the_next_start_goes_on(tmp_path: Path) -> None:
    product = Product(tmp_path / "home")
    shutil.copy(ASSETS / "memo.m4a", product.inbox)
    daemon = product.start()
    product.wait_for_state("reading")
    time.sleep(1.0)
    assert stop(daemon, signal.SIGTERM) == 0
    assert not product.delivered(".txt")
    assert product.run("run", "--once").returncode == 0
    assert len(product.delivered(".docx")) == 1


def test_a_file_dropped_into_a_running_daemons_inbox_becomes_a_draft(tmp_path: Path) -> None:
    product = Product(tmp_path / "home")
    daemon = product.start()
    shutil.copy(ASSETS / "memo.qta", product.inbox)
    try:
        product.wait_for_state("delivered", seconds=120)
    finally:
        stop(daemon)
    assert len(product.delivered(".docx")) == 1
